/**
 * Connections that were turned away and are not read from for a while: whoever asks again at once waits for it, and costs
 * nothing. Refusing costs a fifth of an answer; without this, three times the load would be refusals for the most part.
 */
export class Rests {
  private resting: { readonly until: number; readonly over: () => void }[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly restMs: number) {}

  /** `over` is called when it is. */
  rest(over: () => void): void {
    this.resting.push({ until: performance.now() + this.restMs, over });
    this.timer ??= setTimeout(this.wake, this.restMs).unref();
  }

  private readonly wake = (): void => {
    const now = performance.now();
    const awake = this.resting.findIndex(({ until }) => until > now);
    const over = awake < 0 ? this.resting : this.resting.slice(0, awake);
    this.resting = awake < 0 ? [] : this.resting.slice(awake);
    const [next] = this.resting;
    this.timer = next === undefined ? undefined : setTimeout(this.wake, Math.ceil(next.until - now)).unref();
    for (const one of over) one.over();
  };
}
