import { civilDate } from '../calendar/index.js';
import { normaliseNumber, normaliseSymbol } from '../identifiers/index.js';
import type { NoticeCode, Verdict } from './answer.js';
import { decideByNumber, decideByPerson, type CoverageDecision } from './coverage.js';
import {
  asked,
  asking,
  KOKUHO,
  KOUKI,
  lost,
  MEDICAL_AID,
  noonOf,
  OTHER_SHAHO,
  person,
  qualification,
  SHAHO,
  ticket,
} from './facts.fixture.js';
import type { PersonFacts, QualificationFacts } from './facts.js';

const TOKYO_MIDNIGHT = (day: string): number => noonOf(day) - 12 * 3_600_000;

const shown = (decision: CoverageDecision): string[] =>
  decision.shown.map((standing) => standing.qualification.qualificationId);
const told = (decision: CoverageDecision): [Verdict, readonly NoticeCode[]] => [decision.verdict, decision.notices];

const atOther = (acquiredOn: string, changes: Parameters<typeof qualification>[1] = {}): QualificationFacts =>
  qualification(acquiredOn, {
    insurer: OTHER_SHAHO,
    insuredCardSymbol: '77',
    insuredIdentificationNumber: '9',
    ...changes,
  });

describe('a coverage holds from the day acquired to the day before the day lost', () => {
  const holder = person([qualification('2024-04-01', { loss: lost('2026-10-01', '2026-09-20', '03') })]);

  it.each([
    ['the day before it is acquired', '2024-03-31', 'not-found', []],
    ['the day it is acquired', '2024-04-01', 'valid', []],
    ['the last day', '2026-09-30', 'valid', []],
    ['the day it is lost', '2026-10-01', 'invalid', ['coverage-lost']],
    ['long after', '2027-10-01', 'invalid', ['coverage-lost']],
  ] as const)('on %s, by card and by number alike', (_when, serviceDate, verdict, notices) => {
    const question = asking(serviceDate, '2026-11-22');
    expect(told(decideByPerson(holder, question))).toEqual([verdict, notices]);
    expect(told(decideByNumber(asked(), [holder], question))).toEqual([verdict, notices]);
  });

  it('a lost coverage is shown with the day and the reason of its loss', () => {
    const [only] = decideByPerson(holder, asking('2026-10-01')).shown;
    expect(only).toMatchObject({ lostOn: '2026-10-01', reasonOfLoss: '03', covers: false, lostByAge: false });
  });

  it('a loss to come is shown while the coverage still holds', () => {
    const [only] = decideByPerson(holder, asking('2026-09-30')).shown;
    expect(only).toMatchObject({ lostOn: '2026-10-01', covers: true });
  });

  it('lost on the day acquired, it never held', () => {
    const never = person([qualification('2024-04-01', { loss: lost('2024-04-01') })]);
    expect(decideByPerson(never, asking('2024-03-31', '2026-11-22')).verdict).toBe('not-found');
    expect(decideByPerson(never, asking('2024-04-01', '2026-11-22')).verdict).toBe('invalid');
  });

  it('of several that ended the newest is shown, whatever their order', () => {
    const first = qualification('2020-04-01', { loss: lost('2022-04-01') });
    const second = qualification('2022-04-01', { loss: lost('2024-04-01') });
    for (const order of [
      [first, second],
      [second, first],
    ])
      expect(shown(decideByPerson(person(order), asking()))).toEqual(['q-2022-04-01']);
  });
});

