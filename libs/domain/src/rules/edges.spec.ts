import { readFileSync } from 'node:fs';
import { evaluateRule, RULE_NAMES } from './index.js';

const errorsOf = (name: string, input: unknown) => {
  const result = evaluateRule(name, input);
  return result.ok ? [] : result.errors.map(({ pointer, code }) => `${code} ${pointer}`);
};
const answerOf = (name: string, input: unknown): Readonly<Record<string, unknown>> => {
  const result = evaluateRule(name, input);
  return result.ok ? result.value : { errors: result.errors };
};

const employee = { scheme: 'shaho', relation: 'self', date: '2026-11-22' };
const family = { ...employee, relation: 'family', birthDate: '1954-05-05', standardMonthlyRemuneration: 200_000 };
const card = { issuedOn: '2026-11-22', birthDate: '1980-05-05' };
const history = (lostOn: string) => ({
  qualifications: [{ insurer: 'A', acquiredOn: '2026-11-22', lostOn }],
  date: '2026-11-22',
});
const year = { treatmentMonth: '2026-11', sameInsurer: true };

describe('the day or length that is exactly the line', () => {
  it.each([
    ['born on the day', 'copay-rate-shaho', { ...employee, birthDate: '2026-11-22' }, []],
    [
      'born the day after',
      'copay-rate-shaho',
      { ...employee, birthDate: '2026-11-23' },
      ['birth-after-date /birthDate'],
    ],
    ['the insured person born on the day', 'copay-rate-shaho', { ...family, insuredBirthDate: '2026-11-22' }, []],
    [
      'the insured person born the day after',
      'copay-rate-shaho',
      { ...family, insuredBirthDate: '2026-11-23' },
      ['birth-after-date /insuredBirthDate'],
    ],
    ['a qualification lost on the day acquired', 'coverage-history', history('2026-11-22'), []],
    [
      'a qualification lost the day before',
      'coverage-history',
      history('2026-11-21'),
      ['lost-before-acquired /qualifications/0/lostOn'],
    ],
    [
      'withdrawal the day before the rule',
      'voluntary-continuation',
      { withdrawalReceivedOn: '2021-12-31' },
      ['before-the-rule /withdrawalReceivedOn'],
    ],
    ['withdrawal on its first day', 'voluntary-continuation', { withdrawalReceivedOn: '2022-01-01' }, []],
    ['a card issued on the day of birth', 'card-expiry', { ...card, birthDate: '2026-11-22' }, []],
    [
      'a card issued the day before birth',
      'card-expiry',
      { ...card, birthDate: '2026-11-23' },
      ['birth-after-date /birthDate'],
    ],
    ['a card issued on the day applied for', 'card-expiry', { ...card, appliedOn: '2026-11-22' }, []],
    [
      'a card issued the day before it is applied for',
      'card-expiry',
      { ...card, appliedOn: '2026-11-23' },
      ['out-of-range /appliedOn'],
    ],
    [
      '資格確認書 for somebody born on the day',
      'kouki-shikakukakuninsho-2026-08',
      { birthDate: '2026-11-22', date: '2026-11-22' },
      [],
    ],
    [
      '資格確認書 for somebody born the day after',
      'kouki-shikakukakuninsho-2026-08',
      { birthDate: '2026-11-23', date: '2026-11-22' },
      ['birth-after-date /birthDate'],
    ],
    [
      'the rate of somebody born on the day',
      'rate-validity-period',
      { scheme: 'kokuho', birthDate: '2026-11-22', date: '2026-11-22' },
      [],
    ],
    [
      'the rate of somebody born the day after',
      'rate-validity-period',
      { scheme: 'kokuho', birthDate: '2026-11-23', date: '2026-11-22' },
      ['birth-after-date /birthDate'],
    ],
    ['a text of 50', 'insurer-number', { insurerNumber: '1'.repeat(50) }, []],
    ['a text of 51', 'insurer-number', { insurerNumber: '1'.repeat(51) }, ['out-of-range /insurerNumber']],
    ['600 months', 'kogaku-multiple-times', { ...year, paidMonths: Array(600).fill('2020-01') }, []],
    [
      '601 months',
      'kogaku-multiple-times',
      { ...year, paidMonths: Array(601).fill('2020-01') },
      ['out-of-range /paidMonths'],
    ],
    ['a body of 11 digits', 'insurer-number', { body: '12345678901' }, []],
    ['a body of 12 digits', 'insurer-number', { body: '123456789012' }, ['format /body']],
    ['a body with a sign before it', 'insurer-number', { body: '-0613048' }, ['format /body']],
    ['a body with a sign after it', 'insurer-number', { body: '0613048-' }, ['format /body']],
  ])('%s', (_what, name, input, errors) => {
    expect(errorsOf(name, input)).toEqual(errors);
  });
});

