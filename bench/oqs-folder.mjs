import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { Problem, runEntry } from '../scripts/launcher/problem.mjs';
import { readDataDir } from '../scripts/launcher/settings.mjs';

/*
 * npm run bench:oqs-folder [-- --files 500 --root <folder>]: drops so many requests into a folder at once, has them answered by `oqs:folder` and the
 * running copy, and says how long each took from lying in `req` to lying whole in `res`, and whether results came in the order of the
 * requests. Ends with 1 where one was not answered, or the slowest hundredth took longer than a second.
 */
const SECOND_MS = 1_000;
const GIVE_UP_MS = 60_000;

/** @param {string} name */
const answerOf = (name) => name.replace('req_', 'res_');

/**
 * @param {{ insured: Record<string, string>, serviceDate?: string }} person
 * @param {number} i
 */
const requestOf = ({ insured, serviceDate = '2026-11-22' }, i) => {
  /** @param {string} name @param {string | undefined} value */
  const element = (name, value) => (value === undefined ? '' : `<${name}>${value}</${name}>`);
  return `<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<XmlMsg><MessageHeader>${element('QualificationConfirmationDate', serviceDate.replaceAll('-', ''))}${element('MedicalInstitutionCode', '1312345679')}${element('ArbitraryFileIdentifier', `bench_${i}`)}</MessageHeader>
<MessageBody><QualificationConfirmSearchInfo>${element('InsurerNumber', insured['insurerNumber'])}${element('InsuredCardSymbol', insured['insuredCardSymbol'])}${element('InsuredIdentificationNumber', insured['insuredIdentificationNumber'])}${element('InsuredBranchNumber', insured['insuredBranchNumber'])}${element('Birthdate', insured['birthdate']?.replaceAll('-', ''))}${element('LimitApplicationCertificateRelatedConsFlg', '1')}</QualificationConfirmSearchInfo></MessageBody></XmlMsg>
`;
};

/** @param {readonly number[]} sorted @param {number} share */
const quantile = (sorted, share) =>
  sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;

await runEntry(async () => {
  const { values } = parseArgs({ options: { files: { type: 'string', default: '500' }, root: { type: 'string' } } });
  const files = Number(values.files);
  if (!Number.isInteger(files) || files < 1 || files > 10_000) throw new Problem('--files must be from 1 to 10000.');
  const { dataDir } = readDataDir(process.env);
  const people = (await readFile(join(dataDir, 'people.ndjson'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ insured }) => insured !== undefined);
  const root = values.root ?? (await mkdtemp(join(tmpdir(), 'oqs-bench-')));
  const [req, res] = [join(root, 'req'), join(root, 'res')];
  for (const folder of [req, res]) await mkdir(folder, { recursive: true });

  const folder = spawn(process.execPath, ['scripts/oqs-folder.mjs', '--root', root], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(folder.stdout, 'data');

  /** @type {Map<string, number>} */
  const dropped = new Map();
  /** @type {Map<string, number>} */
  const answered = new Map();
  /** @type {string[]} */
  const appeared = [];
  /** @param {string} name */
  const lookAt = async (name) => {
    const at = performance.now();
    const text = await readFile(join(res, name), 'utf8').catch(() => '');
    if (text.includes('</XmlMsg>') && !answered.has(name)) answered.set(name, at);
  };
  const watcher = watch(res, (event, name) => {
    if (name === null) return;
    if (event === 'rename') appeared.push(name);
    else if (!answered.has(name)) {
      void lookAt(name);
    }
  });
  const names = Array.from({ length: files }, (_, i) => `OQSsiquc01req_bench${String(i).padStart(5, '0')}.xml`);
  const requests = names.map((_, i) => requestOf(people[i % people.length], i));
  for (const [i, name] of names.entries()) {
    await writeFile(join(req, name), requests[i] ?? '');
    dropped.set(name, performance.now());
  }
  const giveUpAt = performance.now() + GIVE_UP_MS;
  while (answered.size < files && performance.now() < giveUpAt) await new Promise((resolve) => setTimeout(resolve, 20));
  watcher.close();
  folder.kill('SIGINT');
  await once(folder, 'exit');
  const left = (await readdir(req)).length;

  const took = names
    .flatMap((name) =>
      answered.has(answerOf(name)) ? [(answered.get(answerOf(name)) ?? 0) - (dropped.get(name) ?? 0)] : [],
    )
    .toSorted((a, b) => a - b);
  const inOrder = appeared.filter((name, i) => i === 0 || name > (appeared[i - 1] ?? '')).length;
  const failed = (
    await Promise.all(names.map((name) => readFile(join(res, answerOf(name)), 'utf8').catch(() => '')))
  ).filter((text) => !text.includes('<SegmentOfResult>1</SegmentOfResult>')).length;
  process.stdout.write(
    `${files} files: ${took.length} answered (${failed} of them without a verdict), ${left} left in req; p50 ${quantile(took, 0.5).toFixed(0)} ms, p99 ${quantile(took, 0.99).toFixed(0)} ms, slowest ${(took.at(-1) ?? Number.NaN).toFixed(0)} ms; ${inOrder} of ${appeared.length} in order.\n`,
  );
  if (values.root === undefined) await rm(root, { recursive: true, force: true });
  return took.length === files && failed === 0 && quantile(took, 0.99) < SECOND_MS ? 0 : 1;
});
