import { checkDigit, nearMisses, normaliseSymbol, parsePayerNumber } from './index.js';

it('tries every pair of neighbours that differ, and every other digit in every place', () => {
  const found = nearMisses('1121', () => true);
  expect(found.filter(({ kind }) => kind === 'swapped-neighbours')).toEqual([
    { kind: 'swapped-neighbours', positions: [2, 3], candidate: '1211' },
    { kind: 'swapped-neighbours', positions: [3, 4], candidate: '1112' },
  ]);
  const changed = found.filter(({ kind }) => kind === 'one-digit');
  expect(changed).toHaveLength(4 * 9);
  expect(changed.map(({ candidate }) => candidate)).not.toContain('1121');
  expect(changed.at(0)).toEqual({ kind: 'one-digit', positions: [1], candidate: '0121' });
  expect(changed.at(-1)).toEqual({ kind: 'one-digit', positions: [4], candidate: '1129' });
});

it.each([
  ['09', { ok: false, reason: 'law_code', detail: '09 is not a 法別番号 of public expense' }],
  ['10', { ok: true }],
])('法別番号 %s', (law, read) => {
  const body = `${law}13001`;
  expect(parsePayerNumber(`${body}${checkDigit(body)}`)).toMatchObject(read);
});

it('reads a run of spaces inside a symbol as one', () => {
  expect(normaliseSymbol('A  \t1')).toBe('A 1');
});
