import { readFileSync } from 'node:fs';

import { RULE_NAMES, RULE_VERSION, type RuleName } from '@app/domain';

import { CANARY, expectProblem } from './support/problem.js';
import { World, type Reply } from './support/world.js';

interface GoldenCase {
  readonly id: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly expected: Readonly<Record<string, unknown>>;
  readonly certainty: 'certain' | 'likely' | 'uncertain';
}

/** Which call serves which case file, as api.md §7 has it; written out, so that nothing drops out of the table unseen. */
const CALLS = {
  'copay-rate-determinations': [
    'age-band',
    'age-reached',
    'copay-rate-kokuho70',
    'copay-rate-kouki',
    'copay-rate-shaho',
    'elderly-boundaries',
    'kouki-2wari-transition',
    'preschool-boundary',
    'rate-validity-period',
  ],
  'cost-limit-calculations': [
    'kogaku-75th-month',
    'kogaku-annual-cap',
    'kogaku-category',
    'kogaku-category-over70',
    'kogaku-household',
    'kogaku-multiple-times',
    'kogaku-outpatient-year',
    'kogaku-over70',
    'kogaku-table-selection',
    'kogaku-under70',
    'kogaku-under70-from-2027-08',
    'low-income-1-pension',
    'specified-disease',
    'standard-remuneration-grade',
  ],
  'window-charges': ['window-rounding'],
  'meal-charges': ['meal-copay'],
  'presentation-assessments': [
    'claim-fallback',
    'claim-special-note',
    'document-decision',
    'kouki-shikakukakuninsho-2026-08',
  ],
  'identifier-validations': [
    'insurer-number',
    'kouki-insured-number',
    'medical-institution-code',
    'public-expense-number',
    'symbol-number-branch',
  ],
} as const satisfies Readonly<Record<string, readonly RuleName[]>>;
type Call = keyof typeof CALLS;

const calls = Object.keys(CALLS) as Call[];
const rows = calls.flatMap((call) => CALLS[call].map((rule) => [rule, call] as const));

const golden = (rule: string): readonly GoldenCase[] =>
  JSON.parse(readFileSync(new URL(`../libs/domain/cases/${rule}.json`, import.meta.url), 'utf8')) as GoldenCase[];

/** Prose may read otherwise; everything else is exact. */
const isProse = (key: string, value: unknown): boolean =>
  ['condition', 'error', 'meaning'].includes(key) || (key === 'reason' && String(value).includes(' '));
const exact = ({ expected }: GoldenCase): Record<string, unknown> =>
  Object.fromEntries(Object.entries(expected).filter(([key, value]) => !isProse(key, value)));

type Fault = readonly [pointer: string, code: string];

