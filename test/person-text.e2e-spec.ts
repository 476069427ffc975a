import type { DataSource } from 'typeorm';

import { createDataSource } from '../apps/eligibility-api/src/coverage-store/data-source.js';
import { FactsStore } from '../apps/eligibility-api/src/coverage-store/facts-store.js';
import { insurers } from '../apps/eligibility-api/src/demo/numbers.js';
import { Keeper } from '../apps/eligibility-api/src/replica/keeper.js';
import type { PersonRow } from '../apps/eligibility-api/src/replica/replica-file.js';
import type { PersonText } from '../apps/eligibility-api/src/replica/replica-writer.js';
import { withClient } from '../scripts/launcher/database.mjs';
import { World } from './support/world.js';

/**
 * What a person's text was before it was put together piece by piece: PostgreSQL's own JSON functions, which cannot write a
 * wrong one. Every record of every replica was sealed of this text, to the letter.
 */
const epoch = (column: string): string => `(extract(epoch from ${column}) * 1000)::bigint`;
const dated = (table: string, fields: string): string => `
  (select coalesce(json_agg(json_build_object(
      'from', f.valid_from, 'to', f.valid_to, 'recordedAt', ${epoch('f.recorded_at')}, ${fields}) order by f.valid_from, f.id), '[]')
    from ${table} f where f.qualification_id = q.qualification_id)`;
const changed = (where: string): string => `
  (select json_agg(json_build_object('changed', f.changed, 'removed', f.removed, 'from', f.valid_from, 'recordedAt', ${epoch('f.recorded_at')}) order by f.change_id)
   from ${where})`;
const BY_JSON_FUNCTIONS = `
with qs as (
       select q.person_id, json_agg(json_build_object(
                'qualificationId', q.qualification_id::text,
                'insurer', json_build_object('insurerNumber', i.insurer_number, 'insurerName', i.insurer_name, 'scheme', i.scheme),
                'insuredCardClassification', q.insured_card_classification,
                'insuredCardSymbol', q.insured_card_symbol,
                'insuredIdentificationNumber', q.insured_identification_number,
                'insuredBranchNumber', q.insured_branch_number,
                'personalFamilyClassification', q.personal_family_classification,
                'insuredName', q.insured_name,
                'acquiredOn', q.acquired_on,
                'disabilityCertified', q.disability_certified,
                'loss', case when q.lost_on is not null then json_build_object(
                  'lostOn', q.lost_on, 'reasonOfLoss', q.reason_of_loss, 'recordedAt', ${epoch('q.loss_recorded_at')}) end,
                'availableFrom', q.available_from,
                'recordedAt', ${epoch('q.recorded_at')},
                'insuredCertificateIssuanceDate', q.insured_certificate_issuance_date,
                'insuredCardValidDate', q.insured_card_valid_date,
                'insuredCardExpirationDate', q.insured_card_expiration_date,
                'income', ${dated('income_assessment', `'facts', f.facts`)},
                'copayCertificates', ${dated('copay_certificate', `'kind', f.kind, 'ratePercent', f.rate_percent, 'issuedOn', f.issued_on`)},
                'limitCertificates', ${dated('limit_certificate', `'classification', f.classification, 'classificationFlag', f.classification_flag, 'issuedOn', f.issued_on, 'longTermOn', f.long_term_on`)},
                'specificDiseases', ${dated('specific_disease_certificate', `'category', f.category, 'selfPayYen', f.self_pay_yen, 'issuedOn', f.issued_on`)},
                'tickets', ${dated(
                  'medical_ticket',
                  `'ticketType', f.ticket_type, 'issueNumber', f.issue_number, 'treatmentMonth', f.treatment_month,
                   'designatedMedicalInstitutionCode', f.designated_medical_institution_code,
                   'designatedMedicalInstitutionName', f.designated_medical_institution_name,
                   'medicalTreatmentType', f.medical_treatment_type, 'selfPayAmountYen', f.self_pay_amount_yen,
                   'singleOrCombinedUse', f.single_or_combined_use`,
                )},
                'changes', ${changed('coverage_change f where f.qualification_id = q.qualification_id')}) order by q.acquired_on, q.qualification_id) as rows,
              json_agg(json_build_array(q.insurer_number, q.number_key) order by q.qualification_id) as numbers,
              bool_or(q.insurer_number = any($1::text[])) as held
       from qualification q join insurer i using (insurer_number) group by q.person_id),
     rs as (
       select r.person_id, json_agg(json_build_object(
                'institutionCode', r.institution_code, 'referenceNumber', r.reference_number) order by r.institution_code) as rows
       from reference_number r group by r.person_id),
     cs as (
       select c.person_id, json_agg(c.serial order by c.serial) as serials,
              json_agg(json_build_object('serial', c.serial, 'status', c.status, 'notAfter', c.not_after,
                'verifiedAt', ${epoch('c.verified_at')}, 'supersededBy', c.superseded_by) order by c.serial) as rows
       from credential c group by c.person_id),
     ns as (
       select q.person_id, jsonb_agg(jsonb_build_array(q.insurer_number, f.number_key) order by f.change_id) as numbers
       from coverage_change f join qualification q using (qualification_id) where f.number_key is not null group by q.person_id),
     alls as (
       select p.person_id, (coalesce(qs.numbers::jsonb, '[]') || coalesce(ns.numbers, '[]'))::json as numbers
       from person p left join qs using (person_id) left join ns using (person_id))
select p.person_id::text as "personId", coalesce(cs.serials, '[]') as serials, coalesce(alls.numbers, '[]') as numbers,
       json_strip_nulls(json_build_object(
         'facts', json_build_object('personId', p.person_id::text,
           'identity', json_build_object('name', p.name, 'nameKana', p.name_kana, 'nameOfOther', p.name_of_other,
             'nameOfOtherKana', p.name_of_other_kana, 'sex1', p.sex1, 'sex2', p.sex2, 'birthdate', p.birthdate, 'address', p.address,
             'postNumber', p.post_number),
           'identityChanges', ${changed('identity_change f where f.person_id = p.person_id')},
           'qualifications', coalesce(qs.rows, '[]'), 'referenceNumbers', coalesce(rs.rows, '[]')),
         'certificates', coalesce(cs.rows, '[]'), 'numbers', coalesce(alls.numbers, '[]')))::text as text
from person p left join alls using (person_id) left join qs using (person_id) left join rs using (person_id) left join cs using (person_id)
where cardinality($1::text[]) = 0 or qs.held
order by p.person_id`;

