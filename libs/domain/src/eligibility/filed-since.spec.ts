import { civilDate } from '../calendar/index.js';
import {
  copayCertificate,
  income,
  limitCertificate,
  lost,
  noonOf,
  pay,
  person,
  qualification,
  ticket,
} from './facts.fixture.js';
import { filedSince } from './filed-since.js';
import type { PersonFacts, QualificationFacts } from './facts.js';

const ON = civilDate('2026-11-10');
/** When the answer was given. */
const SINCE = noonOf('2026-11-10');
const since = (...qualifications: readonly QualificationFacts[]): boolean =>
  filedSince(person(qualifications), SINCE, ON);

it.each([
  ['at the instant of the answer, which knew it', SINCE, false],
  ['a millisecond later', SINCE + 1, true],
])('a loss filed %s', (_when, recordedAt, reaches) => {
  expect(since(qualification('2024-04-01', { loss: { lostOn: ON, recordedAt } }))).toBe(reaches);
});

it.each([
  ['of long before', '2026-10-01', true],
  ['of the service date, which is the first day without', '2026-11-10', true],
  ['of the day after, when the service date was covered', '2026-11-11', false],
])('a loss filed later %s', (_when, lostOn, reaches) => {
  expect(since(qualification('2024-04-01', { loss: lost(lostOn, '2026-11-20') }))).toBe(reaches);
});

it.each([
  ['begun the day before', '2026-11-09', '2026-11-20', true],
  ['begun on the service date', '2026-11-10', '2026-11-20', true],
  ['begun the day after', '2026-11-11', '2026-11-20', false],
  ['begun before, and filed before', '2026-11-01', '2026-11-09', false],
])('a coverage filed later, %s', (_when, acquiredOn, filedOn, reaches) => {
  expect(since(qualification(acquiredOn, { recordedAt: noonOf(filedOn) }))).toBe(reaches);
});

const LATER = noonOf('2026-11-20');
it.each<[string, Partial<QualificationFacts>, boolean]>([
  ['a rate', { copayCertificates: [copayCertificate('elderly-recipient', 20, '2026-08-01', undefined, LATER)] }, true],
  [
    'a rate from the day after',
    { copayCertificates: [copayCertificate('elderly-recipient', 20, '2026-11-11', undefined, LATER)] },
    false,
  ],
  [
    'a rate until the day itself',
    { copayCertificates: [copayCertificate('elderly-recipient', 20, '2026-08-01', '2026-11-10', LATER)] },
    true,
  ],
  [
    'a rate until the day before',
    { copayCertificates: [copayCertificate('elderly-recipient', 20, '2026-08-01', '2026-11-09', LATER)] },
    false,
  ],
  [
    'a rate that was known',
    { copayCertificates: [copayCertificate('elderly-recipient', 20, '2026-08-01', undefined, SINCE)] },
    false,
  ],
  ['an income', { income: [income(pay(500_000), '2026-09-01', undefined, LATER)] }, true],
  ['a limit', { limitCertificates: [limitCertificate('A03', '2026-08-01', undefined, LATER)] }, true],
  ['a ticket', { tickets: [ticket('2026-11', { recordedAt: LATER })] }, true],
])('%s filed later', (_what, changes, reaches) => {
  expect(since(qualification('2024-04-01', changes))).toBe(reaches);
});

it.each([
  ['a change from the day itself', '2026-11-10', LATER, true],
  ['a change from the day after', '2026-11-11', LATER, false],
  ['a correction of all along', undefined, LATER, true],
  ['a change that was known', '2026-11-01', SINCE, false],
])('%s filed later', (_what, from, recordedAt, reaches) => {
  const since = (one: PersonFacts): boolean => filedSince(one, SINCE, ON);
  const day = from === undefined ? {} : { from: civilDate(from) };
  const holder = person([qualification('2024-04-01')]);
  expect(since({ ...holder, identityChanges: [{ ...day, recordedAt, changed: { name: '新姓　太郎' } }] })).toBe(
    reaches,
  );
  const changes = [{ ...day, recordedAt, changed: { insuredCardSymbol: '9' } }];
  expect(since(person([qualification('2024-04-01', { changes })]))).toBe(reaches);
});

it('is asked of every coverage there is', () => {
  const old = qualification('2020-04-01', { loss: lost('2024-04-01') });
  expect(since(old, qualification())).toBe(false);
  expect(since(old, qualification('2026-11-01', { recordedAt: LATER }))).toBe(true);
});
