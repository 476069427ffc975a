import { LRUCache } from 'lru-cache';
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';

import type { Clock } from '../clock/clock.js';
import { HELD_FOR_MS, KEPT_FOR_MS, type Claim, type KeyFile } from './key-file.js';

const KEYS_MAX = 50_000;
/** How soon it is noticed that another process is done. */
const LOOK_AGAIN_MS = 5;
const LOOK_AGAIN_MS_MAX = 50;

/** The key came with another request before. */
export class KeyReused extends Error {
  constructor() {
    super('the Idempotency-Key was used with another request');
    this.name = 'KeyReused';
  }
}

/** What is done under a key. */
export interface Work<T> {
  /** The first time. */
  readonly first: () => Promise<T>;
  /** What another process gave, by its id; undefined where nobody knows of it any more. */
  readonly given: (checkId: string) => Promise<T | undefined>;
}

interface Outcome<T> {
  readonly outcome: T;
  readonly repeated: boolean;
}

interface Entry<T> {
  readonly request: string;
  readonly outcome: Promise<Outcome<T>>;
}

/**
 * Remembers for ten minutes what a key led to, among all processes of this machine. A repeat gets the same outcome, also while
 * the first is still under way; a failure is not remembered, so that it can be tried again. What this process did or gave itself
 * it has in memory, and what others did it learns from the file that they share.
 */
export class IdempotencyKeys<T extends { readonly checkId: string }> {
  private readonly entries = new LRUCache<string, Entry<T>>({ max: KEYS_MAX, ttl: KEPT_FOR_MS, ttlAutopurge: false });

  constructor(
    private readonly file: KeyFile,
    private readonly clock: Clock,
  ) {}

  /**
   * `key` and `request` are keyed hashes.
   * @throws KeyReused
   */
  async once(key: string, request: string, work: Work<T>): Promise<Outcome<T>> {
    const known = this.entries.get(key);
    if (known !== undefined) {
      if (known.request !== request) throw new KeyReused();
      return { outcome: (await known.outcome).outcome, repeated: true };
    }
    const outcome = this.among({ key, request, holder: randomUUID() }, work);
    const entry = { request, outcome };
    this.entries.set(key, entry);
    try {
      return await outcome;
    } catch (error) {
      if (this.entries.peek(key) === entry) this.entries.delete(key);
      throw error;
    }
  }

  /** Once among the processes: begins, waits for who has begun, or finds what was given. */
  private async among(claim: Claim, work: Work<T>): Promise<Outcome<T>> {
    for (let pauseMs = LOOK_AGAIN_MS; ; pauseMs = Math.min(pauseMs * 2, LOOK_AGAIN_MS_MAX)) {
      const known = this.file.begin(claim);
      if (known === undefined || known.state === 'begun') return this.begun(claim, work);
      if (known.request !== claim.request) throw new KeyReused();
      if (known.state === 'done') {
        const outcome = await work.given(known.checkId);
        if (outcome !== undefined) {
          this.keepUntil(claim, known.until);
          return { outcome, repeated: true };
        }
        // Nobody could give it again.
        this.file.lose(claim, known.checkId);
      } else await setTimeout(pauseMs);
    }
  }

  private async begun(claim: Claim, work: Work<T>): Promise<Outcome<T>> {
    const holding = setInterval(() => this.file.hold(claim), HELD_FOR_MS / 3).unref();
    try {
      const outcome = await work.first();
      if (this.file.finish(claim, outcome.checkId) !== false) return { outcome, repeated: false };
      // This process stood still for so long that another did the work, and gave the answer that counts.
      const known = this.file.begin(claim);
      if (known?.state !== 'done' || known.request !== claim.request) return { outcome, repeated: false };
      const others = await work.given(known.checkId);
      return others === undefined ? { outcome, repeated: false } : { outcome: others, repeated: true };
    } catch (error) {
      this.file.forget(claim);
      throw error;
    } finally {
      clearInterval(holding);
    }
  }

  /** What another gave ends here when it ends there. */
  private keepUntil({ key }: Claim, until: number): void {
    const entry = this.entries.peek(key);
    const ttl = until - this.clock.now();
    if (entry !== undefined && ttl > 0) this.entries.set(key, entry, { ttl });
  }
}
