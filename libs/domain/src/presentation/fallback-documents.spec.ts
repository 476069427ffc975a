import { civilDate } from '../calendar/index.js';
import { FALLBACK_DOCUMENTS, fallbackDocumentsOn } from './index.js';

const codes = (on: string): readonly string[] => fallbackDocumentsOn(civilDate(on)).map(({ code }) => code);

it.each([
  ['the last day of the old cards', '2025-12-01', true],
  ['the day after', '2025-12-02', false],
])('asks for the insurance card on %s: %s', (_when, on, asked) => {
  expect(codes(on).includes('insurance-card')).toBe(asked);
});

it.each([
  ['the day before the certificate exists', '2024-12-01', false],
  ['the day it begins', '2024-12-02', true],
])('asks for the qualification certificate on %s: %s', (_when, on, asked) => {
  expect(codes(on).includes('qualification-certificate')).toBe(asked);
  expect(codes(on).includes('card-with-qualification-notice')).toBe(asked);
});

it('ends with the only thing that does not make the visit insured', () => {
  const today = fallbackDocumentsOn(civilDate('2026-11-22'));
  expect(today.at(-1)?.code).toBe('full-charge-then-refund');
  expect(today.filter((document) => !document.insured)).toHaveLength(1);
});

it('says everything in two languages, with a source', () => {
  for (const { name, clerk, source } of FALLBACK_DOCUMENTS) {
    for (const text of [name.ja, name.en, clerk.ja, clerk.en, source]) expect(text.length).toBeGreaterThan(3);
  }
});
