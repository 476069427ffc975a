import { hash, randomUUIDv7 } from 'node:crypto';
import { readFileSync, writeSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

import ts from 'typescript';

/*
 * A process to be killed: puts checks into the journal as fast as it can, and says of each that it is on record, as a reply
 * would. Arguments: the journal's folder, its key. It runs the journal as it is in the checkout.
 */
registerHooks({
  resolve: (specifier, context, next) =>
    next(
      specifier.startsWith('.') && context.parentURL?.includes('/apps/')
        ? specifier.replace(/\.js$/, '.ts')
        : specifier,
      context,
    ),
  load: (url, context, next) =>
    url.endsWith('.ts')
      ? {
          format: 'module',
          shortCircuit: true,
          source: ts.transpileModule(readFileSync(fileURLToPath(url), 'utf8'), {
            compilerOptions: { target: ts.ScriptTarget.ES2024, module: ts.ModuleKind.ESNext },
          }).outputText,
        }
      : next(url, context),
});
const room = '../../apps/eligibility-api/src/check-log';
const { Journal, newWriter } = await import(`${room}/journal.ts`);
const { TextSeal } = await import(`${room}/sealed-text.ts`);

const [folder = '', key = ''] = process.argv.slice(2);
const writer = newWriter(Date.now());
const journal = new Journal({
  folder,
  writer,
  seal: new TextSeal(Buffer.from(key, 'hex'), writer),
  ruleVersion: 'r0',
  sync: 'second',
  bytesMax: 2 ** 30,
  segmentBytesMax: 200_000,
  now: Date.now,
  straight: () => Promise.reject(new Error('there is no PostgreSQL here')),
});

const SERVICE_DATE = '2026-11-22';
const VERSION = 'v1.AAAAAAAAAAAAAAAAAAAAAA';
const INSTITUTION = '1312345679';
const CHECKED_AT = Date.parse('2026-11-22T09:00:00.000+09:00');

const ask = () => {
  const checkId = randomUUIDv7();
  const text = JSON.stringify({ checkId, filler: 'x'.repeat(1_000) });
  journal.append(
    {
      checkId,
      clientId: 'demo-clinic',
      institutionCode: INSTITUTION,
      purpose: 'treatment',
      checkedAt: CHECKED_AT,
      serviceDate: SERVICE_DATE,
      subjectHash: Buffer.alloc(32),
      verdict: 'valid',
      credentialState: 'valid',
      answerVersion: VERSION,
      unchanged: false,
      consented: [],
      answer: {
        text,
        splices: {
          checkId,
          checkedAt: '2026-11-22T09:00:00.000+09:00',
          serviceDate: SERVICE_DATE,
          answerVersion: VERSION,
          freshness: '',
          verifiedAt: '',
          availableUntil: '',
          treatmentMonth: '2026-11',
          consented: 0,
          institutionCode: INSTITUTION,
        },
        digest: hash('sha256', text, 'base64url'),
      },
    },
    (error) => {
      writeSync(1, error === undefined ? `${checkId}\n` : 'refused\n');
      setImmediate(ask);
    },
  );
};
for (let i = 0; i < 8; i += 1) ask();
