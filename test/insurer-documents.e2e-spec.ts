import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DataSource } from 'typeorm';

import { IndividualNumber } from '../apps/eligibility-api/src/vault/individual-number.js';
import { Vault } from '../apps/eligibility-api/src/vault/vault.js';
import { withClient } from '../scripts/launcher/database.mjs';
import { issueDocuments, readPeople } from '../scripts/launcher/issue-documents.mjs';
import { readPdf } from '../apps/eligibility-api/src/documents/paper/read-pdf.fixture.js';
import type { HttpApp } from '../apps/eligibility-api/src/http/create-http-app.js';
import { plugIn, unplug } from './support/unplugged.js';
import { expectProblem } from './support/problem.js';
import { eventually, World } from './support/world.js';

interface Got {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  readonly body: Record<string, any>;
}

const DOCUMENTS = [
  'qualification-notice',
  'qualification-certificate',
  'qualification-screen',
  'eligibility-declaration',
] as const;
type Document = (typeof DOCUMENTS)[number];

/** Insured number at 見本健康保険組合, and branch. */
const EMPLOYEE = ['1000001', '01'] as const;
const DEPENDENT = ['1000001', '02'] as const;
const ELDERLY = ['1000002', '01'] as const;
const CERTIFICATE_EXPIRED = ['1000005', '01'] as const;
const CERTIFICATE_REVOKED = ['1000006', '01'] as const;
const JOB_CHANGED = ['1000010', '01'] as const;
const IN_GRACE = ['1000004', '01'] as const;
const EXPIRES_SOON = ['1000008', '01'] as const;
const NEWLY_ENROLLED = ['1000018', '01'] as const;

