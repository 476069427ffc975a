import type { DatabaseSync, StatementSync } from 'node:sqlite';

import { readyHead, type FileState, type PersonRow } from './replica-file.js';
import type { GenerationKeys } from './replica-keys.js';
import { NotOurs, type Sealing } from './sealing.js';

/** A person as read from the truth: the text that is sealed, and where it is to be found. */
export interface PersonText {
  readonly personId: string;
  /** A `PersonRow` as JSON. */
  readonly text: string;
  readonly serials: readonly string[];
  readonly numbers: PersonRow['numbers'];
}

/** A person ready to be written: what takes time has been done, outside any transaction. */
export interface SealedPerson {
  readonly personId: bigint;
  readonly record: Uint8Array;
  readonly cards: ReadonlySet<bigint>;
  readonly numbers: ReadonlySet<bigint>;
}

export interface SealedReady {
  readonly place: bigint;
  readonly personId: bigint;
  readonly untilDay: number | undefined;
  readonly record: Uint8Array;
}

interface Counts {
  people: number;
  cards: number;
  numbers: number;
  ready: number;
  stale: number;
  unready: number;
}

const countsOf = ({ people, cards, numbers, ready, stale, unready }: FileState): Counts => ({
  people,
  cards,
  numbers,
  ready,
  stale,
  unready,
});

/** Writes one generation. There is one writer; each `write` is one transaction. */
export class ReplicaWriter {
  private readonly sealing: Sealing;
  /** About how many pages went into the log since this was last set to 0: what is replaced lies anywhere, what is built lies side by side. */
  pagesWritten = 0;
  private counts: Counts;
  private readonly statements = new Map<string, StatementSync>();

  constructor(
    private readonly db: DatabaseSync,
    private readonly keys: GenerationKeys,
    private saved: FileState,
  ) {
    this.sealing = keys.sealing(saved.sealed);
    this.counts = countsOf(saved);
  }

  /** As it will be when the transaction that is open commits. */
  get state(): FileState {
    return { ...this.saved, ...this.counts };
  }

  seal({ personId, text, serials, numbers }: PersonText): SealedPerson {
    const key = BigInt(personId);
    return {
      personId: key,
      record: this.sealing.seal('person', key, text),
      cards: this.cardPlaces(serials),
      numbers: this.numberPlaces(numbers),
    };
  }

  sealReady(
    personId: bigint,
    serial: string,
    version: Uint8Array,
    untilDay: number | undefined,
    body: Uint8Array,
  ): SealedReady {
    const place = this.keys.places.ofSerial(serial);
    return { place, personId, untilDay, record: this.sealing.seal('ready', place, readyHead(serial, version), body) };
  }

  /** One transaction; what `work` returns is the state it leaves. Nothing of it stays when it throws. */
  write(work: () => Partial<FileState>): void {
    const before = this.state;
    this.db.exec('begin immediate');
    try {
      this.save(work());
      this.db.exec('commit');
      this.pagesWritten += 2;
    } catch (error) {
      this.saved = before;
      this.counts = countsOf(before);
      if (this.db.isTransaction) this.db.exec('rollback');
      throw error;
    }
  }

  /** A transaction that stays open from one slice of work to the next. Only for a file that nobody reads yet. */
  beginUnlessOpen(): void {
    if (!this.db.isTransaction) this.db.exec('begin immediate');
  }

  endIfOpen(): void {
    if (!this.db.isTransaction) return;
    this.save({});
    this.db.exec('commit');
  }

  /** Writes a person for the first time in this file. */
  add({ personId, record, cards, numbers }: SealedPerson): void {
    this.prepared('insert into person values (?, ?)').run(personId, record);
    for (const place of cards) this.prepared('insert into card values (?, ?)').run(place, personId);
    for (const place of numbers) this.prepared('insert into number values (?, ?)').run(place, personId);
    this.count({ people: 1, cards: cards.size, numbers: numbers.size });
  }

