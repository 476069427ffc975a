import { Logger } from '@nestjs/common';
import { hash } from 'node:crypto';

import { LRUCache } from 'lru-cache';

/** Proofs and assertions live for minutes: this is a thousand a second of them. */
const SEEN_HERE_MAX = 100_000;
/** A store that did not answer is not asked for so long: what each request would wait for it is what callers would notice. */
const AWAY_FOR_MS = 5_000;

/** What all processes have seen. */
export interface SharedUses {
  /** Whether this is the first time that any of them notes it. Epoch milliseconds. */
  note(idHash: Buffer, until: number): Promise<boolean>;
  forget(before: number): Promise<void>;
}

/** `first-here`: by what this process has seen; what others have seen could not be found out. */
export type Use = 'first' | 'first-here' | 'again';

/** Whose it is, and which. */
export interface UsedId {
  readonly kind: 'proof' | 'assertion';
  readonly of: string;
  readonly id: string;
}

/**
 * Ids that may be used once (`jti`). Seen here is known at once; seen elsewhere is known by the store. With the store away a
 * process goes on with what it has seen itself, and says so: what that is worth is the caller's to say.
 */
export class UsedOnce {
  private readonly logger = new Logger('Access');
  private readonly here = new LRUCache<string, number>({ max: SEEN_HERE_MAX });
  private awayUntil = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly shared: SharedUses,
    private readonly clock: { now(): number },
    /** Milliseconds that only go forward. */
    private readonly ticks: () => number = () => performance.now(),
  ) {}

  /** @param until when it could not be used any more in any case, epoch milliseconds */
  async use({ kind, of, id }: UsedId, until: number): Promise<Use> {
    const idHash = hash('sha256', JSON.stringify([kind, of, id]), 'buffer');
    const key = idHash.toString('latin1');
    if ((this.here.get(key) ?? Number.NEGATIVE_INFINITY) >= this.clock.now()) return 'again';
    this.here.set(key, until);
    if (this.ticks() < this.awayUntil) return 'first-here';
    try {
      return (await this.shared.note(idHash, until)) ? 'first' : 'again';
    } catch (error) {
      this.awayUntil = this.ticks() + AWAY_FOR_MS;
      this.logger.warn({ event: 'used-ids-away', cause: (error as Error).name });
      return 'first-here';
    }
  }

  async forget(): Promise<void> {
    await this.shared.forget(this.clock.now());
  }
}
