import { normaliseBranch, normaliseSymbol, type CivilDate } from '@app/domain';
import type { DataSource } from 'typeorm';

import { tokyoDay } from '../clock/clock.js';
import {
  ReferenceNumbersUnavailable,
  type ReferenceNumbers,
  type Registrar,
  type Registration,
  type RegistrationOutcome,
} from '../oqs/reference-numbers.js';

/** An institution registers one after the other: of two that give one number to two people, the second sees the first. */
const ONE_AT_A_TIME = `select pg_advisory_xact_lock(hashtextextended('reference_number ' || $1, 0))`;

/** $1 insurer numbers, $2 numbers in their normal form: every coverage that one of the pairs names. */
const COVERAGES = `
select q.insurer_number as "insurerNumber", q.number_key as number, q.insured_card_symbol as symbol, q.insured_branch_number as branch,
       q.person_id::text as "personId", q.acquired_on::text as "acquiredOn", q.lost_on::text as "lostOn"
from (select distinct * from unnest($1::text[], $2::text[]) as a (insurer_number, number_key)) as asked
join qualification q using (insurer_number, number_key)`;

/** $1 institution, $2 reference numbers, $3 people. */
const SET_BEFORE = `
select person_id::text as "personId", reference_number as "referenceNumber"
from reference_number where institution_code = $1 and (reference_number = any($2::text[]) or person_id = any($3::bigint[]))`;

/** A number that is there already is no change, and nobody hears of it. */
const SET = `
insert into reference_number (institution_code, person_id, reference_number, registered_at, client_id)
select $1, person_id, number, $4, $5 from unnest($2::bigint[], $3::text[]) as n (person_id, number)
on conflict (institution_code, person_id) do update
  set reference_number = excluded.reference_number, registered_at = excluded.registered_at, client_id = excluded.client_id
  where reference_number.reference_number <> excluded.reference_number`;

interface Coverage {
  readonly insurerNumber: string;
  readonly number: string;
  readonly symbol: string | null;
  readonly branch: string | null;
  readonly personId: string;
  readonly acquiredOn: string;
  readonly lostOn: string | null;
}

interface SetBefore {
  readonly personId: string;
  readonly referenceNumber: string;
}

const agrees = (held: Coverage, asked: Registration): boolean =>
  held.insurerNumber === asked.insurerNumber &&
  held.number === asked.insuredIdentificationNumber &&
  (asked.insuredCardSymbol === undefined ||
    (held.symbol !== null && normaliseSymbol(held.symbol) === asked.insuredCardSymbol)) &&
  (asked.insuredBranchNumber === undefined ||
    (held.branch !== null && normaliseBranch(held.branch) === asked.insuredBranchNumber));

const holdsOn = ({ acquiredOn, lostOn }: Coverage, day: CivilDate): boolean =>
  acquiredOn <= day && (lostOn === null || lostOn > day);

/** Numbers are given anew when their holders have left: whoever holds one today goes before whoever did. */
const holders = (coverages: readonly Coverage[], asked: Registration, today: CivilDate): ReadonlySet<string> => {
  const agreeing = coverages.filter((held) => agrees(held, asked));
  const current = agreeing.filter((held) => holdsOn(held, today));
  return new Set((current.length === 0 ? agreeing : current).map(({ personId }) => personId));
};

/** The numbers of one institution while some are being registered: everybody has one at most, and so has every number. */
class Numbers {
  private readonly ofPerson = new Map<string, string>();
  private readonly holderOf = new Map<string, string>();
  readonly changed = new Map<string, string>();

  constructor(before: readonly SetBefore[]) {
    for (const { personId, referenceNumber } of before) {
      this.ofPerson.set(personId, referenceNumber);
      this.holderOf.set(referenceNumber, personId);
    }
  }

  give(personId: string, referenceNumber: string): 'registered' | 'taken' {
    const holder = this.holderOf.get(referenceNumber);
    if (holder !== undefined && holder !== personId) return 'taken';
    const before = this.ofPerson.get(personId);
    if (before !== undefined && before !== referenceNumber) this.holderOf.delete(before);
    this.ofPerson.set(personId, referenceNumber);
    this.holderOf.set(referenceNumber, personId);
    this.changed.set(personId, referenceNumber);
    return 'registered';
  }
}

/** 照会番号 in PostgreSQL. They are facts: what is registered reaches every replica by the outbox. */
export class ReferenceNumberStore implements ReferenceNumbers {
  constructor(private readonly dataSource: DataSource) {}

  async register(
    { institutionCode, clientId, now }: Registrar,
    registrations: readonly Registration[],
  ): Promise<readonly RegistrationOutcome[]> {
    try {
      return await this.dataSource.transaction(async (manager) => {
        await manager.query(ONE_AT_A_TIME, [institutionCode]);
        const coverages = await manager.query<Coverage[]>(COVERAGES, [
          registrations.map(({ insurerNumber }) => insurerNumber),
          registrations.map(({ insuredIdentificationNumber }) => insuredIdentificationNumber),
        ]);
        const before = await manager.query<SetBefore[]>(SET_BEFORE, [
          institutionCode,
          registrations.map(({ referenceNumber }) => referenceNumber),
          [...new Set(coverages.map(({ personId }) => personId))],
        ]);
        const numbers = new Numbers(before);
        const today = tokyoDay(now);
        const outcomes = registrations.map((registration): RegistrationOutcome => {
          const [only, another] = holders(coverages, registration, today);
          if (only === undefined) return 'not-found';
          if (another !== undefined) return 'ambiguous';
          return numbers.give(only, registration.referenceNumber);
        });
        const people = [...numbers.changed];
        if (people.length > 0)
          await manager.query(SET, [
            institutionCode,
            people.map(([personId]) => personId),
            people.map(([, number]) => number),
            new Date(now),
            clientId,
          ]);
        return outcomes;
      });
    } catch (error) {
      throw new ReferenceNumbersUnavailable({ cause: error });
    }
  }
}