describe('the calculators', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({ name: 'calculators', population: 0 });
  });
  afterAll(() => world.close());

  const ask = (call: Call, body: unknown, client = 'demo-clinic'): Promise<Reply> =>
    world.call('POST', `/v1/${call}`, { body, client });

  /** A problem without a figure that names these fields. */
  const expectFaults = (reply: Reply, code: 'invalid-request' | 'rule-refused', faults: readonly Fault[]): void => {
    const problem = expectProblem(reply, code);
    const errors = problem['errors'] as { pointer: string; code: string; detail: string }[];
    expect(errors.map(({ pointer, code: fault }) => [pointer, fault])).toEqual(faults);
    for (const { detail } of errors) expect(detail.length).toBeGreaterThan(5);
    for (const { detail } of errors) expect(detail.length).toBeLessThanOrEqual(500);
    for (const field of ['limitYen', 'copayPercent', 'valid', 'steps', 'ruleVersion'])
      expect(problem).not.toHaveProperty(field);
  };

  describe('every golden case', () => {
    describe.each(rows)('%s', (rule, call) => {
      const cases = golden(rule);
      const refused = cases.filter(({ expected }) => 'error' in expected);
      const answered = cases.filter((one) => one.certainty !== 'uncertain' && !refused.includes(one));

      it.each(answered.map((one) => [one.id, one] as const))('%s', async (_id, one) => {
        const reply = await ask(call, { rule, input: one.input });
        expect(reply.status).toBe(200);
        expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8');
        expect(reply.headers.get('cache-control')).toBe('no-store');
        const expected = exact(one);
        expect(Object.fromEntries(Object.keys(expected).map((key) => [key, reply.body[key]]))).toEqual(expected);
        expect(reply.body).toMatchObject({ rule, ruleVersion: RULE_VERSION });
        expect(reply.body['steps'].length).toBeGreaterThan(0);
        for (const step of reply.body['steps']) {
          expect(step).toMatchObject({ rule: expect.any(String), detail: expect.any(String), source: /./ });
        }
      });

      it('what should be refused is 422, without a number', async () => {
        for (const { input } of refused) expectProblem(await ask(call, { rule, input }), 'rule-refused');
        expect(answered.length + refused.length).toBeGreaterThan(0);
      });
    });
  });

  describe('which rules a call serves', () => {
    it('every rule of a golden file whose name begins with kogaku- or copay-rate-', () => {
      const served: readonly string[] = rows.map(([rule]) => rule);
      expect(RULE_NAMES.filter((name) => /^(kogaku|copay-rate)-/.test(name) && !served.includes(name))).toEqual([]);
    });

    it.each(calls)('%s names its own for another', async (call) => {
      for (const rule of ['my-number', 'loss-date', 'no-such-rule', 'constructor', CANARY, '', 'Window-Rounding']) {
        const reply = await ask(call, { rule, input: {} });
        expectFaults(reply, 'invalid-request', [['/rule', 'enum']]);
        for (const own of CALLS[call]) expect(reply.body['errors'][0].detail).toContain(own);
      }
    });

    it('no call serves a rule of another', async () => {
      const replies = await Promise.all(
        calls.flatMap((call) =>
          rows.filter(([, own]) => own !== call).map(([rule]) => ask(call, { rule, input: golden(rule)[0]?.input })),
        ),
      );
      expect(replies).toHaveLength(rows.length * (calls.length - 1));
      for (const reply of replies) expectFaults(reply, 'invalid-request', [['/rule', 'enum']]);
    });

    it.each([
      ['window-charges', { points: 291, copayPercent: 30 }, { rule: 'window-rounding', chargedYen: 870 }],
      ['meal-charges', { date: '2026-05-31', class: '一般', meals: 3 }, { rule: 'meal-copay', perMealYen: 510 }],
    ] as const)('%s, which serves one, needs no rule', async (call, input, expected) => {
      expect((await ask(call, { input })).body).toMatchObject(expected);
    });

    it.each(calls.filter((call) => CALLS[call].length > 1))('%s needs one', async (call) => {
      expectFaults(await ask(call, { input: {} }), 'invalid-request', [
        ['/rule', call === 'identifier-validations' ? 'enum' : 'required'],
      ]);
    });
  });

  describe.each(calls)('%s: the envelope', (call) => {
    const rule = CALLS[call][0];
    const input = golden(rule)[0]?.input ?? {};

    it.each<[string, unknown, readonly Fault[]]>([
      ['nothing', undefined, [['', 'type']]],
      ['a list', [], [['', 'type']]],
      ['null', 'null', [['', 'type']]],
      ['no input', { rule }, [['/input', 'required']]],
      ['input null', { rule, input: null }, [['/input', 'type']]],
      ['input a list', { rule, input: [] }, [['/input', 'type']]],
      ['input a text', { rule, input: CANARY }, [['/input', 'type']]],
      [
        'rule a number',
        { rule: 1, input },
        [
          ['/rule', 'type'],
          ['/rule', 'enum'],
        ],
      ],
      [
        'rule null',
        { rule: null, input },
        [
          ['/rule', 'type'],
          ['/rule', 'enum'],
        ],
      ],
      ['a field beside them', { rule, input, dryRun: CANARY }, [['/dryRun', 'unknown-field']]],
    ])('%s is 400', async (_what, body, faults) => {
      expectFaults(await ask(call, body), 'invalid-request', faults);
    });

    it('a field the rule does not know is 400, with names that are names', async () => {
      expectFaults(await ask(call, { rule, input: { ...input, colour: CANARY } }), 'invalid-request', [
        ['/input/colour', 'unknown-field'],
      ]);
      for (const name of ['123456789018', `<${CANARY}>`, 'a/b', '~'])
        expectFaults(await ask(call, { rule, input: { ...input, [name]: 1 } }), 'invalid-request', [
          ['/input/?', 'unknown-field'],
        ]);
    });

    it('a flood of unknown fields is 400 with twenty of them', async () => {
      const flood = Object.fromEntries(Array.from({ length: 3000 }, (_, n) => [`f${n}`, n]));
      const reply = await ask(call, { rule, input: { ...input, ...flood } });
      expect(expectProblem(reply, 'invalid-request')['errors']).toHaveLength(20);
    });

    it('lists within lists are 400', async () => {
      const nested = `${'['.repeat(25_000)}${']'.repeat(25_000)}`;
      const good = JSON.stringify({ rule, input });
      const reply = await ask(call, `${good.slice(0, -2)},"x":${nested}}}`);
      expectFaults(reply, 'invalid-request', [['/input/x', 'unknown-field']]);
    });

    it('is 403 without the scope, 401 without a token, 405 for another method, and looks at nothing before', async () => {
      const denied = await ask(call, { rule: CANARY }, 'demo-operator');
      expectProblem(denied, 'scope-missing');
      expect(denied.headers.get('www-authenticate')).toContain('scope="rules:calculate"');
      expectProblem(await world.call('POST', `/v1/${call}`, { body: {}, client: null }), 'token-missing');
      expectProblem(await world.call('GET', `/v1/${call}`), 'method-not-allowed');
      expect((await ask(call, { rule, input }, 'demo-insurer')).status).toBe(200);
      expect((await ask(call, { rule, input }, 'demo-pharmacy')).status).toBe(200);
    });
  });

  describe('what a rule refuses is 422 and names the field and the rule', () => {
    it.each<[string, Call, RuleName, object, Fault]>([
      [
        'a birth date in the future',
        'copay-rate-determinations',
        'age-band',
        { birthDate: '2026-11-23', date: '2026-11-22' },
        ['/input/birthDate', 'birth-after-date'],
      ],
      [
        'the same at 健保',
        'copay-rate-determinations',
        'copay-rate-shaho',
        { scheme: 'shaho', relation: 'self', birthDate: '2027-01-01', date: '2026-11-22' },
        ['/input/birthDate', 'birth-after-date'],
      ],
      [
        'the same of a document',
        'presentation-assessments',
        'kouki-shikakukakuninsho-2026-08',
        { birthDate: '2026-11-23', date: '2026-11-22' },
        ['/input/birthDate', 'birth-after-date'],
      ],
      [
        'a category that does not exist under 70',
        'cost-limit-calculations',
        'kogaku-under70',
        { treatmentMonth: '2026-11', category: '一般', totalCostYen: 1 },
        ['/input/category', 'category-not-for-age'],
      ],
      [
        'a category that does not exist from 70',
        'cost-limit-calculations',
        'kogaku-over70',
        { treatmentMonth: '2026-11', category: 'ウ', totalCostYen: 1 },
        ['/input/category', 'category-not-for-age'],
      ],
      [
        'a category that does not exist for the claim',
        'presentation-assessments',
        'claim-special-note',
        { ageGroup: 'under70', category: '低所得I' },
        ['/input/category', 'category-not-for-age'],
      ],
      [
        'a month before the first table',
        'cost-limit-calculations',
        'kogaku-under70',
        { treatmentMonth: '2014-12', category: 'ウ', totalCostYen: 1 },
        ['/input/treatmentMonth', 'before-first-table'],
      ],
      [
        'a month before the first table of 70 and over',
        'cost-limit-calculations',
        'kogaku-over70',
        { treatmentMonth: '2014-12', category: '一般', totalCostYen: 1 },
        ['/input/treatmentMonth', 'before-first-table'],
      ],
      [
        'a household of that month',
        'cost-limit-calculations',
        'kogaku-household',
        {
          treatmentMonth: '2014-12',
          category: 'ウ',
          items: [{ age: 'u70', person: 'A', setting: 'in', cost: 1, percent: 30 }],
        },
        ['/input/treatmentMonth', 'before-first-table'],
      ],
      [
        'a meal before the first table',
        'meal-charges',
        'meal-copay',
        { date: '2016-03-31', class: '一般', meals: 3 },
        ['/input/date', 'before-first-table'],
      ],
      [
        'a fourth meal',
        'meal-charges',
        'meal-copay',
        { date: '2026-11-22', class: '一般', meals: 4 },
        ['/input/meals', 'too-many-meals'],
      ],
      [
        'a document whose last day is not said',
        'presentation-assessments',
        'document-decision',
        { document: 'shikaku_kakuninsho', reader: 'any', date: '2026-11-22' },
        ['/input/validTo', 'fact-needed'],
      ],
    ])('%s', async (_what, call, rule, input, fault) => {
      const reply = await ask(call, { rule, input });
      expectFaults(reply, 'rule-refused', [fault]);
      expect(reply.body['detail']).toContain(rule);
    });
  });

  describe('what has another shape is 400 and names the field', () => {
    it.each<[string, Call, RuleName, object, readonly Fault[]]>([
      [
        'a day that does not exist',
        'copay-rate-determinations',
        'age-band',
        { birthDate: '2026-02-30', date: '2026-11-22' },
        [['/input/birthDate', 'format']],
      ],
      [
        'null where a date is needed',
        'copay-rate-determinations',
        'age-band',
        { birthDate: null, date: '2026-11-22' },
        [['/input/birthDate', 'required']],
      ],
      [
        'everything wrong at once',
        'cost-limit-calculations',
        'kogaku-under70',
        { treatmentMonth: '2026-13', category: CANARY, totalCostYen: '1', x: CANARY },
        [
          ['/input/x', 'unknown-field'],
          ['/input/treatmentMonth', 'format'],
          ['/input/category', 'not-in-list'],
          ['/input/totalCostYen', 'type'],
        ],
      ],
      [
        'deep in a list',
        'cost-limit-calculations',
        'kogaku-household',
        { treatmentMonth: '2026-11', items: [{ age: 'u70', person: 'A', setting: 'in', cost: -1, percent: 15 }] },
        [
          ['/input/items/0/cost', 'out-of-range'],
          ['/input/items/0/percent', 'not-in-list'],
        ],
      ],
      [
        'half a point',
        'window-charges',
        'window-rounding',
        { points: 0.5, copayPercent: 30 },
        [['/input/points', 'type']],
      ],
      [
        'a rate as text',
        'window-charges',
        'window-rounding',
        { points: 1, copayPercent: '30' },
        [['/input/copayPercent', 'not-in-list']],
      ],
      ['no meals', 'meal-charges', 'meal-copay', { date: '2026-11-22', class: '一般' }, [['/input/meals', 'required']]],
      [
        'an unknown document',
        'presentation-assessments',
        'document-decision',
        { document: CANARY, reader: 'any', date: '2026-11-22' },
        [['/input/document', 'not-in-list']],
      ],
      [
        'a number that is a number',
        'identifier-validations',
        'insurer-number',
        { insurerNumber: 6_130_488 },
        [['/input/insurerNumber', 'type']],
      ],
      [
        'a number of a thousand digits',
        'identifier-validations',
        'medical-institution-code',
        { code: '1'.repeat(1000) },
        [['/input/code', 'out-of-range']],
      ],
      ['no number', 'identifier-validations', 'public-expense-number', {}, [['/input', 'required']]],
    ])('%s', async (_what, call, rule, input, faults) => {
      const reply = await ask(call, { rule, input });
      expectFaults(reply, 'invalid-request', faults);
      expect(reply.text).not.toMatch(/2026-02-30|2026-13|6130488|1{20}/);
    });

    it('null is absent wherever a field may be', async () => {
      const bare = { treatmentMonth: '2026-11', category: 'ウ', totalCostYen: 1_000_000 };
      const replies = await Promise.all([
        ask('cost-limit-calculations', { rule: 'kogaku-under70', input: bare }),
        ask('cost-limit-calculations', { rule: 'kogaku-under70', input: { ...bare, multipleTimes: null } }),
      ]);
      expect(replies.map(({ body }) => body['limitYen'])).toEqual([92_940, 92_940]);
      expect(replies[0]?.text).toBe(replies[1]?.text);
    });
  });

  describe('identifier-validations by kind and value', () => {
    const validate = (kind: string, value: unknown) => ask('identifier-validations', { kind, value });

    it.each<[string, unknown, object]>([
      ['insurer-number', '06130488', { valid: true, lawCode: '06', prefecture: '13', insurer: '048', checkDigit: 8 }],
      ['insurer-number', '138057', { valid: true, scheme: 'kokuho', canonical: '138057' }],
      ['medical-institution-code', '3410712362', { valid: true, prefecture: '34', feeTable: 'medical' }],
      ['public-expense-number', '88138243', { valid: true, lawCode: '88' }],
      ['public-expense-recipient-number', '0000018', { valid: true, checkDigit: 8 }],
      ['kouki-insured-number', '00000018', { valid: true, checkDigit: 8 }],
      [
        'symbol-number-branch',
        { scheme: 'shaho', symbol: '12', number: '34', branch: '1' },
        { valid: true, branch: '01', hints: [{ code: 'branch-padded' }] },
      ],
    ])('%s %j', async (kind, value, expected) => {
      const reply = await validate(kind, value);
      expect(reply.status).toBe(200);
      expect(reply.body).toMatchObject({ ruleVersion: RULE_VERSION, ...expected });
    });

    it('a wrong check digit comes with the slips that would explain it', async () => {
      const { body } = await validate('insurer-number', '06310488');
      expect(body).toMatchObject({ valid: false, reason: 'check_digit' });
      expect(body['nearMisses']).toContainEqual({
        kind: 'swapped-neighbours',
        positions: [3, 4],
        candidate: '06130488',
      });
      expect(body['nearMisses'].filter(({ kind }: { kind: string }) => kind === 'one-digit')).not.toEqual([]);
    });

    it.each([
      ['full width', '０６１３０４８８', 'full-width', true],
      ['国保 padded with zeros', '00138057', 'zero-padding', true],
      ['国保 padded with spaces', '  138057', 'spaces-around', true],
      ['a zero that a spreadsheet ate', '6130488', 'leading-zero-missing', false],
      ['a hyphen', '0613-0488', 'separators', false],
    ])('says that there is %s', async (_what, value, code, valid) => {
      const { body } = await validate('insurer-number', value);
      expect(body).toMatchObject({ valid, hints: [{ code, ja: expect.any(String), en: expect.any(String) }] });
    });

    it('says that the branch is missing', async () => {
      const { body } = await validate('symbol-number-branch', { scheme: 'kokuho', symbol: '1', number: '2' });
      expect(body).toMatchObject({ valid: true, hints: [{ code: 'branch-missing' }] });
    });

    it.each([
      ['kouki-insured-number', '12345678'],
      ['public-expense-recipient-number', '1234567'],
    ])('never gives another person’s %s', async (kind, value) => {
      const { body } = await validate(kind, value);
      expect(body).toMatchObject({ valid: false, reason: 'check_digit' });
      expect(body['nearMisses'].length).toBeGreaterThan(0);
      for (const near of body['nearMisses']) expect(Object.keys(near).toSorted()).toEqual(['kind', 'positions']);
    });

    it.each<[string, object, readonly Fault[]]>([
      ['an individual number', { kind: 'my-number', value: '123456789018' }, [['/kind', 'enum']]],
      ['the same by rule', { rule: 'my-number', input: { individualNumber: '123456789018' } }, [['/rule', 'enum']]],
      ['an unknown kind', { kind: CANARY, value: '1' }, [['/kind', 'enum']]],
      ['a kind every object has', { kind: 'constructor', value: '1' }, [['/kind', 'enum']]],
      ['no kind', { value: '1' }, [['/kind', 'required']]],
      ['no value', { kind: 'insurer-number' }, [['/value', 'required']]],
      ['value null', { kind: 'insurer-number', value: null }, [['/value', 'required']]],
      ['a value that is a number', { kind: 'insurer-number', value: 6_130_488 }, [['/value', 'type']]],
      ['a value too long', { kind: 'insurer-number', value: '1'.repeat(51) }, [['/value', 'out-of-range']]],
      ['parts as text', { kind: 'symbol-number-branch', value: CANARY }, [['/value', 'type']]],
      [
        'a part of another type',
        { kind: 'symbol-number-branch', value: { scheme: 'shaho', branch: 1 } },
        [['/value/branch', 'type']],
      ],
      ['both ways at once', { kind: 'insurer-number', value: '1', rule: 'insurer-number' }, [['', 'exactly-one-of']]],
      ['neither', {}, [['/rule', 'enum']]],
    ])('%s is 400', async (_what, body, faults) => {
      const reply = await ask('identifier-validations', body);
      expectFaults(reply, 'invalid-request', faults);
      expect(reply.text).not.toMatch(/123456789018|6130488/);
    });
  });

  describe('planned tables', () => {
    it('answer with what is announced, and say so', async () => {
      const { body } = await ask('cost-limit-calculations', {
        rule: 'kogaku-under70-from-2027-08',
        input: { treatmentMonth: '2027-08', standardMonthlyRemuneration: 650_000, totalCostYen: 1_000_000 },
      });
      expect(body).toMatchObject({ limitYen: 197_920, status: 'planned', tableEffectiveFrom: '2027-08' });
    });

    it('stand beside the table in force, never in its place', async () => {
      const { body } = await ask('cost-limit-calculations', {
        rule: 'kogaku-over70',
        input: { treatmentMonth: '2027-08', category: '低所得II', totalCostYen: 1 },
      });
      expect(body).toMatchObject({
        status: 'in-force',
        tableEffectiveFrom: '2026-08',
        planned: { status: 'planned', tableEffectiveFrom: '2027-08', outpatientLimitYen: 13_000 },
      });
    });
  });

  it('a household total explains itself, and its parts add up', async () => {
    const { body } = await ask('cost-limit-calculations', {
      rule: 'kogaku-household',
      input: {
        treatmentMonth: '2026-07',
        category: 'ウ',
        category70: '一般',
        items: [
          { age: 'u70', person: 'A', setting: 'in', cost: 1_000_000, percent: 30 },
          { age: 'u70', person: 'B', setting: 'out', cost: 50_000, percent: 30 },
        ],
      },
    });
    expect(body['steps'].map(({ rule, amountYen }: Record<string, unknown>) => [rule, amountYen])).toEqual([
      ['窓口負担の合計', 315_000],
      ['適用する表', undefined],
      ['21,000円未満の除外', 0],
      ['③ 世帯全体の合算', 212_570],
      ['最終の自己負担', 102_430],
    ]);
    expect(body['paidYen'] - body['refundTotal']).toBe(body['finalBurden']);
  });

  describe('the document', () => {
    type Operation = Record<string, any>;
    const operation = (call: Call): Operation =>
      (world.counter.document.paths[`/v1/${call}`] as Operation)['post'] as Operation;
    const json = (of: Operation): Operation => of['content']['application/json'] as Operation;

    it.each(calls)('%s: every example is answered as it says', async (call) => {
      const requests = json(operation(call)['requestBody'])['examples'] as Record<string, { value: unknown }>;
      const answers = json(operation(call)['responses']['200'])['examples'] as Record<string, { value: object }>;
      expect(Object.keys(requests)).toEqual(expect.arrayContaining([...CALLS[call]]));
      for (const [name, { value }] of Object.entries(requests)) {
        const reply = await ask(call, value);
        expect([name, reply.status]).toEqual([name, 200]);
        expect({ ...reply.body, ruleVersion: 'r1f2e3d4c5b6a' }).toMatchObject(answers[name]?.value ?? {});
      }
    });

    it.each(rows)('%s has a schema of its own', (rule, call) => {
      const name = rule
        .split('-')
        .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
        .join('');
      const schema = (world.counter.document.components?.schemas ?? {})[`${name}Request`] as Operation;
      expect(schema['properties'].rule.enum).toEqual([rule]);
      expect(schema['properties'].input).toMatchObject({ description: expect.any(String) });
      expect(operation(call)['description']).toContain(`${name}Request`);
    });
  });
});
