import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';

/** How often it looks. */
const EVERY_MS = 5;
/** A delay stands when nothing in this time was quicker. */
const WINDOW_MS = 100;
/** And in so many looks: a pause that is longer than that time would be all that was seen in it. */
const LOOKS_MIN = 3;
/** Less than this is no delay. */
const NOTHING_MS = 2;

/**
 * How much later than due things come to their turn, for all of the last tenth of a second: the lowest of what was seen in it. That is
 * a queue that stands, as CoDel (RFC 8289) has it. A pause of the collector, or of a busy machine, makes one turn
 * long and is none; nor is a burst that is worked off.
 */
export class EventLoopDelay implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private standing = 0;
  private stoodSince = 0;
  private lowest = Number.POSITIVE_INFINITY;
  private looks = 0;
  private seenAt: number;
  private windowEndsAt: number;
  private looking: NodeJS.Timeout | undefined;

  /** @param now milliseconds that only go forward */
  constructor(private readonly now: () => number) {
    this.seenAt = now();
    this.windowEndsAt = this.seenAt + WINDOW_MS;
  }

  /** Milliseconds. Rises when it has stood for the whole time, and falls at once. */
  get standingMs(): number {
    return this.standing;
  }

  /** For how long it has stood without falling to nothing, milliseconds; 0 while none stands. */
  get stoodMs(): number {
    return this.standing < NOTHING_MS ? 0 : this.now() - this.stoodSince;
  }

  onApplicationBootstrap(): void {
    this.seenAt = this.now();
    this.looking = setInterval(() => this.look(), EVERY_MS).unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.looking);
  }

  /** Called every few milliseconds, as soon as its turn comes. */
  look(): void {
    const now = this.now();
    const late = Math.max(0, now - this.seenAt - EVERY_MS);
    this.seenAt = now;
    this.lowest = Math.min(this.lowest, late);
    this.looks += 1;
    if (now < this.windowEndsAt || this.looks < LOOKS_MIN) this.standing = Math.min(this.standing, late);
    else {
      if (this.standing < NOTHING_MS) this.stoodSince = now;
      this.standing = this.lowest;
      this.lowest = Number.POSITIVE_INFINITY;
      this.looks = 0;
      this.windowEndsAt = now + WINDOW_MS;
    }
  }
}