/** Everything that an insurer, an institution or the registry may have written, several times over and in odd shapes. */
const EVERY_KIND = [
  // Two of the same day are told apart by their ids.
  `insert into copay_certificate (qualification_id, valid_from, valid_to, recorded_at, kind, rate_percent, issued_on)
   select qualification_id, date '2026-08-01' - n / 2, case when n > 0 then date '2027-07-31' end, timestamptz '2026-07-20T09:00:00.123Z' + n * interval '1 ms',
     case when n = 1 then 'late-elderly' else 'elderly-recipient' end, 10 * (1 + n % 3), case when n <> 1 then date '2026-08-01' end
   from qualification, generate_series(0, (qualification_id % 4)::int) n where qualification_id % 3 = 0`,
  `insert into limit_certificate (qualification_id, valid_from, valid_to, recorded_at, classification, classification_flag, issued_on, long_term_on)
   select qualification_id, date '2026-08-01' + n, case when n > 0 then date 'infinity' end, timestamptz '1961-04-01T00:00:00.999Z', '01', 'B10',
     case when n = 0 then date '2026-08-01' end, case when n = 1 then date '2026-09-01' end
   from qualification, generate_series(0, (qualification_id % 3)::int) n where qualification_id % 4 = 0`,
  `insert into specific_disease_certificate (qualification_id, valid_from, valid_to, recorded_at, category, self_pay_yen, issued_on)
   select qualification_id, date '2020-02-29', case when n > 0 then date '2099-12-31' end, timestamptz '2026-01-01T00:00:00Z', (1 + n)::text, 20000 * n,
     case when n = 0 then date '2020-02-29' end
   from qualification, generate_series(0, (qualification_id % 3)::int) n where qualification_id % 5 = 0`,
  `insert into medical_ticket (qualification_id, valid_from, valid_to, recorded_at, ticket_type, issue_number, treatment_month,
     designated_medical_institution_code, designated_medical_institution_name, medical_treatment_type, self_pay_amount_yen, single_or_combined_use)
   select qualification_id, date '2026-11-01', case when n > 0 then date '2026-11-30' end, timestamptz '2026-10-28T00:00:00.5Z', '02', case when n > 0 then '第"1"号' end,
     '2026-11', '1312345679', case when n > 0 then E'見本\\\\薬局\\n' end, case when n > 0 then '02' end, case when n > 0 then 0 end, case when n > 0 then '01' end
   from qualification, generate_series(0, (qualification_id % 3)::int) n where qualification_id % 6 = 0`,
  `update income_assessment set valid_to = date '2027-07-31',
     facts = facts || '{"note": null, "list": [1, null, {"none": null, "some": 1.50}], "said": "\\": , \\\\ \\u0001 𠮷", "many": 1e20, "": {}}'
   where qualification_id % 2 = 0`,
  `insert into income_assessment (qualification_id, valid_from, recorded_at, facts)
   select qualification_id, date '2010-04-01', timestamptz '2010-04-01T00:00:00Z', '{"scheme": "kokuho", "none": null}' from qualification where qualification_id % 7 = 0`,
  `update qualification set insured_name = name || '"', insured_card_symbol = E'記号\\t・\\\\1', insured_branch_number = '01', insured_card_expiration_date = date '2030-12-31',
     insured_certificate_issuance_date = date '2026-12-02', insured_card_valid_date = acquired_on, disability_certified = true
   from person p where p.person_id = qualification.person_id and qualification_id % 3 = 1`,
  `update qualification set lost_on = acquired_on + 40, loss_recorded_at = '2026-06-02T01:02:03.004Z', reason_of_loss = case when qualification_id % 16 = 0 then '99' end
   where lost_on is null and qualification_id % 8 = 0`,
  `insert into qualification (person_id, insurer_number, insured_card_classification, insured_identification_number, number_key, personal_family_classification,
     acquired_on, available_from, recorded_at)
   select person_id, '${insurers.otherSociety.insurerNumber}', '01', E'"\\\\', E'"\\\\', '1', date '1999-04-01', date '1999-04-01', timestamptz '1999-04-01T00:00:00Z'
   from person p where person_id % 5 = 0
     and not exists (select from qualification q where q.person_id = p.person_id and q.insurer_number = '${insurers.otherSociety.insurerNumber}')`,
  `update person set name = E'a"b\\\\c/\\b\\f\\n\\r\\t\\x01\\x1f\\x7f' || chr(133) || chr(8232) || ' 𠮷﨑髙 ": , {[', name_of_other = '" ', name_of_other_kana = 'ｶﾞ', sex2 = '3',
     address = E'</script>\\u2028', birthdate = date '0044-03-15 BC' where person_id % 5 = 0`,
  `update person set address = '', post_number = null, name = '' where person_id % 5 = 1`,
  `insert into credential (serial, person_id, status, not_before, not_after, revoked_on, superseded_by, verified_at)
   select 'F' || lpad(upper(to_hex(person_id * 10 + n)), 9, '0'), person_id, 'superseded', date '2020-01-01', case when n > 0 then date '2025-01-31' end, date '2024-01-01',
     case when n > 0 then 'F' || lpad(upper(to_hex(person_id * 10 + n - 1)), 9, '0') end, timestamptz '2026-11-01T00:00:00.001Z'
   from person, generate_series(0, (person_id % 3)::int) n where person_id % 4 = 0`,
  `insert into reference_number (institution_code, person_id, reference_number)
   select code, person_id, E'R\\\\"' || person_id from person, unnest(array['1312345679', '1398765432', E'\\"']) code where person_id % 6 = 0
   on conflict do nothing`,
  `insert into identity_change (person_id, valid_from, recorded_at, changed, removed)
   select person_id, case when n > 0 then date '2026-11-01' + n end, timestamptz '2026-11-02T00:00:00.007Z',
     case when n = 1 then '{}'::jsonb else jsonb_build_object('name', E'新"姓\\\\', 'birthdate', '1980-05-06') end, case when n = 1 then array['nameOfOther', 'postNumber'] end
   from person, generate_series(0, (person_id % 3)::int) n where person_id % 3 = 0 or person_id % 4 = 1`,
  `insert into coverage_change (qualification_id, valid_from, recorded_at, changed, removed, number_key)
   select qualification_id, case when n > 0 then date '2026-11-01' + n end, timestamptz '2026-11-02T00:00:00.070Z',
     case when n = 1 then '{"insuredIdentificationNumber": "９１"}' else '{"personalFamilyClassification": "1"}' end::jsonb,
     case when n = 0 then array['insuredName'] end, case when n = 1 then '91' end
   from qualification, generate_series(0, (qualification_id % 3)::int) n where qualification_id % 5 < 2`,
  // Known to nobody, and insured nowhere.
  `insert into person (name, name_kana, sex1, birthdate) values ('誰か', 'ﾀﾞﾚｶ', '3', date '2026-11-01')`,
];

