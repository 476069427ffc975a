import type { EligibilityCheckRequest } from '@app/contracts';
import {
  assess,
  monthOf,
  type CardFacts,
  type CertificateFacts,
  type CivilDate,
  type Facts,
  type Verdict,
} from '@app/domain';
import { randomUUIDv7 } from 'node:crypto';

import { markTimes, packText, type Splices } from '../answers/answer-text.js';
import type { CertificateStatusView } from '../certificate-status/certificate-status-view.js';
import { RecordUnavailable, type CheckJournal } from '../check-log/check-log.js';
import { tokyoDay, tokyoInstant, type Clock } from '../clock/clock.js';
import type { Guesses } from '../limits/guesses.js';
import { RegistryFault, type CertificateStatus, type Registry } from '../registry/registry.js';
import { ProblemException } from '../problems/problem.exception.js';
import type { HeardSince } from '../replica/heard-since.js';
import { FactsUnavailable, type CardRecord, type FactsReader, type Reading } from '../replica/facts-reader.js';
import type { AnswerKeys } from './answer-keys.js';
import { AnswerUnavailable } from './answer-unavailable.js';
import { readAsk, type Ask } from './ask.js';
import { isOver, linked, verifiedAt } from './card-facts.js';
import { freshnessOf, type Ages } from './freshness.js';
import type { FreshnessPolicy } from './freshness-policy.js';
import { consentBits, givenOf, type Asking, type Given } from './given.js';
import { presentAnswer, VIEWING_MS } from './present.js';
import type { ReadyAnswers } from './ready-answers.js';

const NEGATIVE: ReadonlySet<Verdict> = new Set(['invalid', 'invalid-newer-exists', 'not-found', 'multiple']);

/** Renewals that the registry is asked about, behind a card that nobody of ours is known to hold: the feed brings them within seconds. */
const RENEWALS_ASKED = 2;

type LinkedCard = Extract<CardFacts, { kind: 'linked' }>;

/** Facts with everything that freshness needs to know about them. */
interface Found extends Ages {
  readonly facts: Facts;
}

export interface VerifyEligibilityParts {
  readonly facts: FactsReader;
  readonly registry: Registry;
  readonly certificates: CertificateStatusView;
  /** What the registry itself said of certificates, when it was asked. */
  readonly words: HeardSince<CertificateStatus>;
  readonly ready: Pick<ReadyAnswers, 'answer' | 'answerAll'>;
  readonly log: CheckJournal;
  readonly keys: AnswerKeys;
  readonly clock: Clock;
  readonly policy: FreshnessPolicy;
  /** Who asks about too many people who are nobody. */
  readonly guesses: Pick<Guesses, 'isSlowed' | 'enter' | 'entered' | 'failed'>;
  /** What working out an answer may take, in milliseconds. */
  readonly deadlineMs: number;
  /** Whether limit tables that are not yet law decide. */
  readonly plannedTables: boolean;
}

/**
 * One check, from top to bottom: read the question, find the facts, decide, write the answer out, put it on record, reply.
 * What cannot be found out is `AnswerUnavailable`, and never a verdict.
 */
export class VerifyEligibility {
  constructor(private readonly parts: VerifyEligibilityParts) {}

  async for(asking: Asking, request: EligibilityCheckRequest): Promise<Given> {
    const { guesses } = this.parts;
    const { clientId, quota } = asking.caller;
    if (request.insured === undefined || !guesses.isSlowed(clientId)) return this.unslowed(asking, request);
    // What asks in a caller's name has no quota, and time.
    const place = quota === undefined ? await guesses.entered(clientId) : guesses.enter(clientId);
    if (place === undefined) throw new ProblemException('too-many-guesses', { retryAfterSeconds: 1 });
    let given: Given;
    try {
      given = await this.unslowed(asking, request);
    } catch (error) {
      await place.leave(true);
      throw error;
    }
    await place.leave(given.verdict !== 'not-found');
    return given;
  }

  private async unslowed(asking: Asking, request: EligibilityCheckRequest): Promise<Given> {
    const { clock, ready } = this.parts;
    const checkedAt = clock.now();
    const given = ready.answer(asking, readAsk(request, tokyoDay(checkedAt)), checkedAt);
    return given === undefined ? this.afresh(asking, request) : this.recorded(given);
  }

  /** `for`, where it is known that no answer is ready. */
  async afresh(asking: Asking, request: EligibilityCheckRequest): Promise<Given> {
    const { clock, guesses, keys } = this.parts;
    const checkedAt = clock.now();
    const today = tokyoDay(checkedAt);
    const ask = readAsk(request, today);
    const given = await this.recorded(await this.workOut(asking, ask, checkedAt, today));
    if (ask.subject.by === 'insured' && given.verdict === 'not-found')
      guesses.failed(asking.caller.clientId, keys.subject(`guess ${JSON.stringify(ask.subject.key)}`));
    return given;
  }

