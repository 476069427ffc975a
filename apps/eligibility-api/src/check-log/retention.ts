import { Logger } from '@nestjs/common';

import { startOfTokyoDay } from '../clock/clock.js';
import type { AnchorKey } from './anchor-keys.js';
import { keptSince, nextMonth, type RetentionPeriod } from './retention-period.js';
import { signedMark, type RetentionMark, type RetentionWord } from './signed-words.js';

/** A run of a chain that is to go. */
export type Run = Omit<RetentionWord, 'at'>;
type Sign = (run: Run) => RetentionMark;

/** The record, as far as it may go. Every method rejects when PostgreSQL is away or refuses. */
export interface RetentionStore {
  /** First days of the months there are, oldest first. */
  months(): Promise<readonly string[]>;
  /** Removes a month of checks, consents and texts, with a mark for every run of a chain that goes with it: all or nothing. */
  dropMonth(firstDay: string, sign: Sign): Promise<{ readonly records: number }>;
  /** The same with the beginnings of chains of anchors up to an instant, epoch milliseconds. */
  dropAnchors(before: number, sign: Sign): Promise<{ readonly anchors: number }>;
}

export interface RetentionParts {
  readonly store: RetentionStore;
  readonly key: AnchorKey | undefined;
  readonly period: RetentionPeriod;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Something is old enough to go, and nobody could sign what is left of it. */
class RetentionNeedsKey extends Error {
  constructor() {
    super('records are not removed without a signed mark, and there is no anchor key');
    this.name = 'RetentionNeedsKey';
  }
}

/**
 * Removes what has been kept long enough: whole months, when the last check of a month is older than the period. What is left of
 * a chain goes on where a signed mark says.
 */
export class Retention {
  private readonly logger = new Logger('Retention');

  constructor(private readonly parts: RetentionParts) {}

  /** The months that went, oldest first. */
  async run(): Promise<readonly string[]> {
    const { store, key, period, now } = this.parts;
    const since = keptSince(period, now());
    const old = (await store.months()).filter((month) => nextMonth(month) <= since);
    const [last] = old.slice(-1);
    if (last === undefined) return [];
    if (key === undefined) throw new RetentionNeedsKey();
    const sign: Sign = (run) => signedMark({ ...run, at: now() }, key);
    for (const month of old) {
      const { records } = await store.dropMonth(month, sign);
      this.logger.log({ event: 'check-log-month-dropped', month: month.slice(0, 7), records });
    }
    await store.dropAnchors(startOfTokyoDay(nextMonth(last)), sign);
    return old;
  }
}
