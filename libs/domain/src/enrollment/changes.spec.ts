import { civilDate } from '../calendar/index.js';
import { income, kokuhoIncome, lost, noonOf, pay, person, qualification } from '../eligibility/facts.fixture.js';
import type { PersonFacts, QualificationFacts } from '../eligibility/facts.js';
import {
  asksRegistry,
  CHANGEABLE_ATTRIBUTES,
  changesMade,
  coverageRefusal,
  hasChangeTerm,
  identityMade,
  identityOnceMade,
  isInForceOn,
  isNothing,
  refusalsOfChange,
  remunerationOn,
  type ChangesMade,
  type FiledChange,
} from './changes.js';

const TODAY = civilDate('2026-11-22');
const WHEN = { today: TODAY, knownAt: noonOf('2026-11-22') };
const change = (effectiveOn: string | undefined, filed: Partial<FiledChange>): FiledChange => ({
  kind: 'change',
  ...(effectiveOn === undefined ? {} : { effectiveOn: civilDate(effectiveOn) }),
  identity: {},
  shown: {},
  ...filed,
});
const correction = (filed: Partial<FiledChange>): FiledChange => ({
  kind: 'correction',
  identity: {},
  shown: {},
  ...filed,
});
const NAME = { identity: { name: '新姓　太郎' } };
const NUMBER = { shown: { insuredIdentificationNumber: '55' } };
const PAY = { standardMonthlyRemuneration: 340_000 };

describe('a change is refused', () => {
  it.each<[string, FiledChange, unknown]>([
    ['with nothing in it', change('2026-11-01', {}), { because: 'nothing-changed' }],
    ['without its day', change(undefined, NAME), { because: 'day-needed' }],
    ['a correction with a day', { ...correction(NAME), effectiveOn: TODAY }, { because: 'day-of-correction' }],
    [
      'of a birth date from a day on',
      change('2026-11-01', { identity: { birthdate: civilDate('1980-05-06') } }),
      { because: 'correction-only', attribute: 'birthdate' },
    ],
    ['of a name tomorrow', change('2026-11-23', NAME), { because: 'not-in-force-yet', attribute: 'name' }],
    ['more than a year ahead', change('2027-11-24', NUMBER), { because: 'too-far-ahead' }],
    [
      'of remuneration in the middle of a month',
      change('2026-11-02', PAY),
      { because: 'not-the-first-of-a-month', attribute: 'standardMonthlyRemuneration' },
    ],
  ])('%s', (_what, filed, refusal) => {
    expect(refusalsOfChange(filed, TODAY)).toEqual([refusal]);
  });

  it.each<[string, FiledChange]>([
    ['a name today', change('2026-11-22', NAME)],
    ['a number tomorrow', change('2026-11-23', NUMBER)],
    ['a number in a year', change('2027-11-23', NUMBER)],
    ['remuneration from the first', change('2026-12-01', PAY)],
    ['a postal code tomorrow', change('2026-11-23', { identity: { postNumber: '100-0014' } })],
    ['a birth date corrected', correction({ identity: { birthdate: civilDate('1980-05-06') } })],
    ['everything corrected', correction({ ...NAME, ...NUMBER, ...PAY })],
  ])('and not: %s', (_what, filed) => {
    expect(refusalsOfChange(filed, TODAY)).toEqual([]);
  });

  it('once for each attribute', () => {
    const both = change('2026-11-23', { identity: { name: '新姓　太郎', address: '乙', postNumber: '100-0014' } });
    expect(refusalsOfChange(both, TODAY).map(({ attribute }) => attribute)).toEqual(['name', 'address']);
  });
});

describe('the coverage', () => {
  const coverage = { acquiredOn: civilDate('2024-04-01'), lostOn: civilDate('2026-11-10'), scheme: 'shaho' };
  it.each([
    ['the day before it begins', '2024-03-31', 'before-coverage'],
    ['the day it begins', '2024-04-01', undefined],
    ['its last day', '2026-11-09', undefined],
    ['the day it is lost', '2026-11-10', 'after-coverage'],
  ])('%s', (_when, on, refusal) => {
    expect(coverageRefusal(change(on, NUMBER), coverage)).toBe(refusal);
  });
  it('that is over may be corrected still', () => {
    expect(coverageRefusal(correction(NUMBER), coverage)).toBeUndefined();
  });
  it.each([
    ['shaho', undefined],
    ['kokuho', 'no-remuneration-in-scheme'],
    ['kouki', 'no-remuneration-in-scheme'],
  ])('of %s and remuneration', (scheme, refusal) => {
    expect(coverageRefusal(change('2026-11-01', PAY), { ...coverage, scheme })).toBe(refusal);
  });
});

