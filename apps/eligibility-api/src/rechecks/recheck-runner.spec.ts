import { civilDate } from '@app/domain';
import { Logger } from '@nestjs/common';
import { randomBytes } from 'node:crypto';

import { AnswerKeys } from '../check-in/answer-keys.js';
import { AnswerUnavailable } from '../check-in/answer-unavailable.js';
import type { Ask } from '../check-in/ask.js';
import type { Given } from '../check-in/given.js';
import { RecordUnavailable, type CheckRecord } from '../check-log/check-log.js';
import { recordOf } from '../check-log/check-log.fixture.js';
import { tokyoInstant } from '../clock/clock.js';
import { RecheckRunner, type RecheckOutcome, type RecheckRunnerParts } from './recheck-runner.js';
import type { Lease, PendingRecheck, RecheckReason } from './rechecks.js';

const CHECKED_AT = Date.parse('2026-11-21T23:50:00.000+09:00');
const NOW = Date.parse('2026-11-22T09:00:00.000+09:00');
const keys = new AnswerKeys(randomBytes(32));
const QUESTION = { subject: { by: 'card', serial: '1A2B3C4D5E6F7081' }, maxAgeMs: 0 } as const;
const CHECK_ID = '0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d';

const pendingOf = (more: Partial<PendingRecheck> = {}): PendingRecheck => ({
  id: '1',
  reason: 'registry-unavailable',
  factsFrom: CHECKED_AT,
  question: Buffer.from(keys.questions.seal(QUESTION, CHECK_ID), 'base64'),
  takes: 1,
  checkId: CHECK_ID,
  checkedAt: CHECKED_AT,
  clientId: 'demo-clinic',
  institutionCode: '1312345679',
  purpose: 'treatment',
  serviceDate: '2026-11-21',
  subjectHash: keys.subject('card 1A2B3C4D5E6F7081'),
  verdict: 'valid',
  credentialState: 'valid',
  consented: 63,
  unchanged: true,
  ...more,
});

const givenOf = (more: Partial<CheckRecord> = {}, asOf = CHECKED_AT, degraded?: object): Given => {
  const record = recordOf('', more);
  const freshness = JSON.stringify({ source: 'replica', asOf: tokyoInstant(asOf), ...(degraded && { degraded }) });
  return {
    checkId: record.checkId,
    verdict: record.verdict,
    source: 'replica',
    degraded: degraded !== undefined,
    body: '{}',
    record: {
      ...record,
      question: 'c2VhbGVk',
      answer: { ...record.answer, splices: { ...record.answer.splices, freshness } },
    },
  };
};

/** Everything that is taken once, and what became of it. */
const running = (pending: PendingRecheck, parts: Partial<RecheckRunnerParts>) => {
  const left = [pending];
  const seen = {
    asked: [] as { ask: Ask; today: string }[],
    committed: [] as CheckRecord[],
    ended: [] as string[],
    postponed: [] as Lease[],
    counted: [] as RecheckOutcome[],
    reasons: [] as RecheckReason[],
  };
  const runner = new RecheckRunner({
    rechecks: {
      take: async (_now, _lease, reasons) => (seen.reasons.push(...reasons), left.splice(0)),
      postpone: async (_id, lease) => void seen.postponed.push(lease),
      end: async (_id, outcome) => void seen.ended.push(outcome),
      giveUp: async () => 0,
      forget: async () => {},
      list: async () => [],
      figures: async () => ({ pending: {}, changesBehindMs: 0 }),
    },
    workOut: async (_asking, ask, _now, today) => (seen.asked.push({ ask, today }), givenOf()),
    commit: async (checks) => void seen.committed.push(...checks),
    before: async () => undefined,
    keys,
    clock: { now: () => NOW },
    back: () => ['registry-unavailable'],
    hasRoom: () => true,
    betweenSlices: async () => {},
    concurrency: 4,
    counted: (_reason, outcomes) => void seen.counted.push(...outcomes),
    ...parts,
  });
  return { seen, run: (signal = new AbortController().signal) => runner.run(signal) };
};

afterEach(() => vi.restoreAllMocks());

it('asks the same again, about the same day and as on the day it was asked', async () => {
  const { seen, run } = running(pendingOf(), {});
  await run();
  expect(seen.asked).toEqual([
    {
      ask: {
        ...QUESTION,
        serviceDate: civilDate('2026-11-21'),
        consent: {
          limitApplicationCertificate: true,
          specificDiseases: true,
          specificHealthCheckups: false,
          pharmacists: false,
          diagnosis: false,
          operation: false,
        },
      },
      today: '2026-11-21',
    },
  ]);
  expect(seen.counted).toEqual(['unchanged']);
  expect(seen.committed).toHaveLength(1);
  expect(seen.committed[0]).toMatchObject({ consented: [], corrects: { checkId: CHECK_ID, changed: [] } });
  expect(seen.committed[0]).not.toHaveProperty('question');
});

