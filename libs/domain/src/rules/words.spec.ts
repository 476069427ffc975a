import { readdirSync, readFileSync } from 'node:fs';
import { FALLBACK_DOCUMENTS, SITUATION_ROWS } from '../presentation/index.js';
import { MORE_INPUTS } from './explained.fixture.js';
import { evaluateRule } from './index.js';

/*
 * What a clerk shows a patient is Japanese: no code of ours, no English, no amount or day as a machine writes it. Asked of every
 * golden case and of the inputs that reach what no golden case does.
 */
const folder = new URL('../../cases/', import.meta.url);
const rules = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.replace('.json', ''));

interface Text {
  readonly where: string;
  readonly text: string;
  readonly input: unknown;
}

const inputsOf = (rule: string): readonly unknown[] => [
  ...(JSON.parse(readFileSync(new URL(`${rule}.json`, folder), 'utf8')) as { readonly input: unknown }[]).map(
    ({ input }) => input,
  ),
  ...(MORE_INPUTS[rule] ?? []).map(([, input]) => input),
];

/** Every `ja` in an answer, however deep. */
const japaneseIn = (value: unknown, where: string): readonly (readonly [string, string])[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'ja' && typeof inner === 'string'
      ? [[`${where}.ja`, inner] as const]
      : japaneseIn(inner, `${where}.${key}`),
  );
};

const answersOf = (rule: string) =>
  inputsOf(rule).flatMap((input) => {
    const result = evaluateRule(rule, input);
    return result.ok ? [{ input, value: result.value }] : [];
  });

const textsOf = (rule: string): readonly Text[] =>
  answersOf(rule).flatMap(({ input, value }) => [
    ...value.steps.flatMap((step) => [
      { where: 'rule', text: step.rule, input },
      { where: 'detail', text: step.detail, input },
    ]),
    ...japaneseIn(value, 'answer').map(([where, text]) => ({ where, text, input })),
  ]);

const sourcesOf = (rule: string): readonly string[] =>
  answersOf(rule).flatMap(({ value }) => value.steps.map(({ source }) => source));

const WORDS = /[A-Za-z][A-Za-z_-]*/gu;
/** Roman numerals of the categories, and names that Japanese itself writes in Latin letters. */
const LATIN = new Set(['I', 'II', 'III', 'PDF', 'NFKC', 'HIV']);
/** What a source is called where it is kept. */
const LATIN_IN_SOURCES = new Set([
  ...LATIN,
  'pdf',
  'newpage_',
  'medical',
  'com',
  'html',
  'wic-net',
  'JP',
  'FHIR',
  'eClaim',
  'Unicode',
  'UAX',
]);

/** The names that the caller gave to people, and a code that was asked about, come back as they were given. */
const givenIn = (input: unknown): ReadonlySet<string> => {
  const { items, code } = input as { items?: readonly { person?: string }[]; code?: string };
  return new Set([
    ...(items ?? []).flatMap(({ person }) => person ?? []),
    ...(typeof code === 'string' ? [...code.matchAll(WORDS)].map(([word]) => word) : []),
  ]);
};

const foreign = (text: string, allowed: ReadonlySet<string>): readonly string[] =>
  [...text.matchAll(WORDS)].map(([word]) => word).filter((word) => !allowed.has(word));

describe.each(rules)('the words of %s', (rule) => {
  const texts = textsOf(rule);

  it('are there', () => {
    expect(texts.filter(({ text }) => text.trim() === '')).toEqual([]);
    expect(answersOf(rule).filter(({ value }) => value.steps.length === 0)).toEqual([]);
  });

  it('are Japanese, but for names that are not', () => {
    const english = texts.filter(({ text, input }) => foreign(text, new Set([...LATIN, ...givenIn(input)])).length > 0);
    expect(english).toEqual([]);
    expect(sourcesOf(rule).filter((source) => foreign(source, LATIN_IN_SOURCES).length > 0)).toEqual([]);
  });

  it('say amounts as 92,940円 and days as 2026年8月1日', () => {
    // Four digits in a row are a year or a part of what the caller wrote; an amount has its comma by then.
    const bare = texts.filter(({ text }) => /\d{4,}(?!年|\d)|\d\s+円|\d{4}-\d\d|,\d{1,2}(?!\d)/u.test(text));
    expect(bare).toEqual([]);
  });

  it('fit what the contract says of them', () => {
    for (const { value } of answersOf(rule)) {
      for (const step of value.steps) {
        expect(step.rule.length).toBeLessThanOrEqual(100);
        expect(step.detail.length).toBeLessThanOrEqual(500);
        expect(step.source.length).toBeLessThanOrEqual(200);
      }
    }
  });
});

it('every situation and fallback is told in Japanese, reached by an input or not', () => {
  const rows = [...Object.values(SITUATION_ROWS).flat(), ...FALLBACK_DOCUMENTS];
  const english = rows.flatMap((row) => [
    ...japaneseIn(row, 'row').filter(
      ([, text]) => foreign(text, LATIN).length > 0 || /\d{4}-\d\d-\d\d(?!\d)/u.test(text),
    ),
    ...(foreign(row.source, LATIN_IN_SOURCES).length > 0 ? [['source', row.source] as const] : []),
  ]);
  expect(english).toEqual([]);
});
