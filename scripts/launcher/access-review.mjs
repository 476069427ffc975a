import { createHmac } from 'node:crypto';

import { withClient } from './database.mjs';
import { Problem } from './problem.mjs';

/**
 * Who asked about whom, when, from where and why: every check that somebody asked (what the service asked again by itself has no
 * asker), and at the office every document issued, record read, individual number opened and filing decided. A person is named
 * by the keyed hash that stands in the record of a check, or by their number at the office: neither says who it is.
 *
 * A flag is a question to be asked, and no answer: a clinic with night duty has night checks, and so has a batch.
 */

const PEOPLE_TOLD = 100;
const ROWS_AT_ONCE = 5_000;

/**
 * @typedef {object} Asked
 * @property {Date} from
 * @property {Date} until
 * @property {string | undefined} place institution code or insurer number; all when left out
 * @property {string} opens HH:MM, Tokyo
 * @property {string} closes the first minute after hours
 * @property {readonly string[]} closed days that count as weekend
 * @property {number} peopleMax more people than this by one user in one day are flagged
 * @property {number} usersMax as many users or more about one person are flagged
 * @property {readonly StaffSubject[]} staff
 *
 * @typedef {{ operator: string, subject: string }} StaffSubject subject in hexadecimal
 * @typedef {{ operator: string, certificateSerial: string, insurerNumber: string, insuredIdentificationNumber: string }} Staff
 *
 * @typedef {object} User
 * @property {string} place
 * @property {string} client
 * @property {string | null} operator
 * @property {number} accesses
 * @property {number} people
 * @property {number} peopleInADay the most
 * @property {number} afterHours
 * @property {number} weekend
 * @property {number} own
 * @property {readonly string[]} terminals
 * @property {readonly string[]} why
 * @property {readonly string[]} flags
 *
 * @typedef {{ subject: string, users: number, accesses: number, places: readonly string[] }} Person
 * @typedef {{ users: readonly User[], people: readonly Person[] }} Review
 * @typedef {Readonly<Record<string, string | null | boolean>>} Access
 */

/** $1, $2 the time; $3 the place; $4, $5 when it opens and closes; $6 days it is closed on; $7 staff and what they are asked about by. */
const ACCESSES = `
with staff as (select * from json_to_recordset($7::json) as s(operator text, subject text)),
recorded as (
  select c.check_id::text as id, c.checked_at as at, c.institution_code as place, c.client_id as client, c.operator,
         c.spliced::json->>'terminal' as terminal, 'check' as what, c.purpose as why, encode(c.subject_hash, 'hex') as subject
  from eligibility_check c where c.checked_at >= $1 and c.checked_at < $2 and c.spliced::json->>'corrects' is null
  union all
  select 'reading-' || access_id, at, insurer_number, client_id, operator, null, what, null, 'person ' || person_id
  from person_access where at >= $1 and at < $2
  union all
  select 'opening-' || o.opening_id, o.opened_at, coalesce(k.insurer_number, ''), o.client_id, o.operator, null, 'individual-number-opened', o.purpose,
         'person ' || o.person_id
  from individual_number_opening o left join client k using (client_id) where o.opened_at >= $1 and o.opened_at < $2
  union all
  select 'review-' || r.enrollment_id || '-' || r.n, r.at, e.insurer_number, r.client_id, r.reviewer, null, 'enrollment-reviewed', r.decision,
         'filing ' || r.enrollment_id
  from enrollment_review r join enrollment e using (enrollment_id) where r.at >= $1 and r.at < $2
),
accesses as (
  select r.*, (at at time zone 'Asia/Tokyo')::date as day,
         (at at time zone 'Asia/Tokyo')::time < $4::time or (at at time zone 'Asia/Tokyo')::time >= $5::time as after_hours,
         extract(isodow from at at time zone 'Asia/Tokyo') >= 6 or (at at time zone 'Asia/Tokyo')::date = any($6::date[]) as weekend,
         exists (select from staff s where s.operator = r.operator and s.subject = r.subject) as own
  from recorded r where $3::text is null or place = $3
)`;

