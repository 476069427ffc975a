import { StoreBusy } from './facts-reader.js';
import type { FactsSource } from './replicated-facts.js';

/** One answer too late may be chance; so many on end are not. */
const FAILURES_ON_END = 3;
/** What was heard longer ago says nothing about now: nobody may have asked since. */
const LATELY_MS = 5_000;

/**
 * A store that accepts and does not answer costs everybody who asks it the whole deadline, each check of a replica that is
 * behind. So once it has failed some times on end, one caller at a time asks it, and the others are told at once what became of
 * the one before. The first that is answered ends that, and so does a time in which nobody asked.
 */
export class GuardedSource implements FactsSource {
  private failuresOnEnd = 0;
  private lastFailure: unknown;
  private failedAt = Number.NEGATIVE_INFINITY;
  private isAsking = false;

  /** `now`: milliseconds of a clock that nobody sets. */
  constructor(
    private readonly source: FactsSource,
    private readonly now: () => number = () => performance.now(),
  ) {}

  bySerial(...asked: Parameters<FactsSource['bySerial']>): ReturnType<FactsSource['bySerial']> {
    return this.guarded(() => this.source.bySerial(...asked));
  }

  byNumber(...asked: Parameters<FactsSource['byNumber']>): ReturnType<FactsSource['byNumber']> {
    return this.guarded(() => this.source.byNumber(...asked));
  }

  private async guarded<T>(ask: () => Promise<T>): Promise<T> {
    if (!this.isAsking && this.now() - this.failedAt > LATELY_MS) this.failuresOnEnd = 0;
    const isAway = this.failuresOnEnd >= FAILURES_ON_END;
    if (isAway && this.isAsking) throw this.lastFailure;
    if (isAway) this.isAsking = true;
    try {
      const value = await ask();
      this.failuresOnEnd = 0;
      return value;
    } catch (error) {
      // That it is busy it has said itself, and in time.
      if (error instanceof StoreBusy) this.failuresOnEnd = 0;
      else {
        this.failuresOnEnd += 1;
        this.lastFailure = error;
        this.failedAt = this.now();
      }
      throw error;
    } finally {
      if (isAway) this.isAsking = false;
    }
  }
}
