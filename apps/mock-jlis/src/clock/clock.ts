/** Where the mock learns what time it is. Milliseconds since 1970-01-01T00:00:00Z. */
export interface Clock {
  now(): number;
}

/** The machine's own clock: the only place in this app that reads it. */
export const systemClock: Clock = { now: () => Date.now() };

/** A clock that stands still until it is told otherwise, for tests and journeys. */
export class SettableClock implements Clock {
  #now: number;

  /** @param instant RFC 3339, for example `2026-11-22T09:00:00+09:00` */
  constructor(instant: string) {
    this.#now = parseInstant(instant);
  }

  now(): number {
    return this.#now;
  }

  set(instant: string): void {
    this.#now = parseInstant(instant);
  }

  advance(ms: number): void {
    this.#now += ms;
  }
}

const parseInstant = (instant: string): number => {
  const ms = Date.parse(instant);
  if (Number.isNaN(ms)) throw new RangeError('not an instant');
  return ms;
};