const USERS = `${ACCESSES},
days as (
  select place, client, operator, max(people) as people from (
    select place, client, operator, count(distinct subject) as people from accesses group by place, client, operator, day) as each
  group by place, client, operator
)
select a.place, a.client, a.operator, count(*)::int as accesses, count(distinct a.subject)::int as people, max(d.people)::int as "peopleInADay",
       (count(*) filter (where a.after_hours))::int as "afterHours", (count(*) filter (where a.weekend))::int as weekend,
       (count(*) filter (where a.own))::int as own, coalesce(array_agg(distinct a.terminal) filter (where a.terminal is not null), '{}') as terminals,
       array_agg(distinct concat_ws(': ', a.what, a.why)) as why
from accesses a join days d on d.place = a.place and d.client = a.client and d.operator is not distinct from a.operator
group by a.place, a.client, a.operator order by a.place, accesses desc, a.client, a.operator`;

const PEOPLE = `${ACCESSES}
select subject, count(distinct (place, client, operator))::int as users, count(*)::int as accesses, array_agg(distinct place) as places
from accesses group by subject having count(distinct (place, client, operator)) >= $8 order by 2 desc, 3 desc, 1 limit ${PEOPLE_TOLD}`;

const EACH = `${ACCESSES}
select id, to_char(at at time zone 'Asia/Tokyo', 'YYYY-MM-DD"T"HH24:MI:SS.MS"+09:00"') as at, place, client, operator, terminal, what, why, subject,
       after_hours as "afterHours", weekend, own
from accesses where $8::text is null or (at, id) > ($9::timestamptz, $8) order by accesses.at, id limit ${ROWS_AT_ONCE}`;

/** @param {Asked} asked */
const parameters = ({ from, until, place, opens, closes, closed, staff }) => [
  from,
  until,
  place ?? null,
  opens,
  closes,
  closed,
  JSON.stringify(staff),
];

/**
 * Each user, and each person whom many asked about.
 *
 * @param {string} databaseUrl of the office
 * @param {Asked} asked
 * @returns {Promise<Review>}
 */
export const reviewed = (databaseUrl, asked) =>
  withClient(databaseUrl, async (client) => {
    const users = await client.query(USERS, parameters(asked));
    const people = await client.query(PEOPLE, [...parameters(asked), asked.usersMax]);
    return { users: users.rows.map((row) => ({ ...row, flags: flagsOf(row, asked) })), people: people.rows };
  });

/**
 * @param {Pick<User, 'operator' | 'afterHours' | 'weekend' | 'own' | 'peopleInADay'>} user
 * @param {Pick<Asked, 'peopleMax'>} asked
 * @returns {string[]}
 */
export const flagsOf = ({ operator, afterHours, weekend, own, peopleInADay }, { peopleMax }) => [
  ...(own > 0 ? ['self'] : []),
  ...(afterHours > 0 ? ['after-hours'] : []),
  ...(weekend > 0 ? ['weekend'] : []),
  ...(peopleInADay > peopleMax ? ['many-people'] : []),
  ...(operator === null ? ['nobody-named'] : []),
];

/**
 * Every access, oldest first, some thousand at a time.
 *
 * @param {string} databaseUrl of the office
 * @param {Asked} asked
 * @returns {AsyncGenerator<readonly Access[], void>}
 */
export async function* eachAccess(databaseUrl, asked) {
  /** @type {(string | null)[]} */
  let after = [null, null];
  let rows = /** @type {Access[]} */ ([]);
  do {
    rows = await withClient(
      databaseUrl,
      async (client) => (await client.query(EACH, [...parameters(asked), ...after])).rows,
    );
    const last = rows.at(-1);
    if (last !== undefined) after = [String(last.id), String(last.at)];
    yield rows;
  } while (rows.length === ROWS_AT_ONCE);
}

const COLUMNS = [
  'at',
  'place',
  'client',
  'operator',
  'terminal',
  'what',
  'why',
  'subject',
  'afterHours',
  'weekend',
  'own',
  'id',
];

