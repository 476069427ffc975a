import type { PersonFacts } from '@app/domain';
import type { DatabaseSync, StatementSync } from 'node:sqlite';

import type { CardRecord } from './facts-reader.js';
import {
  cardOf,
  isWhole,
  keepInnerPages,
  openForReading,
  readState,
  readyBodyFor,
  type FileState,
  type PersonRow,
} from './replica-file.js';
import type { ReplicaFolder } from './replica-folder.js';
import type { GenerationKeys, ReplicaKeys } from './replica-keys.js';
import type { ReadyRow, ReplicaView } from './replica-view.js';
import { NotOurs, type Sealing } from './sealing.js';

/** More people than this under one insurer number and number are nobody's family: the reading stops there. */
const PEOPLE_PER_NUMBER_MAX = 100;

/** The file cannot be answered from any more: somebody else has to say. */
export class ReplicaBroken extends Error {
  constructor(options?: ErrorOptions) {
    super('the replica cannot be read', options);
    this.name = 'ReplicaBroken';
  }
}

/** The file is well, and says that it does not know this: the person has changed, or somebody has who may be the one. */
export class NotKnownYet extends Error {
  constructor() {
    super('the replica has not read this yet');
    this.name = 'NotKnownYet';
  }
}

/** SQLite's "try again": nothing is wrong with the file. */
const isBusy = (error: unknown): boolean => {
  const { errcode } = error as { errcode?: number };
  return errcode !== undefined && [5, 6].includes(errcode & 0xff);
};

interface Opened {
  readonly generation: string;
  readonly db: DatabaseSync;
  readonly keys: GenerationKeys;
  readonly sealing: Sealing;
  readonly ready: StatementSync;
  /** Whose a ready row is. Asked only while somebody's facts are known to have changed. */
  readonly holder: StatementSync;
  readonly person: StatementSync;
  readonly card: StatementSync;
  readonly number: StatementSync;
  readonly stale: StatementSync;
  readonly unready: StatementSync;
}

export interface ReaderOptions {
  /** Rows in the plain are not read where rows are to be sealed. */
  readonly sealed: boolean;
  /** Names the rules and format of ready rows; rows built by others are passed over. Eight bytes. */
  readonly readyVersion: Buffer;
}

/**
 * Reads the replica. It holds one read transaction from one `refresh` to the next (a lookup is then 6.5 µs; each in its own,
 * 11) and goes over to a new generation when the pointer names one. A file that is not whole, not ours, or fails while it is
 * read is never answered from again; the keeper is told by a mark beside it.
 */
export class ReplicaReader implements ReplicaView {
  private opened: Opened | undefined;
  private seen: FileState | undefined;
  private broken: string | undefined;
  private standsSince = 0;
  stoodMs = 0;
  hasMoved = false;

  constructor(
    private readonly folder: ReplicaFolder,
    private readonly keys: ReplicaKeys,
    private readonly options: ReaderOptions,
  ) {}

  get state(): FileState | undefined {
    return this.seen;
  }

  refresh(): void {
    const generation = this.folder.current();
    if (generation === undefined || generation === this.broken) {
      this.close();
      return;
    }
    const before = this.seen?.asOf;
    try {
      if (this.opened?.generation !== generation) this.goOver(generation);
      else this.renew(this.opened);
      const now = performance.now();
      if (this.seen?.asOf !== before) {
        this.standsSince = now;
        this.hasMoved = before !== undefined;
      }
      this.stoodMs = now - this.standsSince;
    } catch (error) {
      if (isBusy(error)) return;
      this.giveUp(generation);
    }
  }

  ready(serial: string): ReadyRow | undefined {
    return this.readyAll([serial])[0];
  }

  readyAll(serials: readonly string[]): readonly (ReadyRow | undefined)[] {
    const { opened } = this;
    if (opened === undefined) return serials.map(() => undefined);
    const { keys, sealing, ready } = opened;
    try {
      const places = serials.map((serial) => keys.places.ofSerial(serial));
      const rows = places.map((place) => {
        const row = ready.get(place) as unknown as [record: Uint8Array] | undefined;
        return row === undefined || this.isOutdated(opened, place) ? undefined : row[0];
      });
      return rows.map((stored, i) => {
        if (stored === undefined) return undefined;
        const key = places[i] as bigint;
        const body = readyBodyFor(sealing.open('ready', key, stored), serials[i] as string, this.options.readyVersion);
        return body === undefined ? undefined : { key, stored, opened: body };
      });
    } catch (error) {
      if (!isBusy(error)) this.giveUp(opened.generation);
      return serials.map(() => undefined);
    }
  }

  card(serial: string): CardRecord | undefined {
    const found = this.heldCard(serial);
    const { opened } = this;
    // Somebody who has changed may have got this card since.
    if (
      this.seen?.stale !== 0 &&
      (found === undefined || opened === undefined || this.isStale(opened, BigInt(found.person.personId)))
    )
      throw new NotKnownYet();
    return found;
  }

