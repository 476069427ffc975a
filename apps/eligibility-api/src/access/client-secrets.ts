import { LRUCache } from 'lru-cache';
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

import { secretMatches } from './client-secret.js';
import type { Client } from './clients.js';

/** The hash of a secret nobody has: an unknown client takes as long to refuse as a wrong secret. */
const NOBODYS_HASH = 'scrypt$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
/** Some 200 bytes each, as many as there are tokens remembered: who asked last asks next. */
const CLIENTS_MAX = 50_000;
/** Of the four threads that Node has for such work: making the journal durable needs the others. */
const HASHED_AT_A_TIME = 2;

/**
 * Verifies the secrets of clients. One that was verified is recognised from then on by a keyed hash that never leaves this process's
 * memory: a token lives for ten minutes, and at 50 ms of a core for each renewal a core would do for 12,000 institutions. Whatever
 * is not recognised is verified in full, two at a time.
 */
export class ClientSecrets {
  private readonly key = randomBytes(32);
  private readonly verified = new LRUCache<string, { readonly secretHash: string; readonly mark: Buffer }>({
    max: CLIENTS_MAX,
  });
  private free = HASHED_AT_A_TIME;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly matches: typeof secretMatches = secretMatches) {}

  /** Whether it is the secret of this client. Nobody has the secret of a client that is not there, or that has a key instead. */
  async match(secret: string, client: Client | undefined): Promise<boolean> {
    if (client?.secretHash === undefined)
      return this.inTurn(() => this.matches(secret, NOBODYS_HASH)).then(() => false);
    const { clientId, secretHash } = client;
    const mark = createHmac('sha256', this.key).update(secret).digest();
    const known = this.verified.get(clientId);
    // Of another hash it would be another secret: it was changed since.
    if (known !== undefined && known.secretHash === secretHash && timingSafeEqual(known.mark, mark)) return true;
    const isIt = await this.inTurn(() => this.matches(secret, secretHash));
    if (isIt) this.verified.set(clientId, { secretHash, mark });
    return isIt;
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free -= 1;
    // Whoever is done hands the place on.
    else await new Promise<void>((resolve) => void this.waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.free += 1;
      else next();
    }
  }
}
