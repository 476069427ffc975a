import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { withClient } from '../scripts/launcher/database.mjs';
import { equalAnswers, type Faces } from './support/oqs-equality.js';
import {
  blocksOf,
  CLINIC,
  groupOf,
  headerOf,
  leavesOf,
  messageOf,
  only,
  searchInfoOf,
  sendMessage,
  type Insured,
} from './support/oqs.js';
import { plugIn, unplug } from './support/unplugged.js';
import { eventually, World, type Reply } from './support/world.js';

const DAY = '2026-11-22';
const PEOPLE = Number(process.env['OQS_EQUALITY'] ?? 200);
const SAMPLES = resolve(import.meta.dirname, '../../shared/samples/oqs');
const AUTH = '/oqs-api-pro/MSA12020/ILI12020SV01/auth';
const SEARCH = '/oqs-api-pro/MSA01030/ILI01030SV01/search';
type Json = Record<string, any>;

describe('the messages of the national system', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({ name: 'oqs', population: PEOPLE });
  });
  afterAll(() => world.close());

  const insuredOf = async (id: string): Promise<Insured> => {
    const person = world.person(id);
    if (person.insured !== undefined) return person.insured as unknown as Insured;
    const [result] = (await world.ask(id, { serviceDate: DAY })).body['results'] as Json[];
    if (result === undefined) throw new Error(`${id} has no coverage to be asked about`);
    const { insurerNumber, insuredCardSymbol, insuredIdentificationNumber, insuredBranchNumber, birthdate } = result;
    return JSON.parse(
      JSON.stringify({ insurerNumber, insuredCardSymbol, insuredIdentificationNumber, insuredBranchNumber, birthdate }),
    ) as Insured;
  };
  let serial = 0;
  const nameOf = (kind: string): string => `${kind}_20261122${String((serial += 1)).padStart(4, '0')}.xml`;
  const xmlOf = (insured: Insured, consented = true, header: Record<string, string> = headerOf(CLINIC, DAY)): string =>
    messageOf(header, groupOf('QualificationConfirmSearchInfo', searchInfoOf(insured, consented)));
  const ask = (message: string | Buffer, client?: string): Promise<Reply> =>
    sendMessage(world, nameOf('OQSsiquc01req'), message, client);
  const sql = <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> =>
    withClient(world.database.adminUrl, async (client) => (await client.query<Row>(text, values)).rows);

  const auth = (body: unknown): Promise<Reply> => world.call('POST', AUTH, { client: null, body });
  const idToken = async (client = 'demo-clinic'): Promise<string> =>
    (await auth({ userId: client, password: world.secret(client) })).body['result'].idToken as string;
  const search = async (body: unknown, authorization?: string): Promise<Reply> =>
    world.call('POST', SEARCH, {
      client: null,
      headers: { authorization: authorization ?? (await idToken()), accept: 'application/json' },
      body,
    });
  const jsonOf = (insured: Insured, consented = true, day = DAY): Json => ({
    XmlMsg: {
      MessageHeader: { QualificationConfirmationDate: day.replaceAll('-', ''), MedicalInstitutionCode: CLINIC },
      MessageBody: {
        QualificationConfirmSearchInfo: {
          ...searchInfoOf(insured, consented),
          InsurerNumber: insured.insurerNumber.padStart(8, '0'),
        },
      },
    },
  });

  describe('one person, in XML', () => {
    it('is answered in the tree that receipt computers read, and repeats what was asked', async () => {
      const reply = await ask(xmlOf(await insuredOf('employee-30-u')));
      expect(reply.status, reply.text).toBe(200);
      expect(reply.headers.get('content-type')).toBe('application/xml; charset=utf-8');
      expect(reply.headers.get('cache-control')).toBe('no-store');
      expect(reply.headers.get('shikaku-file-name')).toMatch(/^OQSsiquc01res_20261122\d{4}\.xml$/);
      expect(reply.text).toMatch(/^<\?xml version="1.0" encoding="UTF-8" standalone="no"\?>\n<XmlMsg>/);
      const leaves = leavesOf(reply.text);
      expect(leaves).toMatchObject({
        MedicalInstitutionCode: [CLINIC],
        QualificationConfirmationDate: ['20261122'],
        ProcessExecutionTime: ['20261122090000'],
        ArbitraryFileIdentifier: ['clinic_1'],
        ReferenceClassification: ['2'],
        SegmentOfResult: ['1'],
        CharacterCodeIdentifier: ['0'],
        ProcessingResultStatus: ['1'],
        QualificationValidity: ['1'],
        InsurerNumber: ['06130488', '06130488'],
        Name: ['資格　太郎'],
        LimitApplicationCertificateClassificationFlag: ['A03'],
        LimitApplicationCertificateRelatedConsTime: ['20261122090000'],
      });
      expect(blocksOf(reply.text, 'QualificationConfirmSearchInfo')).toHaveLength(1);
      expect(leaves).not.toHaveProperty('ErrorCode');
    });

    it('without consent nothing of 限度額 is in it but that there is none', async () => {
      const { text } = await ask(xmlOf(await insuredOf('employee-30-u'), false));
      expect(leavesOf(text)).toMatchObject({ LimitApplicationCertificateRelatedConsFlg: ['0', '0'] });
      expect(text).not.toContain('LimitApplicationCertificateRelatedInfo');
      expect(text).not.toContain('ConsTime');
    });

    it('asked in Shift_JIS it is answered in UTF-8', async () => {
      const insured = await insuredOf('employee-30-u');
      const asked = messageOf(
        { ...headerOf(CLINIC, DAY), ArbitraryFileIdentifier: 'AB' },
        groupOf('QualificationConfirmSearchInfo', { ...searchInfoOf(insured, true), ArbitraryIdentifier: '#' }),
        'Shift_JIS',
      );
      // 検 in Shift_JIS, which as UTF-8 is nothing.
      const bytes = Buffer.from(asked, 'latin1').toString('latin1').replace('#', '\u008C\u009F');
      const { text } = await ask(Buffer.from(bytes, 'latin1'));
      expect(only(leavesOf(text), 'ArbitraryIdentifier')).toBe('検');
      expect(leavesOf(text)).toMatchObject({ QualificationValidity: ['1'], CharacterCodeIdentifier: ['0'] });
    });

    it.each([
      ['coverage-lost', '2', 'SHK4009'],
      ['job-changed-old-number', '3', undefined],
      ['twins-without-branch', '5', 'SHK4007'],
      ['wrong-check-digit', '4', 'SHK4008'],
    ])('%s: validity %s, with a note', async (id, validity, code) => {
      const { text } = await ask(xmlOf(await insuredOf(id)));
      const leaves = leavesOf(text);
      expect(only(leaves, 'SegmentOfResult')).toBe('1');
      expect(only(leaves, 'QualificationValidity')).toBe(validity);
      if (code !== undefined) expect(only(leaves, 'ProcessingResultCode')).toBe(code);
      expect(text.includes('<ResultList>')).toBe(validity === '2' || validity === '3');
    });

    it('two coverages stand in one list', async () => {
      const { text } = await ask(xmlOf(await insuredOf('two-coverages')));
      expect(only(leavesOf(text), 'QualificationValidity')).toBe('5');
      expect(blocksOf(text, 'ResultList')).toHaveLength(1);
      expect(blocksOf(text, 'ResultOfQualificationConfirmation')).toHaveLength(2);
    });

    it('is on the record as every check is, with the institution and the way in', async () => {
      const before = await sql('select from eligibility_check');
      await ask(xmlOf(await insuredOf('employee-30-u')));
      await world.shipped();
      const rows = await sql<{ institution_code: string; operator: string; client_id: string }>(
        'select institution_code, operator, client_id from eligibility_check order by n desc limit 1',
      );
      expect((await sql('select from eligibility_check')).length).toBeGreaterThan(before.length);
      expect(rows[0]).toEqual({ institution_code: CLINIC, operator: 'oqs:xml', client_id: 'demo-clinic' });
    });

    it('the same file again gets the same answer, byte for byte; another person under its name does not', async () => {
      const name = nameOf('OQSsiquc01req');
      const first = await sendMessage(world, name, xmlOf(await insuredOf('employee-30-u')));
      world.clock.advance(5_000);
      const again = await sendMessage(world, name, xmlOf(await insuredOf('employee-30-u')));
      expect(again.text).toBe(first.text);
      const other = await sendMessage(world, name, xmlOf(await insuredOf('dependent')));
      expect(only(leavesOf(other.text), 'SegmentOfResult')).toBe('1');
      expect(other.text).not.toBe(first.text);
    });

    it.each([
      [
        'another institution',
        (insured: Insured) => xmlOf(insured, true, headerOf('1312345687', DAY)),
        'SHK3002',
        '医療機関コード',
      ],
      [
        'a day before the first table',
        (insured: Insured) => xmlOf(insured, true, headerOf(CLINIC, '2014-12-31')),
        'SHK3003',
        '資格確認日',
      ],
      ['no such day', (insured: Insured) => xmlOf({ ...insured, birthdate: '2026-02-30' }), 'SHK2006', 'Birthdate'],
      [
        'no number',
        (insured: Insured) =>
          xmlOf(insured).replace(/<InsuredIdentificationNumber>.*?<\/InsuredIdentificationNumber>/, ''),
        'SHK2001',
        'InsuredIdentificationNumber',
      ],
    ])('%s is refused in header and body, and no verdict', async (_what, message, code, words) => {
      const reply = await ask(message(await insuredOf('employee-30-u')));
      expect(reply.status).toBe(200);
      const leaves = leavesOf(reply.text);
      expect(leaves).toMatchObject({
        SegmentOfResult: ['9'],
        ErrorCode: [code],
        ProcessingResultStatus: ['2'],
        ProcessingResultCode: [code],
        ArbitraryFileIdentifier: ['clinic_1'],
      });
      expect(only(leaves, 'ErrorMessage')).toContain(words);
      expect(only(leaves, 'ProcessingResultMessage')).toBe(only(leaves, 'ErrorMessage'));
      expect(leaves).not.toHaveProperty('QualificationValidity');
    });

    it.each([
      ['a DTD', '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><XmlMsg></XmlMsg>', 'SHK1004'],
      ['no XML', 'hello', undefined],
      ['half a message', '<XmlMsg><MessageHeader>', undefined],
    ])('%s is no message: a problem with what a .err would say', async (_what, message, code) => {
      const reply = await ask(message);
      expect(reply.status).toBe(400);
      expect(reply.body).toMatchObject({ code: 'malformed-message', errors: [{ pointer: '' }] });
      if (code !== undefined) expect(reply.body['errors'][0].code).toBe(code);
      expect(reply.body['errors'][0].code).toMatch(/^SHK1\d{3}$/);
    });

    it('what cannot be answered is 異常終了 and says that it is no 資格なし', async () => {
      const insured = await insuredOf('employee-30-u');
      await unplug(world);
      try {
        world.clock.advance(73 * 3_600_000);
        world['tokens'].clear();
        const leaves = leavesOf((await ask(xmlOf(insured))).text);
        expect(leaves).toMatchObject({ SegmentOfResult: ['9'], ErrorCode: ['SHK3001'], ProcessingResultStatus: ['2'] });
        expect(only(leaves, 'ErrorMessage')).toContain('「資格なし」ではありません');
        expect(leaves).not.toHaveProperty('QualificationValidity');
      } finally {
        await plugIn(world);
        await world.moveTo('2026-11-22T09:00:00.000+09:00');
        await world.caughtUp();
      }
    });

    it.each([
      ['without a token', null, 401],
      ['by an insurer', 'demo-insurer', 403],
    ])('%s nothing is answered', async (_who, client, status) => {
      const reply = await world.call('POST', '/v1/oqs/messages', {
        client,
        headers: { 'content-type': 'application/xml', 'Shikaku-File-Name': nameOf('OQSsiquc01req') },
        body: xmlOf(await insuredOf('employee-30-u')),
      });
      expect(reply.status).toBe(status);
    });
  });

  describe('a card reader', () => {
    const face = (id: string, more: object = {}): Promise<Reply> => {
      const { certificateSerial } = world.person(id);
      return world.call('POST', '/v1/oqs/face-messages', {
        body: { card: { certificateSerial }, serviceDate: DAY, ...more },
      });
    };

    it('leaves what the patient consented to, and until when it may be viewed', async () => {
      const reply = await face('dialysis', {
        consent: { limitApplicationCertificate: true, specificDiseases: true, pharmacists: true },
      });
      expect(reply.headers.get('shikaku-file-name')).toMatch(
        new RegExp(`^OQSsiquc01res_face_${CLINIC}[0-9A-F]{20}_20261122090000\\.xml$`),
      );
      const leaves = leavesOf(reply.text);
      expect(leaves).toMatchObject({
        ReferenceClassification: ['1'],
        SpecificDiseasesCertificateRelatedConsFlg: ['1'],
        SpecificDiseasesDiseaseCategory: ['1'],
        PharmacistsInfoConsFlg: ['1'],
        PharmacistsInfoAvailableTime: ['20261123090000'],
        DiagnosisInfoConsFlg: ['0'],
      });
      expect(leaves).not.toHaveProperty('DiagnosisInfoConsTime');
      expect(blocksOf(reply.text, 'QualificationConfirmSearchInfo')).toEqual([]);
      expect(only(leaves, 'ArbitraryFileIdentifier')).toMatch(/^[\w-]{15}=$/);
    });

    it('without consent there is no 特定疾病 in it', async () => {
      const { text } = await face('dialysis');
      expect(leavesOf(text)).toMatchObject({ SpecificDiseasesCertificateRelatedConsFlg: ['0'] });
      expect(text).not.toContain('SpecificDiseasesCertificateList');
    });

    it('a certificate near its end is a note on a success', async () => {
      const leaves = leavesOf((await face('certificate-expires-soon')).text);
      expect(leaves).toMatchObject({
        SegmentOfResult: ['1'],
        ProcessingResultStatus: ['1'],
        ProcessingResultCode: ['SHK4001'],
        QualificationValidity: ['1'],
      });
    });

    it('a card that cannot be used is 異常終了, which is no statement about coverage', async () => {
      const leaves = leavesOf((await face('certificate-revoked')).text);
      expect(leaves).toMatchObject({ SegmentOfResult: ['9'], ErrorCode: ['SHK3009'] });
      expect(leaves).not.toHaveProperty('QualificationValidity');
    });

    it.each([
      ['medical-aid', '1'],
      ['medical-aid-unregistered', '6'],
    ])('%s: 医療扶助 is class A1, validity %s', async (id, validity) => {
      const { text } = await face(id);
      expect(leavesOf(text)).toMatchObject({ QualificationValidity: [validity] });
      expect(leavesOf(text)['InsuredCardClassification']).toContain('A1');
      expect(text.includes('<MedicalTicketInfo>')).toBe(validity === '1');
    });
  });

  describe('the clipboard of マイナ資格確認アプリ', () => {
    const text = (more = ''): string =>
      [
        '資格情報',
        '確認日 : \t2026-11-22',
        '保険者番号\t06130488',
        '保険者名\t見本健康保険組合',
        '番号\t１２３',
        '氏名\t見本　花子',
        '生年月日\t昭和55年4月1日',
        '性別\t女',
        '証区分\t被保険者証（一般）',
        more,
      ].join('\r\n');
    const take = (body: string, headers = { 'content-type': 'text/plain; charset=utf-8' }): Promise<Reply> =>
      world.call('POST', '/v1/oqs/app-texts', { headers, body });

    it('becomes what a card reader would have left', async () => {
      const reply = await take(text());
      expect(reply.status, reply.text).toBe(200);
      expect(reply.headers.get('shikaku-file-name')).toMatch(/^OQSsiquc01res_face_1312345679[0-9A-F]{20}_\d{14}\.xml$/);
      expect(leavesOf(reply.text)).toMatchObject({
        MedicalInstitutionCode: [CLINIC],
        ReferenceClassification: ['1'],
        Name: ['見本　花子'],
        Birthdate: ['19800401'],
        InsuredIdentificationNumber: [expect.stringMatching(/^(123|１２３)$/)],
      });
    });

    it('is refused with the line that is wrong, and nothing of what stands there', async () => {
      const reply = await take(text().replace('昭和55年4月1日', '昭和99年4月1日'));
      expect(reply.status).toBe(400);
      expect(reply.body).toMatchObject({
        code: 'malformed-message',
        errors: [{ detail: expect.stringContaining('7行') }],
      });
      expect(reply.text).not.toContain('昭和99');
    });

    it('as JSON it is not taken', async () => {
      expect((await take('{}', { 'content-type': 'application/json' })).status).toBe(415);
    });
  });

  describe('the web API', () => {
    it('auth gives a token for the client named in the body, and search takes it bare', async () => {
      const { status, body, headers } = await auth({ userId: 'demo-clinic', password: world.secret('demo-clinic') });
      expect(status).toBe(200);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(Object.keys(body)).toEqual(['status', 'msg', 'result']);
      expect(Object.keys(body['result'])).toEqual(['accessToken', 'refreshToken', 'idToken', 'linkSysCharCd']);
      const reply = await search(jsonOf(await insuredOf('client-search'), true, '2023-03-04'), body['result'].idToken);
      expect(reply.status, reply.text).toBe(200);
      expect(reply.headers.get('cache-control')).toBe('no-store');
      const { MessageHeader, MessageBody } = reply.body['XmlMsg'];
      expect(MessageHeader).toEqual({
        ProcessExecutionTime: '20261122090000',
        QualificationConfirmationDate: '20230304',
        MedicalInstitutionCode: CLINIC,
        ReferenceClassification: '2',
        SegmentOfResult: '1',
        CharacterCodeIdentifier: '0',
      });
      expect(MessageBody.ResultList).toHaveLength(1);
      expect(MessageBody.ResultList[0].ResultOfQualificationConfirmation).toMatchObject({
        InsurerNumber: '06130488',
        Name: '診療　太郎',
        LimitApplicationCertificateRelatedInfo: { LimitApplicationCertificateClassificationFlag: 'A03' },
      });
      expect(JSON.stringify(reply.body).match(/:(?!"|\{|\[)/g), 'every leaf is text').toBeNull();
    });

    it.each([
      ['a wrong secret', { userId: 'demo-clinic', password: 'x' }],
      ['nobody', { userId: 'nobody', password: 'x' }],
      ['other fields', { user: 'demo-clinic' }],
      ['no object', []],
    ])('auth refuses %s', async (_what, body) => {
      const reply = await auth(body);
      expect(reply.status).toBe(401);
      expect(reply.body['result']).toMatchObject({ idToken: '' });
      expect(reply.body['msg']).not.toBe('');
    });

    it.each([
      ['no token', '', 401, 'SHK3020'],
      ['a token that is none', 'x.y.z', 401, 'SHK3021'],
    ])('%s is told in the same tree', async (_what, token, status, code) => {
      const reply = await search(jsonOf(await insuredOf('employee-30-u')), token);
      expect(reply.status).toBe(status);
      expect(reply.headers.get('www-authenticate')).toContain('Bearer');
      expect(reply.body['XmlMsg'].MessageHeader).toMatchObject({ SegmentOfResult: '9', ErrorCode: code });
      expect(reply.body['XmlMsg'].MessageBody).toMatchObject({ ProcessingResultStatus: '2' });
    });

    it.each([
      ['no JSON', '{', 400, 'SHK3025'],
      ['no message', '{}', 400, 'SHK3025'],
    ])('%s is refused in the same tree', async (_what, body, status, code) => {
      const reply = await search(body);
      expect(reply.status).toBe(status);
      expect(reply.body['XmlMsg'].MessageHeader).toMatchObject({ ErrorCode: code });
      expect(reply.body['XmlMsg'].MessageHeader.ErrorMessage).not.toBe('');
    });

    it('more than any search has is refused before it is read', async () => {
      const reply = await search(`{"a":"${'x'.repeat(70_000)}"}`);
      expect(reply.status).toBe(413);
      expect(reply.body).toMatchObject({ code: 'body-too-large' });
    });

    it('a client of another kind may not search', async () => {
      const reply = await search(jsonOf(await insuredOf('employee-30-u')), await idToken('demo-insurer'));
      expect(reply.status).toBe(403);
      expect(reply.body['XmlMsg'].MessageHeader).toMatchObject({ SegmentOfResult: '9', ErrorCode: 'SHK3022' });
    });

    it('a token of the OAuth endpoint is as good, with its scheme or without', async () => {
      const token = await world.token();
      const asked = jsonOf(await insuredOf('employee-30-u'));
      for (const authorization of [token, `Bearer ${token}`])
        expect((await search(asked, authorization)).status).toBe(200);
      expect((await world.check({}, { client: null, headers: { authorization: token } })).status).toBe(401);
    });
  });

  describe('照会番号', () => {
    const register = async (insured: Insured, referenceNumber: string, client?: string): Promise<Reply> => {
      const {
        LimitApplicationCertificateRelatedConsFlg: _flag,
        Birthdate: _birthdate,
        ...info
      } = searchInfoOf(insured, true);
      return sendMessage(
        world,
        nameOf('OQSsiimm01req'),
        messageOf(
          { MedicalInstitutionCode: client === undefined ? CLINIC : '1312345687', ArbitraryFileIdentifier: 'r-1' },
          groupOf('ReferenceNumberRegistrationInfo', { ReferenceNumber: referenceNumber, ...info }),
        ),
        client,
      );
    };
    const numberOf = async (insured: Insured, client?: string): Promise<string | undefined> =>
      (await world.check({ insured, serviceDate: DAY }, client === undefined ? {} : { client })).body['results'][0]
        .referenceNumber as string | undefined;

    it('is registered, comes back in results, and belongs to the institution that set it', async () => {
      const insured = await insuredOf('employee-30-u');
      const reply = await register(insured, '24434');
      expect(leavesOf(reply.text)).toMatchObject({
        SegmentOfResult: ['1'],
        ArbitraryFileIdentifier: ['r-1'],
        ReferenceNumber: ['24434'],
        ProcessingResultStatus: ['1'],
      });
      await eventually(async () => (await numberOf(insured)) === '24434');
      expect(leavesOf((await ask(xmlOf(insured))).text)).toMatchObject({ ReferenceNumber: ['24434'] });
      expect(await numberOf(insured, 'demo-clinic-2')).toBeUndefined();
      expect(leavesOf((await register(insured, 'B-1', 'demo-clinic-2')).text)).toMatchObject({
        SegmentOfResult: ['1'],
      });
      await eventually(async () => (await numberOf(insured, 'demo-clinic-2')) === 'B-1');
      expect(await numberOf(insured)).toBe('24434');
    });

    it('survives a change of insurer', async () => {
      const old = await insuredOf('job-changed-old-number');
      expect(leavesOf((await register(old, 'J-1')).text)).toMatchObject({ SegmentOfResult: ['1'] });
      await eventually(async () => {
        const { body } = await world.ask('job-changed');
        return body['results'][0].referenceNumber === 'J-1' && body['results'][0].insurerNumber !== old.insurerNumber;
      });
    });

    it.each([
      [
        'nobody',
        async () => ({ ...(await insuredOf('employee-30-u')), insuredIdentificationNumber: '9999999' }),
        'N-1',
        'SHK3101',
      ],
      [
        'a family without a branch',
        async () => {
          const { insuredBranchNumber: _branch, ...family } = await insuredOf('employee-30-u');
          return family;
        },
        'N-2',
        'SHK3102',
      ],
      ['a number that another patient has', () => insuredOf('dependent'), '24434', 'SHK3103'],
    ])('%s is refused', async (_what, insured, number, code) => {
      const leaves = leavesOf((await register(await insured(), number)).text);
      expect(leaves).toMatchObject({ SegmentOfResult: ['9'], ErrorCode: [code], ProcessingResultStatus: ['2'] });
    });

    it('many are registered at once, each with what became of it', async () => {
      const people: [Insured, string][] = [
        [await insuredOf('dependent'), 'M-1'],
        [{ ...(await insuredOf('dependent')), insuredIdentificationNumber: '9999998' }, 'M-2'],
        [await insuredOf('elderly-20'), 'M-3'],
      ];
      const body = people
        .map(([insured, number]) => {
          const {
            LimitApplicationCertificateRelatedConsFlg: _flag,
            Birthdate: _day,
            ...info
          } = searchInfoOf(insured, true);
          return groupOf('ReferenceNumberRegistrationInfo', { ReferenceNumber: number, ...info });
        })
        .join('');
      const header = { MedicalInstitutionCode: CLINIC, ArbitraryFileIdentifier: 'bulk-1' };
      const receipt = await sendMessage(world, nameOf('OQSmuimm01req'), messageOf(header, body));
      const receptionNumber = only(leavesOf(receipt.text), 'ReceptionNumber') ?? '';
      expect(receptionNumber, receipt.text).toMatch(/^20261122\d{12}$/);
      const { text } = await sendMessage(
        world,
        nameOf('OQSmuimm02req'),
        messageOf(header, `<ReceptionNumber>${receptionNumber}</ReceptionNumber>`),
      );
      expect(leavesOf(text)).toMatchObject({
        SegmentOfResult: ['1'],
        NumberOfProcessingResult: ['3'],
        NumberOfNormalProcessing: ['2'],
        NumberOfError: ['1'],
        ProcessingResultStatus: ['1', '2', '1'],
        ReferenceNumber: ['M-1', 'M-2', 'M-3'],
        ProcessingResultCode: ['SHK3101'],
      });
      await eventually(async () => (await numberOf(await insuredOf('elderly-20'))) === 'M-3');
    });
  });

  describe('many at once', () => {
    const bulk = (kind: string, header: Record<string, string>, body: string, client?: string): Promise<Reply> =>
      sendMessage(world, nameOf(`OQS${kind}`), messageOf(header, body), client);
    const received = async (kind: string, header: Record<string, string>, body: string): Promise<string> => {
      const { text } = await bulk(`${kind}01req`, header, body);
      const number = only(leavesOf(text), 'ReceptionNumber');
      expect(number, text).toMatch(/^\d{20}$/);
      return number ?? '';
    };
    const collect = (kind: string, receptionNumber: string, client?: string): Promise<Reply> =>
      bulk(
        `${kind}02req`,
        { MedicalInstitutionCode: client === undefined ? CLINIC : '1312345687' },
        `<ReceptionNumber>${receptionNumber}</ReceptionNumber>`,
        client,
      );
    const collected = async (kind: string, receptionNumber: string): Promise<string> => {
      let text = '';
      await eventually(async () => {
        ({ text } = await collect(kind, receptionNumber));
        return only(leavesOf(text), 'SegmentOfResult') !== '2';
      }, 60_000);
      return text;
    };
    const infoOf = (insured: Insured, consented: boolean, held = ''): string =>
      groupOf('QualificationConfirmSearchInfo', searchInfoOf(insured, consented)).replace(
        '</QualificationConfirmSearchInfo>',
        `${held}</QualificationConfirmSearchInfo>`,
      );

    it('is received under a number, is in progress until it is done, and then says it all, however often', async () => {
      const insured = await insuredOf('employee-30-u');
      const held = groupOf('LimitApplicationCertificateRelatedInfo', {
        LimitApplicationCertificateClassification: '01',
        LimitApplicationCertificateClassificationFlag: 'A03',
        LimitApplicationCertificateValidStartDate: '20260801',
        LimitApplicationCertificateValidEndDate: '20270731',
      });
      const people = [
        infoOf(insured, true, held),
        infoOf(insured, true, held.replace('A03', 'A02')),
        infoOf(insured, false, held),
        infoOf(await insuredOf('wrong-check-digit'), true),
        infoOf({ ...insured, birthdate: '1980-13-01' }, true),
      ];
      const number = await received('muquc', headerOf(CLINIC, DAY, 'morning'), people.join(''));
      const text = await collected('muquc', number);
      const leaves = leavesOf(text);
      expect(leaves, text).toMatchObject({
        SegmentOfResult: ['1'],
        QualificationConfirmationDate: ['20261122'],
        ArbitraryFileIdentifier: ['morning'],
        NumberOfProcessingResult: ['5'],
        NumberOfNormalProcessing: ['4'],
        NumberOfError: ['1'],
        QualificationValidity: ['1', '1', '1', '4'],
        LimitApplicationCertificateChanged: ['0', '1', '1'],
        ProcessingResultStatus: ['1', '1', '1', '1', '2'],
      });
      expect(text).not.toMatch(/LimitApplicationCertificateRelatedInfo|PharmacistsInfo|SpecificDiseases/);
      expect((await collect('muquc', number)).text).toBe(text);
    });

    it('the same file twice is one reception; a reception is nobody else’s', async () => {
      const message = messageOf(headerOf(CLINIC, DAY), infoOf(await insuredOf('dependent'), true));
      const name = nameOf('OQSmuquc01req');
      const [first, again] = [await sendMessage(world, name, message), await sendMessage(world, name, message)];
      expect(only(leavesOf(again.text), 'ReceptionNumber')).toBe(only(leavesOf(first.text), 'ReceptionNumber'));
      const number = only(leavesOf(first.text), 'ReceptionNumber') ?? '';
      const others = await collect('muquc', number, 'demo-clinic-2');
      expect(leavesOf(others.text)).toMatchObject({ SegmentOfResult: ['9'], ErrorCode: ['SHK3011'] });
      expect(leavesOf((await collect('mutic', number)).text)).toMatchObject({ ErrorCode: ['SHK3011'] });
    });

    it.each([
      ['another institution', headerOf('1312345687', DAY), 'SHK3002'],
      ['a day out of range', headerOf(CLINIC, '2014-12-31'), 'SHK3003'],
    ])('%s: the receipt says so, and gives no number', async (_what, header, code) => {
      const leaves = leavesOf((await bulk('muquc01req', header, infoOf(await insuredOf('dependent'), true))).text);
      expect(leaves).toMatchObject({ SegmentOfResult: ['9'], ErrorCode: [code], ProcessingResultStatus: ['2'] });
      expect(leaves).not.toHaveProperty('ReceptionNumber');
    });

    it('医療扶助 by month finds whoever has a ticket that names the institution', async () => {
      const header = { MedicalInstitutionCode: CLINIC };
      const month =
        '<QualificationConfirmSearchInfo><MedicalTreatmentMonth>202611</MedicalTreatmentMonth></QualificationConfirmSearchInfo>';
      const holders = await sql(
        `select from medical_ticket where designated_medical_institution_code = $1 and treatment_month = '2026-11'`,
        [CLINIC],
      );
      expect(holders.length).toBeGreaterThan(0);
      const text = await collected('mutic', await received('mutic', header, month));
      const leaves = leavesOf(text);
      expect(only(leaves, 'NumberOfError'), text).toBe('0');
      expect(leaves['DesignatedMedicalInstitutionCode']).toContain(CLINIC);
      expect(leaves['InsuredCardClassification']).toContain('A1');
    });

    it.each([
      [
        'muhvq',
        '<ConsentDateFrom>20261101</ConsentDateFrom><ConsentDateTo>20261130</ConsentDateTo><MedicalTreatmentFlag>2</MedicalTreatmentFlag>',
      ],
      [
        'muonq',
        '<ExaminationDateFrom>20261101</ExaminationDateFrom><ExaminationDateTo>20261130</ExaminationDateTo><MedicalTreatmentFlag>3</MedicalTreatmentFlag>',
      ],
    ])('%s: nobody has consented through this service', async (kind, period) => {
      const body = `<QualificationConfirmSearchInfo>${period}</QualificationConfirmSearchInfo>`;
      const text = await collected(kind, await received(kind, { MedicalInstitutionCode: CLINIC }, body));
      expect(leavesOf(text)).toMatchObject({ SegmentOfResult: ['1'], NumberOfProcessingResult: ['0'] });
    });
  });

  describe('the same question by every face', () => {
    const faces: Faces = {
      rest: async (asked) =>
        (
          await world.check({
            insured: asked.insured,
            serviceDate: asked.day,
            consent: { limitApplicationCertificate: asked.consented },
          })
        ).body,
      xml: async (asked) => (await ask(xmlOf(asked.insured, asked.consented, headerOf(CLINIC, asked.day)))).text,
      json: async (asked) =>
        (await search(jsonOf(asked.insured, asked.consented, asked.day), await world.token())).body,
      bulk: async (day, asked) => {
        const header = headerOf(CLINIC, day, 'equal');
        const { text } = await sendMessage(
          world,
          nameOf('OQSmuquc01req'),
          messageOf(
            header,
            asked
              .map(({ insured, consented }) =>
                groupOf('QualificationConfirmSearchInfo', searchInfoOf(insured, consented)),
              )
              .join(''),
          ),
        );
        const body = `<ReceptionNumber>${only(leavesOf(text), 'ReceptionNumber')}</ReceptionNumber>`;
        let result = '';
        await eventually(async () => {
          ({ text: result } = await sendMessage(world, nameOf('OQSmuquc02req'), messageOf(header, body)));
          return only(leavesOf(result), 'SegmentOfResult') !== '2';
        }, 240_000);
        return blocksOf(result, 'BulkConfirmUnit');
      },
    };

    it('every scenario person: one verdict, one set of values', async () => {
      const asked = world.people.flatMap((person) => {
        const insured = person.insured as unknown as Insured | undefined;
        return insured === undefined ? [] : [insured];
      });
      for (const person of world.people.filter(({ certificateSerial }) => certificateSerial !== undefined)) {
        const { body } = await world.ask(person.id);
        for (const result of (body['results'] ?? []) as Json[])
          asked.push(
            JSON.parse(
              JSON.stringify({
                insurerNumber: result['insurerNumber'],
                insuredCardSymbol: result['insuredCardSymbol'],
                insuredIdentificationNumber: result['insuredIdentificationNumber'],
                insuredBranchNumber: result['insuredBranchNumber'],
                birthdate: result['birthdate'],
              }),
            ) as Insured,
          );
      }
      const compared = await equalAnswers(
        faces,
        asked.map((insured, i) => ({ insured, day: DAY, consented: i % 3 !== 0 })),
      );
      expect(compared.people).toBeGreaterThan(30);
      expect(compared.values).toBeGreaterThan(500);
    });

    it(`${PEOPLE} people at random, on their days and beside them`, { timeout: 3_600_000 }, async () => {
      const rows = await sql<Insured & { day: string }>(
        `select q.insurer_number as "insurerNumber", q.insured_card_symbol as "insuredCardSymbol",
           q.insured_identification_number as "insuredIdentificationNumber", q.insured_branch_number as "insuredBranchNumber",
           p.birthdate::text as birthdate, q.acquired_on::text as day
         from qualification q join person p using (person_id) order by q.qualification_id limit $1`,
        [PEOPLE],
      );
      expect(rows.length).toBe(PEOPLE);
      const asked = rows.map(({ day: acquired, ...row }, i) => {
        const insured = Object.fromEntries(
          Object.entries(row).filter(([, value]) => value !== null),
        ) as unknown as Insured;
        const near = i % 7 === 0 && acquired > '2015-01-01' ? acquired : DAY;
        return {
          insured: i % 11 === 0 ? { ...insured, birthdate: '1999-09-09' } : insured,
          day: near,
          consented: i % 2 === 0,
        };
      });
      const compared = await equalAnswers(faces, asked);
      expect(compared.people).toBe(PEOPLE);
    });
  });

  describe.skipIf(!existsSync(SAMPLES))('the samples in ../shared', () => {
    const samples = existsSync(SAMPLES) ? readdirSync(SAMPLES) : [];
    const kindOf: Readonly<Record<string, string>> = {
      'client-01-': 'OQSsiquc01req',
      'client-01b-': 'OQSsiquc01req',
      'client-05-': 'OQSsiimm01req',
      'client-07-': 'OQSmuimm01req',
      'client-08-': 'OQSmuquc02req',
      'derived-01-': 'OQSmuquc01req',
      'derived-03-': 'OQSmuquc02req',
    };
    it.each(Object.entries(kindOf))('%s is answered as its kind demands (%s)', async (prefix, kind) => {
      const file = samples.find((name) => name.startsWith(prefix)) ?? '';
      const text = readFileSync(join(SAMPLES, file), 'latin1').replace(
        /(<MedicalInstitutionCode>)\d{10}/,
        (_all, tag: string) => `${tag}${CLINIC}`,
      );
      const reply = await sendMessage(world, nameOf(kind), Buffer.from(text, 'latin1'));
      expect(reply.status, reply.text).toBe(200);
      const segment = only(leavesOf(reply.text), 'SegmentOfResult');
      if (prefix === 'client-01-' || kind.includes('02req') || kind === 'OQSsiimm01req') expect(segment).toBe('9');
      else expect(segment, reply.text).toBe('1');
      if (prefix === 'client-01b-') expect(only(leavesOf(reply.text), 'QualificationValidity')).toBe('4');
    });

    it('the captured search of the web API is answered', async () => {
      const asked = JSON.parse(readFileSync(join(SAMPLES, 'client-02-webapi-search-request.json'), 'utf8')) as Json;
      asked['XmlMsg'].MessageHeader.MedicalInstitutionCode = CLINIC;
      const { body } = await search(asked);
      expect(body['XmlMsg'].MessageHeader.SegmentOfResult).toBe('1');
      expect(body['XmlMsg'].MessageBody.QualificationConfirmSearchInfo).toEqual(
        asked['XmlMsg'].MessageBody.QualificationConfirmSearchInfo,
      );
    });
  });
});