describe('an input that is no object', () => {
  const none = [null, undefined, 'scheme', 7, true, []];

  it.each(RULE_NAMES)('is refused by %s with one error of its own', (name) => {
    for (const input of none) {
      expect(evaluateRule(name, input)).toMatchObject({ ok: false, errors: [{ kind: 'shape' }] });
      expect(errorsOf(name, input)).toHaveLength(1);
    }
  });

  it('has no type, no scheme and no field that tells which way is asked', () => {
    for (const input of none) {
      expect(errorsOf('age-band', input)).toEqual(['type ']);
      expect(errorsOf('kogaku-category', input)).toEqual(['required /scheme']);
      expect(errorsOf('insurer-number', input)).toEqual(['required ']);
    }
  });
});

it.each(['toString', 'constructor', '__proto__', ['shaho'], 7])('a scheme %s is no scheme', (scheme) => {
  expect(evaluateRule('kogaku-category', { scheme, standardMonthlyRemuneration: 1, insuredNonTaxable: false })).toEqual(
    {
      ok: false,
      errors: [{ pointer: '/scheme', code: 'not-in-list', detail: 'one of shaho, kokuho', kind: 'shape' }],
    },
  );
});

it('a day that is no text is told what is expected', () => {
  const result = evaluateRule('age-band', { birthDate: 19_511_122, date: '2026-11-22' });
  expect(result.ok ? [] : result.errors).toEqual([
    { pointer: '/birthDate', code: 'type', detail: 'a date YYYY-MM-DD is expected', kind: 'shape' },
  ]);
});

it('an unknown field is named as JSON Pointer writes it', () => {
  expect(errorsOf('wareki', { date: '2026-11-22', 'a~b/c': 1 })).toContain('unknown-field /a~0b~1c');
});

it('a rule that does not exist is answered with those that do', () => {
  expect(evaluateRule('none', {})).toMatchObject({
    ok: false,
    errors: [{ pointer: '/rule', code: 'unknown-rule', detail: `one of ${RULE_NAMES.join(', ')}` }],
  });
});

describe.each(RULE_NAMES)('%s', (name) => {
  const file = readFileSync(new URL(`../../cases/${name}.json`, import.meta.url), 'utf8');
  const inputs = (JSON.parse(file) as { input: unknown }[]).map(({ input }) => input);

  it('answers with no field that has nothing to say', () => {
    for (const input of inputs) {
      const answer = answerOf(name, input);
      expect(answer).toStrictEqual(JSON.parse(JSON.stringify(answer)));
    }
  });
});

describe('which facts a document needs', () => {
  const asked = { date: '2026-11-22' };

  it.each([
    ['mynacard_registered', 'online', ['fact-needed /certificate']],
    ['mynacard_registered', 'any', ['fact-needed /certificate']],
    ['mynacard_registered', 'down', []],
    ['mynacard_unregistered', 'online', ['fact-needed /certificate']],
    ['mynacard_unregistered', 'any', ['fact-needed /certificate']],
    ['mynacard_unregistered', 'down', []],
    ['smartphone_registered', 'online', []],
    ['shikaku_kakuninsho', 'online', ['fact-needed /validTo']],
    ['shikaku_shomeisho', 'online', ['fact-needed /validTo']],
    ['shikaku_joho_oshirase', 'online', []],
    ['none', 'any', []],
  ])('%s with the reader %s', (document, reader, errors) => {
    expect(errorsOf('document-decision', { ...asked, document, reader })).toEqual(errors);
  });
});

