import { Logger } from '@nestjs/common';

import type { AnchorKey } from './anchor-keys.js';
import { headOf, listWriters, THIS_HOST } from './journal-files.js';
import type { JournalPosition } from './shipped-checks.js';
import { anchorLink, firstLink, signedAnchor, type Anchor } from './signed-words.js';

/** Heads that wait to be signed: PostgreSQL away for three days, with one writer. Beyond it every other one is let go. */
const WAITING_MAX = 10_000;

/** The head of a chain. */
export type Head = Pick<JournalPosition, 'writer' | 'n' | 'hash'>;

/** Anchors in PostgreSQL. Every method rejects with `RecordUnavailable` when it is away. */
export interface AnchorStore {
  /**
   * Heads that no anchor has reached: of chains of this host, and of any host's that nobody cared for within `abandonedMs`.
   */
  unanchored(host: string, abandonedMs: number): Promise<readonly Head[]>;
  /** Adds anchors; those that are there already are left as they are. */
  add(anchors: readonly Anchor[]): Promise<void>;
}

export interface AnchorsParts {
  readonly folder: string;
  /** Name of the chain of anchors: one for each life of a process. */
  readonly anchoredBy: string;
  /** Without it nothing is signed, and what waits says so. */
  readonly key: AnchorKey | undefined;
  readonly store: AnchorStore;
  /** How far a journal has been shipped by this process. */
  readonly shipped: (writer: string) => number | undefined;
  /** Of the machine's own clock. */
  readonly now: () => number;
  readonly intervalMs: number;
}

export interface AnchorsState {
  readonly signed: number;
  /** When the oldest head that has no anchor yet was seen, epoch milliseconds. */
  readonly waitingSince: number | undefined;
  readonly hasKey: boolean;
}

interface Seen extends Head {
  readonly at: number;
  readonly final: boolean;
}

/**
 * Says, signed, how far every chain of this machine had come, at least once an interval. The heads are taken from the
 * journals themselves, also while PostgreSQL is away, and kept in this process's memory: whoever then changes the files
 * does not change what was seen. They are signed and stored once PostgreSQL has the checks that they speak of, so that an anchor
 * never speaks of a check that is still on its way. Chains without a journal here (committed straight, or of a machine that is
 * gone) are anchored as PostgreSQL has them.
 */
export class Anchors {
  private readonly logger = new Logger('Journal');
  /** Last seen of each writer. */
  private readonly seen = new Map<string, number>();
  private waiting: Seen[] = [];
  /** Signed, and not known to be in PostgreSQL: sent again as they are, so that it does not matter whether they are. */
  private sending: readonly Anchor[] = [];
  private seq = 0;
  private link: string;
  private lookedAt = Number.NEGATIVE_INFINITY;
  private signed = 0;
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly parts: AnchorsParts) {
    this.link = firstLink(parts.anchoredBy);
    if (parts.key === undefined) this.logger.error({ event: 'anchor-key-missing' });
  }

  get state(): AnchorsState {
    const [oldest] = [...this.sending, ...this.waiting];
    return { signed: this.signed, waitingSince: oldest?.at, hasKey: this.parts.key !== undefined };
  }

  /** A writer has ended, and PostgreSQL has all of it. */
  ended({ writer, n, hash }: Head): void {
    this.seen.delete(writer);
    if (n > 0) this.waiting.push({ writer, n, hash, at: this.parts.now(), final: true });
  }

  /** Looks once an interval; signs what PostgreSQL has by now. One look at a time, whoever asks for it. */
  tick(): Promise<void> {
    this.running = this.running.catch(() => undefined).then(() => this.look());
    return this.running;
  }

  private async look(): Promise<void> {
    const { now, intervalMs } = this.parts;
    const since = now() - this.lookedAt;
    // A clock that was set back is no reason to wait.
    if (since >= intervalMs || since < 0) {
      this.lookedAt = now();
      await this.lookHere();
      await this.lookInStore();
    }
    await this.flush();
  }

  /** Looks and signs now. */
  async atOnce(): Promise<void> {
    this.lookedAt = Number.NEGATIVE_INFINITY;
    await this.tick();
  }

  private async lookHere(): Promise<void> {
    const { folder, now } = this.parts;
    for (const writer of await listWriters(folder)) {
      const head = await headOf(folder, writer);
      if (head === undefined || head.n <= (this.seen.get(writer) ?? 0)) continue;
      this.seen.set(writer, head.n);
      this.waiting.push({ writer, ...head, at: now(), final: false });
    }
    if (this.waiting.length > WAITING_MAX) this.waiting = this.waiting.filter(({ final }, i) => final || i % 2 === 1);
  }

  private async lookInStore(): Promise<void> {
    const { store, now, intervalMs } = this.parts;
    const heads = await store.unanchored(THIS_HOST, 2 * intervalMs);
    const cared = new Set([...this.seen.keys(), ...this.waiting.map(({ writer }) => writer)]);
    for (const { writer, n, hash } of heads)
      if (!cared.has(writer)) this.waiting.push({ writer, n, hash, at: now(), final: false });
  }

  private async flush(): Promise<void> {
    const { key } = this.parts;
    if (key === undefined) return;
    if (this.sending.length > 0) await this.send();
    const ready = this.waiting.filter((one) => this.isShipped(one));
    if (ready.length === 0) return;
    this.waiting = this.waiting.filter((one) => !ready.includes(one));
    this.sending = ready.map((one) => this.sign(one, key));
    await this.send();
  }

  private async send(): Promise<void> {
    const { sending } = this;
    await this.parts.store.add(sending);
    this.sending = [];
    this.signed += sending.length;
    // Whoever keeps the logs elsewhere holds a copy of where the chain of anchors was.
    this.logger.log({ event: 'anchored', anchoredBy: this.parts.anchoredBy, seq: this.seq, link: this.link });
  }

  /** What is not in the folder any more was shipped before it went. */
  private isShipped({ writer, n, final }: Seen): boolean {
    return final || !this.seen.has(writer) || n <= (this.parts.shipped(writer) ?? 0);
  }

  private sign(seen: Seen, key: AnchorKey): Anchor {
    this.seq += 1;
    const word = { anchoredBy: this.parts.anchoredBy, seq: this.seq, previous: this.link, ...seen };
    this.link = anchorLink(word);
    return signedAnchor(word, key);
  }
}
