import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

import {
  csvOf,
  eachAccess,
  flagsOf,
  readStaff,
  reviewed,
  shownReview,
  subjectsOf,
  type Access,
  type Asked,
  type User,
} from '../scripts/launcher/access-review.mjs';
import { World } from './support/world.js';

const CLINIC = '1312345679';
const INSURER = '06130488';

describe('what is flagged', () => {
  const calm = { operator: 'staff-1', afterHours: 0, weekend: 0, own: 0, peopleInADay: 200 };
  it.each<[string, Partial<typeof calm> | { operator: null }, string[]]>([
    ['as many people in a day as may be', {}, []],
    ['one more', { peopleInADay: 201 }, ['many-people']],
    ['one access after hours', { afterHours: 1 }, ['after-hours']],
    ['one on a day that is closed', { weekend: 1 }, ['weekend']],
    ['one about oneself', { own: 1 }, ['self']],
    ['nobody is named', { operator: null }, ['nobody-named']],
  ])('%s', (_what, more, flags) => {
    expect(flagsOf({ ...calm, ...more }, { peopleMax: 200 })).toEqual(flags);
  });
});

describe('a staff file', () => {
  const HEAD = 'operator,certificateSerial,insurerNumber,insuredIdentificationNumber';
  it('names what each of the staff is found by', () => {
    const staff = readStaff(`\uFEFF${HEAD}\r\nnurse-1,aabbccdd,,\r\nnurse-2,,${INSURER},1000001\r\n`);
    expect(staff).toEqual([
      { operator: 'nurse-1', certificateSerial: 'aabbccdd', insurerNumber: '', insuredIdentificationNumber: '' },
      { operator: 'nurse-2', certificateSerial: '', insurerNumber: INSURER, insuredIdentificationNumber: '1000001' },
    ]);
    expect(subjectsOf(staff, '00'.repeat(32)).map(({ operator }) => operator)).toEqual(['nurse-1', 'nurse-2']);
  });
  it.each([
    ['without its head', 'nurse-1,AABBCCDD,,'],
    ['with an operator who is found by nothing', `${HEAD}\nnurse-1,,,`],
    ['with half a number', `${HEAD}\nnurse-1,,${INSURER},`],
    ['with nobody', `${HEAD}\n,AABBCCDD,,`],
    ['with a cell too many', `${HEAD}\nnurse-1,AABBCCDD,,,`],
  ])('%s is refused', (_what, text) => {
    expect(() => readStaff(text)).toThrow(/staff file/);
  });
});

it('a cell that a spreadsheet would run is text', () => {
  const row: Access = { operator: '=1+1', terminal: 'a"b,c', why: null, afterHours: true };
  expect(csvOf([row])).toBe(`,,,'=1+1,"a""b,c",,,,true,,,\r\n`);
});