describe('the writing of a number', () => {
  it('the number that would be right stands only beside what is wrong', () => {
    const { hints } = answerOf('insurer-number', { insurerNumber: '０６１３-０４８８' });
    expect(hints).toEqual([
      expect.not.objectContaining({ candidate: '06130488' }),
      expect.objectContaining({ code: 'separators', candidate: '06130488' }),
    ]);
  });

  it('of a number that belongs to one person is told without the number', () => {
    const { hints } = answerOf('public-expense-number', { recipientNumber: '123-4566' });
    expect(hints).toEqual([expect.objectContaining({ code: 'separators' })]);
    expect(hints).not.toEqual([expect.objectContaining({ candidate: expect.anything() })]);
    expect(hints).toStrictEqual(JSON.parse(JSON.stringify(hints)));
  });

  it.each([
    ['法別番号', '96130488', 'law_code'],
    ['digits', '0613048', 'format'],
  ])(
    'a number wrong by its %s has no near misses, though one digit more or other would make it right',
    (_what, insurerNumber, reason) => {
      expect(answerOf('insurer-number', { insurerNumber })).toMatchObject({ valid: false, reason });
      expect(answerOf('insurer-number', { insurerNumber })).not.toHaveProperty('nearMisses');
    },
  );
});

describe('記号・番号・枝番', () => {
  const letters = { symbol: 'ABC', number: '1', branch: '01' };
  const noSymbol = { valid: false, reason: 'symbol is 7-8 digits' };

  it.each([
    ['協会けんぽ by its name', { scheme: 'kyokai', ...letters }, noSymbol],
    ['協会けんぽ by its number', { scheme: 'shaho', insurerNumber: '01130012', ...letters }, noSymbol],
    ['協会けんぽ, symbol of 6 digits', { scheme: 'kyokai', ...letters, symbol: '123456' }, noSymbol],
    ['協会けんぽ, symbol of 7 digits', { scheme: 'kyokai', ...letters, symbol: '1234567' }, { valid: true }],
    ['協会けんぽ, symbol of 8 digits', { scheme: 'kyokai', ...letters, symbol: '12345678' }, { valid: true }],
    ['協会けんぽ, symbol of 9 digits', { scheme: 'kyokai', ...letters, symbol: '123456789' }, noSymbol],
    ['協会けんぽ without a symbol', { scheme: 'kyokai', number: '1', branch: '01' }, { valid: true }],
    ['another union', { scheme: 'shaho', insurerNumber: '06130488', ...letters }, { valid: true }],
    ['a number with 01 inside', { scheme: 'shaho', insurerNumber: '901130012', ...letters }, { valid: true }],
    ['a number that goes on after 01', { scheme: 'shaho', insurerNumber: '011300129', ...letters }, { valid: true }],
    ['a number not told', { scheme: 'shaho', ...letters }, { valid: true }],
  ])('%s', (_what, input, expected) => {
    expect(answerOf('symbol-number-branch', input)).toMatchObject(expected);
  });

  it('a branch is missing only beside a number', () => {
    expect(answerOf('symbol-number-branch', { scheme: 'shaho', symbol: '1' })).not.toHaveProperty('hints');
    expect(answerOf('symbol-number-branch', { scheme: 'shaho', symbol: '1', number: '1' })).toMatchObject({
      hints: [{ code: 'branch-missing' }],
    });
  });

  it.each([{ scheme: 'kouki' }, { scheme: 'shaho' }, { scheme: 'shaho', branch: '01' }])(
    'what is not told of %o is not in the answer',
    (input) => {
      const answer = answerOf('symbol-number-branch', input);
      expect(answer).toMatchObject({ valid: true });
      expect(answer).toStrictEqual(JSON.parse(JSON.stringify(answer)));
    },
  );
});

describe('a category that has no limit of 多数回該当 has no step of it', () => {
  it.each([
    ['低所得II', '自己負担限度額'],
    ['一般', '多数回該当の限度額'],
  ])('%s', (category, name) => {
    const input = { treatmentMonth: '2026-07', category, totalCostYen: 1_000_000, multipleTimes: true };
    const { steps } = answerOf('kogaku-over70', input);
    expect(steps).toContainEqual(expect.objectContaining({ rule: name }));
  });
});

