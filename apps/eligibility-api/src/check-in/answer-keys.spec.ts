import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { AnswerKeys, makeAnswerKey, readAnswerKey } from './answer-keys.js';
import type { AnswerContent } from './present.js';

const keys = new AnswerKeys(Buffer.alloc(32, 1));
const otherKeys = new AnswerKeys(Buffer.alloc(32, 2));

const answer = {
  qualificationValidity: '1',
  verdict: 'valid',
  credential: { state: 'valid', certificateExpirationDate: '2029-04-01', verifiedAt: '2026-11-22T09:00:00.000+09:00' },
  results: [
    {
      insurerNumber: '06130488',
      insurerName: '見本健康保険組合',
      name: '資格　太郎',
      birthdate: '1980-05-05',
      copay: { ratePercent: 30, band: 'general', validFrom: '1987-04-01', validTo: '2050-05-31', ruleVersion: 'r1' },
      costLimit: { classificationFlag: 'A03', household: { baseYen: 85_800, thresholdYen: 286_000 } },
      limitApplicationCertificateRelatedConsFlg: '1',
      limitApplicationCertificateRelatedConsTime: '2026-11-22T09:00:00.000+09:00',
      specificDiseases: { certificates: [{ specificDiseasesSelfPay: 10_000 }] },
      pharmacistsInfoConsFlg: '1',
      pharmacistsInfoConsTime: '2026-11-22T09:00:00.000+09:00',
      pharmacistsInfoAvailableTime: '2026-11-23T09:00:00.000+09:00',
    },
  ],
  notices: [{ code: 'certificate-expires-soon', clerk: { ja: '更新', en: 'renew' } }],
};

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** Every value of a document, by the path that leads to it. */
const leaves = (value: Json, path: (string | number)[] = []): (string | number)[][] => {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, child]) =>
    leaves(child, [...path, Array.isArray(value) ? Number(name) : name]),
  );
};

const edited = (
  path: (string | number)[],
  edit: (parent: Record<string | number, unknown>, name: string | number) => void,
): AnswerContent => {
  const copy = structuredClone(answer);
  const parent = path.slice(0, -1).reduce<unknown>((at, name) => (at as Record<string | number, unknown>)[name], copy);
  edit(parent as Record<string | number, unknown>, path.at(-1) ?? '');
  return copy as unknown as AnswerContent;
};

const version = (content: unknown = answer): string => keys.version(content as AnswerContent);

const TIMES = [
  'verifiedAt',
  'limitApplicationCertificateRelatedConsTime',
  'pharmacistsInfoConsTime',
  'pharmacistsInfoAvailableTime',
];
const paths = leaves(answer).map((path) => [path.join('.'), path] as const);
const times = paths.filter(([, path]) => TIMES.includes(String(path.at(-1))));
const others = paths.filter(([, path]) => !TIMES.includes(String(path.at(-1))));

describe('the version of an answer', () => {
  it('is opaque, of a fixed form, and the same for the same answer', () => {
    expect(version()).toMatch(/^v2\.[\w-]{22}\.[\w-]*$/);
    expect(version(structuredClone(answer))).toBe(version());
    expect(version()).not.toContain('06130488');
  });

  it('the sample holds the four times and much else', () => {
    expect(times).toHaveLength(4);
    expect(others.length).toBeGreaterThan(18);
  });

  it.each(times)('does not change with a time: %s', (_name, path) => {
    expect(version(edited(path, (parent, name) => (parent[name] = '2030-01-01T00:00:00.000+09:00')))).toBe(version());
  });

  it.each(others)('changes with anything else: %s', (_name, path) => {
    expect(version(edited(path, (parent, name) => (parent[name] = 'another')))).not.toBe(version());
    expect(version(edited(path, (parent, name) => delete parent[name]))).not.toBe(version());
  });

  it('changes with the order of results, which is what the caller sees', () => {
    const [first] = answer.results;
    const two = { ...answer, results: [first, { ...first, insurerNumber: '138057' }] };
    expect(version({ ...two, results: two.results.toReversed() })).not.toBe(version(two));
  });

  it('is another under another key', () => {
    expect(otherKeys.version(answer as unknown as AnswerContent)).not.toBe(version());
  });
});

describe('what was asked about', () => {
  it('is a hash of its own for each identifier and each key, and shows neither', () => {
    const subject = keys.subject('card 1A2B3C4D5E6F7081');
    expect(subject).toHaveLength(32);
    expect(subject).toEqual(keys.subject('card 1A2B3C4D5E6F7081'));
    expect(subject).not.toEqual(keys.subject('card 1A2B3C4D5E6F7082'));
    expect(subject).not.toEqual(otherKeys.subject('card 1A2B3C4D5E6F7081'));
  });

  it('has another key than requests have: equal texts do not meet', () => {
    expect(keys.request('x')).not.toBe(keys.subject(JSON.stringify('x')).toString('base64url'));
  });
});

describe('a request under an Idempotency-Key', () => {
  it('is one in whatever order its fields are written, at any depth; a list keeps its order', () => {
    expect(keys.request({ a: 1, b: { c: 2, d: [3, { e: 4, f: 5 }] } })).toBe(
      keys.request({ b: { d: [3, { f: 5, e: 4 }], c: 2 }, a: 1 }),
    );
    expect(keys.request({ a: [1, 2] })).not.toBe(keys.request({ a: [2, 1] }));
  });

  it('is told from any other', () => {
    const body = { card: { certificateSerial: 'A' }, consent: { diagnosis: true } };
    expect(keys.request(structuredClone(body))).toBe(keys.request(body));
    expect(keys.request({ ...body, serviceDate: '2026-11-22' })).not.toBe(keys.request(body));
    expect(keys.request({ ...body, consent: { diagnosis: false } })).not.toBe(keys.request(body));
    expect(otherKeys.request(body)).not.toBe(keys.request(body));
  });
});

describe('the key on disk', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'answer-key-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is made once and read back', async () => {
    await makeAnswerKey(folder);
    const made = await readAnswerKey(folder);
    await makeAnswerKey(folder);
    expect(await readAnswerKey(folder)).toEqual(made);
    expect(made).toHaveLength(32);
    expect(made).not.toEqual(Buffer.alloc(32));
  });

  it.each([
    ['too short', 'ab'.repeat(31)],
    ['too long', 'ab'.repeat(33)],
    ['not hexadecimal', 'x'.repeat(64)],
    ['empty', ''],
  ])('is refused when it is %s, without being shown', async (_what, text) => {
    await writeFile(join(folder, 'answer-key'), text);
    await expect(readAnswerKey(folder)).rejects.toThrow(/^the answer key must be 64 hexadecimal digits$/);
  });

  it('may end with a line end', async () => {
    await makeAnswerKey(folder);
    const key = await readAnswerKey(folder);
    const file = join(folder, 'answer-key');
    await writeFile(file, `${await readFile(file, 'utf8')}\n`);
    expect(await readAnswerKey(folder)).toEqual(key);
  });
});
