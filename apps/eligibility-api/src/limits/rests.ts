/** Connections come back in portions, so often. */
const EVERY_MS = 5;

export interface RestsParts {
  /** The least that a connection rests, in milliseconds. */
  readonly restMs: number;
  /** How many of those that rest may come back in a millisecond. */
  readonly perMs: (resting: number) => number;
}

/**
 * Connections that were turned away and are not read from for a while: whoever asks again at once waits for it, and costs
 * nothing. A refusal takes about half of what an answer does; without this, three times the load would be refusals for the most
 * part. They come back one after the other: all at once they would be the next overload.
 */
export class Rests {
  private resting: { readonly until: number; readonly over: () => void }[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly parts: RestsParts) {}

  /** `over` is called when it is. */
  rest(over: () => void): void {
    const { restMs } = this.parts;
    this.resting.push({ until: performance.now() + restMs, over });
    this.timer ??= setTimeout(this.wake, restMs).unref();
  }

  private readonly wake = (): void => {
    const now = performance.now();
    const most = Math.max(1, Math.floor(this.parts.perMs(this.resting.length) * EVERY_MS));
    let count = 0;
    while (count < most && (this.resting[count]?.until ?? Number.POSITIVE_INFINITY) <= now) count += 1;
    const over = this.resting.slice(0, count);
    this.resting = this.resting.slice(count);
    const [next] = this.resting;
    this.timer =
      next === undefined
        ? undefined
        : setTimeout(this.wake, Math.ceil(Math.max(next.until - now, count === 0 ? 0 : EVERY_MS))).unref();
    for (const one of over) one.over();
  };
}
