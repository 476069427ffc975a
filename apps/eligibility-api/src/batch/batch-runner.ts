import type { EligibilityBatchItem } from '@app/contracts';
import { Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';

import type { Asking } from '../check-in/given.js';
import type { Clock } from '../clock/clock.js';
import type { AskPerson, Outcome } from './ask-person.js';
import { placeOf, SealBroken, type BatchSeal } from './batch-seal.js';
import { BatchesUnavailable, type BatchHead, type Batches, type Counts, type Lease } from './batches.js';
import type { StandingAside } from './standing-aside.js';

/** Nobody else takes a batch up before this long after its process was last heard of. */
export const LEASE_MS = 30_000;
const RENEW_EVERY_MS = 5_000;
/** A batch that was taken up this often without a part of it being finished ends every process that touches it. */
const TAKES_MAX = 5;
/** Tries for a person who gets no answer because of us, with the store back in between. */
const TRIES_MAX = 3;
/** Told to stop, it may still finish the part in hand; otherwise those people are asked about once more later. */
const FINISH_MS = 2_000;

export interface BatchRunnerParts {
  readonly batches: Batches;
  readonly ask: AskPerson;
  readonly seal: BatchSeal;
  readonly aside: StandingAside;
  readonly clock: Clock;
  /** Whether the client may still ask: a revoked client's batches end with it. */
  readonly isClient: (clientId: string) => boolean;
  /** People between two looks at who else waits. */
  readonly slice: number;
  readonly counted: (counts: Counts) => void;
  /** Whether the record has room for more than check-in. */
  readonly hasRoom: () => boolean;
  /** Before the store, or the room, is looked at again. */
  readonly storeAwayPauseMs: number;
}

/** Why a batch was left. */
type Left = 'ended' | 'lost' | 'stopped';

interface Part {
  readonly first: number;
  readonly people: readonly EligibilityBatchItem[];
}

interface Answers {
  /** Lines; their bytes, one character each. */
  readonly text: string;
  readonly counts: Counts;
}

/**
 * Works on one batch at a time, part by part: open the people, ask about them a few at a time, keep the results, go on. A part
 * is kept by one statement that also removes its people, so results never hold two lines for one of them; parts that were
 * begun and not kept by a process that died (two at most) are asked about again, and each asking is on record.
 */
export class BatchRunner {
  readonly owner = randomUUID();
  private readonly logger = new Logger('Batch');
  private renewedAt = 0;
  private cancelledHere: string | undefined;
  private current: string | undefined;

  constructor(private readonly parts: BatchRunnerParts) {}

  /** Works until nothing is left to do, or it is told to stop. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const batch = await this.parts.batches.take(this.parts.clock.now(), this.lease());
      if (batch === undefined) return;
      this.current = batch.batchId;
      const left = await (
        batch.takes > TAKES_MAX ? this.end(batch, 'failed', signal) : this.work(batch, signal)
      ).finally(() => (this.current = undefined));
      this.logger.log({ event: 'batch-left', batchId: batch.batchId, total: batch.total, how: left });
      // Otherwise the lease runs out by itself, half a minute later.
      if (left === 'stopped') await this.parts.batches.release(batch.batchId, this.owner).catch(() => {});
    }
  }

  /** Told of a cancellation on this process; on another one it is noticed when the lease is renewed or a part is kept. */
  cancelled(batchId: string): void {
    if (this.current === batchId) this.cancelledHere = batchId;
  }

  /**
   * Asks about a part while the next one is read and the one before is kept, so that neither the store nor the thread pool is
   * waited for. Parts are kept one after the other: results are always the beginning of the batch.
   */
  private async work(batch: BatchHead, signal: AbortSignal): Promise<Left> {
    this.renewedAt = this.parts.clock.now();
    let keeping: Promise<Left | undefined> = Promise.resolve(undefined);
    let reading = this.read(batch, 0, signal);
    for (;;) {
      const part = await reading;
      if (part === 'stopped' || signal.aborted) return (await keeping) ?? 'stopped';
      if (part === undefined) return (await keeping) ?? this.end(batch, 'finished', signal);
      if (part === 'unreadable') return (await keeping) ?? this.end(batch, 'failed', signal);
      if (!this.parts.isClient(batch.clientId)) return (await keeping) ?? this.end(batch, 'cancelled', signal);

      reading = inBackground(this.read(batch, part.first + part.people.length, signal));
      const answers = await this.answer(batch, part.people, signal);
      const left = await keeping;
      if (left !== undefined) return left;
      if (typeof answers === 'string') return answers;
      keeping = inBackground(this.keep(batch, part.first, answers, signal));
    }
  }

  /** The next part from this person on, opened. Unreadable when the process that accepted it had another key. */
  private async read(
    batch: BatchHead,
    from: number,
    signal: AbortSignal,
  ): Promise<Part | 'stopped' | 'unreadable' | undefined> {
    const { batches, seal } = this.parts;
    const part = await this.patiently(() => batches.nextPeople(batch.batchId, from), signal);
    if (part === 'stopped' || part === undefined) return part;
    try {
      const text = await seal.open(part.people, placeOf('people', batch.batchId, part.first));
      return { first: part.first, people: JSON.parse(text.toString()) as EligibilityBatchItem[] };
    } catch (error) {
      if (!(error instanceof SealBroken)) throw error;
      this.logger.error({ event: 'batch-unreadable', batchId: batch.batchId });
      return 'unreadable';
    }
  }

  /** Undefined when it is kept, and the batch is still ours. */
  private async keep(
    batch: BatchHead,
    first: number,
    { text, counts }: Answers,
    signal: AbortSignal,
  ): Promise<Left | undefined> {
    const { batches, clock, seal, counted } = this.parts;
    const size = counts.answered + counts.unavailable + counts.refused;
    const results = await seal.close(Buffer.from(text, 'latin1'), placeOf('results', batch.batchId, first));
    const kept = await this.patiently(
      () => batches.answered(batch.batchId, { first, size, results }, counts, this.lease()),
      signal,
    );
    if (kept === 'stopped') return 'stopped';
    if (kept) {
      this.renewedAt = clock.now();
      counted(counts);
      return undefined;
    }
    // Kept already by an earlier attempt whose reply was lost, or not ours any more.
    const ours = await this.patiently(() => batches.renew(batch.batchId, this.lease()), signal);
    if (ours === 'stopped') return 'stopped';
    return ours ? undefined : 'lost';
  }

  private async answer(
    batch: BatchHead,
    people: readonly EligibilityBatchItem[],
    signal: AbortSignal,
  ): Promise<Answers | Left> {
    const { slice, aside } = this.parts;
    const asking = askingOf(batch);
    const counts = { answered: 0, unavailable: 0, refused: 0 };
    let text = '';
    let stopBy: number | undefined;
    for (let i = 0; i < people.length; i += slice) {
      if (signal.aborted) stopBy ??= performance.now() + FINISH_MS;
      if (stopBy !== undefined && performance.now() > stopBy) return 'stopped';
      if (!(await this.hasRoom(batch, signal))) return signal.aborted ? 'stopped' : 'lost';
      if (this.cancelledHere === batch.batchId) return 'lost';
      if (!(await this.stillOurs(batch, signal))) return signal.aborted ? 'stopped' : 'lost';
      const outcomes = await this.slice(batch, asking, people.slice(i, i + slice), signal);
      if (typeof outcomes === 'string') return outcomes;
      for (const { kind, line } of outcomes) {
        counts[kind] += 1;
        text += line;
      }
      await aside.betweenSlices();
    }
    return { text, counts };
  }

  /** Asks about a few at once. Who gets no answer because of us is asked about again when the store can be reached. */
  private async slice(
    batch: BatchHead,
    asking: Asking,
    people: readonly EligibilityBatchItem[],
    signal: AbortSignal,
  ): Promise<readonly Outcome[] | Left> {
    const { ask, batches } = this.parts;
    let outcomes = await ask.forAll(asking, batch.serviceDate, people);
    for (let tries = 1; tries < TRIES_MAX && outcomes.some(({ ours }) => ours); tries += 1) {
      const ours = await this.patiently(() => batches.renew(batch.batchId, this.lease()), signal);
      if (ours !== true) return ours === 'stopped' ? 'stopped' : 'lost';
      outcomes = await Promise.all(
        outcomes.map(async (outcome, i) => {
          const person = people[i];
          return outcome.ours && person !== undefined ? ask.for(asking, batch.serviceDate, person) : outcome;
        }),
      );
    }
    return outcomes;
  }

  /** Waits until the record has room for batches again; false when it is told to stop, or the batch is not ours meanwhile. */
  private async hasRoom(batch: BatchHead, signal: AbortSignal): Promise<boolean> {
    const { hasRoom, storeAwayPauseMs } = this.parts;
    while (!hasRoom()) {
      if (signal.aborted || this.cancelledHere === batch.batchId || !(await this.stillOurs(batch, signal)))
        return false;
      await setTimeout(storeAwayPauseMs, undefined, { signal }).catch(() => {});
    }
    return true;
  }

  private async stillOurs(batch: BatchHead, signal: AbortSignal): Promise<boolean> {
    const now = this.parts.clock.now();
    if (now - this.renewedAt < RENEW_EVERY_MS) return true;
    const renewed = await this.patiently(() => this.parts.batches.renew(batch.batchId, this.lease()), signal);
    this.renewedAt = now;
    return renewed === true;
  }

  private async end(batch: BatchHead, state: 'finished' | 'cancelled' | 'failed', signal: AbortSignal): Promise<Left> {
    const { batches, clock } = this.parts;
    const ended = await this.patiently(() => batches.end(batch.batchId, this.owner, state, clock.now()), signal);
    return ended === 'stopped' ? 'stopped' : 'ended';
  }

  /** While the store is away a batch waits, with what it has in hand. */
  private async patiently<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T | 'stopped'> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof BatchesUnavailable)) throw error;
        if (signal.aborted) return 'stopped';
        await setTimeout(this.parts.storeAwayPauseMs, undefined, { signal }).catch(() => {});
      }
    }
  }

  private lease(): Lease {
    return { owner: this.owner, until: this.parts.clock.now() + LEASE_MS };
  }
}

/** Awaited later: until then a rejection is not unhandled. */
const inBackground = <T>(work: Promise<T>): Promise<T> => {
  work.catch(() => {});
  return work;
};

const askingOf = ({ clientId, institutionCode, operator, purpose }: BatchHead): Asking => ({
  // What the client may was looked at when it submitted; nothing of a check depends on it.
  caller: { clientId, institutionCode, scopes: new Set() },
  ...(operator === undefined ? {} : { operator }),
  purpose,
});