  people(insurerNumber: string, numberKey: string): readonly PersonFacts[] {
    const found = this.heldPeople(insurerNumber, numberKey);
    // Somebody who has changed may be insured under this number since.
    if (this.seen?.stale !== 0) throw new NotKnownYet();
    return found;
  }

  /** What is held, be it of before a change that is known: as of `staleSince`. Throws `ReplicaBroken`. */
  heldCard(serial: string): CardRecord | undefined {
    return this.read((opened) => {
      for (const personId of idsOf(opened.card, opened.keys.places.ofSerial(serial))) {
        const found = cardOf(personOf(opened, personId), serial);
        if (found !== undefined) return found;
      }
      return undefined;
    });
  }

  /** As `heldCard`. */
  heldPeople(insurerNumber: string, numberKey: string): readonly PersonFacts[] {
    return this.read((opened) =>
      idsOf(opened.number, opened.keys.places.ofNumber(insurerNumber, numberKey))
        .map((personId) => personOf(opened, personId))
        .filter(({ numbers }) => numbers.some(([insurer, number]) => insurer === insurerNumber && number === numberKey))
        .map(({ facts }) => facts),
    );
  }

  close(): void {
    const { opened } = this;
    this.opened = undefined;
    this.seen = undefined;
    try {
      opened?.db.close();
    } catch {
      // It is not read from any more, which is what was wanted.
    }
  }

  /** Whether a ready row is one of before a change, be its person's facts in already or not. */
  private isOutdated(opened: Opened, key: bigint): boolean {
    if (this.seen?.stale === 0 && this.seen.unready === 0) return false;
    return idsOf(opened.holder, key).some(
      (personId) => this.isStale(opened, personId) || opened.unready.get(personId) !== undefined,
    );
  }

  private isStale(opened: Opened, personId: bigint): boolean {
    return this.seen?.stale !== 0 && opened.stale.get(personId) !== undefined;
  }

  private read<T>(reading: (opened: Opened) => T): T {
    const { opened } = this;
    if (opened === undefined) throw new ReplicaBroken();
    try {
      return reading(opened);
    } catch (error) {
      if (!isBusy(error)) this.giveUp(opened.generation);
      throw new ReplicaBroken({ cause: error });
    }
  }

  private goOver(generation: string): void {
    const db = openForReading(this.folder.fileOf(generation));
    try {
      db.exec('begin');
      const state = readState(db);
      const keys = this.keys.of(generation);
      if (state === undefined || !isOurs(state, generation, keys, this.options) || !isWhole(db, state))
        throw new NotOurs();
      keepInnerPages(db, state);
      this.close();
      this.opened = {
        generation,
        db,
        keys,
        sealing: keys.sealing(state.sealed),
        ready: asArrays(db.prepare('select record from ready where k = ?')),
        holder: withBigInts(db.prepare('select person_id as id from ready where k = ?')),
        person: db.prepare('select record from person where person_id = ?'),
        stale: withBigInts(db.prepare('select 1 from stale where person_id = ?')),
        unready: withBigInts(db.prepare('select 1 from unready where person_id = ?')),
        card: withBigInts(db.prepare('select person_id as id from card where k = ?')),
        number: withBigInts(
          db.prepare(
            `select person_id as id from number where k = ? order by person_id limit ${PEOPLE_PER_NUMBER_MAX}`,
          ),
        ),
      };
      this.seen = state;
    } catch (error) {
      if (this.opened?.db !== db) db.close();
      throw error;
    }
  }

  private renew({ db }: Opened): void {
    if (db.isTransaction) db.exec('commit');
    db.exec('begin');
    const state = readState(db);
    if (state === undefined) throw new NotOurs();
    this.seen = state;
  }

  private giveUp(generation: string): void {
    this.broken = generation;
    this.close();
    this.folder.reportBroken(generation);
  }
}

/** Written by this format, with this key, sealed as it should be, and whole. */
const isOurs = (
  state: FileState,
  generation: string,
  keys: GenerationKeys,
  { sealed }: Pick<ReaderOptions, 'sealed'>,
): boolean =>
  state.loaded && state.generation === generation && state.keyCheck === keys.check && state.sealed === sealed;

/** Rows without names: an object for each has no shape of its own, and is made by looking names up. */
const asArrays = (statement: StatementSync): StatementSync => {
  statement.setReturnArrays(true);
  return statement;
};

const withBigInts = (statement: StatementSync): StatementSync => {
  statement.setReadBigInts(true);
  return statement;
};

const idsOf = (statement: StatementSync, place: bigint): bigint[] =>
  (statement.all(place) as { id: bigint }[]).map(({ id }) => id);

/** An index that leads to nobody is a file that is not whole. */
const personOf = ({ person, sealing }: Opened, personId: bigint): PersonRow => {
  const row = person.get(personId) as { record: Uint8Array } | undefined;
  if (row === undefined) throw new NotOurs();
  return JSON.parse(sealing.open('person', personId, row.record).toString('utf8')) as PersonRow;
};