  /**
   * Writes a person anew, and says that the ready answers are of before; false when this is what was written, to the letter. What
   * stays where it was is not touched: a page of 8 kB less to write, each of which many changes feel.
   */
  replace(text: PersonText): boolean {
    const personId = BigInt(text.personId);
    const before = this.textOf(personId);
    if (before === text.text) return false;
    if (before === undefined) this.add(this.seal(text));
    else {
      this.prepared('update person set record = ? where person_id = ?').run(
        this.sealing.seal('person', personId, text.text),
        personId,
      );
      const { certificates, numbers } = JSON.parse(before) as PersonRow;
      const serials = certificates.map(({ serial }) => serial);
      if (serials.join() !== text.serials.join())
        this.count({ cards: this.moveCards(personId, this.cardPlaces(serials), this.cardPlaces(text.serials)) });
      if (numbers.join() !== text.numbers.join())
        this.count({
          numbers: this.move('number', personId, this.numberPlaces(numbers), this.numberPlaces(text.numbers)),
        });
    }
    this.pagesWritten += 1;
    this.count({
      unready: Number(this.prepared('insert or ignore into unready values (?)').run(personId).changes),
    });
    return true;
  }

  remove(personId: bigint): void {
    const before = this.textOf(personId);
    if (before === undefined) return;
    const { certificates, numbers } = JSON.parse(before) as PersonRow;
    this.prepared('delete from person where person_id = ?').run(personId);
    this.count({
      people: -1,
      cards: this.moveCards(personId, this.cardPlaces(certificates.map(({ serial }) => serial)), new Set()),
      numbers: this.move('number', personId, this.numberPlaces(numbers), new Set()),
    });
    this.readied(personId);
    this.pagesWritten += 2;
  }

  /** Says of people that what is held of them is no longer so. Nothing is answered of them from here until `unmark`. */
  markStale(people: readonly bigint[]): void {
    const mark = this.prepared('insert or ignore into stale values (?)');
    for (const personId of people) this.count({ stale: Number(mark.run(personId).changes) });
  }

  unmark(personId: bigint): void {
    if (this.counts.stale > 0)
      this.count({ stale: -Number(this.prepared('delete from stale where person_id = ?').run(personId).changes) });
  }

  someStale(limit: number): bigint[] {
    const rows = this.prepared('select person_id from stale order by person_id limit ?').all(limit) as {
      person_id: bigint;
    }[];
    return rows.map((row) => row.person_id);
  }

  /** Some people whose answers are to be made from new facts. */
  someUnready(limit: number): PersonRow[] {
    const rows = this.prepared('select person_id from unready order by person_id limit ?').all(limit) as {
      person_id: bigint;
    }[];
    return rows.map((row) => this.personThere(row.person_id));
  }

  /** Says of a person that the ready answers are of the facts that are written. */
  readied(personId: bigint): void {
    if (this.counts.unready > 0)
      this.count({ unready: -Number(this.prepared('delete from unready where person_id = ?').run(personId).changes) });
  }

  /** Where it was, when there is one already and it ends on the same day: then nothing but its own page is written. */
  putReady({ place, personId, untilDay, record }: SealedReady): void {
    this.pagesWritten += record.length / 8_192;
    const until = untilDay ?? null;
    const inPlace = this.prepared('update ready set person_id = ?, record = ? where k = ? and until_day is ?');
    if (inPlace.run(personId, record, place, until).changes !== 0n) return;
    this.removeReadyAt(place);
    this.prepared('insert into ready values (?, ?, ?, ?)').run(place, personId, until, record);
    this.count({ ready: 1 });
  }

  removeReady(serial: string): void {
    this.removeReadyAt(this.placeOf(serial));
  }

  placeOf(serial: string): bigint {
    return this.keys.places.ofSerial(serial);
  }

