import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { IMPORTS, type Imports } from '../apps/eligibility-api/src/enrollment/imports.js';
import type { HttpApp } from '../apps/eligibility-api/src/http/create-http-app.js';
import { withClient } from '../scripts/launcher/database.mjs';
import { importFile, type RefusedRow } from '../scripts/launcher/import-file.mjs';
import { expectProblem } from './support/problem.js';
import { shiftJis } from './support/shift-jis.js';
import { eventually, World, type Reply } from './support/world.js';

const PATH = '/v1/enrollment-imports';
const MIB = 1024 * 1024;
const HEADER =
  'kind,qualificationDate,name,nameKana,birthdate,sex1,address,insuredCardSymbol,insuredIdentificationNumber';
const JAPANESE = '番号,届出区分,資格取得年月日,氏名,カナ氏名,生年月日,性別,住所,通称名,標準報酬月額';

type Office = HttpApp & { url: string };
type Json = Record<string, any>;
interface Line {
  readonly line: number;
  readonly enrollmentId?: string;
  readonly errors?: readonly { readonly pointer: string; readonly code: string; readonly detail: string }[];
}

let numbers = 0;
const rowOf = (cells: Readonly<Record<number, string>> = {}): string =>
  Object.assign(
    [
      'acquisition',
      '2026-11-20',
      '取込　太郎',
      'トリコミ　タロウ',
      '1990-04-01',
      '1',
      '東京都千代田区霞が関１丁目２番３号',
      '3001',
      String(500_000 + (numbers += 1)),
    ],
    cells,
  ).join(',');
const rows = (count: number): string => Array.from({ length: count }, () => `${rowOf()}\n`).join('');