describe('the documents of an insurer’s people', () => {
  let world: World;
  let office: HttpApp & { url: string };
  const ids = new Map<string, string>();

  beforeAll(async () => {
    world = await World.start({ name: 'insurer-documents', population: 0 });
    office = await world.office();
    await withClient(world.database.ownerUrl, async (db) => {
      const { rows } = await db.query(
        'select person_id::text as id, insured_identification_number as number, insured_branch_number as branch from qualification',
      );
      for (const { id, number, branch } of rows as { id: string; number: string; branch: string | null }[])
        ids.set(`${number}-${branch ?? ''}`, id);
    });
  });
  afterAll(async () => {
    await office.app.close();
    await world.close();
  });

  const idOf = ([number, branch]: readonly [string, string]): string => {
    const id = ids.get(`${number}-${branch}`);
    if (id === undefined) throw new Error(`nobody is insured as ${number}-${branch}`);
    return id;
  };

  const get = async (
    who: readonly [string, string] | string,
    document: Document,
    { query = '', accept = 'application/json', client = 'demo-insurer' } = {},
  ): Promise<Got> => {
    const id = typeof who === 'string' ? who : idOf(who);
    const response = await fetch(`${office.url}/v1/insured-persons/${id}/${document}${query}`, {
      headers: { accept, authorization: `Bearer ${await world.token(client)}` },
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    const isJson = (response.headers.get('content-type') ?? '').includes('json');
    return {
      status: response.status,
      headers: response.headers,
      bytes,
      body: isJson ? (JSON.parse(bytes.toString()) as Record<string, any>) : {},
    };
  };

  const codeOf = async (...asked: Parameters<typeof get>): Promise<string> => {
    const { status, body } = await get(...asked);
    return status === 200 ? 'issued' : `${status} ${String(body['code'])}`;
  };

  it('a notice as JSON is whole, with what decided it', async () => {
    const { status, headers, body } = await get(EMPLOYEE, 'qualification-notice');
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('vary')).toBe('accept');
    expect(body).toEqual({
      insuredPersonId: idOf(EMPLOYEE),
      issuedOn: '2026-11-22',
      insurerNumber: '06130488',
      insurerName: '見本健康保険組合',
      scheme: 'shaho',
      insuredCardSymbol: '1001',
      insuredIdentificationNumber: '1000001',
      insuredBranchNumber: '01',
      personalFamilyClassification: '1',
      name: '資格　太郎',
      nameKana: 'ｼｶｸ ﾀﾛｳ',
      version: 'without-digits',
      occasion: 'earlier-member',
      qualificationDate: '2020-04-01',
      copay: { ratePercent: 30 },
      mynaportalUrl: 'https://myna.go.jp/',
      source: '全国健康保険協会 資格情報のお知らせの再交付 (2024-12-02から)',
    });
  });

  it.each(DOCUMENTS)('%s is a PDF where that is asked for, with the same in it', async (document) => {
    const who = document === 'qualification-certificate' ? CERTIFICATE_EXPIRED : EMPLOYEE;
    const { status, headers, bytes } = await get(who, document, { accept: 'application/pdf' });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/pdf');
    expect(headers.get('content-disposition')).toBe(`inline; filename="${document}.pdf"`);
    expect(headers.get('cache-control')).toBe('no-store');
    const { body } = await get(who, document);
    const words = readPdf(bytes).texts.join('');
    for (const field of ['name', 'nameKana', 'insurerNumber', 'insuredIdentificationNumber'])
      expect(words, field).toContain(body[field]);
    const again = await get(who, document, { accept: 'application/pdf' });
    if (document !== 'qualification-screen') expect(again.bytes.equals(bytes)).toBe(true);
  });

  it.each([
    ['who joined before', EMPLOYEE, '2024-08-20', '422 document-not-yet-issued'],
    [
      'in late August 2024, of whom the vault has no number',
      EMPLOYEE,
      '2024-08-26',
      '422 last-four-digits-unavailable',
    ],
    ['once only', EMPLOYEE, '2024-09-01', '422 document-not-yet-issued'],
    ['who joined since, the day before', NEWLY_ENROLLED, '2026-10-31', '422 not-insured-on-day'],
    ['on the day', NEWLY_ENROLLED, '2026-11-01', 'issued'],
    ['whose card no longer serves', CERTIFICATE_EXPIRED, '2026-11-22', '422 certificate-instead-of-notice'],
    ['who left, on the last day', JOB_CHANGED, '2026-09-30', 'issued'],
    ['who left', JOB_CHANGED, '2026-10-01', '422 not-insured-on-day'],
    ['from before any day', EMPLOYEE, '2014-12-31', '422 issue-date-out-of-range'],
    ['from tomorrow', EMPLOYEE, '2026-11-23', '422 issue-date-out-of-range'],
    ['from a day that does not exist', EMPLOYEE, '2026-02-30', '400 invalid-request'],
    ['from what is no day', EMPLOYEE, 'today', '400 invalid-request'],
  ] as const)('a notice for %s', async (_who, who, issuedOn, expected) => {
    expect(await codeOf(who, 'qualification-notice', { query: `?issuedOn=${issuedOn}` })).toBe(expected);
  });

  it('the notice of late August 2024 shows four digits of the number in the vault, and its opening is on record', async () => {
    const read = IndividualNumber.read('123456789018');
    if (!read.ok) throw new Error('this number is one');
    const personId = idOf(DEPENDENT);
    await office.app
      .get(DataSource)
      .transaction((manager) => office.app.get(Vault).put(manager, personId, read.value, world.clock.now()));
    const query = '?issuedOn=2024-08-26';
    const { body } = await get(DEPENDENT, 'qualification-notice', { query });
    expect(body).toMatchObject({ version: 'with-last-four-digits', individualNumberLastFour: '9018' });
    const { bytes } = await get(DEPENDENT, 'qualification-notice', { query, accept: 'application/pdf' });
    const words = readPdf(bytes).texts.join('');
    expect(words).toContain('9018');
    for (const text of [words, bytes.toString('latin1'), JSON.stringify(body)]) expect(text).not.toContain('12345678');
    expect((await get(DEPENDENT, 'qualification-notice')).body).not.toHaveProperty('individualNumberLastFour');
    await withClient(world.database.adminUrl, async (db) => {
      const { rows } = await db.query(
        'select person_id::text as id, client_id, purpose from individual_number_opening',
      );
      expect(rows).toEqual(
        Array.from({ length: 2 }, () => ({ id: personId, client_id: 'demo-insurer', purpose: 'notice-last-four' })),
      );
    });
  });

  it('what is not yet issued says from when it is', async () => {
    const { body } = await get(EMPLOYEE, 'qualification-notice', { query: '?issuedOn=2024-09-01' });
    expect(body['detail']).toBe('From 2024-12-02.');
  });

  it('from 70 on a notice has the rate and its period', async () => {
    const { body } = await get(ELDERLY, 'qualification-notice');
    expect(body['copay']).toEqual({ ratePercent: 30, validFrom: '2024-07-01', validTo: '2029-06-20' });
  });

  it.each([
    ['without asking, whose card serves', EMPLOYEE, '', '422 card-instead-of-certificate'],
    ['who says to have no card and has', EMPLOYEE, '?application=no-card', '422 card-instead-of-certificate'],
    ['who cannot use it', EMPLOYEE, '?application=cannot-use-card', 'issued'],
    ['whose card ended', CERTIFICATE_EXPIRED, '', 'issued'],
    ['whose card was revoked', CERTIFICATE_REVOKED, '', 'issued'],
    ['for five years', CERTIFICATE_REVOKED, '?validTo=2031-11-21', 'issued'],
    ['for a day more', CERTIFICATE_REVOKED, '?validTo=2031-11-22', '422 validity-out-of-range'],
    ['until no day', CERTIFICATE_REVOKED, '?validTo=2031-02-30', '400 invalid-request'],
    ['for no reason that we know', EMPLOYEE, '?application=please', '400 invalid-request'],
    ['with what nobody reads', EMPLOYEE, '?number=1', '400 invalid-request'],
  ] as const)('a certificate for %s', async (_who, who, query, expected) => {
    expect(await codeOf(who, 'qualification-certificate', { query })).toBe(expected);
  });

  it('a certificate says why, until when, and until when it would have to be returned', async () => {
    const { body } = await get(CERTIFICATE_REVOKED, 'qualification-certificate', { query: '?validTo=2028-03-31' });
    expect(body).toMatchObject({
      basis: 'ex-officio',
      need: 'card-unusable',
      validFrom: '2026-11-22',
      validTo: '2028-03-31',
      returnDueUntil: '2028-03-31',
    });
  });

  it('a dependant’s certificate names the insured person', async () => {
    const { body } = await get(DEPENDENT, 'qualification-certificate', { query: '?application=cannot-use-card' });
    expect(body).toMatchObject({ personalFamilyClassification: '2', insuredName: '資格　太郎', name: '資格　花子' });
  });

  it('the screen is for who can sign in', async () => {
    const { body } = await get(EMPLOYEE, 'qualification-screen');
    expect(body).toMatchObject({ savedAt: '2026-11-22T09:00:00.000+09:00', name: '資格　太郎' });
    expect(body).not.toHaveProperty('copay');
    expect(await codeOf(CERTIFICATE_REVOKED, 'qualification-screen')).toBe('422 card-not-registered');
  });

  it('the declaration is filled in', async () => {
    const { body } = await get(EMPLOYEE, 'eligibility-declaration');
    expect(body).toMatchObject({
      scheme: 'shaho',
      joinedWithinAMonth: false,
      copay: { ratePercent: 30 },
      birthdate: '1980-05-05',
      sex1: '1',
      postNumber: '100-0013',
      address: '東京都千代田区霞が関１丁目２番３号',
    });
  });

  it('a person of another insurer is as little there as one that does not exist', async () => {
    const lateElderly = ids.get('00000018-') ?? '';
    const other = await get(lateElderly, 'qualification-notice');
    const nobody = await get('999999', 'qualification-notice');
    const { instance: _one, ...ofOther } = other.body;
    const { instance: _two, ...ofNobody } = nobody.body;
    expect(ofOther).toEqual(ofNobody);
    expect(ofOther).toMatchObject({ status: 404, code: 'person-not-found' });
    expect(await codeOf('0x1', 'qualification-notice')).toBe('404 person-not-found');
  });

  it('who is insured elsewhere since has no document of ours for it', async () => {
    await withClient(world.database.ownerUrl, (db) =>
      db.query(
        `update qualification set insured_identification_number = 'FOREIGN' where insurer_number <> '06130488' and person_id = $1`,
        [idOf(JOB_CHANGED)],
      ),
    );
    const { status, bytes } = await get(JOB_CHANGED, 'eligibility-declaration');
    expect([status, bytes.toString()]).toEqual([422, expect.not.stringContaining('FOREIGN')]);
  });

  it.each([
    ['demo-clinic', '403 scope-missing'],
    ['demo-operator', '403 scope-missing'],
  ])('%s has no business here', async (client, expected) => {
    expect(await codeOf(EMPLOYEE, 'qualification-notice', { client })).toBe(expected);
  });

  it('nobody gets one without a token, or in a form that there is not', async () => {
    const bare = await fetch(`${office.url}/v1/insured-persons/${idOf(EMPLOYEE)}/qualification-notice`);
    expect(bare.status).toBe(401);
    expect(await codeOf(EMPLOYEE, 'qualification-notice', { accept: 'text/html' })).toBe('406 not-acceptable');
  });

  it('a character without a glyph is told of by the PDF, and is in the JSON', async () => {
    await withClient(world.database.ownerUrl, (db) =>
      db.query('update person set name = $1 where person_id = $2', ['\u{2A6D6}田　一', idOf(NEWLY_ENROLLED)]),
    );
    const pdf = await get(NEWLY_ENROLLED, 'qualification-notice', { accept: 'application/pdf' });
    expect(pdf.status).toBe(422);
    expect(pdf.body).toMatchObject({
      code: 'character-without-glyph',
      errors: [{ pointer: '/name', code: 'no-glyph', detail: 'U+2A6D6, character 1, has no glyph in the font' }],
    });
    const json = await get(NEWLY_ENROLLED, 'qualification-notice');
    expect(json.body['name']).toBe('\u{2A6D6}田　一');
  });

  it('髙 﨑 𠮷 come out of the database and into the PDF', async () => {
    await withClient(world.database.ownerUrl, (db) =>
      db.query('update person set name = $1 where person_id = $2', ['髙﨑　𠮷', idOf(NEWLY_ENROLLED)]),
    );
    const { bytes } = await get(NEWLY_ENROLLED, 'qualification-notice', { accept: 'application/pdf' });
    expect(readPdf(bytes).texts).toContain('髙﨑　𠮷　様');
  });

  const issueAll = async (
    body: object,
    client = 'demo-insurer',
  ): Promise<{ status: number; lines: Record<string, any>[] }> => {
    const response = await fetch(`${office.url}/v1/document-batches`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await world.token(client)}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    return {
      status: response.status,
      lines: text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, any>),
    };
  };

  it('a batch has a line for everybody, as each would be answered alone', async () => {
    const people = [EMPLOYEE, CERTIFICATE_EXPIRED, DEPENDENT].map(idOf);
    const { status, lines } = await issueAll({ document: 'qualification-notice', people: [...people, '999999'] });
    expect(status).toBe(200);
    expect(lines.map(({ insuredPersonId, done, total }) => [insuredPersonId, done, total])).toEqual(
      [...people, '999999'].map((id, i) => [id, i + 1, 4]),
    );
    expect(lines.map(({ problem }) => problem?.code)).toEqual([
      undefined,
      'certificate-instead-of-notice',
      undefined,
      'person-not-found',
    ]);
    const alone = await get(EMPLOYEE, 'qualification-notice', { accept: 'application/pdf' });
    expect(Buffer.from(lines[0]?.['pdf'] as string, 'base64').equals(alone.bytes)).toBe(true);
    const asJson = await issueAll({ document: 'qualification-notice', format: 'json', people: [idOf(EMPLOYEE)] });
    expect(asJson.lines[0]?.['content']).toEqual((await get(EMPLOYEE, 'qualification-notice')).body);
  });

  it.each([
    ['nobody', { document: 'qualification-notice', people: [] }],
    ['somebody twice', { document: 'qualification-notice', people: ['1', '1'] }],
    [
      'more than a thousand',
      { document: 'qualification-notice', people: Array.from({ length: 1_001 }, (_, i) => `${i + 1}`) },
    ],
    ['no document of ours', { document: 'insurance-card', people: ['1'] }],
    ['no day', { document: 'qualification-notice', issuedOn: '2026-02-30', people: ['1'] }],
    ['what nobody reads', { document: 'qualification-notice', application: 'no-card', people: ['1'] }],
  ])('a batch for %s is refused whole', async (_whom, body) => {
    const { status, lines } = await issueAll(body);
    expect([status, lines[0]?.['code']]).toEqual([400, 'invalid-request']);
  });

  it('a batch is an insurer’s', async () => {
    expect((await issueAll({ document: 'qualification-notice', people: ['1'] }, 'demo-clinic')).status).toBe(403);
  });

  it('with PostgreSQL away it is 503, and says when to ask again', async () => {
    await unplug(world);
    const { status, headers, body } = await get(EMPLOYEE, 'qualification-notice');
    await plugIn(world);
    expect(status).toBe(503);
    expect(body['code']).toBe('documents-unavailable');
    expect(headers.get('retry-after')).toMatch(/^\d+$/);
    await eventually(async () => (await codeOf(EMPLOYEE, 'qualification-notice')) === 'issued');
  });

  describe('npm run issue', () => {
    let out: string;
    beforeAll(async () => {
      out = join(await mkdtemp(join(tmpdir(), 'shikaku-issue-')), 'notices');
    });
    afterAll(() => rm(join(out, '..'), { recursive: true, force: true }));

    const issue = async (
      people: readonly string[],
    ): Promise<{ counts: unknown; refused: string[]; steps: number[] }> => {
      const refused: string[] = [];
      const steps: number[] = [];
      const counts = await issueDocuments({
        document: 'eligibility-declaration',
        people,
        out,
        officeUrl: office.url,
        token: () => world.token('demo-insurer'),
        progress: ({ done }) => steps.push(done),
        refused: ({ insuredPersonId, code }) => refused.push(`${insuredPersonId} ${code}`),
        batchMax: 2,
      });
      return { counts, refused, steps };
    };

    it('keeps each as it comes, says who gets none, and goes on where it broke off', async () => {
      const some = [idOf(EMPLOYEE), '999999', idOf(DEPENDENT)];
      expect(await issue(some)).toEqual({
        counts: { issued: 2, refused: 1, kept: 0 },
        refused: ['999999 person-not-found'],
        steps: [0, 1, 2, 3],
      });
      const path = join(out, `eligibility-declaration-${idOf(EMPLOYEE)}.pdf`);
      expect(readPdf(await readFile(path)).texts.join('')).toContain('被保険者資格申立書');
      expect((await stat(path)).mode & 0o077).toBe(0);
      expect(await issue([...some, idOf(ELDERLY)])).toMatchObject({
        counts: { issued: 1, refused: 1, kept: 2 },
        steps: [2, 3, 4],
      });
    });

    it('for ids, or a file of them, each once', async () => {
      const file = join(out, '..', 'people.txt');
      await writeFile(file, '12\n13\r\n12\n');
      expect(readPeople(file)).toEqual(['12', '13']);
      expect(readPeople('1, 2,2')).toEqual(['1', '2']);
      for (const wrong of ['1,x', join(out, 'nothing.txt'), '0', ',']) expect(() => readPeople(wrong)).toThrow(/is n/);
    });

    it('says what the office has against it', async () => {
      await expect(
        issueDocuments({
          document: 'eligibility-declaration',
          people: ['1'],
          out: join(out, 'none'),
          officeUrl: office.url,
          token: () => world.token('demo-clinic'),
          progress: () => {},
          refused: () => {},
        }),
      ).rejects.toThrow(/403 scope-missing/);
    });
  });

  describe('whose certificate or card is to be renewed', () => {
    const told = async (query = ''): Promise<Record<string, any>> => {
      const reply = await world.call('GET', `/v1/card-expiry-notices${query}`, {
        at: office.url,
        client: 'demo-insurer',
      });
      expect(reply.status, reply.text).toBe(200);
      expect(reply.headers.get('cache-control')).toBe('no-store');
      return reply.body;
    };
    const whom = (body: Record<string, any>): Map<string, Record<string, any>> =>
      new Map(
        (body['notices'] as Record<string, any>[]).map((notice) => [notice['insuredPersonId'] as string, notice]),
      );

    it('is said for a day, by stage, a page after the other', async () => {
      const all = whom(await told());
      expect(all.get(idOf(EXPIRES_SOON))).toMatchObject({
        stage: 'renewable',
        insuredIdentificationNumber: EXPIRES_SOON[0],
        certificateExpirationDate: '2026-12-22',
        renewableFrom: '2026-09-23',
        graceUntil: '2027-03-31',
      });
      expect(all.get(idOf(IN_GRACE))).toMatchObject({ stage: 'grace', certificateExpirationDate: '2026-11-12' });
      for (const nobody of [EMPLOYEE, CERTIFICATE_EXPIRED, CERTIFICATE_REVOKED])
        expect(all.has(idOf(nobody))).toBe(false);
      expect([...whom(await told('?stage=grace')).keys()]).toEqual([idOf(IN_GRACE)]);
      const pages: string[] = [];
      for (let cursor: string | undefined = '1'; cursor !== undefined;) {
        const page: Record<string, any> = await told(`?limit=1${pages.length === 0 ? '' : `&cursor=${cursor}`}`);
        pages.push(...whom(page).keys());
        cursor = page['nextCursor'] as string | undefined;
      }
      expect(pages).toEqual([...all.keys()]);
    });

    it('the day before it can be renewed nobody is told, and after its grace nobody any more', async () => {
      expect(whom(await told('?on=2026-09-22')).has(idOf(EXPIRES_SOON))).toBe(false);
      expect(whom(await told('?on=2026-09-23')).has(idOf(EXPIRES_SOON))).toBe(true);
      expect(whom(await told('?on=2027-03-31')).get(idOf(EXPIRES_SOON))).toMatchObject({ stage: 'grace' });
      expect(whom(await told('?on=2027-04-01')).has(idOf(EXPIRES_SOON))).toBe(false);
    });

    it('whoever renews is linked by the registry’s feed, answers under the new serial, and is told no more', async () => {
      const renewed = await fetch(`${world.mockUrl}/admin/certificates/renew`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ serial: 'FFFFFFFF00E00001' }),
      });
      const { changes } = (await renewed.json()) as { changes: { serial: string; supersedes?: string }[] };
      const serial = changes.find(({ supersedes }) => supersedes !== undefined)?.serial;
      await eventually(async () => !whom(await told()).has(idOf(EXPIRES_SOON)));
      await world.heard();
      const { body } = await world.check({ card: { certificateSerial: serial } });
      expect(body).toMatchObject({ verdict: 'valid', credential: { state: 'valid' } });
      const linked = await withClient(world.database.adminUrl, async (db) => {
        const { rows } = await db.query('select person_id::text as id from credential where serial = $1', [serial]);
        return rows as unknown[];
      });
      expect(linked).toEqual([{ id: idOf(EXPIRES_SOON) }]);
    });

    it.each(['on=2026-02-30', 'stage=over', 'cursor=x', 'limit=0', 'limit=1001', 'since=2026-01-01'])(
      '%s is refused',
      async (query) => {
        const path = `/v1/card-expiry-notices?${query}`;
        expectProblem(await world.call('GET', path, { at: office.url, client: 'demo-insurer' }), 'invalid-request');
      },
    );

    it('is the insurer’s to know, and nobody else’s', async () => {
      expectProblem(await world.call('GET', '/v1/card-expiry-notices', { at: office.url }), 'scope-missing');
    });
  });
});
