import { civilDate } from '../calendar/index.js';
import { decideByNumber } from './coverage.js';
import { asked, asking, byCard, lost, NO_CONSENT, noonOf, person, qualification } from './facts.fixture.js';
import { assess } from './assess.js';
import { personAsOf } from './changed-facts.js';
import type { FactChange, Identity, PersonFacts, ShownAtInsurer } from './facts.js';

const filed = <T>(from: string | undefined, changed: FactChange<T>['changed'], on: string): FactChange<T> => ({
  ...(from === undefined ? {} : { from: civilDate(from) }),
  recordedAt: noonOf(on),
  changed,
});
const named = (...identityChanges: readonly FactChange<Identity>[]): PersonFacts => ({ ...person(), identityChanges });
const nameOn = (holder: PersonFacts, serviceDate: string, knownOn = '2026-12-31'): string =>
  personAsOf(holder, { serviceDate: civilDate(serviceDate), knownAt: noonOf(knownOn) }).identity.name;

describe('a change', () => {
  const changed = named(filed('2026-11-01', { name: '新姓　太郎' }, '2026-11-20'));
  it.each([
    ['the day before it', '2026-10-31', '資格　太郎'],
    ['its first day', '2026-11-01', '新姓　太郎'],
    ['a year later', '2027-11-01', '新姓　太郎'],
  ])('on %s', (_when, on, name) => {
    expect(nameOn(changed, on)).toBe(name);
  });

  it('is not known before it was recorded', () => {
    const at = (knownAt: number): string =>
      personAsOf(changed, { serviceDate: civilDate('2026-11-10'), knownAt }).identity.name;
    expect([at(noonOf('2026-11-20') - 1), at(noonOf('2026-11-20'))]).toEqual(['資格　太郎', '新姓　太郎']);
  });

  it('that was filed for a later day goes before, whichever was filed first', () => {
    const later = filed<Identity>('2026-12-01', { name: '再婚　太郎' }, '2026-11-05');
    const earlier = filed<Identity>('2026-11-01', { name: '新姓　太郎' }, '2026-11-20');
    for (const both of [named(later, earlier), named(earlier, later)])
      expect(['2026-10-31', '2026-11-30', '2026-12-01'].map((on) => nameOn(both, on, '2026-12-31'))).toEqual([
        '資格　太郎',
        '新姓　太郎',
        '再婚　太郎',
      ]);
  });

  it('filed again for the same day takes the place of the first', () => {
    const twice = named(
      filed('2026-11-01', { name: '新性　太郎' }, '2026-11-20'),
      filed('2026-11-01', { name: '新姓　太郎' }, '2026-11-21'),
    );
    expect(nameOn(twice, '2026-11-01')).toBe('新姓　太郎');
    expect(nameOn(twice, '2026-11-01', '2026-11-20')).toBe('新性　太郎');
  });

  it('says nothing of what it does not name', () => {
    const moved = named(
      filed('2026-11-01', { name: '新姓　太郎', address: '甲' }, '2026-11-01'),
      filed('2026-11-10', { address: '乙' }, '2026-11-10'),
    );
    const { name, address } = personAsOf(moved, { serviceDate: civilDate('2026-11-10'), knownAt: Infinity }).identity;
    expect([name, address]).toEqual(['新姓　太郎', '乙']);
  });

  it('may take something away', () => {
    const holder = person([
      qualification('2024-04-01', {
        insuredName: '資格　花子',
        changes: [{ ...filed<ShownAtInsurer>('2026-11-01', {}, '2026-11-01'), removed: ['insuredName'] }],
      }),
    ]);
    const [after] = personAsOf(holder, { serviceDate: civilDate('2026-11-01'), knownAt: Infinity }).qualifications;
    expect(after).not.toHaveProperty('insuredName');
  });
});

it('a correction of all along holds on every day, from when it is known', () => {
  const corrected = named(filed(undefined, { name: '資格　大郎' }, '2026-11-20'));
  expect(nameOn(corrected, '2024-04-01')).toBe('資格　大郎');
  expect(nameOn(corrected, '2024-04-01', '2026-11-19')).toBe('資格　太郎');
});