describe('imports of filings', () => {
  let world: World;
  let office: Office;
  beforeAll(async () => {
    world = await World.start({
      name: 'imports',
      residents: 50,
      settings: { CLIENT_QUOTA_REQUESTS: '1000000', REGISTRY_BREAKER_RESET_MS: '60000' },
    });
    // What becomes of filings is told elsewhere: here they wait, and take nothing from those that are still to be read.
    await world.faults({ 'person-searches': { mode: 'reset' } });
    office = await world.office();
  });
  afterAll(async () => {
    await office.app.close();
    await world.close();
  });
  afterEach(() => vi.restoreAllMocks());

  const send = (body: string | Buffer, headers: Record<string, string> = {}, client = 'demo-insurer'): Promise<Reply> =>
    world.call('POST', PATH, { at: office.url, client, body, headers: { 'content-type': 'text/csv', ...headers } });
  const get = (path: string, client = 'demo-insurer'): Promise<Reply> =>
    world.call('GET', `${PATH}/${path}`, { at: office.url, client });
  const finished = async (importId: string): Promise<Json> => {
    let found: Json = {};
    await eventually(async () => {
      found = (await get(importId)).body;
      return found['state'] === 'finished';
    }, 120_000);
    return found;
  };
  const linesOf = async (importId: string, query = ''): Promise<Line[]> =>
    (await get(`${importId}/rows${query}`)).text
      .split('\n')
      .flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Line]));
  const imported = async (
    body: string | Buffer,
    headers: Record<string, string> = {},
  ): Promise<{ found: Json; lines: Line[] }> => {
    const sent = await send(body, headers);
    expect(sent.status, sent.text).toBe(202);
    const importId = sent.body['importId'] as string;
    return { found: await finished(importId), lines: await linesOf(importId) };
  };
  const sql = <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> =>
    withClient(world.database.adminUrl, async (client) => (await client.query<Row>(text, values)).rows);
  const filedOf = async (enrollmentId: string | undefined): Promise<Json> => {
    const [row] = await sql<{ filed: Json }>('select filed from enrollment where enrollment_id = $1', [enrollmentId]);
    return row?.filed ?? {};
  };

  it('a row is filed or says what is wrong in it, and none stops the others', async () => {
    const sent = await send(
      [
        HEADER,
        rowOf(),
        rowOf({ 5: '9', 4: '1990-02-30' }),
        rowOf({ 4: '1990-02-30' }),
        rowOf({ 1: '1999-01-01' }),
        rowOf({ 4: '2027-01-01' }),
        rowOf({ 0: 'dependent' }),
        rowOf({ 2: '' }),
        'acquisition,2026-11-20,足りない',
        'acquisition,"2026-11-20,引用符',
        rowOf({ 2: '外字\uE000', 6: '' }),
        '',
        ',,,,,,,,',
        rowOf({ 2: '"取込, ""太郎"""' }),
      ].join('\r\n'),
    );
    expect(sent.status).toBe(202);
    const importId = sent.body['importId'] as string;
    expect(sent.headers.get('location')).toBe(`${PATH}/${importId}`);
    expect(sent.body).toEqual({
      importId,
      state: 'queued',
      encoding: 'utf-8',
      receivedAt: '2026-11-22T09:00:00.000+09:00',
      counts: { rows: 0, filed: 0, refused: 0 },
    });
    const found = await finished(importId);
    expect(found).toEqual({
      ...sent.body,
      state: 'finished',
      counts: { rows: 11, filed: 2, refused: 9 },
      endedAt: '2026-11-22T09:00:00.000+09:00',
    });
    const lines = await linesOf(importId);
    expect(lines.map(({ line, errors }) => [line, errors?.map(({ pointer, code }) => `${pointer} ${code}`)])).toEqual([
      [2, undefined],
      [3, ['/sex1 enum']],
      [4, ['/birthdate format']],
      [5, ['/qualificationDate qualification-date-out-of-range']],
      [6, ['/birthdate birthdate-in-future']],
      [7, ['/insuredName required']],
      [8, ['/name required']],
      [9, [' cells']],
      [10, [' quotes']],
      [11, ['/name unwritable-character']],
      [14, undefined],
    ]);
    expect(await filedOf(lines.at(-1)?.enrollmentId)).toMatchObject({ person: { name: '取込, "太郎"' } });
    // What was in the cells is in none of it.
    expect(JSON.stringify(lines)).not.toMatch(/1990|1999|足りない|引用符/);

    const one = await world.call('GET', `/v1/enrollments/${lines[0]?.enrollmentId}`, {
      at: office.url,
      client: 'demo-insurer',
    });
    expect(one.body).toMatchObject({ qualificationDate: '2026-11-20', late: false, receivedAt: found['receivedAt'] });
    const [kept] = await sql<Json>('select bytes from enrollment_import where import_id = $1', [importId]);
    expect(kept).toEqual({ bytes: null });
  });

  it('a filing by itself is refused in the same words', async () => {
    const reply = await world.call('POST', '/v1/enrollments', {
      at: office.url,
      client: 'demo-insurer',
      body: {
        kind: 'acquisition',
        qualificationDate: '2026-11-20',
        person: { name: '外字\uE000', nameKana: 'ガイジ', birthdate: '1990-04-01', sex1: '1' },
        insuredIdentificationNumber: '1',
      },
    });
    expectProblem(reply, 'invalid-request');
    expect(reply.body['errors']).toEqual([
      expect.objectContaining({ pointer: '/person/name', code: 'unwritable-character' }),
    ]);
  });

  it('a spreadsheet in Shift_JIS with Japanese names and days is filed as it is written', async () => {
    const { found, lines } = await imported(
      Buffer.concat([
        shiftJis(`${JAPANESE}\r\n`),
        shiftJis(
          '７７０１,acquisition,令和8年11月20日,髙﨑　①～,ﾀｶｻｷ ﾏﾙｲﾁ,昭和64年1月7日,2,東京都港区１－１,,300000\r\n',
        ),
        shiftJis('7702,acquisition,R8.11.20,'),
        Buffer.from([0x83, 0x2c]),
        shiftJis('ｶﾅ,S55.5.5,1,,,\r\n'),
        shiftJis('7703,acquisition,R8.11.20,次の行,ﾂｷﾞ,昭和64年1月8日,1,,,\r\n'),
        shiftJis('7704,acquisition,2026/11/20,'),
        Buffer.from([0xf0, 0x40]),
        shiftJis(',ﾂｷﾞ,S55.5.5,1,,,\r\n'),
      ]),
      { 'content-type': 'text/csv; charset=Shift_JIS' },
    );
    expect(found).toMatchObject({ encoding: 'shift_jis', counts: { rows: 4, filed: 1, refused: 3 } });
    expect(await filedOf(lines[0]?.enrollmentId)).toEqual({
      kind: 'acquisition',
      qualificationDate: '2026-11-20',
      person: {
        name: '髙﨑　①～',
        nameKana: 'ﾀｶｻｷ ﾏﾙｲﾁ',
        birthdate: '1989-01-07',
        sex1: '2',
        address: '東京都港区１－１',
      },
      insuredIdentificationNumber: '７７０１',
      standardMonthlyRemuneration: 300_000,
    });
    expect(
      lines.slice(1).map(({ line, errors }) => [line, errors?.map(({ pointer, code }) => `${pointer} ${code}`)]),
    ).toEqual([
      [3, ['/name encoding']],
      [4, ['/birthdate format']],
      [5, ['/name unwritable-character']],
    ]);
  });

  it('Shift_JIS that was sent as UTF-8 is refused cell by cell, and nothing is replaced', async () => {
    const { lines } = await imported(Buffer.concat([Buffer.from(`\uFEFF${HEADER}\n`), shiftJis(`${rowOf()}\n`)]));
    expect(lines[0]?.errors?.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual([
      '/name encoding',
      '/nameKana encoding',
      '/address encoding',
    ]);
  });

  describe('the file is refused', () => {
    it.each([
      ['nothing at all', '\n', '/columns/0 unknown-field'],
      ['a column that is none', `${HEADER},給与\n${rowOf()},1\n`, '/columns/9 unknown-field'],
      ['individual numbers', `${HEADER},個人番号\n${rowOf()},123456789018\n`, '/columns/9 unknown-field'],
      ['a column twice, under both names', `${HEADER},氏名\n${rowOf()},1\n`, '/columns/9 unique'],
      ['a column that is needed and missing', `${HEADER.replace('sex1,', '')}\n`, '/columns required'],
    ])('%s', async (_, body, first) => {
      const reply = await send(Buffer.from(body));
      expectProblem(reply, 'invalid-request');
      const [error] = reply.body['errors'] as [{ pointer: string; code: string }];
      expect(`${error.pointer} ${error.code}`).toBe(first);
      expect(reply.text).not.toContain('給与');
    });

    it('a byte more than 8 MiB, with a length and without; and 8 MiB are taken', async () => {
      const whole = Buffer.alloc(8 * MIB, '\n');
      whole.write(`${HEADER}\n${rowOf()}\n`);
      const more = Buffer.concat([whole, Buffer.from('\n')]);
      expectProblem(await send(more), 'body-too-large');
      const token = await world.token('demo-insurer');
      const streamed = await fetch(`${office.url}${PATH}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
        body: new Blob([more]).stream(),
        duplex: 'half',
      });
      expect(streamed.status).toBe(413);
      expect((await imported(whole)).found['counts']).toEqual({ rows: 1, filed: 1, refused: 0 });
    });

    it.each(['text/csv; charset=euc-jp', 'application/json', 'text/plain'])('as %s', async (type) => {
      expectProblem(await send(`${HEADER}\n`, { 'content-type': type }), 'unsupported-media-type');
    });

    it('compressed', async () => {
      expectProblem(await send(`${HEADER}\n`, { 'content-encoding': 'gzip' }), 'unsupported-media-type');
    });

    it('JSON operations take no CSV', async () => {
      const reply = await world.call('POST', '/v1/enrollments', {
        at: office.url,
        client: 'demo-insurer',
        body: `${HEADER}\n`,
        headers: { 'content-type': 'text/csv' },
      });
      expectProblem(reply, 'unsupported-media-type');
    });
  });

  describe('sent twice', () => {
    it('under one key: the same import, and its rows filed once; with another body: refused', async () => {
      const body = `${HEADER}\n${rows(3)}`;
      const headers = { 'idempotency-key': 'import-1' };
      const [first, second] = await Promise.all([send(body, headers), send(body, headers)]);
      expect([first?.status, second?.status]).toEqual([202, 202]);
      const importId = first?.body['importId'] as string;
      expect(second?.body['importId']).toBe(importId);
      await finished(importId);
      expect((await send(body, headers)).body).toMatchObject({ importId, state: 'finished' });
      expect(await linesOf(importId)).toHaveLength(3);
      expectProblem(await send(`${body}${rowOf()}\n`, headers), 'idempotency-key-reused');
    });
  });

  it('is the insurer’s own: to another it is not there, and neither is one that never was', async () => {
    const { found } = await imported(`${HEADER}\n${rows(1)}`);
    const importId = found['importId'] as string;
    // Of another insurer from now on.
    await sql(
      `update enrollment_import set insurer_number = (select insurer_number from insurer i where i.insurer_number <> enrollment_import.insurer_number limit 1)
       where import_id = $1`,
      [importId],
    );
    for (const path of [importId, `${importId}/rows`]) {
      const other = await get(path);
      expectProblem(other, 'import-not-found');
      const none = await get(path.replace(importId, '0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d'));
      expectProblem(none, 'import-not-found');
      expect({ ...other.body, instance: '' }).toEqual({ ...none.body, instance: '' });
    }
    expectProblem(await get('x'), 'import-not-found');
    // A clinic does not come so far.
    expectProblem(await get(importId, 'demo-clinic'), 'scope-missing');
    expectProblem(await send(`${HEADER}\n`, {}, 'demo-clinic'), 'scope-missing');
  });

  it('is forgotten when its time is over, with what became of its rows; the filings stay', async () => {
    const [old, young] = [await imported(`${HEADER}\n${rows(1)}`), await imported(`${HEADER}\n${rows(1)}`)];
    const [oldId, youngId] = [old.found['importId'] as string, young.found['importId'] as string];
    const ended = (days: number, id: string) =>
      sql(
        `update enrollment_import set ended_at = $2::timestamptz - make_interval(days => $3, secs => 1) where import_id = $1`,
        [id, new Date(world.clock.now()), days],
      );
    await ended(90, oldId);
    await ended(89, youngId);
    // As it does when it starts, and every hour.
    await office.app.close();
    office = await world.office();
    await eventually(async () => (await get(oldId)).status === 404);
    expectProblem(await get(`${oldId}/rows`), 'import-not-found');
    expect(await linesOf(youngId)).toHaveLength(1);
    expect(await sql('select from enrollment_import_part where import_id = $1', [oldId])).toEqual([]);
    expect(await filedOf(old.lines[0]?.enrollmentId)).not.toEqual({});
  });

  it('goes on where it was after the office was closed in the middle: nothing lost, nothing doubled', async () => {
    const imports = office.app.get<Imports>(IMPORTS);
    const original = imports.next.bind(imports);
    const reached = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    let slices = 0;
    vi.spyOn(imports, 'next').mockImplementation(async (importId, bytesMax, work, now) => {
      slices += 1;
      if (slices < 4) return original(importId, bytesMax, work, now);
      reached.resolve();
      await gate.promise;
      // The process ends when everything of the slice is written but how far it is, and before it is committed.
      await sql(`
        create function ended() returns trigger language plpgsql as $$ begin raise exception 'the process has ended'; end $$;
        create trigger ended before update on enrollment_import execute function ended()`);
      try {
        return await original(importId, bytesMax, work, now);
      } finally {
        await sql('drop function ended cascade');
      }
    });
    const sent = await send(`${HEADER}\n${rows(1_050)}`);
    const importId = sent.body['importId'] as string;
    await reached.promise;
    expect((await get(importId)).body).toMatchObject({ state: 'running', counts: { rows: 300, filed: 300 } });
    const before = await linesOf(importId);
    const closed = office.app.close();
    gate.resolve();
    await closed;
    office = await world.office();
    expect(await finished(importId)).toMatchObject({ counts: { rows: 1_050, filed: 1_050, refused: 0 } });
    const lines = await linesOf(importId);
    expect(lines.slice(0, 300)).toEqual(before);
    expect(lines.map(({ line }) => line)).toEqual(Array.from({ length: 1_050 }, (_, i) => i + 2));
    const [counted] = await sql<Json>(
      `select count(*)::int as filings, count(distinct filed ->> 'insuredIdentificationNumber')::int as numbers,
              (select count(*)::int from enrollment_step where enrollment_id = any ($1) and n = 1) as steps
       from enrollment where enrollment_id = any ($1)`,
      [lines.map(({ enrollmentId }) => enrollmentId)],
    );
    expect(counted).toEqual({ filings: 1_050, numbers: 1_050, steps: 1_050 });
    expect(await linesOf(importId, '?from=1048')).toEqual(lines.slice(1048));
    expect(await linesOf(importId, '?from=1050')).toEqual([]);
    // None was filed beside those: as many numbers as were made up for this file are in the store once.
    const [all] = await sql<Json>(
      `select count(*)::int as filings from enrollment where filed ->> 'insuredIdentificationNumber' = any
         (select filed ->> 'insuredIdentificationNumber' from enrollment where enrollment_id = any ($1))`,
      [lines.map(({ enrollmentId }) => enrollmentId)],
    );
    expect(all).toEqual({ filings: 1_050 });
  });

  it('20,000 rows add up, each with its outcome', async () => {
    const body = [HEADER, ...Array.from({ length: 20_000 }, (_, i) => rowOf(i % 100 === 7 ? { 5: '9' } : {}))].join(
      '\n',
    );
    const { found, lines } = await imported(body);
    expect(found['counts']).toEqual({ rows: 20_000, filed: 19_800, refused: 200 });
    expect(lines.map(({ line }) => line)).toEqual(Array.from({ length: 20_000 }, (_, i) => i + 2));
    expect(new Set(lines.flatMap(({ enrollmentId }) => enrollmentId ?? [])).size).toBe(19_800);
    expect(
      lines.flatMap(({ line, errors }) => (errors === undefined ? [] : [line % 100])).every((at) => at === 9),
    ).toBe(true);
    const [waiting] = await sql<Json>(`select count(*)::int as jobs from graphile_worker.jobs where key = any ($1)`, [
      lines.flatMap(({ enrollmentId }) => enrollmentId ?? []),
    ]);
    expect(waiting).toEqual({ jobs: 19_800 });
  }, 180_000);

  describe('npm run import', () => {
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'shikaku-import-'));
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    it('sends a file in parts, names refused rows by their line of the file, and repeated files nothing twice', async () => {
      const path = join(folder, 'filings.csv');
      const lines = Array.from({ length: 900 }, (_, i) => rowOf(i === 10 || i === 777 ? { 5: '9' } : {}));
      lines[500] = rowOf({ 6: '"東京都\n千代田区"' });
      await writeFile(path, `\uFEFF${HEADER}\r\n${lines.join('\r\n')}`);
      const shares: number[] = [];
      const refused: RefusedRow[] = [];
      const run = () =>
        importFile({
          path,
          encoding: 'utf-8',
          officeUrl: office.url,
          token: () => world.token('demo-insurer'),
          progress: ({ share }) => shares.push(share),
          refused: (row) => refused.push(row),
          partBytesMax: 32 * 1024,
        });
      const counts = await run();
      expect(counts).toEqual({ rows: 900, filed: 897, refused: 3, parts: expect.any(Number) });
      expect(counts.parts).toBeGreaterThan(3);
      expect(refused.map(({ line, errors }) => [line, errors[0]?.pointer])).toEqual([
        [12, '/sex1'],
        [502, '/address'],
        [780, '/sex1'],
      ]);
      expect(shares.at(-1)).toBe(1);
      expect(shares).toEqual(shares.toSorted((a, b) => a - b));
      const count = async (): Promise<Json | undefined> => (await sql<Json>('select count(*) from enrollment'))[0];
      const before = await count();
      expect(await run()).toEqual(counts);
      expect(await count()).toEqual(before);
    });

    it('says what the office has against the first line', async () => {
      const path = join(folder, 'no-filings.csv');
      await writeFile(path, 'a,b\n1,2\n');
      await expect(
        importFile({
          path,
          encoding: 'utf-8',
          officeUrl: office.url,
          token: () => world.token('demo-insurer'),
          progress: () => {},
          refused: () => {},
        }),
      ).rejects.toThrow(/refused the file.*invalid-request[^]*column 1 has none of the documented names/);
    });
  });
});
