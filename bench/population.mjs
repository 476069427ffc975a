import { withClient } from '../scripts/launcher/database.mjs';
import { serialSql } from './serials.mjs';

/** Raise it when the same size would be filled in another way. */
export const POPULATION_VERSION = 1;

const PEOPLE_PER_CHUNK = 50_000;
/** Row numbers of the benchmark's people begin above those of the scenario people. */
const BASE = 100_000;
export const PERSON_ID_BASE = BASE;
/** Earlier coverages of those who changed insurer are numbered above everybody's present one. */
const EARLIER = 100_000_000;
/** Ages are counted on this day, so that one size is one population on any day. */
const EPOCH = '2026-08-01';

/**
 * @typedef {{ insurerNumber: string, insurerName: string, scheme: string }} Insurer
 * @typedef {{ allInsurers: readonly Insurer[], population: Record<'shaho' | 'kokuho' | 'kouki', readonly Insurer[]>, insurers: { welfare: Insurer }, institutions: { clinic: string } }} Numbers
 */

/**
 * Fills a database that holds the schema and the scenario people with `size` more people: ages 0 to 104, society and
 * association insurance, national health insurance, the late elderly and 1.6 % on medical aid, dependants, people who changed
 * or lost their insurer, renewed cards, certificates of limit, rate and disease. Everybody has one good card, see serials.mjs.
 *
 * Made by PostgreSQL itself, chunk by chunk. Triggers and foreign keys are off meanwhile (this needs a superuser), and indexes
 * are made at the end: nobody follows a feed of a population that did not exist a minute ago.
 *
 * @param {{ superuserUrl: string, size: number, numbers: Numbers, note: (text: string) => void }} wanted
 */
export async function fillPopulation({ superuserUrl, size, numbers, note }) {
  await withClient(superuserUrl, async (client) => {
    /** @param {string} sql @param {unknown[]} [values] */
    const run = (sql, values) => client.query(sql, values);
    await run(`set session_replication_role = replica`);
    await run(`set synchronous_commit = off`);
    await run(`set maintenance_work_mem = '512MB'`);
    await run(`set work_mem = '64MB'`);
    await insertInsurers(run, numbers);
    await run(SHARE);
    const restore = await withoutIndexes(run);
    const statements = chunkStatements(numbers);
    for (let from = 1; from <= size; from += PEOPLE_PER_CHUNK) {
      const to = Math.min(size, from + PEOPLE_PER_CHUNK - 1);
      await run('begin');
      await run('drop table if exists made');
      await run(madeSql(numbers), [from, to]);
      for (const statement of statements) await run(statement);
      await run('commit');
      note(`${to.toLocaleString('en')} of ${size.toLocaleString('en')} people`);
    }
    await run('drop table if exists made');
    for (const [index, statement] of restore.entries()) {
      note(`index ${index + 1} of ${restore.length}`);
      await run(statement);
    }
    for (const [table, column] of IDENTITIES)
      await run(
        `select setval(pg_get_serial_sequence('${table}', '${column}'), (select max(${column}) + 1 from ${table}), false)`,
      );
    note('statistics');
    await run('vacuum analyze');
    await run('checkpoint');
  });
}

const IDENTITIES = [
  ['person', 'person_id'],
  ['qualification', 'qualification_id'],
  ['income_assessment', 'id'],
  ['copay_certificate', 'id'],
  ['limit_certificate', 'id'],
  ['specific_disease_certificate', 'id'],
  ['medical_ticket', 'id'],
];

/** Plausible variety, not chance: a number in [0, 1) from a person and a purpose. */
const SHARE = `
  create or replace function pg_temp.share(person bigint, purpose bigint) returns double precision
  language sql immutable strict parallel safe as $$ select (hashint8extended(person, purpose) & 4294967295) / 4294967296.0::double precision $$`;

/**
 * @param {(sql: string, values?: unknown[]) => Promise<unknown>} run
 * @param {Numbers} numbers
 */
const insertInsurers = (run, { allInsurers }) =>
  run(
    `insert into insurer (insurer_number, insurer_name, scheme)
     select "insurerNumber", "insurerName", scheme from json_to_recordset($1::json) as i("insurerNumber" text, "insurerName" text, scheme text)
     on conflict do nothing`,
    [JSON.stringify(allInsurers)],
  );

