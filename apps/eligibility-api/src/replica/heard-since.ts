/** A few seconds of an outage's beginning; what is beyond it is forgotten, the oldest first. */
const REMEMBERED = 2_000;

interface Heard<T> {
  readonly value: T;
  /** Epoch milliseconds. */
  readonly at: number;
}

/**
 * What a process was told by the truth itself, for as long as its replica is older: whoever has seen a loss or a revocation must
 * not be shown what was before it, when the one who told goes away.
 */
export class HeardSince<T> {
  private readonly heard = new Map<string, Heard<T>>();

  /** `isForEver`: what will not be otherwise again, whatever clocks and older copies say. It is kept until it is forgotten. */
  constructor(private readonly isForEver: (value: T) => boolean = () => false) {}

  note(key: string, value: T, at: number): void {
    this.heard.delete(key);
    this.heard.set(key, { value, at });
    const [oldest] = this.heard.keys();
    if (this.heard.size > REMEMBERED && oldest !== undefined) this.heard.delete(oldest);
  }

  forget(key: string): void {
    this.heard.delete(key);
  }

  /** What was told after an instant, if anything. What is not newer is forgotten, and what comes from the future of a clock that was set back. */
  after(key: string, instant: number, now: number): Heard<T> | undefined {
    if (this.heard.size === 0) return undefined;
    const heard = this.heard.get(key);
    if (heard === undefined) return undefined;
    if (this.isForEver(heard.value) || (heard.at > instant && heard.at <= now)) return heard;
    this.heard.delete(key);
    return undefined;
  }
}
