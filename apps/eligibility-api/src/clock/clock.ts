import type { CivilDate } from '@app/domain';

/** Where the time comes from. Everything that needs it takes it from here, so that a test can set it. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
}

/** Injection token of `Clock`. */
export const CLOCK = Symbol('clock');

/** The one place that reads the machine's clock. */
export const systemClock: Clock = { now: () => Date.now() };

const TOKYO_OFFSET_MS = 9 * 3_600_000;
const tokyo = (epochMs: number): string => new Date(epochMs + TOKYO_OFFSET_MS).toISOString();

/** The civil day in Asia/Tokyo (UTC+9 all year since 1952). */
export const tokyoDay = (epochMs: number): CivilDate => tokyo(epochMs).slice(0, 10) as CivilDate;

/** The same as days since 1970-01-01. */
export const tokyoDayNumber = (epochMs: number): number => Math.floor((epochMs + TOKYO_OFFSET_MS) / 86_400_000);

/** RFC 3339 with milliseconds and the offset of Tokyo: `2026-11-22T09:00:00.123+09:00`. */
export const tokyoInstant = (epochMs: number): string => `${tokyo(epochMs).slice(0, 23)}+09:00`;

/** Epoch milliseconds of the first instant of a Tokyo day. */
export const startOfTokyoDay = (day: string): number => Date.parse(`${day}T00:00:00.000+09:00`);
