import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { AnswerKeys, makeAnswerKey, readAnswerKey } from './answer-keys.js';
import { makeSubjectKey, readSubjectKey, SubjectKey } from './subject-key.js';
import { subjectOf } from './verify-eligibility.js';

const MASTER = Buffer.alloc(32, 5);

describe('the key by which the checks about somebody are found', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shikaku-subject-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('gives what a check is recorded under: by card', () => {
    const asked = subjectOf({ subject: { by: 'card', serial: '1A2B3C4D' } });
    expect(SubjectKey.of(MASTER).ofCard('1A2B3C4D')).toEqual(new AnswerKeys(MASTER).subject(asked));
  });

  it('and by number', () => {
    const key = { insurerNumber: '06130488', insuredIdentificationNumber: '1000001' };
    const asked = subjectOf({ subject: { by: 'number', key } as never });
    expect(SubjectKey.of(MASTER).ofNumber('06130488', '1000001')).toEqual(new AnswerKeys(MASTER).subject(asked));
  });

  it('is made once, out of the answer key, and is not that key', async () => {
    const [secrets, vault] = [join(folder, 'secrets'), join(folder, 'vault')];
    await makeAnswerKey(secrets);
    await makeSubjectKey(secrets, vault);
    await makeSubjectKey(secrets, vault);
    const master = await readAnswerKey(secrets);
    const found = (await readSubjectKey(vault)).ofCard('AAAAAAAA');
    expect(found).toEqual(new AnswerKeys(master).subject('card AAAAAAAA'));
    expect(await readFile(join(vault, 'subject-key'), 'utf8')).not.toBe(master.toString('hex'));
  });

  it('that is none is refused, without a word of what is there', async () => {
    await writeFile(join(folder, 'subject-key'), 'not a key');
    await expect(readSubjectKey(folder)).rejects.toThrow(/^the subject key must be 64 hexadecimal digits$/);
  });
});
