import type { DatabaseSync, StatementSync } from 'node:sqlite';

import { readyHead, type FileState, type PersonRow } from './replica-file.js';
import type { GenerationKeys } from './replica-keys.js';
import type { Sealing } from './sealing.js';

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
  readonly untilDay: number | undefined;
  readonly record: Uint8Array;
}

/** Writes one generation. There is one writer; each `write` is one transaction. */
export class ReplicaWriter {
  private readonly sealing: Sealing;
  private readonly statements = new Map<string, StatementSync>();

  constructor(
    private readonly db: DatabaseSync,
    private readonly keys: GenerationKeys,
    /** As last written. */
    public state: FileState,
  ) {
    this.sealing = keys.sealing(state.sealed);
  }

  seal({ personId, text, serials, numbers }: PersonText): SealedPerson {
    const key = BigInt(personId);
    return {
      personId: key,
      record: this.sealing.seal('person', key, text),
      cards: new Set(serials.map((serial) => this.keys.places.ofSerial(serial))),
      numbers: new Set(numbers.map(([insurer, number]) => this.keys.places.ofNumber(insurer, number))),
    };
  }

  sealReady(serial: string, version: Uint8Array, untilDay: number | undefined, body: Uint8Array): SealedReady {
    const place = this.keys.places.ofSerial(serial);
    return { place, untilDay, record: this.sealing.seal('ready', place, readyHead(serial, version), body) };
  }

  /** One transaction; what `work` returns is the state it leaves. Nothing of it stays when it throws. */
  write(work: () => Partial<FileState>): void {
    const before = this.state;
    this.db.exec('begin immediate');
    try {
      this.save(work());
      this.db.exec('commit');
    } catch (error) {
      this.state = before;
      if (this.db.isTransaction) this.db.exec('rollback');
      throw error;
    }
  }

  /** Writes a person for the first time in this file. */
  add({ personId, record, cards, numbers }: SealedPerson): void {
    this.prepared('insert into person values (?, ?)').run(personId, record);
    this.state = {
      ...this.state,
      people: this.state.people + 1,
      cards: this.state.cards + this.addAll('card', cards, personId),
      numbers: this.state.numbers + this.addAll('number', numbers, personId),
    };
  }

  /** Writes a person anew. Ready answers of before are gone with it. */
  replace(person: SealedPerson): void {
    this.remove(person.personId);
    this.add(person);
  }

  remove(personId: bigint): void {
    const old = this.person(personId);
    if (old === undefined) return;
    const cards = new Set(old.certificates.map(({ serial }) => this.keys.places.ofSerial(serial)));
    const numbers = new Set(old.numbers.map(([insurer, number]) => this.keys.places.ofNumber(insurer, number)));
    let { ready } = this.state;
    for (const place of cards) ready -= this.changes('delete from ready where k = ?', place);
    this.prepared('delete from person where person_id = ?').run(personId);
    this.state = {
      ...this.state,
      people: this.state.people - 1,
      cards: this.state.cards - this.removeAll('card', cards, personId),
      numbers: this.state.numbers - this.removeAll('number', numbers, personId),
      ready,
    };
  }

  putReady({ place, untilDay, record }: SealedReady): void {
    const replaced = this.changes('delete from ready where k = ?', place);
    this.prepared('insert into ready values (?, ?, ?)').run(place, untilDay ?? null, record);
    this.state = { ...this.state, ready: this.state.ready + 1 - replaced };
  }

  removeReady(serial: string): void {
    const removed = this.changes('delete from ready where k = ?', this.keys.places.ofSerial(serial));
    this.state = { ...this.state, ready: this.state.ready - removed };
  }

  person(personId: bigint): PersonRow | undefined {
    const row = this.prepared('select record from person where person_id = ?').get(personId) as
      { record: Uint8Array } | undefined;
    return row === undefined ? undefined : this.open(personId, row.record);
  }

  /** Some people after this one, in order. */
  peopleAfter(personId: bigint, limit: number): { personId: bigint; row: PersonRow }[] {
    const statement = this.prepared(
      'select person_id, record from person where person_id > ? order by person_id limit ?',
    );
    const rows = statement.all(personId, limit) as { person_id: bigint; record: Uint8Array }[];
    return rows.map((row) => ({ personId: row.person_id, row: this.open(row.person_id, row.record) }));
  }

  /** Some people who have a ready answer that ended before this day. */
  peopleEndedBefore(day: number, limit: number): { personId: bigint; row: PersonRow }[] {
    const statement = this.prepared(
      'select distinct c.person_id from (select k from ready where until_day < ? order by until_day limit ?) r join card c on c.k = r.k',
    );
    const rows = statement.all(day, limit) as { person_id: bigint }[];
    return rows.flatMap(({ person_id: personId }) => {
      const row = this.person(personId);
      return row === undefined ? [] : [{ personId, row }];
    });
  }

  /** Moves what is written from the log into the file, as far as readers let it. */
  checkpoint(): void {
    this.db.exec('pragma wal_checkpoint(passive)');
  }

  close(): void {
    this.statements.clear();
    this.db.close();
  }

  private save(changed: Partial<FileState>): void {
    this.state = { ...this.state, ...changed };
    this.prepared('insert into state values (1, ?) on conflict (id) do update set text = excluded.text').run(
      JSON.stringify(this.state),
    );
  }

  private open(personId: bigint, record: Uint8Array): PersonRow {
    return JSON.parse(this.sealing.open('person', personId, record).toString('utf8')) as PersonRow;
  }

  private addAll(table: 'card' | 'number', places: ReadonlySet<bigint>, personId: bigint): number {
    const insert = this.prepared(`insert into ${table} values (?, ?)`);
    for (const place of places) insert.run(place, personId);
    return places.size;
  }

  private removeAll(table: 'card' | 'number', places: ReadonlySet<bigint>, personId: bigint): number {
    let removed = 0;
    for (const place of places)
      removed += this.changes(`delete from ${table} where k = ? and person_id = ?`, place, personId);
    return removed;
  }

  private changes(sql: string, ...values: readonly bigint[]): number {
    return Number(this.prepared(sql).run(...values).changes);
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
