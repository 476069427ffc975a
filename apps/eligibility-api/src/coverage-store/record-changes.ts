import {
  identityMade,
  normaliseNumber,
  type ChangesMade,
  type CivilDate,
  type Identity,
  type PersonFacts,
} from '@app/domain';
import type { EntityManager } from 'typeorm';

import { FACTS, IDENTITY_FACTS } from './person-sql.js';

/** Where a change came from, and when it was recorded. */
export interface Recorded {
  readonly enrollmentId: string;
  readonly recordedAt: Date;
}

/** $1 person. */
const PERSON_FACTS = `select ${FACTS} as facts from person p where p.person_id = $1`;

/** $1 person. */
const PERSON_IDENTITY = `select ${IDENTITY_FACTS} as facts from person p where p.person_id = $1`;

/** $1 person, $2 rows as JSON, $3 when, $4 filing. */
const IDENTITY_CHANGES = `
insert into identity_change (person_id, valid_from, recorded_at, changed, removed, enrollment_id)
select $1, r.valid_from, $3, r.changed, r.removed, $4 from jsonb_to_recordset($2::jsonb) as r (valid_from date, changed jsonb, removed text[])`;

/** $1 coverage, $2 rows as JSON, $3 when, $4 filing. */
const COVERAGE_CHANGES = `
insert into coverage_change (qualification_id, valid_from, recorded_at, changed, removed, number_key, enrollment_id)
select $1, r.valid_from, $3, r.changed, r.removed, r.number_key, $4
from jsonb_to_recordset($2::jsonb) as r (valid_from date, changed jsonb, removed text[], number_key text)`;

const INCOME = `
insert into income_assessment (qualification_id, valid_from, valid_to, recorded_at, facts) values ($1, $2, $3, $4, $5)`;

/** Everything that is known of a person, within the transaction. */
export const factsOf = (manager: EntityManager, personId: string): Promise<PersonFacts> =>
  lockedPerson(manager, PERSON_FACTS, personId);

const lockedPerson = async (manager: EntityManager, sql: string, personId: string): Promise<PersonFacts> => {
  const [row] = await manager.query<{ facts: PersonFacts }[]>(sql, [personId]);
  if (row === undefined) throw new Error('a person whose row is locked is not there');
  return row.facts;
};

export const recordIdentity = async (
  manager: EntityManager,
  personId: string,
  changes: ChangesMade['identity'],
  { enrollmentId, recordedAt }: Recorded,
): Promise<void> => {
  if (changes.length === 0) return;
  const rows = changes.map(({ from, changed, removed = null }) => ({ valid_from: from ?? null, changed, removed }));
  await manager.query(IDENTITY_CHANGES, [personId, JSON.stringify(rows), recordedAt, enrollmentId]);
};

export const recordCoverage = async (
  manager: EntityManager,
  qualificationId: string,
  { shown, income }: ChangesMade,
  { enrollmentId, recordedAt }: Recorded,
): Promise<void> => {
  if (shown.length > 0) {
    const rows = shown.map(({ from, changed, removed = null }) => ({
      valid_from: from ?? null,
      changed,
      removed,
      number_key:
        changed.insuredIdentificationNumber === undefined ? null : normaliseNumber(changed.insuredIdentificationNumber),
    }));
    await manager.query(COVERAGE_CHANGES, [qualificationId, JSON.stringify(rows), recordedAt, enrollmentId]);
  }
  if (income !== undefined)
    await manager.query(INCOME, [
      qualificationId,
      income.from,
      income.to ?? null,
      recordedAt,
      JSON.stringify(income.facts),
    ]);
};

/**
 * Somebody who is known is filed anew, and the registry confirmed them so today: what differs from what is known is so since the new coverage
 * began, and today whatever was filed for another day. A birth date that differs had been wrong all along.
 */
export const recordFiledAgain = async (
  manager: EntityManager,
  personId: string,
  filed: Partial<Identity>,
  since: CivilDate,
  today: CivilDate,
  recorded: Recorded,
): Promise<void> => {
  const { birthdate, ...others } = filed;
  const days = since < today ? [since, today] : [today];
  const steps = [
    ...days.map((effectiveOn) => ({ identity: others, effectiveOn })),
    ...(birthdate === undefined ? [] : [{ identity: { birthdate } }]),
  ];
  let known = await lockedPerson(manager, PERSON_IDENTITY, personId);
  for (const step of steps) {
    const made = identityMade(known, step, { today, knownAt: Infinity });
    if (made.length === 0) continue;
    await recordIdentity(manager, personId, made, recorded);
    known = await lockedPerson(manager, PERSON_IDENTITY, personId);
  }
};