describe('the planned table beside a household', () => {
  const items = [{ age: 'u70', person: 'a', setting: 'in', cost: 1_000_000, percent: 30 }];
  const household = { treatmentMonth: '2027-09', category: 'ウ', items };

  it('says what it needs where the class cannot be told, and the amounts where it can', () => {
    const { planned } = answerOf('kogaku-household', household);
    expect(planned).toMatchObject({ tableEffectiveFrom: '2027-08', needed: ['standardMonthlyRemuneration'] });
    expect(planned).not.toHaveProperty('paidYen');
    const told = answerOf('kogaku-household', { ...household, standardMonthlyRemuneration: 380_000 });
    expect(told['planned']).toMatchObject({ tableEffectiveFrom: '2027-08', paidYen: 300_000 });
    expect(told['planned']).not.toHaveProperty('needed');
  });

  it('names the categories whose class cannot be told', () => {
    const both = [...items, { ...items[0], age: 'o70', person: 'b', percent: 20 }];
    const mixed = {
      ...household,
      category: 'エ',
      category70: '一般',
      standardMonthlyRemuneration: 380_000,
      items: both,
    };
    expect(answerOf('kogaku-household', mixed)['planned']).toMatchObject({
      why: { ja: expect.stringContaining('区分エと区分一般の範囲にない') },
    });
    const late = {
      treatmentMonth: '2027-09',
      category: '一般II',
      totalCostYen: 1,
      standardMonthlyRemuneration: 200_000,
    };
    expect(answerOf('kogaku-over70', late)['planned']).toMatchObject({
      why: { ja: expect.stringMatching(/^区分一般IIの階層/u) },
    });
  });

  it('is not there before its month, or where there are no tables', () => {
    expect(answerOf('kogaku-household', { ...household, treatmentMonth: '2027-07' })).not.toHaveProperty('planned');
    const nobody = answerOf('kogaku-household', { treatmentMonth: '2014-12', items: [] });
    expect(nobody).toMatchObject({ finalBurden: 0 });
    expect(nobody).not.toHaveProperty('planned');
  });
});

it.each([
  ['u70', 'category', 'ウ', 380_000, { category70: '一般' }],
  ['o70', 'category70', '低所得I', 200_000, { category: 'ウ' }],
])(
  'a planned table asks of a household of %s for no class of an age that nobody has',
  (age, field, category, pay, other) => {
    const items = [{ age, person: 'a', setting: 'in', cost: 1_000_000, percent: 20 }];
    const own = { treatmentMonth: '2027-09', [field]: category, standardMonthlyRemuneration: pay, items };
    const { planned } = answerOf('kogaku-household', own);
    expect(planned).toHaveProperty('refundTotal');
    expect(answerOf('kogaku-household', { ...own, ...other })['planned']).toEqual(planned);
  },
);

describe('what a step says', () => {
  const saysOf = (name: string, input: unknown): string => JSON.stringify(answerOf(name, input)['steps']);

  it.each([
    ['健保', { scheme: 'shaho', standardMonthlyRemuneration: 830_000, insuredNonTaxable: true }, true],
    ['健保, not 非課税', { scheme: 'shaho', standardMonthlyRemuneration: 830_000, insuredNonTaxable: false }, false],
    ['国保', { scheme: 'kokuho', kyuTadashigakiIncome: 9_010_001, householdNonTaxable: true }, true],
    ['国保, not 非課税', { scheme: 'kokuho', kyuTadashigakiIncome: 9_010_001, householdNonTaxable: false }, false],
  ])('%s: whether 非課税 gave way to the category', (_what, input, said) => {
    expect(saysOf('kogaku-category', input).includes('住民税非課税よりも優先')).toBe(said);
  });

  it.each([
    [true, '認定があるため、3割でなく2割'],
    [false, '認定がない'],
    [undefined, '認定が入力されていないため'],
  ])('基準収入額適用 %s', (incomeExemptionGranted, words) => {
    const input = {
      ...employee,
      birthDate: '1954-05-05',
      standardMonthlyRemuneration: 280_000,
      incomeExemptionGranted,
    };
    expect(saysOf('copay-rate-shaho', input)).toContain(words);
  });

  it.each([
    ['低II', '1食 260円から270円の見込み'],
    ['難病', '"金額が公表資料で確認できない"'],
  ])('a meal of %s, whose amount is not published', (mealClass, words) => {
    expect(saysOf('meal-copay', { date: '2026-06-01', class: mealClass, meals: 1 })).toContain(words);
  });
});