/**
 * Takes away the indexes that cost while rows are added, and says how to make them again. Primary keys by row number stay:
 * rows come in that order.
 *
 * @param {(sql: string) => Promise<{ rows: any[] }>} run
 * @returns {Promise<string[]>}
 */
async function withoutIndexes(run) {
  const { rows: constraints } = await run(`
    select conrelid::regclass::text as table, quote_ident(conname) as name, pg_get_constraintdef(oid) as definition
    from pg_constraint where contype in ('x', 'p') and conrelid::regclass::text in ('qualification', 'credential', 'reference_number')
      and conname <> 'qualification_pk'`);
  const { rows: indexes } = await run(`
    select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
    from pg_index where indrelid in (select relid from pg_stat_user_tables where relname in
        ('person', 'credential', 'qualification', 'reference_number', 'income_assessment', 'copay_certificate',
         'limit_certificate', 'specific_disease_certificate', 'medical_ticket'))
      and not exists (select from pg_constraint where conindid = indexrelid)`);
  for (const { table, name } of constraints) await run(`alter table ${table} drop constraint ${name}`);
  for (const { name } of indexes) await run(`drop index ${name}`);
  return [
    ...constraints.map(({ table, name, definition }) => `alter table ${table} add constraint ${name} ${definition}`),
    ...indexes.map(({ definition }) => definition),
  ];
}

const surnames = ['佐藤', '鈴木', '高橋', '田中', '伊藤', '渡辺', '山本', '中村', '小林', '加藤', '吉田', '山田'];
const surnamesKana = ['ｻﾄｳ', 'ｽｽﾞｷ', 'ﾀｶﾊｼ', 'ﾀﾅｶ', 'ｲﾄｳ', 'ﾜﾀﾅﾍﾞ', 'ﾔﾏﾓﾄ', 'ﾅｶﾑﾗ', 'ｺﾊﾞﾔｼ', 'ｶﾄｳ', 'ﾖｼﾀﾞ', 'ﾔﾏﾀﾞ'];
const givenNames = ['太郎', '花子', '健一', '陽子', '翔太', '結衣', '正雄', '和子', '大輔', '美咲'];
const givenNamesKana = ['ﾀﾛｳ', 'ﾊﾅｺ', 'ｹﾝｲﾁ', 'ﾖｳｺ', 'ｼｮｳﾀ', 'ﾕｲ', 'ﾏｻｵ', 'ｶｽﾞｺ', 'ﾀﾞｲｽｹ', 'ﾐｻｷ'];
const places = ['東京都見本区見本町', '大阪府見本市中央', '北海道見本市北', '福岡県見本市東', '愛知県見本市西'];

/** @param {readonly string[]} values */
const array = (values) => `array[${values.map((value) => `'${value}'`).join(', ')}]::text[]`;

/**
 * @param {readonly string[]} values
 * @param {string} share an expression in [0, 1)
 */
const pick = (values, share) => `(${array(values)})[1 + floor(${share} * ${values.length})::int]`;

/**
 * What is decided once for each person of a chunk ($1 to $2), from which all rows are made.
 *
 * @param {Numbers} numbers
 */
const madeSql = ({ population, insurers }) => `
  create temp table made as
  select *,
    case scheme
      when 'shaho' then ${pick(numbersOf(population.shaho), 'chosen')}
      when 'kokuho' then ${pick(numbersOf(population.kokuho), 'chosen')}
      when 'kouki' then ${pick(numbersOf(population.kouki), 'chosen')}
      else '${insurers.welfare.insurerNumber}' end as insurer_number,
    greatest(birthdate, date '2008-04-01', case when scheme = 'kouki' then (birthdate + interval '75 years')::date
      else make_date(2009 + floor(year * 17)::int, 4, 1) end) as acquired_on,
    scheme = 'shaho' and (age < 20 or family < 0.3) as dependent
  from (
    select i, birthdate, chosen, year, family, life, income, certificate, age,
      case when aid < 0.016 then 'medical-aid' when age >= 75 then 'kouki' when kind < 0.62 then 'shaho' else 'kokuho' end as scheme
    from (
      select i,
        date '${EPOCH}' - floor(pg_temp.share(i, 1) * case when pg_temp.share(i, 2) < 0.03 then 104 else 89 end * 365.25)::int as birthdate,
        pg_temp.share(i, 3) as chosen, pg_temp.share(i, 4) as year, pg_temp.share(i, 5) as family, pg_temp.share(i, 6) as life,
        pg_temp.share(i, 7) as income, pg_temp.share(i, 8) as certificate, pg_temp.share(i, 9) as aid, pg_temp.share(i, 10) as kind
      from generate_series($1::bigint, $2::bigint) as i
    ) drawn, lateral (select extract(year from age(date '${EPOCH}', birthdate))::int as age) aged
  ) known`;