describe('the six verdicts', () => {
  const ended = qualification('2020-04-01', { loss: lost('2024-04-01') });
  const current = atOther('2024-04-01');
  const aid = qualification('2024-04-01', { insurer: MEDICAL_AID, insuredCardClassification: 'A1' });
  const aidKey = asked({ insurerNumber: MEDICAL_AID.insurerNumber });

  it.each([
    ['1 valid: one insurance holds', [current], 'valid', [], ['q-2024-04-01']],
    ['1 valid: it holds and an older one has ended', [ended, current], 'valid', [], ['q-2024-04-01']],
    ['2 invalid: the only one has ended', [ended], 'invalid', ['coverage-lost'], ['q-2020-04-01']],
    ['4 not found: nothing on record', [], 'not-found', [], []],
    [
      '5 several: two insurances hold, newest first',
      [atOther('2023-04-01'), qualification('2024-04-01')],
      'multiple',
      ['several-coverages'],
      ['q-2024-04-01', 'q-2023-04-01'],
    ],
    [
      '6 valid, not registered: medical aid without a ticket',
      [aid],
      'valid-unregistered',
      ['medical-aid-not-registered-here'],
      ['q-2024-04-01'],
    ],
  ] as const)('by card, %s', (_name, qualifications, verdict, notices, ids) => {
    const decision = decideByPerson(person(qualifications), asking());
    expect(told(decision)).toEqual([verdict, notices]);
    expect(shown(decision)).toEqual(ids);
  });

  it.each([
    ['1 valid: the coverage asked about holds', [qualification()], asked(), 'valid', [], ['q-2024-04-01']],
    ['2 invalid: it has ended', [ended], asked(), 'invalid', ['coverage-lost'], ['q-2020-04-01']],
    [
      '3 invalid, a newer one exists: told of and not disclosed',
      [ended, current],
      asked(),
      'invalid-newer-exists',
      ['newer-coverage-exists'],
      ['q-2020-04-01'],
    ],
    ['4 not found: nobody has this number', [current], asked(), 'not-found', [], []],
    [
      '5 several: it holds and so does another insurance',
      [qualification(), atOther('2025-04-01')],
      asked(),
      'multiple',
      ['several-coverages'],
      ['q-2025-04-01', 'q-2024-04-01'],
    ],
    [
      '6 valid, not registered: medical aid without a ticket',
      [aid],
      aidKey,
      'valid-unregistered',
      ['medical-aid-not-registered-here'],
      ['q-2024-04-01'],
    ],
  ] as const)('by number, %s', (_name, qualifications, key, verdict, notices, ids) => {
    const decision = decideByNumber(key, [person(qualifications)], asking());
    expect(told(decision)).toEqual([verdict, notices]);
    expect(shown(decision)).toEqual(ids);
  });
});

describe('a job change on 1 October', () => {
  const old = qualification('2020-04-01', { loss: lost('2026-10-01', '2026-09-28', '03') });
  const next = atOther('2026-10-01', { availableFrom: civilDate('2026-10-08') });
  const holder = person([old, next]);

  it.each([
    ['the last day at the old insurer', '2026-09-30', '2026-10-09', 'valid', ['q-2020-04-01'], []],
    ['the first day at the new one', '2026-10-01', '2026-10-09', 'valid', ['q-2026-10-01'], []],
    [
      'the first day, asked before the new one can be used',
      '2026-10-01',
      '2026-10-07',
      'invalid',
      ['q-2020-04-01'],
      ['coverage-lost', 'registration-pending'],
    ],
    ['the first day, asked from the day it can be used', '2026-10-01', '2026-10-08', 'valid', ['q-2026-10-01'], []],
  ] as const)('by card, on %s', (_when, serviceDate, askedOn, verdict, ids, notices) => {
    const decision = decideByPerson(holder, asking(serviceDate, askedOn));
    expect(told(decision)).toEqual([verdict, notices]);
    expect(shown(decision)).toEqual(ids);
  });

  it.each([
    ['the last day', '2026-09-30', '2026-10-09', 'valid', []],
    ['the day lost, the new one usable', '2026-10-01', '2026-10-09', 'invalid-newer-exists', ['newer-coverage-exists']],
    ['the day lost, the new one not yet usable', '2026-10-01', '2026-10-07', 'invalid', ['coverage-lost']],
  ] as const)('by the old number, on %s', (_when, serviceDate, askedOn, verdict, notices) => {
    const decision = decideByNumber(asked(), [holder], asking(serviceDate, askedOn));
    expect(told(decision)).toEqual([verdict, notices]);
    expect(shown(decision)).toEqual(['q-2020-04-01']);
  });

  it('a retroactive loss is told beside the newer coverage', () => {
    const late = person([qualification('2020-04-01', { loss: lost('2026-10-01', '2026-10-20') }), next]);
    expect(told(decideByNumber(asked(), [late], asking('2026-10-01', '2026-11-22')))).toEqual([
      'invalid-newer-exists',
      ['newer-coverage-exists', 'coverage-lost-retroactively'],
    ]);
  });

  it('medical aid that began after the loss is no newer insurance', () => {
    const onAid = person([old, qualification('2026-10-01', { insurer: MEDICAL_AID })]);
    expect(told(decideByNumber(asked(), [onAid], asking('2026-11-22')))).toEqual(['invalid', ['coverage-lost']]);
  });
});