  private async recorded(given: Given): Promise<Given> {
    await this.parts.log.record(given.record).catch((error: unknown) => {
      // Not on the record, so it must not leave: a disclosure nobody could account for.
      if (error instanceof RecordUnavailable) throw new AnswerUnavailable(given.record.serviceDate as CivilDate, error);
      throw error;
    });
    return given;
  }

  /**
   * Those of many whose answers are ready, on the record, in the order of the requests: together they take a third of the time.
   * Undefined for whoever has to be asked about with `for`, which also says what is wrong with a request.
   */
  async readyFor(
    asking: Asking,
    requests: readonly EligibilityCheckRequest[],
  ): Promise<readonly (Given | undefined)[]> {
    const { clock, log, ready } = this.parts;
    const now = clock.now();
    const today = tokyoDay(now);
    const asked = requests.flatMap((request, at) => {
      const ask = readable(request, today);
      return ask === undefined ? [] : [{ at, asking, ask }];
    });
    const found = ready
      .answerAll(asked, now)
      .flatMap((given, i) => (given === undefined ? [] : [{ at: (asked[i] as (typeof asked)[number]).at, given }]));
    const all = Array.from<Given | undefined>({ length: requests.length });
    if (found.length === 0) return all;
    let waiting = found.length;
    await new Promise<void>((resolve) =>
      log.appendAll(
        found.map(({ given }) => given.record),
        (i, error) => {
          const { at, given } = found[i] as (typeof found)[number];
          // Not on the record, so it is not given; `for` says why.
          if (error === undefined) all[at] = given;
          waiting -= 1;
          if (waiting === 0) resolve();
        },
      ),
    );
    return all;
  }

  /** An answer from the facts, by the rules, without anything that was made before. Not yet on the record. */
  async workOut(asking: Asking, ask: Ask, checkedAt: number, today: CivilDate): Promise<Given> {
    const { keys, plannedTables } = this.parts;
    const unavailable = (cause: unknown): AnswerUnavailable => new AnswerUnavailable(ask.serviceDate, cause);

    const endsAt = performance.now() + this.parts.deadlineMs;
    const found = await this.find(ask, checkedAt, () => endsAt - performance.now()).catch((error: unknown) => {
      if (error instanceof FactsUnavailable || error instanceof RegistryFault) throw unavailable(error);
      throw error;
    });
    const freshness = freshnessOf(found, this.parts.policy, checkedAt, ask.serviceDate);

    const { institutionCode } = asking.caller;
    // Asked about now, everything in hand is known. By this clock it might not be: it may be behind the one that dated the facts,
    // or have been set back, and a coverage filed a moment ago would be "not found".
    const answer = assess(
      found.facts,
      {
        serviceDate: ask.serviceDate,
        askedOn: today,
        knownAt: Number.POSITIVE_INFINITY,
        institutionCode,
        plannedTables,
      },
      ask.consent,
    );
    // Kept facts are what was true of somebody who was found. That there is nothing newer they cannot know.
    if (found.coverageAway !== undefined && NEGATIVE.has(answer.verdict))
      throw unavailable(new Error('a negative verdict needs a source that is complete'));
    const content = presentAnswer(answer, checkedAt, found.verifiedAt);
    const answerVersion = keys.version(content);
    const unchanged = ask.ifVersion === answerVersion;

    const splices: Splices = {
      checkId: randomUUIDv7(),
      checkedAt: tokyoInstant(checkedAt),
      serviceDate: ask.serviceDate,
      answerVersion,
      freshness: JSON.stringify(freshness),
      verifiedAt: found.verifiedAt === undefined ? '' : tokyoInstant(found.verifiedAt),
      availableUntil: tokyoInstant(checkedAt + VIEWING_MS),
      treatmentMonth: monthOf(ask.serviceDate),
      consented: consentBits(ask.consent),
      institutionCode,
    };
    const text = unchanged ? '' : markTimes(packText(JSON.stringify(content).slice(1, -1)), splices);
    return givenOf(asking, ask, {
      splices,
      text,
      kept: text,
      checkedAt,
      subjectHash: keys.subject(subjectOf(ask)),
      verdict: answer.verdict,
      credentialState: answer.credential.state,
      freshness: {
        source: freshness.source,
        ...(freshness.degraded === undefined ? {} : { degraded: freshness.degraded.reason }),
      },
      ...(freshness.degraded === undefined ? {} : { question: keys.questions.seal(ask, splices.checkId) }),
    });
  }

  /** `leftMs`: what is left of the time that a check may take, for whoever is asked next. */
  private async find(ask: Ask, now: number, leftMs: () => number): Promise<Found> {
    if (ask.subject.by === 'card') return this.findByCard(ask.subject.serial, ask.maxAgeMs, now, leftMs);
    const { key } = ask.subject;
    const reading = await this.parts.facts.byNumber(key.insurerNumber, key.insuredIdentificationNumber, leftMs());
    return {
      facts: { by: 'insured', asked: key, people: reading.value },
      ...coverageOf(reading),
    };
  }