  /** Some certificates in order of their places, with whose they are: rows written in this order lie side by side. `after` is empty, or the `through` of the last one. */
  cardsAfter(after: string, limit: number): { place: bigint; row: PersonRow; through: string }[] {
    const [place, personId] = (after === '' ? '-9223372036854775808/-1' : after).split('/').map(BigInt) as [
      bigint,
      bigint,
    ];
    const rows = this.prepared(
      'select k, person_id from card where (k, person_id) > (?, ?) order by k, person_id limit ?',
    ).all(place, personId, limit) as { k: bigint; person_id: bigint }[];
    return rows.map((row) => ({
      place: row.k,
      row: this.personThere(row.person_id),
      through: `${row.k}/${row.person_id}`,
    }));
  }

  /** Some people who have a ready answer that ended before this day. */
  peopleEndedBefore(day: number, limit: number): PersonRow[] {
    const rows = this.prepared(
      'select distinct c.person_id from (select k from ready where until_day < ? order by until_day limit ?) r join card c on c.k = r.k',
    ).all(day, limit) as { person_id: bigint }[];
    return rows.map((row) => this.personThere(row.person_id));
  }

  close(): void {
    this.statements.clear();
    this.db.close();
  }

  private save(changed: Partial<FileState>): void {
    this.saved = { ...this.state, ...changed };
    this.prepared('insert into state values (1, ?) on conflict (id) do update set text = excluded.text').run(
      JSON.stringify(this.saved),
    );
  }

  private record(personId: bigint): Uint8Array | undefined {
    const row = this.prepared('select record from person where person_id = ?').get(personId) as
      { record: Uint8Array } | undefined;
    return row?.record;
  }

  /** An index that leads to nobody is a file that is not whole. */
  private personThere(personId: bigint): PersonRow {
    const text = this.textOf(personId);
    if (text === undefined) throw new NotOurs();
    return JSON.parse(text) as PersonRow;
  }

  private textOf(personId: bigint): string | undefined {
    const record = this.record(personId);
    return record === undefined ? undefined : this.sealing.open('person', personId, record).toString('utf8');
  }

  private cardPlaces(serials: readonly string[]): ReadonlySet<bigint> {
    return new Set(serials.map((serial) => this.keys.places.ofSerial(serial)));
  }

  private numberPlaces(numbers: PersonRow['numbers']): ReadonlySet<bigint> {
    return new Set(numbers.map(([insurer, number]) => this.keys.places.ofNumber(insurer, number)));
  }

  private removeReadyAt(place: bigint): void {
    this.count({ ready: -Number(this.prepared('delete from ready where k = ?').run(place).changes) });
  }

  /** In place: a snapshot counts a million people. */
  private count({ people = 0, cards = 0, numbers = 0, ready = 0, stale = 0, unready = 0 }: Partial<Counts>): void {
    const { counts } = this;
    counts.people += people;
    counts.cards += cards;
    counts.numbers += numbers;
    counts.ready += ready;
    counts.stale += stale;
    counts.unready += unready;
  }

  /** As `move`. The answers of cards that are not theirs any more go with them, and nobody else's. */
  private moveCards(personId: bigint, from: ReadonlySet<bigint>, to: ReadonlySet<bigint>): number {
    const ofTheirs = this.prepared('delete from ready where k = ? and person_id = ?');
    for (const place of from) if (!to.has(place)) this.count({ ready: -Number(ofTheirs.run(place, personId).changes) });
    return this.move('card', personId, from, to);
  }

  /** Takes a person from the old places to the new; by how many there are more. */
  private move(table: 'card' | 'number', personId: bigint, from: ReadonlySet<bigint>, to: ReadonlySet<bigint>): number {
    for (const place of from)
      if (!to.has(place)) this.prepared(`delete from ${table} where k = ? and person_id = ?`).run(place, personId);
    for (const place of to)
      if (!from.has(place)) this.prepared(`insert into ${table} values (?, ?)`).run(place, personId);
    return to.size - from.size;
  }

  private prepared(sql: string): StatementSync {
    const known = this.statements.get(sql);
    if (known !== undefined) return known;
    const made = this.db.prepare(sql);
    // Places go beyond what a number holds, also as the row id that every insert returns.
    made.setReadBigInts(true);
    this.statements.set(sql, made);
    return made;
  }
}