describe('the registration is usable from its first day of asking, whatever the service date', () => {
  const holder = person([qualification('2026-10-01', { availableFrom: civilDate('2026-10-08') })]);

  it.each([
    ['asked the day before', '2026-10-07', 'not-found', ['registration-pending']],
    ['asked on the day', '2026-10-08', 'valid', []],
  ] as const)('%s', (_when, askedOn, verdict, notices) => {
    const question = asking('2026-10-02', askedOn);
    expect(told(decideByPerson(holder, question))).toEqual([verdict, notices]);
    expect(told(decideByNumber(asked(), [holder], question))).toEqual([verdict, notices]);
  });

  it('nothing is pending for a day before the coverage begins', () => {
    expect(told(decideByPerson(holder, asking('2026-09-30', '2026-10-07')))).toEqual(['not-found', []]);
  });
});

describe('at 75 the law ends every insurance, on the birthday itself', () => {
  const of = (birthdate: string, changes: Parameters<typeof qualification>[1] = {}): PersonFacts =>
    person([qualification('2010-04-01', changes)], birthdate);

  it.each([
    ['健保, the day before', '1951-11-22', SHAHO, '2026-11-21', 'valid', []],
    ['健保, the birthday', '1951-11-22', SHAHO, '2026-11-22', 'invalid', ['late-elderly-from-75']],
    ['国保, the day before', '1951-11-22', KOKUHO, '2026-11-21', 'valid', []],
    ['国保, the birthday', '1951-11-22', KOKUHO, '2026-11-22', 'invalid', ['late-elderly-from-75']],
    ['born 29 February, 28 February', '1952-02-29', SHAHO, '2027-02-28', 'valid', []],
    ['born 29 February, 1 March', '1952-02-29', SHAHO, '2027-03-01', 'invalid', ['late-elderly-from-75']],
    ['後期 goes on', '1951-11-22', KOUKI, '2026-11-22', 'valid', []],
    [
      'medical aid goes on',
      '1951-11-22',
      MEDICAL_AID,
      '2026-11-22',
      'valid-unregistered',
      ['medical-aid-not-registered-here'],
    ],
  ] as const)('%s', (_when, birthdate, insurer, serviceDate, verdict, notices) => {
    const decision = decideByPerson(of(birthdate, { insurer }), asking(serviceDate));
    expect(told(decision)).toEqual([verdict, notices]);
  });

  it('the loss is of the birthday, for another insurance acquired, and not shown before it has come', () => {
    const holder = of('1951-11-22');
    expect(decideByPerson(holder, asking('2026-11-22')).shown[0]).toMatchObject({
      lostOn: '2026-11-22',
      reasonOfLoss: '03',
      lostByAge: true,
    });
    expect(decideByPerson(holder, asking('2026-11-21')).shown[0]).not.toHaveProperty('lostOn');
  });

  it.each([
    ['before the birthday stands', lost('2026-11-01', '2026-11-01', '99'), '2026-11-01', '99', 'coverage-lost'],
    ['after it is too late', lost('2026-12-01', '2026-12-01', '99'), '2026-11-22', '03', 'late-elderly-from-75'],
    [
      'for the birthday itself is the law’s, however late it arrives',
      lost('2026-11-22', '2026-12-20', '03'),
      '2026-11-22',
      '03',
      'late-elderly-from-75',
    ],
    [
      'for the birthday itself because of death the day before is death',
      lost('2026-11-22', '2026-11-22', '01'),
      '2026-11-22',
      '01',
      'coverage-lost',
    ],
  ] as const)('a loss filed %s', (_what, loss, lostOn, reasonOfLoss, notice) => {
    const decision = decideByPerson(of('1951-11-22', { loss }), asking('2026-12-25'));
    expect(decision.shown[0]).toMatchObject({ lostOn, reasonOfLoss });
    expect(decision.notices).toEqual([notice]);
  });

  it('by the old number the 後期 coverage is told of', () => {
    const holder = person(
      [qualification('2010-04-01'), qualification('2026-11-22', { insurer: KOUKI, insuredIdentificationNumber: '5' })],
      '1951-11-22',
    );
    const key = asked({ birthdate: civilDate('1951-11-22') });
    expect(told(decideByNumber(key, [holder], asking('2026-11-22')))).toEqual([
      'invalid-newer-exists',
      ['newer-coverage-exists', 'late-elderly-from-75'],
    ]);
    expect(told(decideByPerson(holder, asking('2026-11-22')))).toEqual(['valid', []]);
  });
});

