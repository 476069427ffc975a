import { civilDate, type PersonFacts } from '@app/domain';
import { Logger } from '@nestjs/common';
import { randomBytes } from 'node:crypto';

import { AnswerKeys } from '../check-in/answer-keys.js';
import { recordOf } from '../check-log/check-log.fixture.js';
import type { GivenCheck } from '../check-log/check-log.js';
import { FiledChangesWatch, type ChangedPerson, type FiledChangesWatchParts } from './filed-changes.js';
import type { GivenAnswer, NewRecheck, NextChanges } from './rechecks.js';

const keys = new AnswerKeys(randomBytes(32));
const CHECKED_AT = Date.parse('2026-11-10T10:00:00.000+09:00');
const FILED_AT = Date.parse('2026-11-20T10:00:00.000+09:00');
const NOW = Date.parse('2026-11-22T09:00:00.000+09:00');
const SERIAL = '1A2B3C4D5E6F7081';

const facts = (lostOn?: string, birthdate = '1980-05-05'): PersonFacts =>
  ({
    personId: '7',
    identity: { name: '資格　太郎', nameKana: 'ｼｶｸ ﾀﾛｳ', sex1: '1', birthdate: civilDate(birthdate) },
    referenceNumbers: [],
    qualifications: [
      {
        qualificationId: 'q',
        insurer: { insurerNumber: '06130488', insurerName: '見本健康保険組合', scheme: 'shaho' },
        insuredCardClassification: '01',
        insuredIdentificationNumber: '1987654',
        personalFamilyClassification: '1',
        acquiredOn: civilDate('2020-04-01'),
        disabilityCertified: false,
        availableFrom: civilDate('2020-04-01'),
        recordedAt: 0,
        income: [],
        copayCertificates: [],
        limitCertificates: [],
        specificDiseases: [],
        tickets: [],
        ...(lostOn === undefined ? {} : { loss: { lostOn: civilDate(lostOn), recordedAt: FILED_AT } }),
      },
    ],
  }) as unknown as PersonFacts;

const changed = (person: PersonFacts): ChangedPerson => ({
  facts: person,
  cards: new Map([[SERIAL, { certificate: { serial: SERIAL, status: 'good', verifiedAt: 0 }, person }]]),
  numbers: [
    ['06130488', '1987654'],
    ['06130488', '1987654'],
  ],
});

const answer = (more: Partial<GivenAnswer> = {}): GivenAnswer => ({
  checkId: 'c1',
  checkedAt: CHECKED_AT,
  institutionCode: '1312345679',
  serviceDate: '2026-11-10',
  verdict: 'valid',
  subjectHash: keys.subject(`card ${SERIAL}`),
  unchanged: false,
  ...more,
});
const byNumber = { subjectHash: keys.subject('insured 06130488 1987654') };

const NEXT: NextChanges = {
  from: { cluster: 'c', transactionId: '1', personId: '0' },
  to: { cluster: 'c', transactionId: '2', personId: '7' },
  people: ['7'],
};

const shown = (birthdate: string, kana = 'ｼｶｸ ﾀﾛｳ'): GivenCheck => ({
  body: Buffer.from(
    JSON.stringify({
      results: [
        {
          insurerNumber: '06130488',
          insuredIdentificationNumber: '1987654',
          birthdate,
          nameKana: kana,
          insuredBranchNumber: '01',
        },
      ],
    }),
  ).toString('latin1'),
  record: recordOf(''),
});

const looking = async (
  person: ChangedPerson,
  answers: readonly GivenAnswer[],
  more: Partial<FiledChangesWatchParts> = {},
): Promise<{ found: readonly NewRecheck[]; moves: number }> => {
  const left = [NEXT];
  const seen = { found: [] as NewRecheck[], moves: 0 };
  await new FiledChangesWatch({
    changes: {
      next: async () => left.pop(),
      answersAbout: async () => answers,
      moveOn: async (_next, found) => {
        seen.found.push(...found);
        seen.moves += 1;
      },
    },
    people: async (ids) => ids.map(() => person),
    before: async () => undefined,
    keys,
    clock: { now: () => NOW },
    plannedTables: false,
    lookbackDays: 90,
    lookedAtAfterMs: 0,
    betweenSlices: async () => {},
    ...more,
  }).look(new AbortController().signal);
  return seen;
};

