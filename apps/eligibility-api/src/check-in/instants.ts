import type { CivilDate } from '@app/domain';

import { startOfTokyoDay, tokyoDay, tokyoDayNumber, tokyoInstant } from '../clock/clock.js';

/** Tokyo has had no summer time since 1952. */
const DAY_MS = 86_400_000;

/** Remembers the text of the last instant: thousands of checks a second share a few. */
export class InstantText {
  private at = Number.NaN;
  private text = '';

  of(epochMs: number): string {
    if (epochMs !== this.at) {
      this.at = epochMs;
      this.text = tokyoInstant(epochMs);
    }
    return this.text;
  }
}

/** Remembers the Tokyo day, until the next one begins (or the clock goes back). */
export class TodayInTokyo {
  private from = Number.POSITIVE_INFINITY;
  private until = Number.NEGATIVE_INFINITY;
  private today = '' as CivilDate;
  private number = 0;

  day(epochMs: number): CivilDate {
    if (epochMs < this.from || epochMs >= this.until) {
      this.today = tokyoDay(epochMs);
      this.number = tokyoDayNumber(epochMs);
      this.from = startOfTokyoDay(this.today);
      this.until = this.from + DAY_MS;
    }
    return this.today;
  }

  /** Days since 1970-01-01. */
  dayNumber(epochMs: number): number {
    this.day(epochMs);
    return this.number;
  }
}