it('takes nothing while the journal has room for check-in alone', async () => {
  let hasRoom = false;
  const { seen, run } = running(pendingOf(), { hasRoom: () => hasRoom });
  await run();
  expect([seen.reasons, seen.asked]).toEqual([[], []]);
  hasRoom = true;
  await run();
  expect(seen.counted).toEqual(['unchanged']);
});

it('says what differs', async () => {
  const { seen, run } = running(pendingOf(), {
    workOut: async () => givenOf({ verdict: 'invalid', credentialState: 'revoked' }),
  });
  await run();
  expect(seen.committed[0]?.corrects?.changed).toEqual(['verdict', 'credential']);
});

it.each<[string, () => Promise<Given>]>([
  ['it cannot be found out', () => Promise.reject(new AnswerUnavailable(civilDate('2026-11-22'), new Error('away')))],
  ['the answer would be degraded itself', async () => givenOf({}, NOW, { reason: 'registry-unavailable' })],
  ['the facts are a millisecond older than they must be', async () => givenOf({}, CHECKED_AT - 1)],
])('waits, and puts nothing on record, while %s', async (_why, workOut) => {
  const { seen, run } = running(pendingOf({ takes: 3 }), { workOut });
  await run();
  expect(seen.committed).toEqual([]);
  expect(seen.ended).toEqual([]);
  expect(seen.postponed.map(({ until }) => until - NOW)).toEqual([15_000]);
  expect(seen.counted).toEqual(['postponed']);
});

it.each<[string, Partial<PendingRecheck>]>([
  ['was sealed for another check', { checkId: '0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8e' }],
  ['was damaged', { question: Buffer.alloc(60) }],
  ['is not the one on record', { subjectHash: keys.subject('card 1A2B3C4D5E6F7082') }],
])('a question that %s is not asked', async (_how, more) => {
  vi.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
  const { seen, run } = running(pendingOf(more), {});
  await run();
  expect([seen.asked, seen.committed, seen.ended]).toEqual([[], [], ['unreadable']]);
});

it('one that cannot be asked because of something wrong with it is left for later, and holds up nobody', async () => {
  const said = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
  const { seen, run } = running(pendingOf(), { workOut: () => Promise.reject(new TypeError('資格　太郎')) });
  await run();
  expect([seen.committed, seen.ended, seen.counted]).toEqual([[], [], ['postponed']]);
  expect(said.mock.calls).toEqual([[{ event: 'recheck-failed', checkId: CHECK_ID, cause: 'TypeError' }]]);
});

it('the store goes away: all of them wait', async () => {
  const { seen, run } = running(pendingOf({ unchanged: false }), {
    before: () => Promise.reject(new RecordUnavailable()),
  });
  await expect(run()).rejects.toThrow(RecordUnavailable);
  expect([seen.committed, seen.ended, seen.postponed]).toEqual([[], [], []]);
});

it('somebody else was first: nothing is ended or counted as done here', async () => {
  const { seen, run } = running(pendingOf(), { commit: () => Promise.reject(new RecordUnavailable()) });
  await run();
  expect([seen.ended, seen.postponed, seen.counted]).toEqual([[], [], ['done-elsewhere']]);
});

describe('after something was filed', () => {
  const retroactive = pendingOf({ reason: 'retroactive-change' });

  it('an answer that is as it was is not given a second time', async () => {
    const { seen, run } = running(retroactive, {});
    await run();
    expect([seen.committed, seen.ended, seen.counted]).toEqual([[], ['unchanged'], ['unchanged']]);
  });

  it('a card that was revoked since is no change of coverage', async () => {
    const { seen, run } = running(retroactive, { workOut: async () => givenOf({ credentialState: 'revoked' }) });
    await run();
    expect(seen.ended).toEqual(['unchanged']);
  });

  it('another verdict is', async () => {
    const { seen, run } = running(retroactive, { workOut: async () => givenOf({ verdict: 'invalid' }) });
    await run();
    expect(seen.committed[0]?.corrects?.changed).toEqual(['verdict']);
  });
});

it('told to stop, it leaves what it took to whoever comes', async () => {
  const told = new AbortController();
  const { seen, run } = running(pendingOf(), { back: () => (told.abort(), ['registry-unavailable']) });
  await run(told.signal);
  expect([seen.reasons, seen.asked]).toEqual([['registry-unavailable'], []]);
});
