import type { PersonFacts } from '@app/domain';

import type { Clock } from '../clock/clock.js';
import { FactsUnavailable, StoreBusy, type CardRecord, type FactsReader, type Reading } from './facts-reader.js';
import { HeardSince } from './heard-since.js';
import type { FileState } from './replica-file.js';
import type { ReplicaReader } from './replica-reader.js';
import { isCurrent } from './replica-view.js';

/** The truth, asked where the replica cannot say. */
export interface FactsSource {
  bySerial(serial: string, withinMs?: number): Promise<CardRecord | undefined>;
  byNumber(insurerNumber: string, numberKey: string, withinMs?: number): Promise<readonly PersonFacts[]>;
}

export interface ReplicatedFactsOptions {
  /** The replica counts as current while it is no older than this. */
  readonly behindMs: number;
  /** When everything stored about certificates was last known to be true. */
  readonly certificatesConfirmedAt: () => number | undefined;
}

/**
 * Facts from the replica while it is current: then it is complete, and "nobody" is an answer of its own. While it is being
 * loaded, behind or broken PostgreSQL is asked; while that is away too, what the replica holds is given with its age, and
 * "nobody" is not.
 */
export class ReplicatedFacts implements FactsReader {
  private readonly told = new HeardSince<Reading<unknown>>();

  constructor(
    private readonly view: Pick<
      ReplicaReader,
      'state' | 'stoodMs' | 'hasMoved' | 'card' | 'people' | 'heldCard' | 'heldPeople'
    >,
    private readonly source: FactsSource,
    private readonly clock: Clock,
    private readonly options: ReplicatedFactsOptions,
  ) {}

  bySerial(serial: string, withinMs?: number): Promise<Reading<CardRecord | undefined>> {
    return this.read(
      cardKey(serial),
      () => this.view.card(serial),
      () => this.view.heldCard(serial),
      (found) => found !== undefined,
      // Whose card it is not, of all cards, only a replica of all people knows.
      ({ insurers }) => insurers.length === 0,
      () => this.source.bySerial(serial, withinMs),
    );
  }

  byNumber(insurerNumber: string, numberKey: string, withinMs?: number): Promise<Reading<readonly PersonFacts[]>> {
    return this.read(
      `n${insurerNumber} ${numberKey}`,
      () => this.view.people(insurerNumber, numberKey),
      () => this.view.heldPeople(insurerNumber, numberKey),
      (found) => found.length > 0,
      ({ insurers }) => insurers.length === 0 || insurers.includes(insurerNumber),
      () => this.source.byNumber(insurerNumber, numberKey, withinMs),
    );
  }

  /** Whether the replica may be answered from as it is. */
  get isCurrent(): boolean {
    return isCurrent(this.view, this.clock.now(), this.options.behindMs);
  }

  /** Whether PostgreSQL has told about this card what a replica as of this instant may not hold yet. */
  knowsNewer(serial: string, asOf: number): boolean {
    return this.told.after(cardKey(serial), asOf, this.clock.now()) !== undefined;
  }

  private async read<T>(
    key: string,
    known: () => T,
    held: () => T,
    isFound: (value: T) => boolean,
    isComplete: (state: FileState) => boolean,
    ask: () => Promise<T>,
  ): Promise<Reading<T>> {
    const fromReplica = (): Reading<T> | undefined => {
      const { state } = this.view;
      const isNew = state !== undefined && this.told.after(key, state.asOf, this.clock.now()) === undefined;
      if (!isNew || !this.isCurrent) return undefined;
      const reading = this.tryReplica(known, state.asOf);
      return reading !== undefined && (isFound(reading.value) || isComplete(state)) ? reading : undefined;
    };
    const reading = fromReplica();
    if (reading !== undefined) return reading;
    const { state } = this.view;
    const askedAt = this.clock.now();
    // Known before it was asked: what is stored later may be a change that these facts do not hold.
    const confirmedAt = latest(this.options.certificatesConfirmedAt(), state?.certificatesConfirmedAt);
    try {
      const reading: Reading<T> = {
        value: await ask(),
        asOf: askedAt,
        source: 'database',
        ...(confirmedAt === undefined ? {} : { certificatesConfirmedAt: confirmedAt }),
      };
      this.told.note(key, reading, askedAt);
      return reading;
    } catch (error) {
      // It may have caught up while the store was waited for: then it is complete, and nothing is away.
      const caughtUp = fromReplica();
      if (caughtUp !== undefined) return caughtUp;
      const now = this.view.state;
      const reading = now === undefined ? undefined : this.tryReplica(held, now.staleSince ?? now.asOf);
      const told = this.told.after(key, reading?.asOf ?? Number.NEGATIVE_INFINITY, this.clock.now());
      if (told !== undefined) {
        const then = told.value as Reading<T>;
        // "Nobody" was true then; whether it still is, only the store knows.
        if (!isFound(then.value)) throw new FactsUnavailable({ cause: error });
        return { ...then, away: { reason: reasonOf(error), since: then.asOf } };
      }
      if (reading === undefined || !isFound(reading.value)) throw new FactsUnavailable({ cause: error });
      return { ...reading, away: { reason: reasonOf(error), since: reading.asOf } };
    }
  }

  private tryReplica<T>(held: () => T, asOf: number): Reading<T> | undefined {
    const certificatesConfirmedAt = this.view.state?.certificatesConfirmedAt;
    try {
      return {
        value: held(),
        asOf,
        source: 'replica',
        ...(certificatesConfirmedAt === undefined ? {} : { certificatesConfirmedAt }),
      };
    } catch {
      // Broken, of which the reader has told the keeper; or not read yet.
      return undefined;
    }
  }
}

/** Where the store itself has said that it cannot, it is there, and it is we who are behind. */
const reasonOf = (error: unknown): NonNullable<Reading<unknown>['away']>['reason'] =>
  error instanceof StoreBusy ? 'replica-behind' : 'database-unavailable';

const latest = (a: number | undefined, c: number | undefined): number | undefined =>
  a === undefined || c === undefined ? (a ?? c) : Math.max(a, c);

const cardKey = (serial: string): string => `c${serial}`;