describe('the text of a person', () => {
  let world: World;
  let store: FactsStore;
  beforeAll(async () => {
    world = await World.start({ name: 'person_text', population: 300 });
    store = world.counter.app.get(FactsStore);
    // What follows is nothing that anybody could be answered from.
    vi.spyOn(world.keeper.app.get(Keeper), 'hear').mockImplementation(async () => {});
    for (const statement of EVERY_KIND) await admin(statement);
  });
  afterAll(async () => {
    vi.restoreAllMocks();
    await world.close();
  });

  const admin = async <T extends object>(sql: string, values: unknown[] = []): Promise<T[]> =>
    withClient(world.database.adminUrl, async (db) => (await db.query<T>(sql, values)).rows);
  const asBefore = (held: readonly string[] = []): Promise<PersonText[]> =>
    admin<PersonText>(BY_JSON_FUNCTIONS, [held]);
  const TABLES = [
    'person',
    'credential',
    'qualification',
    'reference_number',
    'income_assessment',
    'copay_certificate',
    'limit_certificate',
    'specific_disease_certificate',
    'medical_ticket',
    'identity_change',
    'coverage_change',
  ];
  /** Which filing a change came from, and who registered a reference number, is nothing that is shown. */
  const nullable = (): Promise<{ table: string; column: string }[]> =>
    admin(
      `select table_name as table, column_name as column from information_schema.columns where table_name = any($1) and is_nullable = 'YES'
         and column_name not in ('enrollment_id', 'registered_at', 'client_id')`,
      [TABLES],
    );

  it('is what the JSON functions of PostgreSQL write, byte for byte, of everybody and of some', async () => {
    for (const { table, column } of await nullable())
      expect(
        await admin(`select from ${table} where ${column} is not null limit 1`),
        `${table}.${column}`,
      ).toHaveLength(1);
    const before = await asBefore();
    expect(before.length).toBeGreaterThan(300);
    expect((await store.peopleAfter('0', before.length + 1, [])).people).toEqual(before);
    const some = before.filter((_, place) => place % 7 === 0);
    expect(
      await store.peopleOf(
        some.map(({ personId }) => personId),
        [],
      ),
    ).toEqual(some);
  });

  it('and of those whose insurers are held', async () => {
    const held = [insurers.otherSociety.insurerNumber];
    const before = await asBefore(held);
    const everybody = await asBefore();
    expect(before.length).toBeGreaterThan(50);
    expect(before.length).toBeLessThan(everybody.length);
    expect((await store.peopleAfter('0', everybody.length, held)).people).toEqual(before);
  });

  it('is what one card and one number are answered from', async () => {
    for (const { text, serials, numbers } of await asBefore()) {
      const { facts } = JSON.parse(text) as PersonRow;
      for (const serial of serials) expect((await store.bySerial(serial))?.person).toEqual(facts);
      for (const number of numbers) expect(await store.byNumber(...number)).toContainEqual(facts);
    }
  });

  it('does not depend on how a server shows days', async () => {
    const dataSource: DataSource = await createDataSource({
      url: world.database.counterUrl,
      poolMax: 1,
      timeoutMs: 10_000,
      applicationName: 'test',
    }).initialize();
    try {
      await dataSource.query(
        `select set_config('datestyle', 'German', false), set_config('timezone', 'Asia/Tokyo', false)`,
      );
      expect(await dataSource.query(`select '2026-11-22'::date::text as day`)).toEqual([{ day: '22.11.2026' }]);
      const { people } = await new FactsStore(dataSource).peopleAfter('0', 1_000, []);
      expect(people).toEqual(await asBefore());
    } finally {
      await dataSource.destroy();
    }
  });

  it('leaves out everything that may be null', async () => {
    // Who never left is insured twice.
    await admin('alter table qualification drop constraint qualification_no_overlap');
    await admin('alter table coverage_change drop constraint coverage_change_number');
    const columns = Map.groupBy(await nullable(), ({ table }) => table);
    for (const [table, those] of columns)
      await admin(`update ${table} set ${those.map(({ column }) => `${column} = null`).join()}`);
    const before = await asBefore();
    for (const { text } of before) expect(text).not.toMatch(/"(?:to|issuedOn|loss|address|notAfter)":/);
    expect((await store.peopleAfter('0', before.length, [])).people).toEqual(before);
  });
});
