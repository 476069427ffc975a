import { addDays, assess, civilDate, dayNumber, type CivilDate, type Consent } from '@app/domain';

import type { CardRecord } from '../replica/facts-reader.js';
import type { BuiltReady, ReplicaView } from '../replica/replica-view.js';
import { tokyoDay, tokyoInstant } from '../clock/clock.js';
import { AnswerKeys } from './answer-keys.js';
import type { Ask } from './ask.js';
import { readyBuilder } from './build-ready.js';
import { linked } from './card-facts.js';
import type { Asking } from './given.js';
import { presentAnswer } from './present.js';
import { INSTITUTIONS, RandomCards, randomFrom } from './random-cards.fixture.js';
import { ReadyAnswers } from './ready-answers.js';

const keys = new AnswerKeys(Buffer.alloc(32, 7));
const { build } = readyBuilder(keys, false);
const FRESH_FOR_MS = 5_000;
const AWAY_FOR_MS = 4_000;
const BEHIND_AFTER_MS = 5_000;
const CREDENTIAL_MAX_AGE_MS = 24 * 3_600_000;

/** One card in a replica of its own, and a feed. */
const answering = (
  row: BuiltReady | undefined,
  serial: string,
  { asOf, confirmedAt = asOf, isAway = false }: { asOf: number; confirmedAt?: number; isAway?: boolean },
): ReadyAnswers => {
  const ready: ReplicaView['ready'] = (asked) =>
    row === undefined || asked !== serial
      ? undefined
      : { key: 1n, stored: row.opened, opened: Buffer.from(row.opened) };
  const replica: ReplicaView = {
    state: { generation: '0'.repeat(32), asOf, certificatesConfirmedAt: confirmedAt },
    stoodMs: 0,
    hasMoved: true,
    refresh: () => {},
    ready,
    readyAll: (all) => all.map(ready),
    card: () => undefined,
    people: () => [],
  };
  return new ReadyAnswers({
    replica,
    certificates: {
      confirmedAt,
      isAway,
      awaySince: isAway ? asOf - AWAY_FOR_MS : undefined,
      position: 0,
      unconfirmedSince: () => (isAway ? asOf - AWAY_FOR_MS : undefined),
    },
    keys,
    policy: {
      credentialMaxAgeMs: CREDENTIAL_MAX_AGE_MS,
      coverageMaxAgeMs: 1,
      behindMaxAgeMs: 1,
      freshForMs: FRESH_FOR_MS,
    },
    behindAfterMs: BEHIND_AFTER_MS,
    knowsNewer: () => false,
  });
};

const asking = (institutionCode: string): Asking => ({
  caller: { clientId: 'a-clinic', scopes: new Set(), institutionCode },
  purpose: 'treatment',
});

/** The answer as anybody would write it who had never heard of text with marks. */
const plainly = (
  record: CardRecord,
  {
    ask,
    now,
    institutionCode,
    asOf,
    isAway,
  }: { ask: Ask; now: number; institutionCode: string; asOf: number; isAway: boolean },
): Record<string, unknown> => {
  const today = tokyoDay(now);
  const decided = assess(
    { by: 'card', card: linked(record) },
    { serviceDate: ask.serviceDate, askedOn: today, knownAt: now, institutionCode },
    ask.consent,
  );
  // What was named by a clock ahead of ours is not when it was verified by ours.
  const { verifiedAt: namedAt } = record.certificate;
  const verifiedAt = namedAt > now ? asOf : Math.max(namedAt, asOf);
  const content = presentAnswer(decided, now, verifiedAt);
  return {
    checkedAt: tokyoInstant(now),
    serviceDate: ask.serviceDate,
    answerVersion: keys.version(content),
    ...content,
    freshness: {
      source: 'replica',
      asOf: tokyoInstant(Math.min(asOf, verifiedAt)),
      freshUntil: tokyoInstant(Math.min(asOf, verifiedAt) + FRESH_FOR_MS),
      ...(isAway
        ? {
            degraded: {
              reason: 'registry-unavailable',
              since: tokyoInstant(asOf - AWAY_FOR_MS),
              acceptUntil: tokyoInstant(verifiedAt + CREDENTIAL_MAX_AGE_MS),
            },
          }
        : {}),
    },
  };
};

const withoutId = (body: string): string =>
  Buffer.from(body, 'latin1')
    .toString('utf8')
    .replace(/^\{"checkId":"[0-9a-f-]{36}",/, '{');

const QUESTIONS = 100_000;
const QUESTIONS_PER_PERSON = 12;

it(`a ready answer is the answer worked out afresh, byte for byte, for ${QUESTIONS} random questions`, () => {
  const random = randomFrom(20_261_122);
  let compared = 0;
  let notReady = 0;
  let ofLaterDays = 0;
  while (compared < QUESTIONS) {
    const builtOn = civilDate(
      ['2026-11-22', '2026-07-31', '2028-02-29', '2026-12-31'][Math.floor(random() * 4)] as string,
    );
    const cards = new RandomCards(random, builtOn);
    const record = cards.card();
    const row = build(record, dayNumber(builtOn));
    for (let i = 0; i < QUESTIONS_PER_PERSON; i += 1) {
      const day: CivilDate = i < 6 ? builtOn : cards.near(i < 10 ? 10 : 200);
      const now = dayNumber(day) * 86_400_000 - 9 * 3_600_000 + cards.upTo(86_400_000);
      const consent: Consent = {
        limitApplicationCertificate: cards.chance(0.5),
        specificDiseases: cards.chance(0.5),
        pharmacists: cards.chance(0.3),
        specificHealthCheckups: cards.chance(0.3),
        diagnosis: cards.chance(0.3),
        operation: cards.chance(0.3),
      };
      const serviceDate = cards.chance(0.6) ? day : addDays(day, cards.upTo(cards.chance(0.7) ? 7 : 366));
      const ask: Ask = { subject: { by: 'card', serial: record.certificate.serial }, serviceDate, consent };
      const institutionCode = cards.pick(INSTITUTIONS);
      const asOf = now - cards.upTo(BEHIND_AFTER_MS);
      const isAway = cards.chance(0.1);
      const given = answering(row, record.certificate.serial, { asOf, isAway }).answer(
        asking(institutionCode),
        ask,
        now,
      );
      if (given === undefined) {
        notReady += 1;
        continue;
      }
      const expected = plainly(record, { ask, now, institutionCode, asOf, isAway });
      const body = withoutId(given.body);
      if (serviceDate !== day) ofLaterDays += 1;
      expect(body, `built on ${builtOn}, asked on ${day} about ${serviceDate}`).toBe(JSON.stringify(expected));
      const short = answering(row, record.certificate.serial, { asOf, isAway }).answer(
        asking(institutionCode),
        { ...ask, ifVersion: expected['answerVersion'] as string },
        now,
      );
      expect(short?.record.unchanged).toBe(true);
      compared += 1;
    }
  }
  // Some have no ready answer, and some are asked on another day than it is for; most are answered.
  expect(notReady).toBeLessThan(compared);
  expect(ofLaterDays).toBeGreaterThan(QUESTIONS / 5);
}, 120_000);
