import type { DataSource, EntityManager } from 'typeorm';

import type { IndividualNumber } from './individual-number.js';
import type { OpeningPurpose } from './opening-purposes.js';
import type { VaultSeal } from './vault-seal.js';

/** What became of a number that was brought. */
export type Put =
  /** It is kept now. */
  | 'kept'
  /** It was kept already, for this person. */
  | 'same'
  /** Another number is kept for this person. Nothing was changed: which of the two is theirs is for people to find out. */
  | 'other-number'
  /** It is kept for somebody else. Nothing was changed. */
  | 'number-of-another-person';

/** On whose behalf a number is opened. */
export interface Opener {
  readonly clientId: string;
  /** Opaque staff id. */
  readonly operator?: string;
}

interface KeptRow {
  readonly key_id: string;
  readonly is_own: boolean;
  readonly is_number: boolean;
}

/** As PostgreSQL writes it, since a number is sealed for its row. */
const rowOf = (personId: string): string => BigInt(personId).toString();

/** Somebody who took the number's or the person's place and went again between two statements may be met; not for ever. */
const ATTEMPTS = 3;

const KEEP = `
insert into individual_number (person_id, key_id, sealed, number_index, recorded_at)
values ($1, $2, $3, $4, $5) on conflict do nothing returning vault_id`;

/** $1 people, $2 key, $3 sealed numbers, $4 their indexes, $5 instant. Those that are kept now. */
const KEEP_ALL = `
insert into individual_number (person_id, key_id, sealed, number_index, recorded_at)
select person, $2, sealed, number, $5 from unnest($1::bigint[], $3::bytea[], $4::bytea[]) as given (person, sealed, number)
on conflict do nothing returning person_id`;

/** Who comes second waits in the statement before until the first has committed, and finds them here. */
const KEPT = `
select key_id, person_id = $1 as is_own, number_index = $2 as is_number from individual_number
where person_id = $1 or number_index = $2`;

const RESEAL = `
update individual_number set key_id = $2, sealed = $3 where person_id = $1 and number_index = $4`;

const REPLACE = `
update individual_number set key_id = $2, sealed = $3, number_index = $4, recorded_at = $5 where person_id = $1`;

const OPENING = `
insert into individual_number_opening (person_id, opened_at, client_id, operator, purpose) values ($1, $2, $3, $4, $5)`;

/**
 * Where individual numbers (個人番号) live, and nowhere else: sealed, found by a keyed index, opened only with a purpose that is
 * put on record first. The office alone has the rights and the keys for it. A person is named by their `person_id`, an instant in
 * epoch milliseconds.
 */
export class Vault {
  constructor(
    private readonly dataSource: DataSource,
    private readonly seal: VaultSeal,
  ) {}

  /** Keeps a number within the caller's transaction. One that was sealed under an older key is sealed anew under the current one. */
  async put(manager: EntityManager, personId: string, number: IndividualNumber, now: number): Promise<Put> {
    const index = this.seal.indexOf(number);
    const { keyId, sealed } = this.seal.close(rowOf(personId), number);
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const kept: readonly unknown[] = await manager.query(KEEP, [personId, keyId, sealed, index, new Date(now)]);
      if (kept.length > 0) return 'kept';
      const rows: readonly KeptRow[] = await manager.query(KEPT, [personId, index]);
      if (rows.some((row) => row.is_number && !row.is_own)) return 'number-of-another-person';
      const own = rows.find((row) => row.is_own);
      if (own === undefined) continue;
      if (!own.is_number) return 'other-number';
      if (own.key_id !== keyId) await manager.query(RESEAL, [personId, keyId, sealed, index]);
      return 'same';
    }
    throw new Error('an individual number could be neither kept nor found');
  }

  /** Keeps many, each of another person, within the caller's transaction: what became of each, in their order. */
  async putAll(
    manager: EntityManager,
    numbers: readonly { readonly personId: string; readonly number: IndividualNumber }[],
    now: number,
  ): Promise<readonly Put[]> {
    const sealed = numbers.map(({ personId, number }) => this.seal.close(rowOf(personId), number).sealed);
    const rows: readonly { person_id: string }[] = await manager.query(KEEP_ALL, [
      numbers.map(({ personId }) => personId),
      this.seal.currentKeyId,
      sealed,
      numbers.map(({ number }) => this.seal.indexOf(number)),
      new Date(now),
    ]);
    const kept = new Set(rows.map((row) => row.person_id));
    const put: Put[] = [];
    for (const { personId, number } of numbers)
      put.push(kept.has(personId) ? 'kept' : await this.put(manager, personId, number, now));
    return put;
  }

  /**
   * Keeps a number in the place of the one that is kept for a person: two people have found out that it is theirs. Within the caller's
   * transaction, which keeps their names and reasons; rejects where the number is kept for somebody else.
   */
  async replace(manager: EntityManager, personId: string, number: IndividualNumber, now: number): Promise<void> {
    const { keyId, sealed } = this.seal.close(rowOf(personId), number);
    await manager.query(REPLACE, [personId, keyId, sealed, this.seal.indexOf(number), new Date(now)]);
  }

  /** The keyed index: to hold two numbers against each other without keeping either. */
  indexOf(number: IndividualNumber): Buffer {
    return this.seal.indexOf(number);
  }

  /** Whose number it is, by the keyed index: nothing is opened. */
  async findPerson(number: IndividualNumber): Promise<string | undefined> {
    const rows: readonly { person_id: string }[] = await this.dataSource.query(
      'select person_id from individual_number where number_index = $1',
      [this.seal.indexOf(number)],
    );
    return rows[0]?.person_id;
  }

  /**
   * The number kept for a person. That it is opened, by whom and what for is committed before it is given; where none is kept
   * nothing is opened, and nothing put on record. Rejects with `VaultSealBroken`, the attempt being on record.
   */
  async open(
    personId: string,
    purpose: OpeningPurpose,
    { clientId, operator }: Opener,
    now: number,
  ): Promise<IndividualNumber | undefined> {
    const kept = await this.dataSource.transaction(async (manager) => {
      const rows: readonly { key_id: string; sealed: Buffer }[] = await manager.query(
        'select key_id, sealed from individual_number where person_id = $1',
        [personId],
      );
      if (rows[0] !== undefined)
        await manager.query(OPENING, [personId, new Date(now), clientId, operator ?? null, purpose]);
      return rows[0];
    });
    return kept && this.seal.open(rowOf(personId), { keyId: kept.key_id, sealed: kept.sealed });
  }

  /** Its last four digits, for the notice that shows them. On record like every opening. */
  async lastFour(personId: string, purpose: OpeningPurpose, who: Opener, now: number): Promise<string | undefined> {
    return (await this.open(personId, purpose, who, now))?.lastFour();
  }
}
