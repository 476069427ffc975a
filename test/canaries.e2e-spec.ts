import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { HttpApp } from '../apps/eligibility-api/src/http/create-http-app.js';
import { withClient } from '../scripts/launcher/database.mjs';
import { eventually, World, type Reply } from './support/world.js';

/** Ways in which a text may lie somewhere; a sweep for the text alone would miss seven of them. */
const ENCODINGS: Readonly<Record<string, (text: string) => readonly string[]>> = {
  plain: (text) => [text],
  // Within other text it may begin at any of three places.
  base64: (text) => inBase64(text, 'base64'),
  base64url: (text) => inBase64(text, 'base64url'),
  hexadecimal: (text) => [Buffer.from(text).toString('hex'), Buffer.from(text).toString('hex').toUpperCase()],
  'percent-encoded': (text) => [encodeURIComponent(text), encodeURIComponent(text).toLowerCase()],
  'full-width': (text) => [
    text.replaceAll(/[!-~]/g, (c) => String.fromCodePoint((c.codePointAt(0) as number) + 0xfee0)),
  ],
  decomposed: (text) => [text.normalize('NFD'), text.normalize('NFKD')],
  'JSON escapes': (text) => [
    text.replaceAll(/[^ -~]/g, (c) => `\\u${(c.codePointAt(0) as number).toString(16).padStart(4, '0')}`),
  ],
};

/** Without the characters at either end that depend on what stands beside it. */
const inBase64 = (text: string, alphabet: 'base64' | 'base64url'): readonly string[] =>
  [0, 1, 2].map((shift) => {
    const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(text)]);
    const whole = bytes.subarray(0, bytes.length - (bytes.length % 3)).toString(alphabet);
    return whole.slice(shift === 0 ? 0 : 4).replaceAll('=', '');
  });

/** Something that is nobody's business, and the places that are there to hold it. */
interface Canary {
  readonly text: string;
  readonly allowed: readonly string[];
}

const FILED = ['table enrollment'];
const CANARIES: Readonly<Record<string, Canary>> = {
  'serial of a card': { text: 'CA7A11E0C0FFEE7E57', allowed: [] },
  'symbol asked about': { text: 'カナリア7e57記号', allowed: [] },
  'number asked about': { text: 'カナリア7e57番号', allowed: [] },
  'birthdate asked about': { text: '1907-05-07', allowed: [] },
  'idempotency key': { text: 'canary-7e57-idempotency', allowed: [] },
  // Opaque, and recorded with the check on purpose.
  'staff id': { text: 'canary-7e57-operator', allowed: ['table eligibility_check', 'journal'] },
  'name of a filing': { text: 'カナリア　七五七', allowed: FILED },
  'kana of a filing': { text: 'カナリア　ナナゴナナ', allowed: FILED },
  'address of a filing': { text: '東京都カナリア区霞が関７丁目５番７号', allowed: FILED },
  'number of a filing': { text: '7575757', allowed: FILED },
  'individual number': { text: '123456789018', allowed: [] },
  'name in a file': { text: 'カナリア　取込子', allowed: FILED },
  'address in a file': { text: '東京都カナリア区取込町７番', allowed: FILED },
  'text in a wrong place': { text: 'カナリア7e57どこにもない', allowed: [] },
};
const of = (name: string): string => (CANARIES[name] as Canary).text;

