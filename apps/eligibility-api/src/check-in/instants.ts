import { tokyoDay, tokyoInstant } from '../clock/clock.js';
import type { CivilDate } from '@app/domain';
import { dayNumber } from '@app/domain';

const DAY_MS = 86_400_000;
const TOKYO_OFFSET_MS = 9 * 3_600_000;

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
      this.number = dayNumber(this.today);
      this.from = this.number * DAY_MS - TOKYO_OFFSET_MS;
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