const questionOf = ({ question, checkId }: NewRecheck): unknown =>
  keys.questions.open(Buffer.from(question, 'base64'), checkId);

it.each([
  ['the day before the service date', '2026-11-09', true],
  ['the service date', '2026-11-10', true],
  ['the day after', '2026-11-11', false],
])('a loss of %s reaches an answer by card: %s', async (_when, lostOn, reaches) => {
  const { found, moves } = await looking(changed(facts(lostOn)), [answer()]);
  expect(found.map(questionOf)).toEqual(reaches ? [{ subject: { by: 'card', serial: SERIAL } }] : []);
  expect(moves).toBe(1);
});

it('what would be answered otherwise now is reached though nothing says when it was filed: a loss taken back', async () => {
  expect((await looking(changed(facts()), [answer({ verdict: 'invalid' })])).found).toHaveLength(1);
  expect((await looking(changed(facts()), [answer()])).found).toEqual([]);
});

describe('by number', () => {
  it('is asked again as it was answered: of whom it showed', async () => {
    const { found } = await looking(changed(facts('2026-11-01')), [answer(byNumber)], {
      before: async () => shown('1980-05-05'),
    });
    expect(found.map(questionOf)).toEqual([
      {
        subject: {
          by: 'insured',
          key: {
            insurerNumber: '06130488',
            insurerNumberCheckDigitWrong: false,
            insuredIdentificationNumber: '1987654',
            insuredBranchNumber: '01',
            birthdate: '1980-05-05',
          },
        },
      },
    ]);
  });

  it.each<[string, Partial<GivenAnswer>, GivenCheck | undefined]>([
    ['somebody else of the family was asked about', {}, shown('2010-01-01')],
    ['a twin was', {}, shown('1980-05-05', 'ｼｶｸ ｼﾞﾛｳ')],
    ['nobody was shown', {}, { body: '{}', record: recordOf('') }],
    ['the caller held the answer already', { unchanged: true }, shown('1980-05-05')],
    ['the answer is not there any more', {}, undefined],
  ])('is left where %s', async (_why, more, before) => {
    const { found } = await looking(changed(facts('2026-11-01')), [answer({ ...byNumber, ...more })], {
      before: async () => before,
    });
    expect(found).toEqual([]);
  });

  it('an answer that is not on record as it was given stops nobody', async () => {
    vi.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
    const { found, moves } = await looking(
      changed(facts('2026-11-01')),
      [answer(byNumber), answer({ checkId: 'c2' })],
      {
        before: () => Promise.reject(new TypeError('not as given')),
      },
    );
    expect([found.map(({ checkId }) => checkId), moves]).toEqual([['c2'], 1]);
    vi.restoreAllMocks();
  });
});

it('more answers than are read at once: fewer people are looked at together, and none is left out', async () => {
  const people: (readonly string[])[] = [];
  const left = [{ ...NEXT, people: ['7', '8', '9'] }];
  const found: string[] = [];
  await looking(changed(facts()), [], {
    answersMax: 2,
    people: async (ids) => (people.push(ids), ids.map(() => changed(facts()))),
    changes: {
      next: async () => left.pop(),
      answersAbout: async (_subjects, _since, limit) => {
        const ids = people.at(-1) ?? [];
        return ids.map((id) => answer({ checkId: id, verdict: 'invalid' })).slice(0, limit);
      },
      moveOn: async (_next, rechecks) => void found.push(...rechecks.map(({ checkId }) => checkId)),
    },
  });
  expect(people).toEqual([['7', '8', '9'], ['7', '8'], ['7'], ['8'], ['9']]);
  expect(found).toEqual(['7', '8', '9']);
});