/** @param {readonly Insurer[]} insurers */
const numbersOf = (insurers) => insurers.map(({ insurerNumber }) => insurerNumber);

const INCOME = `
  case scheme
    when 'shaho' then jsonb_strip_nulls(jsonb_build_object('scheme', 'shaho',
      'standardMonthlyRemuneration', (array[98000, 142000, 180000, 220000, 260000, 300000, 340000, 410000, 500000, 590000, 710000, 830000, 1090000])[1 + floor(income * 13)::int],
      'insuredNonTaxable', false, 'incomeExemptionGranted', false,
      'insuredBirthDate', case when dependent then '1975-06-15' end))
    when 'kokuho' then jsonb_strip_nulls(jsonb_build_object('scheme', 'kokuho',
      'kyuTadashigakiIncome', case when income < 0.25 then 0 else floor(income * income * 9500)::int * 1000 end,
      'householdNonTaxable', income < 0.25,
      'maxTaxableIncome', case when income < 0.25 then 0 else floor(income * income * 5700)::int * 1000 end,
      'totalRevenue', case when income < 0.25 then 1500000 else floor(income * income * 9500)::int * 1000 + 1500000 end,
      'members70to74', 1,
      'nonTaxableClass', case when income < 0.1 then 'I' when income < 0.25 then 'II' end))
    when 'kouki' then jsonb_strip_nulls(jsonb_build_object('scheme', 'kouki',
      'maxTaxableIncomeInHousehold', floor(income * income * income * 4000)::int * 1000,
      'pensionPlusOtherIncomeTotal', floor(income * income * income * 4000)::int * 1000 + 1600000,
      'koukiMembers', 1,
      'totalRevenue', floor(income * income * income * 4000)::int * 1000 + 2200000,
      'has70to74Member', false,
      'nonTaxableClass', case when income < 0.12 then 'I' when income < 0.3 then 'II' end))
  end`;

const at = (/** @type {string} */ day) => `(${day} + time '09:00') at time zone 'Asia/Tokyo'`;

/** One in fifty of the employed changed to national health insurance on this day, one in two hundred lost coverage. */
const LOST = `scheme = 'shaho' and not dependent and life < 0.025 and acquired_on < date '2026-04-01'`;
const CHANGED = `${LOST} and life >= 0.005`;
const LOST_ON = `date '2026-06-01'`;

/**
 * @param {Numbers} numbers
 * @returns {string[]}
 */