describe('who asked about whom, out of the record', () => {
  let world: World;
  const asked = (more: Partial<Asked> = {}): Asked => ({
    from: new Date('2026-11-20T00:00:00+09:00'),
    until: new Date('2026-11-22T00:00:00+09:00'),
    place: undefined,
    opens: '07:00',
    closes: '20:00',
    closed: [],
    peopleMax: 3,
    usersMax: 2,
    staff: [],
    ...more,
  });
  const users = async (more: Partial<Asked> = {}): Promise<Record<string, User>> => {
    const found = (await reviewed(world.database.officeUrl, asked(more))).users;
    return Object.fromEntries(found.map((user) => [`${user.place} ${user.operator ?? ''}`, user]));
  };
  const ask = (person: string, operator: string, more: Record<string, string> = {}) =>
    world.ask(person, {}, { headers: { 'Shikaku-Operator': operator, ...more } });

  /** Friday, November 20, and Saturday: both sides of each edge. */
  beforeAll(async () => {
    world = await World.start({ name: 'access_review', population: 0, now: '2026-11-20T06:59:59.999+09:00' });
    await ask('employee-30-u', 'early');
    for (const [at, operator] of [
      ['2026-11-20T07:00:00.000+09:00', 'first'],
      ['2026-11-20T19:59:59.999+09:00', 'last'],
      ['2026-11-20T20:00:00.000+09:00', 'late'],
      ['2026-11-20T23:59:59.999+09:00', 'night'],
      ['2026-11-21T12:00:00.000+09:00', 'saturday'],
    ] as const) {
      await world.moveTo(at);
      await world.caughtUp();
      await ask('employee-30-u', operator, { 'Shikaku-Terminal': 'desk-2', 'Shikaku-Purpose': 'claim' });
    }
    for (const person of ['coverage-lost', 'job-changed', 'two-coverages', 'late-20', 'late-20'])
      await ask(person, 'busy');
    await world.ask('employee-30-u', {}, { client: 'demo-pharmacy' });
    const office = await world.office();
    await world.call('GET', '/v1/insured-persons/1/qualification-screen', {
      at: office.url,
      client: 'demo-insurer',
      headers: { 'Shikaku-Operator': 'clerk' },
    });
    await office.app.close();
    await world.shipped();
  });
  afterAll(() => world.close());

  it.each([
    ['early', 1, 0],
    ['first', 0, 0],
    ['last', 0, 0],
    ['late', 1, 0],
    ['night', 1, 0],
    ['saturday', 0, 1],
  ])('%s: %i after hours, %i at the weekend', async (operator, afterHours, weekend) => {
    const user = (await users())[`${CLINIC} ${operator}`];
    expect(user).toMatchObject({ accesses: 1, people: 1, afterHours, weekend, client: 'demo-clinic' });
  });

  it('hours and days that are closed are the institution’s own', async () => {
    const found = await users({ opens: '09:00', closes: '19:00', closed: ['2026-11-20'] });
    expect(found[`${CLINIC} first`]).toMatchObject({ afterHours: 1, weekend: 1, flags: ['after-hours', 'weekend'] });
  });

  it('says from where and what for', async () => {
    expect((await users())[`${CLINIC} late`]).toMatchObject({ terminals: ['desk-2'], why: ['check: claim'] });
  });

  it('one user with many people in a day, and somebody who is nobody', async () => {
    const found = await users();
    expect(found[`${CLINIC} busy`]).toMatchObject({ accesses: 5, peopleInADay: 4, flags: ['weekend', 'many-people'] });
    expect((await users({ peopleMax: 4 }))[`${CLINIC} busy`]?.flags).toEqual(['weekend']);
    expect(found['1342345699 ']?.flags).toEqual(['weekend', 'nobody-named']);
  });

  it('what the office showed is in it, under its insurer', async () => {
    expect((await users({ place: INSURER }))[`${INSURER} clerk`]).toMatchObject({
      accesses: 1,
      why: ['qualification-screen'],
    });
    expect(Object.keys(await users({ place: INSURER }))).toEqual([`${INSURER} clerk`]);
  });

  it('one person about whom many asked', async () => {
    const { people } = await reviewed(world.database.officeUrl, asked({ usersMax: 7 }));
    expect(people).toEqual([
      {
        subject: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        users: 7,
        accesses: 7,
        places: [CLINIC, '1342345699'],
      },
    ]);
    expect((await reviewed(world.database.officeUrl, asked({ usersMax: 8 }))).people).toEqual([]);
  });

  it('whoever looks themselves up is found by their own card', async () => {
    const key = readFileSync(join(world.dataDir, 'vault-secrets', 'subject-key'), 'utf8');
    const serial = world.person('employee-30-u').certificateSerial ?? '';
    const none = { insurerNumber: '', insuredIdentificationNumber: '' };
    const staff = subjectsOf([{ operator: 'late', certificateSerial: serial.toLowerCase(), ...none }], key);
    const found = await users({ staff });
    expect(found[`${CLINIC} late`]).toMatchObject({ own: 1, flags: ['self', 'after-hours'] });
    expect(found[`${CLINIC} night`]).toMatchObject({ own: 0 });
  });

  it('each access can be told, oldest first, and none of them names a patient', async () => {
    const rows: Access[] = [];
    for await (const some of eachAccess(world.database.officeUrl, asked())) rows.push(...some);
    expect(rows).toHaveLength(13);
    const at = rows.map((row) => String(row['at']));
    expect(at).toEqual(at.toSorted());
    expect(csvOf(rows)).not.toMatch(/FFFFFFFF|1000001|資格/);
  });

  it('npm run access-review tells all of it', async () => {
    const run = async (...args: string[]): Promise<string> => {
      const script = resolve(import.meta.dirname, '../scripts/access-review.mjs');
      const days = ['--from', '2026-11-20', '--to', '2026-11-21'];
      const env = {
        ...process.env,
        DATABASE_URL: world.database.officeUrl,
        VAULT_SECRETS_DIR: join(world.dataDir, 'vault-secrets'),
      };
      return (await promisify(execFile)(process.execPath, [script, ...days, ...args], { env })).stdout;
    };
    const file = join(world.dataDir, 'staff.csv');
    writeFileSync(
      file,
      `operator,certificateSerial,insurerNumber,insuredIdentificationNumber\nlate,${world.person('employee-30-u').certificateSerial},,\n`,
    );
    const { users: found } = JSON.parse(await run('--json', '--staff', file)) as { users: User[] };
    expect(found.find(({ operator }) => operator === 'late')?.flags).toEqual(['self', 'after-hours']);
    expect(await run('--place', INSURER)).toMatch(/06130488 +demo-insurer +clerk +1 +1 +1 +0 +1 +0/);
    expect((await run('--csv')).trim().split('\r\n')).toHaveLength(14);
    await expect(run('--open', '9-17')).rejects.toThrow(/access-review -- /);
    expect(shownReview({ users: [], people: [] })).toContain('Nobody looked');
  });
});