  private async findByCard(
    serial: string,
    maxAgeMs: number | undefined,
    now: number,
    leftMs: () => number,
  ): Promise<Found> {
    const reading = await this.parts.facts.bySerial(serial, leftMs());
    const record = reading.value;
    if (record === undefined) return this.findUnknown(serial, now, leftMs);

    const { certificates, registry, words } = this.parts;
    const { asOf, certificatesConfirmedAt: feedConfirmedAt } = reading;
    const heardAt = verifiedAt(record.certificate.verifiedAt, { asOf, feedConfirmedAt }, now);
    // Who asked the registry itself heard it before the feed brought it here.
    if (isOver(record.certificate.status)) words.forget(serial);
    const word = words.after(serial, heardAt, now);
    const confirmedAt = word === undefined || word.at > now ? heardAt : Math.max(word.at, heardAt);
    const held = word === undefined ? linked(record) : linkedAs(record, word.value);
    const known = { ...coverageOf(reading), facts: byCard(held), verifiedAt: confirmedAt };
    const since = certificates.unconfirmedSince(confirmedAt);
    // 0 asks for "now", and no confirmation of before is that.
    if (maxAgeMs === undefined || (maxAgeMs > 0 && now - confirmedAt <= maxAgeMs))
      return { ...known, ...(since === undefined ? {} : { registryAwaySince: since }) };
    try {
      const said = await registry.certificateStatus(serial, leftMs());
      // It has named this certificate before: a copy that is older than what it said cannot say what became of it.
      if (isOlderWord(held.certificate, said)) throw new RegistryFault('stale');
      words.note(serial, said, now);
      return { ...known, facts: byCard(linkedAs(record, said)), verifiedAt: now, source: 'registry' };
    } catch (error) {
      // The caller wanted it newer than we can have it: what is known is answered, and says how old it is.
      if (error instanceof RegistryFault) return { ...known, registryAwaySince: certificates.awaySince ?? now };
      throw error;
    }
  }

  /** A serial nobody of ours is linked to: only the registry can say what it is. */
  private async findUnknown(serial: string, now: number, leftMs: () => number): Promise<Found> {
    const { words } = this.parts;
    const said = await this.parts.registry.certificateStatus(serial, leftMs());
    const before = words.after(serial, now, now);
    if (before !== undefined && isOver(before.value.status) && !isOver(said.status)) throw new RegistryFault('stale');
    words.note(serial, said, now);
    const asked = { asOf: now, source: 'registry', verifiedAt: now } as const;
    if (said.status === 'unknown') return { ...asked, facts: byCard({ kind: 'unknown' }) };
    // A certificate renewed a moment ago leads to its holder through the one whose place it took, or the one before that.
    let { supersedes } = said;
    for (let followed = 0; supersedes !== undefined; followed += 1) {
      const { value, ...predecessor } = await this.parts.facts.bySerial(supersedes, leftMs());
      if (value !== undefined)
        return {
          ...asked,
          ...coverageOf(predecessor),
          source: asked.source,
          facts: byCard({ kind: 'linked', certificate: certificateOf(said, said.status), person: value.person }),
        };
      // Where it leads is not known, and that is not "nobody".
      if (followed === RENEWALS_ASKED) throw new FactsUnavailable();
      ({ supersedes } = await this.parts.registry.certificateStatus(supersedes, leftMs()));
    }
    return { ...asked, facts: byCard({ kind: 'not-linked', certificate: certificateOf(said, said.status) }) };
  }
}

/** Undefined where something is wrong with it. */
const readable = (request: EligibilityCheckRequest, today: CivilDate): Ask | undefined => {
  try {
    return readAsk(request, today);
  } catch (error) {
    if (error instanceof ProblemException) return undefined;
    throw error;
  }
};

/** What the record's keyed hash is made of. */
export const subjectOf = ({ subject }: Pick<Ask, 'subject'>): string =>
  subject.by === 'card'
    ? `card ${subject.serial}`
    : `insured ${subject.key.insurerNumber} ${subject.key.insuredIdentificationNumber}`;

const coverageOf = ({
  asOf,
  source,
  away,
}: Omit<Reading<unknown>, 'value'>): Pick<Found, 'asOf' | 'source' | 'coverageAway'> => ({
  asOf,
  source,
  ...(away === undefined ? {} : { coverageAway: away }),
});

const byCard = (card: CardFacts): Facts => ({ by: 'card', card });

const certificateOf = (
  said: { notAfter?: string | undefined },
  status: CertificateFacts['status'],
): CertificateFacts => ({
  status,
  ...(said.notAfter === undefined ? {} : { notAfter: said.notAfter as CivilDate }),
});

/** What the registry says now goes before what is stored. */
const linkedAs = (record: CardRecord, said: CertificateStatus): LinkedCard =>
  linked(
    said.status === 'unknown'
      ? record
      : { ...record, certificate: { ...record.certificate, ...certificateOf(said, said.status) } },
  );

/** What is over does not begin again, and what was issued once is known for ever. */
const isOlderWord = (known: CertificateFacts, said: CertificateStatus): boolean =>
  said.status === 'unknown' || (isOver(known.status) && !isOver(said.status));