it('the answer by card is of the service date', () => {
  const holder: PersonFacts = {
    ...named(filed('2026-11-01', { name: '新姓　太郎' }, '2026-11-20')),
    qualifications: [
      qualification('2024-04-01', {
        changes: [filed<ShownAtInsurer>('2026-11-15', { insuredIdentificationNumber: '55' }, '2026-11-20')],
      }),
    ],
  };
  const shown = (on: string, knownOn?: string): unknown =>
    assess(byCard(holder), asking(on, on, knownOn), NO_CONSENT).results?.map(({ identity, qualification: q }) => [
      identity.name,
      q.insuredIdentificationNumber,
    ]);
  expect(shown('2026-10-31', '2026-11-22')).toEqual([['資格　太郎', '1987654']]);
  expect(shown('2026-11-01', '2026-11-22')).toEqual([['新姓　太郎', '1987654']]);
  expect(shown('2026-11-15', '2026-11-22')).toEqual([['新姓　太郎', '55']]);
  expect(shown('2026-11-15', '2026-11-19')).toEqual([['資格　太郎', '1987654']]);
});

it('a birth date that was corrected decides the rate', () => {
  const holder: PersonFacts = {
    ...person([qualification()], '1980-05-05'),
    identityChanges: [filed(undefined, { birthdate: civilDate('2022-05-05') }, '2026-11-20')],
  };
  const rate = (knownOn: string): unknown =>
    assess(byCard(holder), asking('2026-11-22', '2026-11-22', knownOn), NO_CONSENT).results?.[0]?.benefits?.copay;
  expect(rate('2026-11-19')).toMatchObject({ ratePercent: 30 });
  expect(rate('2026-11-20')).toMatchObject({ ratePercent: 20, band: 'preschool' });
});

describe('by number', () => {
  const renumbered = person([
    qualification('2024-04-01', {
      changes: [filed<ShownAtInsurer>('2026-11-01', { insuredIdentificationNumber: '55' }, '2026-10-20')],
    }),
  ]);
  const verdict = (
    number: string,
    on: string,
    holder = renumbered,
    key: Parameters<typeof asked>[0] = {},
  ): { verdict: string; number: string | undefined } => {
    const { verdict: said, shown } = decideByNumber(
      asked({ insuredIdentificationNumber: number, ...key }),
      [holder],
      asking(on, on, '2026-12-31'),
    );
    return { verdict: said, number: shown[0]?.qualification.insuredIdentificationNumber };
  };

  it.each([
    ['the old one the day before', '1987654', '2026-10-31', 'valid', '1987654'],
    [
      'the old one on the day: there is a newer one, and it is not disclosed',
      '1987654',
      '2026-11-01',
      'invalid-newer-exists',
      undefined,
    ],
    ['the new one on the day', '55', '2026-11-01', 'valid', '55'],
    ['the new one about a day before it was given: the number of that day', '55', '2026-10-31', 'valid', '1987654'],
    ['one that was nobody’s', '56', '2026-11-01', 'not-found', undefined],
  ])('%s', (_what, number, on, said, shown) => {
    expect(verdict(number, on)).toEqual({ verdict: said, number: shown });
  });

  it('with a birth date that was corrected: the right one finds, the wrong one no longer', () => {
    const holder: PersonFacts = {
      ...person(),
      identityChanges: [filed(undefined, { birthdate: civilDate('1980-05-06') }, '2026-11-20')],
    };
    expect(verdict('1987654', '2026-11-22', holder, { birthdate: civilDate('1980-05-06') }).verdict).toBe('valid');
    expect(verdict('1987654', '2026-11-22', holder).verdict).toBe('not-found');
  });

  it('a replaced number of a coverage that is over: it is lost, and there is none newer', () => {
    const left = person([
      { ...(renumbered.qualifications[0] as (typeof renumbered.qualifications)[0]), loss: lost('2026-11-10') },
    ]);
    expect(verdict('1987654', '2026-11-20', left)).toEqual({ verdict: 'invalid', number: '55' });
  });

  it('a number that is somebody else’s now is theirs', () => {
    const other = person([qualification('2026-11-01')], '1980-05-05', 'p2');
    const { verdict: said, shown } = decideByNumber(asked(), [renumbered, other], asking('2026-11-05'));
    expect(said).toBe('valid');
    expect(shown[0]?.person.personId).toBe('p2');
  });

  it('two people who had one number, and nobody has it: not told apart', () => {
    const twin = person(renumbered.qualifications, '1980-05-05', 'p2');
    const { verdict: said, shown } = decideByNumber(asked(), [renumbered, twin], asking('2026-11-05'));
    expect([said, shown]).toEqual(['multiple', []]);
  });
});
