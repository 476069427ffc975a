import type { EligibilityAnswer } from '@app/contracts';
import {
  assess,
  filedSince,
  normaliseBranch,
  normaliseNumber,
  normaliseSymbol,
  personAsOf,
  type CivilDate,
  type Consent,
  type Facts,
  type Identity,
  type InsuredKey,
  type PersonFacts,
} from '@app/domain';
import { Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';

import type { AnswerKeys } from '../check-in/answer-keys.js';
import { linked } from '../check-in/card-facts.js';
import { subjectOf } from '../check-in/verify-eligibility.js';
import type { Question } from '../check-in/question-seal.js';
import { RecordUnavailable, type GivenCheck } from '../check-log/check-log.js';
import { tokyoDay, type Clock } from '../clock/clock.js';
import type { CardRecord } from '../replica/facts-reader.js';
import type { FiledChanges, GivenAnswer, NewRecheck } from './rechecks.js';

const LEASE_MS = 30_000;
/** People looked at in one go: one reading of facts and one of answers. */
const PEOPLE_AT_ONCE = 100;
/** Facts reach a replica a moment after they were filed: an answer may have been given in between without them. */
const HEARD_WITHIN_MS = 60_000;
const DAY_MS = 24 * 3_600_000;
/** About some people together; if there are more, fewer people are looked at together. Of one person the newest. */
const ANSWERS_MAX = 5_000;

const NO_CONSENT: Consent = {
  limitApplicationCertificate: false,
  specificDiseases: false,
  pharmacists: false,
  specificHealthCheckups: false,
  diagnosis: false,
  operation: false,
};

/** Somebody whose facts changed, with everything by which a check may have asked about them. */
export interface ChangedPerson {
  readonly facts: PersonFacts;
  readonly cards: ReadonlyMap<string, CardRecord>;
  readonly numbers: readonly (readonly [insurerNumber: string, numberKey: string])[];
}

export interface FiledChangesWatchParts {
  readonly changes: FiledChanges;
  /** Those of them who exist. */
  readonly people: (ids: readonly string[]) => Promise<readonly ChangedPerson[]>;
  readonly before: (institutionCode: string, checkId: string) => Promise<GivenCheck | undefined>;
  readonly keys: Pick<AnswerKeys, 'questions' | 'subject'>;
  readonly clock: Clock;
  readonly plannedTables: boolean;
  /** Answers given longer ago are left as they are. */
  readonly lookbackDays: number;
  /** Changes are looked at this long after they were noted. */
  readonly lookedAtAfterMs: number;
  readonly betweenSlices: () => Promise<void>;
  readonly answersMax?: number;
}

/** One way of asking about somebody: the question's subject, and the facts it leads to. */
interface Way {
  readonly person: ChangedPerson;
  readonly subject:
    Question['subject'] | { readonly by: 'number'; readonly insurerNumber: string; readonly number: string };
}

/**
 * Follows what is filed, and finds the answers it reaches back to: from whoever changed to the keyed hashes of what may have been
 * asked about them, and from those to the record. Found answers are queued to be checked again; nothing is decided here.
 */
export class FiledChangesWatch {
  private readonly logger = new Logger('Recheck');
  private readonly owner = randomUUID();

  constructor(private readonly parts: FiledChangesWatchParts) {}

  /** Until nothing is left to be looked at. */
  async look(signal: AbortSignal): Promise<void> {
    const { changes, clock, lookedAtAfterMs, betweenSlices } = this.parts;
    while (!signal.aborted) {
      const now = clock.now();
      const next = await changes.next(
        now,
        { owner: this.owner, until: now + LEASE_MS },
        lookedAtAfterMs,
        PEOPLE_AT_ONCE,
      );
      if (next === undefined) return;
      const found = next.people.length === 0 ? [] : await this.reachedBy(next.people, now);
      await changes.moveOn(next, found, now);
      await betweenSlices();
    }
  }

  private async reachedBy(ids: readonly string[], now: number): Promise<readonly NewRecheck[]> {
    const { changes, people, keys, lookbackDays, answersMax = ANSWERS_MAX } = this.parts;
    const ways = new Map<string, Way[]>();
    const add = (subject: string, way: Way): void => {
      const key = keys.subject(subject).toString('base64');
      ways.set(key, [...(ways.get(key) ?? []), way]);
    };
    for (const person of await people(ids)) {
      for (const serial of person.cards.keys()) {
        const subject = { by: 'card', serial } as const;
        add(subjectOf({ subject }), { person, subject });
      }
      for (const [insurerNumber, number] of distinct(person.numbers))
        add(`insured ${insurerNumber} ${number}`, { person, subject: { by: 'number', insurerNumber, number } });
    }
    const subjects = [...ways.keys()].map((key) => Buffer.from(key, 'base64'));
    const since = now - lookbackDays * DAY_MS;
    const answers = subjects.length === 0 ? [] : await changes.answersAbout(subjects, since, answersMax);
    if (answers.length >= answersMax) {
      const half = Math.ceil(ids.length / 2);
      if (ids.length > 1)
        return [...(await this.reachedBy(ids.slice(0, half), now)), ...(await this.reachedBy(ids.slice(half), now))];
      this.logger.warn({ event: 'filed-change-reaches-many', answers: answers.length });
    }
    const found: NewRecheck[] = [];
    for (const answer of answers) {
      for (const way of ways.get(answer.subjectHash.toString('base64')) ?? []) {
        const subject = await this.subjectIfReached(answer, way);
        if (subject === undefined) continue;
        const { checkId, checkedAt, institutionCode } = answer;
        found.push({ checkId, checkedAt, institutionCode, question: keys.questions.seal({ subject }, checkId) });
        break;
      }
    }
    return found;
  }

  /** What was asked, where it would be answered otherwise today, or something was filed that may matter. */
  private async subjectIfReached(
    answer: GivenAnswer,
    { person, subject }: Way,
  ): Promise<Question['subject'] | undefined> {
    const isFiled = filedSince(person.facts, answer.checkedAt - HEARD_WITHIN_MS, answer.serviceDate as CivilDate);
    if (subject.by === 'card') {
      const card = person.cards.get(subject.serial);
      if (card === undefined) return undefined;
      return isFiled || this.verdictNow({ by: 'card', card: linked(card) }, answer) !== answer.verdict
        ? subject
        : undefined;
    }
    if (subject.by !== 'number') return undefined;
    const asked = await this.keyAsked(answer, person, subject.insurerNumber, subject.number);
    if (asked === undefined) return undefined;
    return isFiled || this.verdictNow({ by: 'insured', asked, people: [person.facts] }, answer) !== answer.verdict
      ? { by: 'insured', key: asked }
      : undefined;
  }

  /**
   * A number leads to a family, and the record does not say who of it was asked about; the answer does, where it showed anybody.
   * Who was told "not found", or that nothing had changed, is not found out here.
   */
  private async keyAsked(
    answer: GivenAnswer,
    { facts, numbers }: ChangedPerson,
    insurerNumber: string,
    number: string,
  ): Promise<InsuredKey | undefined> {
    const serviceDate = answer.serviceDate as CivilDate;
    if (answer.unchanged) return undefined;
    const given = await this.before(answer);
    if (given === undefined) return undefined;
    const { results = [] } = JSON.parse(Buffer.from(given.body, 'latin1').toString()) as EligibilityAnswer;
    const identities = identitiesShown(facts, serviceDate);
    const shown = results.find(
      (result) =>
        result.insurerNumber === insurerNumber &&
        numbers.some(
          ([insurer, key]) => insurer === insurerNumber && key === normaliseNumber(result.insuredIdentificationNumber),
        ) &&
        identities.some(({ birthdate, nameKana }) => birthdate === result.birthdate && nameKana === result.nameKana),
    );
    if (shown === undefined) return undefined;
    const { insuredCardSymbol, insuredBranchNumber } = shown;
    return {
      insurerNumber,
      insurerNumberCheckDigitWrong: false,
      insuredIdentificationNumber: number,
      // As it is known now: who was asked about is the same person, whatever was typed.
      birthdate: personAsOf(facts, { serviceDate, knownAt: Infinity }).identity.birthdate,
      ...(insuredCardSymbol === undefined ? {} : { insuredCardSymbol: normaliseSymbol(insuredCardSymbol) }),
      ...(insuredBranchNumber === undefined ? {} : { insuredBranchNumber: normaliseBranch(insuredBranchNumber) }),
    };
  }

  /** An answer that is not on record as it was given is told by whoever verifies the record; changes are followed all the same. */
  private async before({ institutionCode, checkId }: GivenAnswer): Promise<GivenCheck | undefined> {
    try {
      return await this.parts.before(institutionCode, checkId);
    } catch (error) {
      if (error instanceof RecordUnavailable) throw error;
      this.logger.error({ event: 'recheck-failed', checkId, cause: (error as Error).name });
      return undefined;
    }
  }

  private verdictNow(facts: Facts, { serviceDate, checkedAt, institutionCode }: GivenAnswer): string {
    const question = {
      serviceDate: serviceDate as CivilDate,
      askedOn: tokyoDay(checkedAt),
      // As VerifyEligibility has it: everything in hand is known, whatever this clock says.
      knownAt: Number.POSITIVE_INFINITY,
      institutionCode,
      plannedTables: this.parts.plannedTables,
    };
    return assess(facts, question, NO_CONSENT).verdict;
  }
}

/** Whom an answer about a day may have shown: as registered, and as each change since became known. */
const identitiesShown = (facts: PersonFacts, serviceDate: CivilDate): readonly Identity[] =>
  [-Infinity, ...(facts.identityChanges ?? []).map(({ recordedAt }) => recordedAt)].map(
    (knownAt) => personAsOf(facts, { serviceDate, knownAt }).identity,
  );

const distinct = (numbers: ChangedPerson['numbers']): ChangedPerson['numbers'] => [
  ...new Map(numbers.map((pair) => [pair.join(' '), pair])).values(),
];
