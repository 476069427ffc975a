import { LRUCache } from 'lru-cache';

const KEPT_FOR_MS = 10 * 60_000;
const KEYS_MAX = 50_000;

interface Entry<T> {
  readonly request: string;
  readonly outcome: Promise<T>;
}

/** The key came with another request before. */
export class KeyReused extends Error {
  constructor() {
    super('the Idempotency-Key was used with another request');
    this.name = 'KeyReused';
  }
}

/**
 * Remembers for ten minutes what a key led to. A repeat gets the same outcome, also while the first is still under way; a
 * failure is not remembered, so that it can be tried again.
 */
export class IdempotencyKeys<T extends object> {
  private readonly entries = new LRUCache<string, Entry<T>>({ max: KEYS_MAX, ttl: KEPT_FOR_MS, ttlAutopurge: false });

  /** @throws KeyReused */
  async once(key: string, request: string, work: () => Promise<T>): Promise<{ outcome: T; repeated: boolean }> {
    const known = this.entries.get(key);
    if (known !== undefined) {
      if (known.request !== request) throw new KeyReused();
      return { outcome: await known.outcome, repeated: true };
    }
    const outcome = work();
    const entry = { request, outcome };
    this.entries.set(key, entry);
    try {
      return { outcome: await outcome, repeated: false };
    } catch (error) {
      if (this.entries.peek(key) === entry) this.entries.delete(key);
      throw error;
    }
  }
}
