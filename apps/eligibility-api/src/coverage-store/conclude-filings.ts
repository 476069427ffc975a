import type { DataSource, EntityManager } from 'typeorm';

import type { EnrollmentToLookUp, FiledReason, FilingToLookUp, FoundPerson, LookedUp } from '../enrollment/filings.js';
import { filedCoverage, overlapReason } from './filed-coverage.js';

/** What one filing's look-up came to. */
export interface ToConclude {
  readonly filing: FilingToLookUp;
  readonly found: LookedUp;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** To be done by itself: something about it is not as usual, and whoever does it alone says what. Nothing was changed. */
export const ALONE = Symbol('alone');
export type Alone = typeof ALONE;

/** What became of a number that was brought to the vault. */
type Put = 'kept' | 'same' | 'other-number' | 'number-of-another-person';

/** Keeps the numbers that the registry found, and holds them against those that were filed, in the transaction of the registration: the vault. */
export interface NumberKeeper {
  indexOf(number: FoundPerson['individualNumber']): Buffer;
  put(manager: EntityManager, personId: string, number: FoundPerson['individualNumber'], now: number): Promise<Put>;
  /** In their order. */
  putAll(
    manager: EntityManager,
    numbers: readonly { readonly personId: string; readonly number: FoundPerson['individualNumber'] }[],
    now: number,
  ): Promise<readonly Put[]>;
  /** In the place of another. */
  replace(
    manager: EntityManager,
    personId: string,
    number: FoundPerson['individualNumber'],
    now: number,
  ): Promise<void>;
}

/** Somebody was quicker between two statements. */
class SomebodyWasQuicker extends Error {}

/** Of the rows (data, constraints) or of two who came into each other's way; not of the server, which alone would fare no better. */
const OF_THE_ROWS = /^(22|23|40)/;

/** Does it for all of them, or says of all that each is to be done alone: one that cannot be kept keeps nobody else from it. */
export const orAlone = async <Came>(
  all: readonly unknown[],
  work: () => Promise<readonly (Came | Alone)[]>,
): Promise<readonly (Came | Alone)[]> => {
  try {
    return await work();
  } catch (error) {
    const { driverError } = error as { driverError?: { code?: string } };
    if (error instanceof SomebodyWasQuicker || OF_THE_ROWS.test(driverError?.code ?? '')) return all.map(() => ALONE);
    throw error;
  }
};

/** Whoever comes second waits here, and finds them in another state. */
const LOCK = `
select enrollment_id as id, number_index as "numberIndex" from enrollment
where enrollment_id = any($1) and state = 'looking-up' order by enrollment_id for update`;

/**
 * Those that would not simply be registered: insured there already; or, which is for whoever does it alone, known already (what they have become
 * since is recorded), or with a number that is kept otherwise.
 */
const NOT_AS_USUAL = `
select id, alone, acquired_on::text as "acquiredOn", number_key as "numberKey" from (
  select id, q.acquired_on, q.number_key,
    exists (select from individual_number i where i.number_index = number and i.person_id is distinct from p.person_id)
    or exists (select from individual_number i where i.person_id = p.person_id and i.number_index <> number)
    or (q.number_key is not null and not exists (select from individual_number i where i.person_id = p.person_id))
    or (q.number_key is null and p.person_id is not null) as alone
  from unnest($1::uuid[], $2::text[], $3::text[], $4::date[], $5::bytea[]) as given (id, ref, insurer, acquired_on, number)
  left join person p on p.registry_person_ref = ref
  left join lateral (
    select q.acquired_on, q.number_key from qualification q where q.person_id = p.person_id and q.insurer_number = insurer
      and daterange(q.acquired_on, q.lost_on) && daterange(given.acquired_on, null) limit 1) q on true) as looked
where alone or number_key is not null`;

interface NotAsUsual {
  readonly id: string;
  readonly alone: boolean;
  /** Of a coverage that it would reach into. */
  readonly acquiredOn: string | null;
  readonly numberKey: string | null;
}

/** Nobody who is known: they are registered alone (filing-store.ts). In the order of the registry's references. */
const PEOPLE = `
insert into person (registry_person_ref, name, name_kana, name_of_other, sex1, birthdate, address, post_number)
select ref, name, kana, other, sex, birth, address, post
from jsonb_to_recordset($1) as given (ref text, name text, kana text, other text, sex text, birth date, address text, post text) order by ref
on conflict (registry_person_ref) do nothing
returning person_id as "personId", registry_person_ref as ref`;

/** By now each person's row is ours, so that nobody else registers them until we have. */
const OVERLAPPING = `
select from unnest($1::bigint[], $2::text[], $3::date[]) as given (person, insurer, acquired_on)
join qualification q on q.person_id = person and q.insurer_number = insurer
where daterange(q.acquired_on, q.lost_on) && daterange(given.acquired_on, null) limit 1`;

const QUALIFICATIONS = `
insert into qualification (person_id, insurer_number, insured_card_classification, insured_card_symbol, insured_identification_number, number_key,
  insured_branch_number, personal_family_classification, insured_name, acquired_on, available_from, recorded_at)
select person, insurer, classification, symbol, number, "numberKey", branch, family, "insuredName", "acquiredOn", "usableFrom", at
from jsonb_to_recordset($1) as given (person bigint, insurer text, classification text, symbol text, number text, "numberKey" text, branch text,
  family text, "insuredName" text, "acquiredOn" date, "usableFrom" date, at timestamptz)
returning qualification_id as "qualificationId", person_id as "personId"`;

const INCOMES = `
insert into income_assessment (qualification_id, valid_from, recorded_at, facts)
select qualification, since, at, facts from jsonb_to_recordset($1) as given (qualification bigint, since date, at timestamptz, facts jsonb)`;

const END = `
with given as (
  select * from jsonb_to_recordset($1) as g (id uuid, state text, at timestamptz, reasons jsonb, person bigint, qualification bigint, "usableFrom" date)),
ended as (
  update enrollment e set state = given.state, reasons = given.reasons, person_id = person, qualification_id = qualification,
    usable_from = "usableFrom", number_index = case when given.state = 'needs-review' then number_index end
  from given where e.enrollment_id = given.id returning e.enrollment_id, given.state, at, given.reasons)
insert into enrollment_step (enrollment_id, n, state, at, reasons)
select enrollment_id, (select max(n) + 1 from enrollment_step s where s.enrollment_id = ended.enrollment_id), state, at, reasons from ended`;

type Registration = Extract<LookedUp, { outcome: 'register' }>;
/** One that is to be registered. */
interface Registering extends ToConclude {
  readonly filing: EnrollmentToLookUp;
  readonly found: Registration;
}
interface Ended {
  readonly id: string;
  readonly state: 'registered' | 'returned' | 'needs-review';
  readonly at: Date;
  readonly reasons?: readonly FiledReason[];
  readonly person?: string;
  readonly qualification?: string;
  readonly usableFrom?: string;
}

/**
 * Ends many look-ups in one transaction: those that come back or wait for people, those of people who are insured there already, and those
 * that are registered without anything to say about it. Every other one is to be concluded alone, and so are all of them where somebody was quicker between two statements.
 */
export const concludeAll = (
  dataSource: DataSource,
  vault: NumberKeeper,
  all: readonly ToConclude[],
): Promise<readonly (undefined | Alone)[]> =>
  orAlone(all, () =>
    dataSource.transaction(async (manager) => {
      const rows = await manager.query<{ id: string; numberIndex: Buffer | null }[]>(LOCK, [
        all.map(({ filing }) => filing.enrollmentId),
      ]);
      const open = new Map(rows.map(({ id, numberIndex }) => [id, numberIndex]));
      const stillOpen = all.filter(({ filing }) => open.has(filing.enrollmentId));
      const registering = stillOpen.filter((one): one is Registering => one.found.outcome === 'register');
      const { usual, returned } = await sorted(manager, vault, registering, open);
      const registered = await register(manager, vault, usual);
      const ended = [...stillOpen.flatMap(endOf), ...returned, ...registered];
      if (ended.length > 0) await manager.query(END, [JSON.stringify(ended)]);
      const isEnded = new Set(ended.map(({ id }) => id));
      return all.map(({ filing: { enrollmentId: id } }) => (open.has(id) && !isEnded.has(id) ? ALONE : undefined));
    }),
  );

/** How one ends that comes back or waits. A change that is confirmed is recorded alone. */
const endOf = ({ filing, found, now }: ToConclude): readonly Ended[] =>
  found.outcome === 'register' || found.outcome === 'record'
    ? []
    : [
        {
          id: filing.enrollmentId,
          state: found.outcome === 'return' ? 'returned' : 'needs-review',
          at: new Date(now),
          reasons: found.reasons,
        },
      ];

/** Those about which there is nothing to say, of each person and of each number one; and those that come back. */
const sorted = async (
  manager: EntityManager,
  vault: NumberKeeper,
  registering: readonly Registering[],
  filedNumbers: ReadonlyMap<string, Buffer | null>,
): Promise<{ usual: readonly Registering[]; returned: readonly Ended[] }> => {
  const seen = new Set<string>();
  const candidates = registering.flatMap((one) => {
    const { individualNumber, personRef } = one.found.person;
    const index = vault.indexOf(individualNumber);
    const filed = filedNumbers.get(one.filing.enrollmentId) ?? null;
    const names = [`person ${personRef}`, `number ${index.toString('base64')}`];
    if (names.some((name) => seen.has(name)) || (filed !== null && !filed.equals(index))) return [];
    for (const name of names) seen.add(name);
    return [{ one, index }];
  });
  if (candidates.length === 0) return { usual: [], returned: [] };
  const rows = await manager.query<NotAsUsual[]>(NOT_AS_USUAL, [
    candidates.map(({ one }) => one.filing.enrollmentId),
    candidates.map(({ one }) => one.found.person.personRef),
    candidates.map(({ one }) => one.filing.insurerNumber),
    candidates.map(({ one }) => one.filing.filed.qualificationDate),
    candidates.map(({ index }) => index),
  ]);
  const others = new Map(rows.map((row) => [row.id, row]));
  const returned = candidates.flatMap(({ one: { filing, now } }): Ended[] => {
    const other = others.get(filing.enrollmentId);
    if (other === undefined || other.alone || other.acquiredOn === null || other.numberKey === null) return [];
    const { acquiredOn, numberKey } = other;
    const reasons = [overlapReason(filedCoverage(filing, now), { acquiredOn, numberKey })];
    return [{ id: filing.enrollmentId, state: 'returned', at: new Date(now), reasons }];
  });
  return { usual: candidates.flatMap(({ one }) => (others.has(one.filing.enrollmentId) ? [] : [one])), returned };
};

/** Persons, individual numbers, coverages and incomes. */
const register = async (
  manager: EntityManager,
  vault: NumberKeeper,
  all: readonly Registering[],
): Promise<readonly Ended[]> => {
  const [first] = all;
  if (first === undefined) return [];
  const people = await manager.query<{ personId: string; ref: string }[]>(PEOPLE, [
    JSON.stringify(
      all.map(({ filing: { filed }, found }) => ({
        ref: found.person.personRef,
        name: filed.person.name,
        kana: filed.person.nameKana,
        other: filed.person.nameOfOther,
        sex: filed.person.sex1,
        birth: filed.person.birthdate,
        address: filed.person.address,
        post: filed.person.postNumber,
      })),
    ),
  ]);
  const personOf = new Map(people.map(({ ref, personId }) => [ref, personId]));
  const each = all.map((one) => {
    const personId = personOf.get(one.found.person.personRef);
    if (personId === undefined) throw new SomebodyWasQuicker();
    return { ...one, personId, coverage: filedCoverage(one.filing, one.now) };
  });
  const numbers = each.map(({ personId, found }) => ({ personId, number: found.person.individualNumber }));
  const put = await vault.putAll(manager, numbers, first.now);
  if (put.some((came) => came !== 'kept' && came !== 'same')) throw new SomebodyWasQuicker();
  const overlapping = await manager.query<unknown[]>(OVERLAPPING, [
    each.map(({ personId }) => personId),
    each.map(({ filing }) => filing.insurerNumber),
    each.map(({ coverage }) => coverage.acquiredOn),
  ]);
  if (overlapping.length > 0) throw new SomebodyWasQuicker();
  const qualifications = await manager.query<{ personId: string; qualificationId: string }[]>(QUALIFICATIONS, [
    JSON.stringify(
      each.map(({ personId, filing, coverage, now }) => ({
        person: personId,
        insurer: filing.insurerNumber,
        at: new Date(now),
        ...coverage,
      })),
    ),
  ]);
  const qualificationOf = new Map(qualifications.map((row) => [row.personId, row.qualificationId]));
  const incomes = each.flatMap(({ personId, found, filing, now }) =>
    found.income === undefined
      ? []
      : [
          {
            qualification: qualificationOf.get(personId),
            since: filing.filed.qualificationDate,
            at: new Date(now),
            facts: found.income,
          },
        ],
  );
  if (incomes.length > 0) await manager.query(INCOMES, [JSON.stringify(incomes)]);
  return each.map(({ personId, filing, coverage, now }) => ({
    id: filing.enrollmentId,
    state: 'registered',
    at: new Date(now),
    person: personId,
    qualification: qualificationOf.get(personId) ?? '',
    usableFrom: coverage.usableFrom,
  }));
};