describe('what was not known yet decides nothing', () => {
  const filedAt = noonOf('2026-10-20');
  const holder = person([
    qualification('2020-04-01', { loss: { lostOn: civilDate('2026-10-01'), recordedAt: filedAt } }),
  ]);

  it.each([
    ['the moment before the loss is recorded', filedAt - 1, 'valid', []],
    ['the moment it is recorded', filedAt, 'invalid', ['coverage-lost-retroactively']],
  ] as const)('%s', (_when, knownAt, verdict, notices) => {
    const question = { ...asking('2026-10-05', '2026-11-22'), knownAt };
    expect(told(decideByPerson(holder, question))).toEqual([verdict, notices]);
    expect(told(decideByNumber(asked(), [holder], question))).toEqual([verdict, notices]);
  });

  it.each([
    ['a moment before', -1, 'not-found'],
    ['from then on', 0, 'valid'],
  ] as const)('a coverage exists only once it is recorded: %s', (_when, ms, verdict) => {
    const late = person([qualification('2026-10-01', { recordedAt: filedAt })]);
    const question = { ...asking('2026-10-05', '2026-11-22'), knownAt: filedAt + ms };
    expect(decideByPerson(late, question).verdict).toBe(verdict);
    expect(decideByNumber(asked(), [late], question).verdict).toBe(verdict);
  });

  it.each([
    ['before the day lost', TOKYO_MIDNIGHT('2026-09-20'), 'coverage-lost'],
    ['the last moment of the day lost in Tokyo', TOKYO_MIDNIGHT('2026-10-02') - 1, 'coverage-lost'],
    ['the first moment of the next day', TOKYO_MIDNIGHT('2026-10-02'), 'coverage-lost-retroactively'],
  ] as const)('a loss recorded %s', (_when, recordedAt, notice) => {
    const of = person([qualification('2020-04-01', { loss: { lostOn: civilDate('2026-10-01'), recordedAt } })]);
    expect(decideByPerson(of, asking('2026-11-22')).notices).toEqual([notice]);
  });
});

describe('medical aid', () => {
  const aid = (...tickets: QualificationFacts['tickets']): QualificationFacts =>
    qualification('2026-04-01', { qualificationId: 'aid', insurer: MEDICAL_AID, tickets });

  it.each([
    ['a ticket of the month, valid on the day', [ticket('2026-11')], 'valid', []],
    ['no ticket', [], 'valid-unregistered', ['medical-aid-not-registered-here']],
    ['last month’s ticket', [ticket('2026-10')], 'valid-unregistered', ['medical-aid-not-registered-here']],
    ['a ticket to the day', [ticket('2026-11', { to: '2026-11-22' })], 'valid', []],
    [
      'a ticket to the day before',
      [ticket('2026-11', { to: '2026-11-21' })],
      'valid-unregistered',
      ['medical-aid-not-registered-here'],
    ],
    ['a ticket from the day', [ticket('2026-11', { from: '2026-11-22' })], 'valid', []],
    [
      'a ticket from the day after',
      [ticket('2026-11', { from: '2026-11-23' })],
      'valid-unregistered',
      ['medical-aid-not-registered-here'],
    ],
    [
      'a ticket recorded later than what is known',
      [ticket('2026-11', { recordedAt: noonOf('2026-11-23') })],
      'valid-unregistered',
      ['medical-aid-not-registered-here'],
    ],
  ] as const)('with %s', (_what, tickets, verdict, notices) => {
    const decision = decideByPerson(person([aid(...tickets)]), asking('2026-11-22'));
    expect(told(decision)).toEqual([verdict, notices]);
  });

  it('beside an insurance (併用) it is no second coverage, and both are shown', () => {
    const decision = decideByPerson(person([qualification('2024-04-01'), aid()]), asking());
    expect(told(decision)).toEqual(['valid', []]);
    expect(shown(decision)).toEqual(['aid', 'q-2024-04-01']);
  });

  it('beside two insurances the two are still several', () => {
    const decision = decideByPerson(person([qualification('2024-04-01'), atOther('2025-04-01'), aid()]), asking());
    expect(told(decision)).toEqual(['multiple', ['several-coverages']]);
  });
});

