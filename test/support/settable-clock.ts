/** A clock that stands still until it is set. */
export class SettableClock {
  private at: number;

  constructor(now = '2026-11-22T09:00:00.000+09:00') {
    this.at = Date.parse(now);
  }

  now(): number {
    return this.at;
  }

  set(now: string): void {
    this.at = Date.parse(now);
  }

  advance(ms: number): void {
    this.at += ms;
  }
}