/**
 * Lines of CSV (RFC 4180), without a head. A cell that a spreadsheet would take for a formula begins with an apostrophe: what stands in
 * it, somebody outside has chosen.
 *
 * @param {readonly Access[]} rows
 */
export const csvOf = (rows) =>
  rows.map((row) => `${COLUMNS.map((name) => cell(row[name] ?? '')).join(',')}\r\n`).join('');

/** @param {string | boolean} value */
const cell = (value) => {
  const text = String(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/**
 * What an institution says of its staff: operator, certificateSerial, insurerNumber, insuredIdentificationNumber, with that head; a
 * line has a serial, or a number, or both.
 *
 * @param {string} text
 * @returns {Staff[]}
 */
export const readStaff = (text) => {
  const [head, ...lines] = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  const names = ['operator', 'certificateSerial', 'insurerNumber', 'insuredIdentificationNumber'];
  if (head !== names.join(',')) throw new Problem(`The staff file must begin with the line ${names.join(',')}`);
  return lines.map((line, i) => {
    const cells = line.split(',').map((one) => one.trim());
    const [operator = '', certificateSerial = '', insurerNumber = '', insuredIdentificationNumber = ''] = cells;
    const hasNumber = insurerNumber !== '' && insuredIdentificationNumber !== '';
    if (cells.length !== names.length || operator === '' || !(certificateSerial !== '' || hasNumber))
      throw new Problem(`Line ${i + 2} of the staff file must have an operator, and a serial or both numbers.`);
    return { operator, certificateSerial, insurerNumber, insuredIdentificationNumber };
  });
};

/**
 * What checks about the staff are recorded under. By number it is the whole family's: `self` says that it is for people to look at.
 *
 * @param {readonly Staff[]} staff
 * @param {string} key in hexadecimal
 * @returns {StaffSubject[]}
 */
export const subjectsOf = (staff, key) => {
  const secret = Buffer.from(key.trim(), 'hex');
  const subject = (/** @type {string} */ text) => createHmac('sha256', secret).update(text).digest('hex');
  return staff.flatMap(
    ({ operator, certificateSerial: serial, insurerNumber, insuredIdentificationNumber: number }) => [
      ...(serial === '' ? [] : [{ operator, subject: subject(`card ${serial.toUpperCase()}`) }]),
      ...(number === '' ? [] : [{ operator, subject: subject(`insured ${insurerNumber} ${number}`) }]),
    ],
  );
};

/**
 * As a table.
 *
 * @param {Review} review
 */
export const shownReview = ({ users, people }) => {
  if (users.length === 0) return 'Nobody looked at anything in this time.\n';
  const rows = users.map((user) => [
    user.place,
    user.client,
    user.operator ?? '–',
    user.accesses,
    user.people,
    user.peopleInADay,
    user.afterHours,
    user.weekend,
    user.own,
    user.terminals.join(' ') || '–',
    user.why.join('; '),
    user.flags.join(' ') || '–',
  ]);
  const heads = [
    'where',
    'client',
    'operator',
    'accesses',
    'people',
    'most a day',
    'after hours',
    'weekend',
    'own',
    'terminals',
    'what for',
    'flags',
  ];
  const shared = people.map(
    ({ subject, users: count, accesses, places }) =>
      `${subject.slice(0, 24)}: ${count} users, ${accesses} accesses, at ${places.join(' ')}`,
  );
  return [
    ...table([heads, ...rows.map((row) => row.map(String))]),
    '',
    shared.length === 0 ? 'Nobody was asked about by unusually many users.' : 'Asked about by many users:',
    ...shared,
    '',
  ].join('\n');
};

/** @param {readonly string[][]} rows */
const table = (rows) => {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => (row[i] ?? '').length)));
  return rows.map((row) =>
    row
      .map((text, i) => text.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
};

/** The head of what `csvOf` writes. */
export const CSV_HEAD = `${COLUMNS.join(',')}\r\n`;