describe('who is meant by a number', () => {
  const filed = (changes: Parameters<typeof qualification>[1]): PersonFacts =>
    person([qualification('2024-04-01', changes)]);

  it.each([
    ['the same', {}, {}],
    ['no symbol asked', {}, { insuredCardSymbol: undefined }],
    ['no branch asked', {}, { insuredBranchNumber: undefined }],
    [
      'neither asked nor filed (後期)',
      { insuredCardSymbol: undefined, insuredBranchNumber: undefined },
      { insuredCardSymbol: undefined, insuredBranchNumber: undefined },
    ],
    ['filed full-width', { insuredIdentificationNumber: '１９８７６５４' }, {}],
    ['filed with a full-width hyphen', { insuredCardSymbol: '１２－３４' }, { insuredCardSymbol: '12-34' }],
    ['filed with a minus sign', { insuredCardSymbol: '12−34' }, { insuredCardSymbol: '12-34' }],
    [
      'filed with a long-vowel mark for a hyphen',
      { insuredCardSymbol: '12ー34' },
      { insuredCardSymbol: normaliseSymbol('１２‐３４') },
    ],
    ['filed in small letters', { insuredCardSymbol: 'ab1' }, { insuredCardSymbol: normaliseSymbol('ＡＢ1') }],
    ['filed with one digit of branch', { insuredBranchNumber: '1' }, {}],
    [
      'asked full-width, as the door reads it',
      {},
      {
        insuredIdentificationNumber: normaliseNumber('１９８７６５４'),
        insuredCardSymbol: normaliseSymbol('１２３４'),
      },
    ],
  ])('found: %s', (_what, asFiled, asAsked) => {
    expect(decideByNumber(asked(asAsked), [filed(asFiled)], asking()).verdict).toBe('valid');
  });

  it.each([
    ['another birthdate', {}, { birthdate: civilDate('1980-05-06') }],
    ['another insurer', {}, { insurerNumber: OTHER_SHAHO.insurerNumber }],
    ['another number', {}, { insuredIdentificationNumber: '1987655' }],
    ['another symbol', {}, { insuredCardSymbol: '1235' }],
    ['another branch', {}, { insuredBranchNumber: '02' }],
    ['a hyphen in another place', { insuredCardSymbol: '12-34' }, { insuredCardSymbol: '123-4' }],
    ['a symbol where none is filed', { insuredCardSymbol: undefined }, {}],
    ['a branch where none is filed', { insuredBranchNumber: undefined }, {}],
  ])('not found: %s', (_what, asFiled, asAsked) => {
    expect(told(decideByNumber(asked(asAsked), [filed(asFiled)], asking()))).toEqual(['not-found', []]);
  });

  it('a wrong check digit is not found, with a notice', () => {
    const wrong = asked({ insurerNumber: '06130489', insurerNumberCheckDigitWrong: true });
    expect(told(decideByNumber(wrong, [], asking()))).toEqual(['not-found', ['insurer-number-check-digit']]);
  });

  describe('twins, who share symbol, number and birthdate', () => {
    const twin = (branch: string): PersonFacts =>
      person(
        [qualification('2024-04-01', { qualificationId: `twin ${branch}`, insuredBranchNumber: branch })],
        '1980-05-05',
        `twin ${branch}`,
      );
    const twins = [twin('03'), twin('04')];

    it.each(['03', '04'])('asked with branch %s, that one is answered', (branch) => {
      const decision = decideByNumber(asked({ insuredBranchNumber: branch }), twins, asking());
      expect(told(decision)).toEqual(['valid', []]);
      expect(shown(decision)).toEqual([`twin ${branch}`]);
    });

    it('asked without a branch, neither is shown and the branch is asked for', () => {
      const decision = decideByNumber(asked({ insuredBranchNumber: undefined }), twins, asking());
      expect(told(decision)).toEqual(['multiple', ['branch-number-needed']]);
      expect(decision.shown).toEqual([]);
    });

    it('asked without a branch while only one of them is known yet, that one is answered', () => {
      const [first, second] = twins as [PersonFacts, PersonFacts];
      const later = { ...second, qualifications: [{ ...second.qualifications[0]!, recordedAt: noonOf('2026-11-23') }] };
      const decision = decideByNumber(asked({ insuredBranchNumber: undefined }), [first, later], asking('2026-11-22'));
      expect(shown(decision)).toEqual(['twin 03']);
    });
  });
});