const chunkStatements = ({ population, institutions }) => {
  const qualificationColumns = `qualification_id, person_id, insurer_number, insured_card_classification, insured_card_symbol,
      insured_identification_number, number_key, insured_branch_number, personal_family_classification, acquired_on,
      lost_on, reason_of_loss, loss_recorded_at, available_from, recorded_at, insured_certificate_issuance_date, insured_card_valid_date`;
  const number = `lpad(i::text, 8, '0')`;
  return [
    `insert into person (person_id, registry_person_ref, name, name_kana, sex1, birthdate, address, post_number)
     select ${BASE} + i, 'bench-' || i,
       ${pick(surnames, 'chosen')} || '　' || ${pick(givenNames, 'family')},
       ${pick(surnamesKana, 'chosen')} || ' ' || ${pick(givenNamesKana, 'family')},
       case when family < 0.5 then '1' else '2' end, birthdate,
       ${pick(places, 'life')} || (1 + floor(year * 30)) || '－' || (1 + floor(income * 40)),
       (100 + floor(chosen * 899)) || '-' || lpad(floor(year * 10000)::text, 4, '0')
     from made`,
    `insert into credential (serial, person_id, status, not_before, not_after, verified_at)
     select ${serialSql('i')}, ${BASE} + i, 'good', date '2025-01-01' + floor(year * 360)::int,
       date '2029-01-01' + floor(year * 700)::int, ${at(`date '2026-11-01'`)}
     from made`,
    // A renewed card leads to the one that took its place.
    `insert into credential (serial, person_id, status, not_before, not_after, superseded_by, verified_at)
     select ${serialSql(`(i + ${EARLIER})`)}, ${BASE} + i, 'superseded', date '2020-01-01', date '2025-01-31', ${serialSql('i')}, ${at(`date '2026-11-01'`)}
     from made where chosen < 0.05`,
    `insert into qualification (${qualificationColumns})
     select ${BASE} + i, ${BASE} + i, insurer_number, '01',
       case when scheme in ('shaho', 'kokuho') then (100 + floor(chosen * 900))::text end,
       ${number}, ${number},
       case when scheme in ('shaho', 'kokuho') then case when dependent then '02' else '01' end end,
       case when dependent then '2' else '1' end, acquired_on,
       case when ${LOST} then ${LOST_ON} end,
       case when ${CHANGED} then '03' when ${LOST} then '99' end,
       case when ${LOST} then ${at(LOST_ON)} end,
       acquired_on, ${at('acquired_on')}, acquired_on, acquired_on
     from made`,
    `insert into qualification (${qualificationColumns})
     select ${BASE + EARLIER} + i, ${BASE} + i, ${pick(numbersOf(population.kokuho), 'chosen')}, '01',
       (100 + floor(chosen * 900))::text, ${number}, ${number}, '01', '1', ${LOST_ON}, null, null, null,
       ${LOST_ON}, ${at(LOST_ON)}, ${LOST_ON}, ${LOST_ON}
     from made where ${CHANGED}`,
    `insert into income_assessment (id, qualification_id, valid_from, recorded_at, facts)
     select ${BASE} + i, ${BASE} + i, acquired_on, ${at('acquired_on')}, ${INCOME} from made where scheme <> 'medical-aid'`,
    `insert into copay_certificate (id, qualification_id, valid_from, valid_to, recorded_at, kind, rate_percent, issued_on)
     select ${BASE} + i, ${BASE} + i, greatest(acquired_on, date '2026-08-01'), date '2027-07-31', ${at(`date '2026-07-20'`)},
       case when scheme = 'kouki' then 'late-elderly' else 'elderly-recipient' end,
       case when income > 0.93 then 30 when scheme = 'kouki' and income < 0.7 then 10 else 20 end, greatest(acquired_on, date '2026-08-01')
     from made where certificate < 0.3 and (scheme = 'kouki' or age between 70 and 73 and scheme <> 'medical-aid') and acquired_on < date '2027-07-31'`,
    `insert into limit_certificate (id, qualification_id, valid_from, valid_to, recorded_at, classification, classification_flag, issued_on)
     select ${BASE} + i, ${BASE} + i, date '2026-08-01', date '2027-07-31', ${at(`date '2026-07-25'`)}, '01',
       ${pick(['A02', 'A03', 'A04', 'A05'], 'income')}, date '2026-08-01'
     from made where certificate > 0.95 and age between 1 and 68 and scheme in ('shaho', 'kokuho') and acquired_on < date '2026-08-01'`,
    `insert into specific_disease_certificate (id, qualification_id, valid_from, recorded_at, category, self_pay_yen, issued_on)
     select ${BASE} + i, ${BASE} + i, acquired_on, ${at('acquired_on')}, '1', case when income > 0.8 then 20000 else 10000 end, acquired_on
     from made where life between 0.5 and 0.508 and scheme <> 'medical-aid'`,
    `insert into medical_ticket (id, qualification_id, valid_from, valid_to, recorded_at, ticket_type, issue_number, treatment_month,
       designated_medical_institution_code, designated_medical_institution_name, medical_treatment_type, self_pay_amount_yen, single_or_combined_use)
     select ${BASE} + i, ${BASE} + i, date '2026-11-01', date '2026-11-30', ${at(`date '2026-10-28'`)}, '01', i::text, '2026-11',
       '${institutions.clinic}', '見本診療所', '02', 0, '01'
     from made where scheme = 'medical-aid' and certificate < 0.5`,
    `insert into reference_number (institution_code, person_id, reference_number)
     select '${institutions.clinic}', ${BASE} + i, 'R' || i from made where chosen > 0.95`,
  ];
};