it('the registry is asked about the five attributes, and nothing else', () => {
  expect(CHANGEABLE_ATTRIBUTES.filter((row) => row.asksRegistry).map(({ attribute }) => attribute)).toEqual([
    'name',
    'nameKana',
    'birthdate',
    'sex1',
    'address',
  ]);
  expect(asksRegistry(change('2026-11-01', { ...NUMBER, ...NAME }))).toBe(true);
  expect(asksRegistry(change('2026-11-01', { ...NUMBER, identity: { postNumber: '100-0014' } }))).toBe(false);
});

it('the term counts for everything but remuneration, which is due without one', () => {
  expect(hasChangeTerm(change('2026-11-01', PAY))).toBe(false);
  expect(hasChangeTerm(change('2026-11-01', { ...PAY, ...NUMBER }))).toBe(true);
});

const made = (filed: FiledChange, holder: PersonFacts = person()): ChangesMade =>
  changesMade(holder, holder.qualifications[0] as QualificationFacts, filed, WHEN);

describe('what is recorded', () => {
  it('is what differs on that day, and nothing that is so already', () => {
    const filed = change('2026-11-01', {
      identity: { name: '新姓　太郎', nameKana: 'ｼｶｸ ﾀﾛｳ' },
      shown: { insuredCardSymbol: '1234', insuredIdentificationNumber: '55' },
    });
    expect(made(filed)).toEqual({
      identity: [{ from: '2026-11-01', changed: { name: '新姓　太郎' } }],
      shown: [{ from: '2026-11-01', changed: { insuredIdentificationNumber: '55' } }],
    });
  });

  it('is nothing where all of it is so already, or takes away what is not there', () => {
    const filed = change('2026-11-01', { identity: { name: '資格　太郎' }, shown: { insuredName: null } });
    expect(isNothing(made(filed))).toBe(true);
    expect(isNothing(made(change('2026-11-01', NAME)))).toBe(false);
    expect(isNothing(made(change('2026-11-01', PAY)))).toBe(false);
  });

  it('is said to be gone where it was there', () => {
    const family = person([
      qualification('2024-04-01', { personalFamilyClassification: '2', insuredName: '資格　花子' }),
    ]);
    const filed = change('2026-11-01', { shown: { personalFamilyClassification: '1', insuredName: null } });
    expect(made(filed, family).shown).toEqual([
      { from: '2026-11-01', changed: { personalFamilyClassification: '1' }, removed: ['insuredName'] },
    ]);
    const before = qualification('2024-04-01', {
      insuredName: '誰か',
      changes: [{ from: civilDate('2026-10-01'), recordedAt: 0, changed: {}, removed: ['insuredName'] }],
    });
    expect(made(correction({ shown: { insuredName: '資格　花子' } }), person([before])).shown).toEqual([
      { from: '2026-10-01', changed: { insuredName: '資格　花子' } },
    ]);
  });

  const changedTwice: PersonFacts = {
    ...person(),
    identityChanges: [
      { from: civilDate('2026-09-01'), recordedAt: noonOf('2026-09-02'), changed: { name: '新性　太郎' } },
      { from: civilDate('2026-10-01'), recordedAt: noonOf('2026-10-02'), changed: { address: '乙' } },
    ],
  };
  it('of a correction holds from the day since which it has stood wrong', () => {
    const filed = correction({ identity: { name: '新姓　太郎', nameKana: 'ｼﾝｾｲ ﾀﾛｳ', address: '丙' } });
    expect(made(filed, changedTwice).identity).toEqual([
      { from: '2026-09-01', changed: { name: '新姓　太郎' } },
      { changed: { nameKana: 'ｼﾝｾｲ ﾀﾛｳ' } },
      { from: '2026-10-01', changed: { address: '丙' } },
    ]);
  });

  it('of somebody filed anew by another insurer is told from what they are on that day', () => {
    const filed = { identity: { name: '新姓　太郎' }, effectiveOn: civilDate('2026-08-31') };
    expect(identityMade(changedTwice, filed, WHEN)).toEqual([{ from: '2026-08-31', changed: { name: '新姓　太郎' } }]);
    expect(identityMade(changedTwice, { identity: { name: '新性　太郎' }, effectiveOn: TODAY }, WHEN)).toEqual([]);
  });

  const paid = (holder = 300_000): PersonFacts =>
    person([qualification('2024-04-01', { income: [income(pay(holder, { nonTaxableClass: 'II' }), '2024-08-01')] })]);
  it('of remuneration leaves everything else as it was', () => {
    expect(made(change('2026-12-01', PAY), paid()).income).toEqual({
      from: '2026-12-01',
      facts: pay(340_000, { nonTaxableClass: 'II' }),
    });
    expect(made(correction(PAY), paid()).income).toEqual({
      from: '2024-08-01',
      facts: pay(340_000, { nonTaxableClass: 'II' }),
    });
    expect(made(correction(PAY), paid(340_000)).income).toBeUndefined();
  });

  it('of remuneration where there was none, or another scheme’s', () => {
    expect(made(correction(PAY)).income).toEqual({ from: '2024-04-01', facts: pay(340_000) });
    const other = person([
      qualification('2024-04-01', { income: [income(kokuhoIncome(), '2024-08-01', '2026-12-31')] }),
    ]);
    expect(made(correction(PAY), other).income).toEqual({ from: '2024-08-01', to: '2026-12-31', facts: pay(340_000) });
  });

  it('of a coverage that is over is corrected as of its last day, of one to come as of its first', () => {
    const numbered = (acquiredOn: string, more: Partial<QualificationFacts>, from: string): PersonFacts =>
      person([
        qualification(acquiredOn, {
          ...more,
          changes: [{ from: civilDate(from), recordedAt: 0, changed: { insuredIdentificationNumber: '44' } }],
        }),
      ]);
    const over = numbered('2024-04-01', { loss: lost('2026-11-10') }, '2026-11-09');
    expect(made(correction(NUMBER), over).shown).toEqual([
      { from: '2026-11-09', changed: { insuredIdentificationNumber: '55' } },
    ]);
    const lastDayMissed = numbered('2024-04-01', { loss: lost('2026-11-10') }, '2026-11-10');
    expect(made(correction(NUMBER), lastDayMissed).shown).toEqual([{ changed: { insuredIdentificationNumber: '55' } }]);
    const toCome = numbered('2026-12-01', {}, '2026-12-01');
    expect(made(correction(NUMBER), toCome).shown).toEqual([
      { from: '2026-12-01', changed: { insuredIdentificationNumber: '55' } },
    ]);
  });
});