describe('S-01 what is personal lies where it belongs and nowhere else', () => {
  let world: World;
  let office: HttpApp & { url: string };
  /** What the processes have written, at their most talkative. */
  let logged = '';
  const replies: Reply[] = [];
  let secrets: Record<string, string>;

  beforeAll(async () => {
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      logged += String(text);
      return true;
    });
    world = await World.start({ name: 'canaries', settings: { LOG_LEVEL: 'trace' } });
    office = await world.office();
  });
  afterAll(async () => {
    await office.app.close();
    await world.close();
    vi.restoreAllMocks();
  });

  const call = async (...args: Parameters<World['call']>): Promise<Reply> => {
    const reply = await world.call(...args);
    replies.push(reply);
    return reply;
  };
  const inOffice = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    call(method, path, { at: office.url, client: 'demo-insurer', body, headers });

  /** Every place there is, with what lies there. */
  const places = async (): Promise<ReadonlyMap<string, string>> => {
    const found = new Map<string, string>([
      ['log', logged],
      [
        'replies',
        replies.map(({ status, headers, text }) => `${status} ${JSON.stringify([...headers])} ${text}`).join('\n'),
      ],
      ['addresses', replies.map(({ headers }) => headers.get('location') ?? '').join('\n')],
    ]);
    for (const at of [world.url, office.url])
      found.set(
        `metrics of ${at === world.url ? 'counter' : 'office'}`,
        (await world.call('GET', '/metrics', { client: null, at })).text,
      );
    await withClient(world.database.adminUrl, async (db) => {
      const { rows: tables } = await db.query<{ name: string }>(
        `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') order by 1`,
      );
      for (const { name } of tables) {
        const { rows } = await db.query<{ row: string }>(`select t::text as row from ${name} t`);
        // A month of checks is a table of its own.
        found.set(
          `table ${name.replace(/_y?\d{4}_?m?\d{2}.*$/, '')}`,
          `${found.get(`table ${name}`) ?? ''}${rows.map(({ row }) => row).join('\n')}`,
        );
      }
    });
    for (const entry of readdirSync(world.dataDir, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const place = path.includes('/journal/') ? 'journal' : `file ${path.slice(world.dataDir.length + 1)}`;
      const bytes = readFileSync(path);
      found.set(place, `${found.get(place) ?? ''}${bytes.toString('utf8')}${bytes.toString('latin1')}`);
    }
    return found;
  };
  const sweep = async (text: string): Promise<string[]> => {
    const found: string[] = [];
    for (const [place, content] of await places())
      for (const [encoding, encoded] of Object.entries(ENCODINGS))
        if (encoded(text).some((one) => one.length > 4 && content.includes(one))) found.push(`${place}: ${encoding}`);
    return found;
  };

  it('the sweep finds a canary in a table, a file and the log, in each of eight encodings', async () => {
    const text = 'カナリア planted 7e57';
    const before = logged;
    const path = join(world.dataDir, 'planted');
    for (const [encoding, encoded] of Object.entries(ENCODINGS)) {
      const [one = ''] = encoded(text);
      writeFileSync(path, `before ${one} after`);
      logged = `${before}${one}`;
      const found = await sweep(text);
      expect(found, encoding).toContain(`file planted: ${encoding}`);
      expect(found, encoding).toContain(`log: ${encoding}`);
    }
    writeFileSync(path, '');
    logged = before;
    expect(await sweep('見本健康保険組合')).toContain('table insurer: plain');
  });

  it('with canaries in every field, through every way in', async () => {
    await world.faults({ 'person-searches': { mode: 'reset' } });
    const headers = { 'Shikaku-Operator': of('staff id'), 'Idempotency-Key': of('idempotency key') };
    await call('POST', '/v1/eligibility-checks', {
      headers,
      body: { card: { certificateSerial: of('serial of a card') } },
    });
    const insured = {
      insurerNumber: '06130488',
      insuredCardSymbol: of('symbol asked about'),
      insuredIdentificationNumber: of('number asked about'),
      birthdate: of('birthdate asked about'),
    };
    const { body: asked } = await call('POST', '/v1/eligibility-checks', { body: { insured } });
    expect(asked['verdict']).toBe('not-found');
    const { body: batch } = await call('POST', '/v1/eligibility-batches', {
      body: {
        people: [
          { itemId: 'a', insured },
          { itemId: 'b', card: { certificateSerial: of('serial of a card') } },
        ],
      },
    });
    await eventually(
      async () => (await world.call('GET', `/v1/eligibility-batches/${batch['batchId']}`)).body['state'] === 'finished',
    );
    await call('GET', `/v1/eligibility-batches/${batch['batchId']}/results`);
    // Degraded, so that what was asked is kept, sealed, to be asked again.
    await world.faults({ 'certificate-status': { mode: 'reset' }, 'person-searches': { mode: 'reset' } });
    await call('POST', '/v1/eligibility-checks', {
      headers: { 'Shikaku-Operator': of('staff id') },
      body: { card: { certificateSerial: world.person('employee-30-u').certificateSerial }, maxAgeSeconds: 0 },
    });
    await call('POST', '/v1/eligibility-checks', {
      body: { card: { certificateSerial: of('serial of a card') }, maxAgeSeconds: 0 },
    });

    const filing = {
      kind: 'acquisition',
      qualificationDate: '2026-11-20',
      person: {
        name: of('name of a filing'),
        nameKana: of('kana of a filing'),
        birthdate: '1985-06-07',
        sex1: '2',
        address: of('address of a filing'),
      },
      individualNumber: of('individual number'),
      insuredCardSymbol: '3001',
      insuredIdentificationNumber: of('number of a filing'),
      standardMonthlyRemuneration: 300_000,
    };
    expect((await inOffice('POST', '/v1/enrollments', filing)).status).toBe(202);
    const csv = `kind,qualificationDate,name,nameKana,birthdate,sex1,address,insuredCardSymbol,insuredIdentificationNumber
acquisition,2026-11-20,${of('name in a file')},トリコミ　コ,1990-04-01,1,${of('address in a file')},3001,970500\n`;
    const { body: imported } = await inOffice('POST', '/v1/enrollment-imports', csv, { 'content-type': 'text/csv' });
    await eventually(
      async () =>
        (await inOffice('GET', `/v1/enrollment-imports/${imported['importId']}`)).body['state'] === 'finished',
    );
    await inOffice('GET', `/v1/enrollment-imports/${imported['importId']}/rows`);

    const wrong = of('text in a wrong place');
    for (const body of [
      { card: { certificateSerial: wrong } },
      { [wrong]: 1 },
      { insured: { ...insured, birthdate: wrong } },
      { serviceDate: wrong, card: { certificateSerial: of('serial of a card') } },
      `{"card": ${wrong}`,
      `{"${wrong}":1,"${wrong}":2}`,
    ])
      await call('POST', '/v1/eligibility-checks', { body });
    await inOffice('POST', '/v1/enrollments', { ...filing, kind: wrong, individualNumber: '123456789012' });
    await inOffice('POST', '/v1/enrollments', { ...filing, person: { ...filing.person, name: wrong.repeat(40) } });
    const inAddress = encodeURIComponent(wrong);
    for (const path of [
      `/v1/eligibility-checks/${inAddress}`,
      `/v1/eligibility-checks?from=${inAddress}`,
      `/${inAddress}`,
    ])
      await call('GET', path);
    await inOffice('GET', `/v1/enrollments/${inAddress}`);
    await call('GET', '/v1/eligibility-checks', { client: null, headers: { authorization: `Bearer ${inAddress}` } });
    await call('POST', '/oauth/token', {
      client: null,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `Basic ${Buffer.from(`${inAddress}:${inAddress}`).toString('base64')}`,
      },
      body: `grant_type=${inAddress}&scope=${inAddress}`,
    });
    await world.shipped();
    const token = await world.token();
    secrets = {
      'a client’s secret': world.secret('demo-clinic'),
      'the signature of a token': token.split('.')[2] as string,
      'the claims of a token': token.split('.')[1] as string,
    };
    expect(replies.length).toBeGreaterThan(20);
    expect(logged).toContain('"msg"');
  });

  it.each(Object.keys(CANARIES))('%s', async (name) => {
    const { text, allowed } = CANARIES[name] as Canary;
    const found = await sweep(text);
    expect(found.filter((place) => !allowed.some((one) => place.startsWith(`${one}:`)))).toEqual([]);
    // What belongs somewhere is there: otherwise nothing was sent.
    expect(found.length > 0, `${name} is where it belongs`).toBe(allowed.length > 0);
  });

  it('secrets and tokens are nowhere but in their file', async () => {
    for (const [name, text] of Object.entries(secrets))
      expect(
        (await sweep(text)).filter((place) => !place.startsWith('file secrets/demo-clients.json')),
        name,
      ).toEqual([]);
  });

  it('a queued look-up names its filing, and nothing of it', async () => {
    const jobs = await withClient(
      world.database.adminUrl,
      async (db) => (await db.query('select payload from graphile_worker._private_jobs')).rows,
    );
    expect(jobs.length).toBeGreaterThan(0);
    for (const { payload } of jobs as { payload: Record<string, unknown> }[])
      for (const value of Object.values(payload)) expect(String(value)).toMatch(/^[0-9a-f-]{36}$|^\d+$|^\w+$/);
  });
});
