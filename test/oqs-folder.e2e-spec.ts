import { access, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { folderCommand } from '../apps/eligibility-api/src/oqs/folder/folder-command.js';
import { withClient } from '../scripts/launcher/database.mjs';
import { CLINIC, groupOf, headerOf, leavesOf, messageOf, only, searchInfoOf, type Insured } from './support/oqs.js';
import { plugIn, unplug } from './support/unplugged.js';
import { eventually, World } from './support/world.js';

const DAY = '2026-11-22';
const MANY = 60;

describe('the folder that a receipt computer drops requests into', () => {
  let world: World;
  let root: string;
  let employee: Insured;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'oqs-root-'));
    world = await World.start({
      name: 'oqsfolder',
      settings: {
        OQS_FOLDER_ROOT: root,
        OQS_FOLDER_CLIENT: 'demo-clinic',
        OQS_FOLDER_POLL_MS: '20',
        OQS_FOLDER_WRITE_AFTER_MS: '20',
      },
    });
    employee = {
      insurerNumber: '06130488',
      insuredIdentificationNumber: '1000001',
      insuredBranchNumber: '01',
      birthdate: (await world.ask('employee-30-u')).body['results'][0].birthdate as string,
    };
  });
  afterAll(async () => {
    await world.close();
    await rm(root, { recursive: true, force: true });
  });

  const xmlOf = (insured: Insured = employee, institution = CLINIC): string =>
    messageOf(headerOf(institution, DAY), groupOf('QualificationConfirmSearchInfo', searchInfoOf(insured, true)));
  const drop = (name: string, text: string, where = root): Promise<void> => writeFile(join(where, 'req', name), text);
  const answer = async (name: string, where = root): Promise<string> => {
    const path = join(where, 'res', name.replace('req', 'res'));
    await eventually(async () => (await readFile(path, 'utf8').catch(() => '')).includes('</XmlMsg>'), 30_000);
    return readFile(path, 'utf8');
  };

  it('is answered as its client is, and what was answered is on record', async () => {
    await drop('OQSsiquc01req_1.xml', xmlOf());
    expect(leavesOf(await answer('OQSsiquc01req_1.xml'))).toMatchObject({
      SegmentOfResult: ['1'],
      QualificationValidity: ['1'],
      ArbitraryFileIdentifier: ['clinic_1'],
    });
    await eventually(async () => !(await readdir(join(root, 'req'))).includes('OQSsiquc01req_1.xml'));
    await world.shipped();
    const rows = await withClient(
      world.database.adminUrl,
      async (client) =>
        (await client.query<{ operator: string }>('select operator from eligibility_check order by n desc limit 1'))
          .rows,
    );
    expect(rows).toEqual([{ operator: 'oqs:folder' }]);
  });

  it('is bound to its client: a message of another institution is refused, and nobody is shown', async () => {
    await drop('OQSsiquc01req_2.xml', xmlOf(employee, '1312345687'));
    const text = await answer('OQSsiquc01req_2.xml');
    expect(leavesOf(text)).toMatchObject({ SegmentOfResult: ['9'], ErrorCode: ['SHK3002'] });
    expect(text).not.toContain('資格　太郎');
  });

  it('what is no message comes back with .err', async () => {
    await drop('OQSsiquc01req_3.xml', '<!DOCTYPE x><XmlMsg></XmlMsg>');
    await eventually(async () => (await readdir(join(root, 'res'))).includes('OQSsiquc01req_3.err'));
    await eventually(async () =>
      (await readFile(join(root, 'res', 'OQSsiquc01req_3.err'), 'utf8')).startsWith('SHK1004'),
    );
    expect(await readdir(join(root, 'res'))).toContain('OQSsiquc01req_3.xml');
  });

  it('many at once are all answered', async () => {
    const names = Array.from({ length: MANY }, (_, i) => `OQSsiquc01req_many${String(i).padStart(3, '0')}.xml`);
    await Promise.all(names.map((name) => drop(name, xmlOf())));
    for (const name of names) expect(only(leavesOf(await answer(name)), 'QualificationValidity')).toBe('1');
    await eventually(async () => (await readdir(join(root, 'req'))).length === 0);
  });

  it('while PostgreSQL is away the counter goes on', async () => {
    await unplug(world);
    try {
      await drop('OQSsiquc01req_4.xml', xmlOf());
      expect(leavesOf(await answer('OQSsiquc01req_4.xml'))).toMatchObject({ QualificationValidity: ['1'] });
      await drop('OQSsiimm01req_5.xml', registration('X-1'));
      expect(leavesOf(await answer('OQSsiimm01req_5.xml'))).toMatchObject({
        SegmentOfResult: ['9'],
        ErrorCode: ['SHK3015'],
      });
    } finally {
      await plugIn(world);
    }
    await eventually(async () => {
      const name = `OQSsiimm01req_${performance.now()}.xml`;
      await drop(name, registration('X-1'));
      return only(leavesOf(await answer(name)), 'SegmentOfResult') === '1';
    });
  });

  const registration = (number: string): string =>
    messageOf(
      { MedicalInstitutionCode: CLINIC },
      groupOf('ReferenceNumberRegistrationInfo', {
        ReferenceNumber: number,
        InsurerNumber: employee.insurerNumber,
        InsuredIdentificationNumber: employee.insuredIdentificationNumber,
        InsuredBranchNumber: '01',
      }),
    );

  it('the command does the same over HTTP, and says where it answers', { timeout: 60_000 }, async () => {
    const far = await mkdtemp(join(tmpdir(), 'oqs-far-'));
    const lines: string[] = [];
    const stopped = new AbortController();
    const running = folderCommand(
      ['--root', far, '--poll-ms', '20', '--write-after-ms', '20', '--consumed', 'keep'],
      {
        OQS_URL: world.url,
        OQS_CLIENT_ID: 'demo-clinic-2',
        OQS_CLIENT_SECRET: world.secret('demo-clinic-2'),
        DATA_DIR: join(far, 'data'),
      },
      (line) => lines.push(line),
      stopped.signal,
    );
    try {
      await eventually(() =>
        access(join(far, 'face')).then(
          () => true,
          () => false,
        ),
      );
      await drop('OQSsiquc01req_1.xml', xmlOf(employee, '1312345687'), far);
      expect(leavesOf(await answer('OQSsiquc01req_1.xml', far))).toMatchObject({
        MedicalInstitutionCode: ['1312345687'],
        QualificationValidity: ['1'],
      });
      await drop('OQSsiquc01req_2.xml', '<XmlMsg></XmlMsgs></XmlMsg>', far);
      await eventually(async () => (await readdir(join(far, 'res'))).includes('OQSsiquc01req_2.err'));
      expect(await readdir(join(far, 'req'))).toHaveLength(2);
    } finally {
      stopped.abort();
      await running;
      await rm(far, { recursive: true, force: true });
    }
    expect(lines[0]).toContain(far);
  });

  it.each([
    [['--root', '/nowhere/at/all'], 'is no folder'],
    [[], '--root'],
    [['--root', tmpdir(), '--consumed', 'burn'], '--consumed must be one of'],
  ])('the command told wrong says what is wrong: %j', async (args, words) => {
    const environment = { OQS_URL: 'http://127.0.0.1:1', OQS_CLIENT_ID: 'a', OQS_CLIENT_SECRET: 'b', DATA_DIR: root };
    await expect(folderCommand(args, environment, () => {}, AbortSignal.abort())).rejects.toThrow(words);
  });
});
