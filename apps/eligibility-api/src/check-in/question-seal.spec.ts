import { randomBytes } from 'node:crypto';

import { AnswerKeys } from './answer-keys.js';

const keys = new AnswerKeys(randomBytes(32));
const QUESTION = { subject: { by: 'card', serial: '1A2B3C4D5E6F7081' }, maxAgeMs: 0 } as const;

it('a question comes back as it was asked', () => {
  const sealed = keys.questions.seal(QUESTION, 'check-1');
  expect(keys.questions.open(Buffer.from(sealed, 'base64'), 'check-1')).toEqual(QUESTION);
});

it('says nothing of whom it is about, and no two are alike', () => {
  const [first, second] = [keys.questions.seal(QUESTION, 'check-1'), keys.questions.seal(QUESTION, 'check-1')];
  expect(first).not.toBe(second);
  expect(Buffer.from(first, 'base64').toString('latin1')).not.toContain('1A2B3C4D');
});

it('no nonce is used twice, however many questions there are', () => {
  const nonces = Array.from({ length: 1_000 }, () => keys.questions.seal(QUESTION, 'check-1').slice(0, 16));
  expect(new Set(nonces).size).toBe(1_000);
});

it.each([
  ['of another check', (sealed: Buffer) => keys.questions.open(sealed, 'check-2')],
  ['under another key', (sealed: Buffer) => new AnswerKeys(randomBytes(32)).questions.open(sealed, 'check-1')],
  ['cut', (sealed: Buffer) => keys.questions.open(sealed.subarray(0, 20), 'check-1')],
  [
    'with one bit changed',
    (sealed: Buffer) => {
      sealed[15] = (sealed[15] ?? 0) ^ 1;
      return keys.questions.open(sealed, 'check-1');
    },
  ],
])('%s it does not open', (_how, open) => {
  const sealed = Buffer.from(keys.questions.seal(QUESTION, 'check-1'), 'base64');
  expect(() => open(sealed)).toThrow('what was asked cannot be opened');
});
