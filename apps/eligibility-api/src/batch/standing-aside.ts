import { performance, type EventLoopUtilization } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';

import { turn } from './turn.js';

/** How long a batch works before it looks up. */
const WORK_MS = 50;
/** How long it looks; it does nothing of its own meanwhile, so whatever keeps the process busy is somebody else's. */
const LOOK_MS = 2;
/** While others are busy it looks on for this long, does one slice, and looks again: it never stops altogether. */
const ASIDE_MS = 20;

/** The machine, as it is seen from here. */
export interface Sight {
  now(): number;
  /** Share of the time the event loop was busy while nothing of the batch was under way, 0 to 1. */
  busyDuring(ms: number): Promise<number>;
  turn(): Promise<void>;
}

export const realSight: Sight = {
  now: () => performance.now(),
  busyDuring: async (ms) => {
    const before: EventLoopUtilization = performance.eventLoopUtilization();
    await setTimeout(ms);
    return performance.eventLoopUtilization(before).utilization;
  },
  turn,
};

/**
 * Check-in is served first. After every slice everything that waits gets its turn; and twenty times a second the batch stands
 * still for a moment to see how busy the process is without it. Measured that way it cannot mistake its own work for others'.
 */
export class StandingAside {
  private workingSince: number;
  private standing = false;

  /** @param asideAbove share of the event loop, 0 to 1 */
  constructor(
    private readonly asideAbove: number,
    private readonly sight: Sight = realSight,
  ) {
    this.workingSince = sight.now();
  }

  /** Whether others were too busy when last looked. */
  get aside(): boolean {
    return this.standing;
  }

  /** Between two slices, with nothing of the batch under way. */
  async betweenSlices(): Promise<void> {
    await this.sight.turn();
    if (!this.standing && this.sight.now() - this.workingSince < WORK_MS) return;
    const busy = await this.sight.busyDuring(this.standing ? ASIDE_MS : LOOK_MS);
    this.standing = busy > this.asideAbove;
    this.workingSince = this.sight.now();
  }
}
