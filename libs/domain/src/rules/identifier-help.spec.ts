import * as fc from 'fast-check';
import { checkDigit } from '../identifiers/index.js';
import { evaluateRule } from './index.js';

const ask = (name: string, input: object): Record<string, any> => {
  const result = evaluateRule(name, input);
  return result.ok ? result.value : {};
};

describe('a wrong check digit', () => {
  it('names every transposition and every single digit that would make it right', () => {
    const { nearMisses } = ask('insurer-number', { insurerNumber: '06310488' });
    expect(nearMisses).toContainEqual({ kind: 'swapped-neighbours', positions: [3, 4], candidate: '06130488' });
    expect(nearMisses).toContainEqual({
      kind: 'one-digit',
      positions: [8],
      candidate: `0631048${checkDigit('0631048')}`,
    });
    for (const { candidate } of nearMisses) {
      expect(ask('insurer-number', { insurerNumber: candidate })).toMatchObject({ valid: true });
    }
  });

  it('leads back to the number of which one digit was mistyped', () => {
    fc.assert(
      fc.property(fc.nat({ max: 7 }), fc.integer({ min: 1, max: 9 }), (at, shift) => {
        const number = '06130488';
        const wrong = `${number.slice(0, at)}${(Number(number[at]) + shift) % 10}${number.slice(at + 1)}`;
        const answer = ask('insurer-number', { insurerNumber: wrong });
        expect(answer['valid']).toBe(false);
        // A slip in law code or prefecture already says what is wrong.
        const helped = answer['reason'] !== 'check_digit' || JSON.stringify(answer['nearMisses']).includes(number);
        expect([wrong, helped]).toEqual([wrong, true]);
      }),
    );
  });

  it.each([
    ['kouki-insured-number', 'insuredNumber', 7],
    ['public-expense-number', 'recipientNumber', 6],
  ] as const)('of %s, a number of one person, says where and never a number', (name, field, length) => {
    fc.assert(
      fc.property(fc.stringMatching(new RegExp(`^\\d{${length}}$`)), fc.integer({ min: 1, max: 9 }), (body, shift) => {
        const answer = ask(name, { [field]: `${body}${(checkDigit(body) + shift) % 10}` });
        expect(answer).toMatchObject({ valid: false, reason: 'check_digit' });
        expect(answer['nearMisses'].length).toBeGreaterThan(0);
        for (const near of answer['nearMisses']) expect(Object.keys(near)).toEqual(['kind', 'positions']);
        expect(JSON.stringify({ ...answer, ruleVersion: '', steps: [] })).not.toMatch(new RegExp(`\\d{${length + 1}}`));
      }),
    );
  });

  it('of an individual number gives no help at all', () => {
    expect(Object.keys(ask('my-number', { individualNumber: '123456789012' }))).toEqual([
      'valid',
      'reason',
      'ruleVersion',
      'steps',
    ]);
  });
});

describe('hints about the writing', () => {
  const hintsOf = (name: string, input: object) =>
    (ask(name, input)['hints'] ?? []).map(({ code, candidate }: Record<string, string>) =>
      candidate === undefined ? code : `${code}: ${candidate}`,
    );

  it.each([
    ['written plainly', 'insurer-number', { insurerNumber: '06130488' }, []],
    ['full width', 'insurer-number', { insurerNumber: '０６１３０４８８' }, ['full-width']],
    ['a space on the left', 'insurer-number', { insurerNumber: '  138057' }, ['spaces-around']],
    ['国保 padded with zeros', 'insurer-number', { insurerNumber: '00138057' }, ['zero-padding']],
    ['hyphens', 'insurer-number', { insurerNumber: '06-130488' }, ['separators: 06130488']],
    [
      'a zero eaten by a spreadsheet',
      'insurer-number',
      { insurerNumber: '6130488' },
      ['leading-zero-missing: 06130488'],
    ],
    [
      'the same of an institution',
      'medical-institution-code',
      { code: '110712361' },
      ['leading-zero-missing: 0110712361'],
    ],
    ['more zeros than a slip explains', 'kouki-insured-number', { insuredNumber: '18' }, []],
    ['the same of a person: no number', 'kouki-insured-number', { insuredNumber: '2345' }, ['leading-zero-missing']],
    ['no branch', 'symbol-number-branch', { scheme: 'shaho', symbol: '1', number: '2' }, ['branch-missing']],
    [
      'an empty branch',
      'symbol-number-branch',
      { scheme: 'kokuho', symbol: '1', number: '2', branch: '' },
      ['branch-missing'],
    ],
    ['a branch of one digit', 'symbol-number-branch', { scheme: 'shaho', number: '2', branch: '1' }, ['branch-padded']],
    ['a branch of two', 'symbol-number-branch', { scheme: 'shaho', number: '2', branch: '01' }, []],
    [
      'full width symbol',
      'symbol-number-branch',
      { scheme: 'shaho', symbol: '１２', number: '2', branch: '01' },
      ['full-width'],
    ],
    ['後期, which has no branch', 'symbol-number-branch', { scheme: 'kouki', number: '00000018' }, []],
  ])('%s', (_what, name, input, codes) => {
    expect(hintsOf(name, input)).toEqual(codes);
  });
});
