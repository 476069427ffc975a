import { Logger } from '@nestjs/common';

import type { Child, Leaving } from './child.js';
import { leavingMs, type Draining } from './drain.js';

/**
 * The processes that answer on one port, each in its place. They are replaced one after the other, the next one only when the
 * one before is there: nobody who asks meanwhile finds nobody.
 */
export class Crew {
  private readonly logger = new Logger('Processes');
  private readonly places: Child[];
  private newcomer: Child | undefined;
  private replacing: Promise<void> | undefined;
  private stopping = false;

  constructor(
    count: number,
    private readonly hire: (name: string) => Child,
    private readonly draining: Draining,
  ) {
    this.places = Array.from({ length: count }, (_, at) => hire(`worker ${at + 1}`));
  }

  /** Those there are, the one that is about to take a place included. */
  get all(): readonly Child[] {
    return this.newcomer === undefined ? this.places : [...this.places, this.newcomer];
  }

  /** Resolves when all have said for the first time that they are ready; rejects when one ends before that. */
  async ready(): Promise<void> {
    await Promise.all(this.places.map((child) => child.ready));
  }

  /** Asked again while it is under way, it is the same replacing. Rejects when a new one does not come: the others stay. */
  replaceAll(): Promise<void> {
    this.replacing ??= this.replaceEach().finally(() => (this.replacing = undefined));
    return this.replacing;
  }

  async stop(how: Leaving): Promise<void> {
    this.stopping = true;
    await Promise.all(this.all.map((child) => child.stop(how, leavingMs(how, this.draining))));
  }

  private async replaceEach(): Promise<void> {
    for (const [at, before] of this.places.entries()) {
      if (this.stopping) return;
      const next = this.hire(before.name);
      this.newcomer = next;
      try {
        await next.ready;
      } catch (error) {
        this.newcomer = undefined;
        await next.stop();
        throw error;
      }
      this.newcomer = undefined;
      this.places[at] = next;
      // Its connections end with their replies, and come back to another.
      await before.stop('drained', leavingMs('drained', this.draining));
      this.logger.log({ event: 'process-replaced', name: next.name });
    }
  }
}