describe('what the registry can confirm', () => {
  const later: PersonFacts = {
    ...person(),
    identityChanges: [{ from: civilDate('2026-11-10'), recordedAt: 0, changed: { name: '再婚　太郎' } }],
  };
  it('is what stands today once it is made', () => {
    const filed = change('2026-11-01', NAME);
    expect(isInForceOn(person(), filed, made(filed), TODAY)).toBe(true);
    expect(identityOnceMade(person(), made(filed), TODAY).name).toBe('新姓　太郎');
  });
  it('is not what a later change has overtaken', () => {
    const filed = change('2026-11-01', NAME);
    expect(isInForceOn(later, filed, made(filed, later), TODAY)).toBe(false);
    const address = change('2026-11-01', { identity: { address: '乙' } });
    expect(isInForceOn(later, address, made(address, later), TODAY)).toBe(true);
  });
  it('is every correction: it takes the place of what stands today', () => {
    const filed = correction(NAME);
    expect(isInForceOn(later, filed, made(filed, later), TODAY)).toBe(true);
    expect(identityOnceMade(later, made(filed, later), TODAY).name).toBe('新姓　太郎');
  });
});

it('remuneration is of a day, and of 健保', () => {
  const both = qualification('2024-04-01', {
    income: [income(pay(300_000), '2024-08-01'), income(pay(340_000), '2026-11-01')],
  });
  const on = (day: string): number | undefined => remunerationOn(both, { serviceDate: civilDate(day), knownAt: 0 });
  expect([on('2024-07-31'), on('2026-10-31'), on('2026-11-01')]).toEqual([undefined, 300_000, 340_000]);
  const kokuho = qualification('2024-04-01', { income: [income(kokuhoIncome(), '2024-08-01')] });
  expect(remunerationOn(kokuho, { serviceDate: TODAY, knownAt: 0 })).toBeUndefined();
});
