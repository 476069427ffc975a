import { inspect } from 'node:util';
import { pino } from 'pino';

import { IndividualNumber } from './individual-number.js';

const DIGITS = '123456789018';
const read = (text: string): IndividualNumber => {
  const number = IndividualNumber.read(text);
  if (!number.ok) throw new Error(number.detail);
  return number.value;
};

it.each([
  ['as it is written', DIGITS],
  ['in full width, with spaces around', ' １２３４５６７８９０１８　'],
])('is read %s', (_how, text) => {
  expect(read(text).reveal()).toBe(DIGITS);
  expect(read(text).lastFour()).toBe('9018');
});

it.each([
  ['eleven digits', '12345678901', 'format'],
  ['a wrong check digit', '123456789012', 'check_digit'],
  ['twelve zeros', '000000000000', 'uniform'],
])('%s are refused, in words without a digit of theirs', (_what, text, reason) => {
  const refusal = IndividualNumber.read(text);
  expect(refusal).toMatchObject({ ok: false, reason });
  expect(JSON.stringify(refusal)).not.toContain(text);
});

it.each<[string, (number: IndividualNumber) => string]>([
  ['as text', String],
  ['joined', (number) => ['number', number].join(' ')],
  ['as JSON', (number) => JSON.stringify({ number })],
  ['inspected', (number) => inspect({ number }, { showHidden: true, depth: 9 })],
  ['inspected in the raw', (number) => inspect(number, { customInspect: false, showHidden: true })],
  ['copied', (number) => inspect(structuredClone({ ...number }))],
  ['by its properties', (number) => JSON.stringify(Object.getOwnPropertyDescriptors(number))],
  ['in an error', (number) => inspect(new Error(String(number), { cause: number }))],
  [
    'in a log at its most talkative',
    (number) => {
      let lines = '';
      const log = pino({ level: 'trace' }, { write: (line) => void (lines += line) });
      log.trace({ number, all: [number] }, 'told %s %j %o', number, number, number);
      expect(lines).toContain('individual number');
      return lines;
    },
  ],
])('shows no digit %s', (_how, shown) => {
  expect(shown(read(DIGITS))).not.toMatch(/1234|9018|5678/);
});
