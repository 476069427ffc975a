import { performance, type EventLoopUtilization } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';

import { turn } from './turn.js';

/** How long a batch works before it looks up. */
const WORK_MS = 50;
/** How long it looks; it does nothing of its own meanwhile. */
const LOOK_MS = 2;
/** While callers are many it looks on for this long, does one slice, and looks again: it never stops altogether. */
const ASIDE_MS = 20;
/** With fewer callers than this nobody would notice a batch, whatever else keeps the process busy (shipping the record, for one). */
const CALLERS_PER_SECOND = 100;

/** The process, as it is seen from here. */
export interface Sight {
  /** Milliseconds. */
  now(): number;
  /** Replies of this process so far, to whomever. */
  replies(): number;
  /** Share of the time the event loop was busy while nothing of the batch was under way, 0 to 1. */
  busyDuring(ms: number): Promise<number>;
  turn(): Promise<void>;
}

export const sightOf = (replies: () => number): Sight => ({
  now: () => performance.now(),
  replies,
  busyDuring: async (ms) => {
    const before: EventLoopUtilization = performance.eventLoopUtilization();
    await setTimeout(ms);
    return performance.eventLoopUtilization(before).utilization;
  },
  turn,
});

/**
 * Check-in is served first. After every slice everything that waits gets its turn; and while there are callers to speak of, the
 * batch stands still for a moment twenty times a second to see how busy the process is without it. Measured that way it
 * cannot mistake its own work for theirs.
 */
export class StandingAside {
  private since: number;
  private repliesBefore: number;
  private standing = false;

  /** @param asideAbove share of the event loop, 0 to 1 */
  constructor(
    private readonly asideAbove: number,
    private readonly sight: Sight,
  ) {
    this.since = sight.now();
    this.repliesBefore = sight.replies();
  }

  /** Whether callers were too many when last looked. */
  get aside(): boolean {
    return this.standing;
  }

  /** Between two slices, with nothing of the batch under way. */
  async betweenSlices(): Promise<void> {
    await this.sight.turn();
    if (this.standing) {
      const busy = await this.sight.busyDuring(ASIDE_MS);
      this.standing = this.hasCallers() && busy > this.asideAbove;
    } else {
      if (this.sight.now() - this.since < WORK_MS) return;
      this.standing = this.hasCallers() && (await this.sight.busyDuring(LOOK_MS)) > this.asideAbove;
    }
    this.since = this.sight.now();
    this.repliesBefore = this.sight.replies();
  }

  private hasCallers(): boolean {
    const { sight } = this;
    const replies = sight.replies() - this.repliesBefore;
    return (replies * 1000) / (sight.now() - this.since) >= CALLERS_PER_SECOND;
  }
}
