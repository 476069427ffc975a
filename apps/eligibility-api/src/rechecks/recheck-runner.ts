import type { EligibilityAnswer } from '@app/contracts';
import type { CivilDate, Consent } from '@app/domain';
import { Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';

import { ConsentBit } from '../answers/answer-text.js';
import type { AnswerKeys } from '../check-in/answer-keys.js';
import { AnswerUnavailable } from '../check-in/answer-unavailable.js';
import type { Ask } from '../check-in/ask.js';
import type { Asking, Given } from '../check-in/given.js';
import { QuestionUnreadable, type Question } from '../check-in/question-seal.js';
import { subjectOf } from '../check-in/verify-eligibility.js';
import { RecordUnavailable, type CheckRecord, type GivenCheck } from '../check-log/check-log.js';
import { tokyoDay, type Clock } from '../clock/clock.js';
import { changesBetween, type Said } from './changes-between.js';
import {
  RechecksUnavailable,
  type Change,
  type Lease,
  type PendingRecheck,
  type RecheckReason,
  type Rechecks,
} from './rechecks.js';

/** A process that died is noticed after this long; one that lives is done with what it took long before. */
const LEASE_MS = 10_000;
/** What could not be found out is left alone for so long the first time, twice that the second, and so on. */
const POSTPONED_MS = 5_000;
const POSTPONED_MAX_MS = 10 * 60_000;
/** Taken up in one statement. */
const TAKEN_AT_ONCE = 32;

/** What became of one. */
export type RecheckOutcome = Change | 'unchanged' | 'postponed' | 'unreadable' | 'done-elsewhere';

export interface RecheckRunnerParts {
  readonly rechecks: Rechecks;
  /** The one way in which a question is answered; not yet on record. `today` is the Tokyo day whose cards and documents count. */
  readonly workOut: (asking: Asking, ask: Ask, now: number, today: CivilDate) => Promise<Given>;
  /** Puts corrections on record, each in one statement with the end of what it corrects. Rejects with `RecordUnavailable`. */
  readonly commit: (checks: readonly CheckRecord[]) => Promise<void>;
  readonly before: (institutionCode: string, checkId: string) => Promise<GivenCheck | undefined>;
  readonly keys: Pick<AnswerKeys, 'questions' | 'subject'>;
  readonly clock: Clock;
  /** Of which reasons the source is back, as far as anybody can tell without asking. */
  readonly back: () => readonly RecheckReason[];
  /** Whether the journal has room for more than check-in: while it has not, PostgreSQL's time is for what waits there. */
  readonly hasRoom: () => boolean;
  readonly betweenSlices: () => Promise<void>;
  readonly concurrency: number;
  readonly counted: (reason: RecheckReason, outcomes: readonly RecheckOutcome[]) => void;
}

/**
 * Asks again what was answered from older facts, when the source is back, and what was answered before something was filed
 * that reaches back. A few at a time, behind the callers; whatever is interrupted is taken up again by somebody.
 */
export class RecheckRunner {
  private readonly logger = new Logger('Recheck');
  private readonly owner = randomUUID();

  constructor(private readonly parts: RecheckRunnerParts) {}

  /** Until none is left that can be asked now, or the journal fills. */
  async run(signal: AbortSignal): Promise<void> {
    const { rechecks, clock, concurrency, betweenSlices, hasRoom } = this.parts;
    while (!signal.aborted && hasRoom()) {
      const reasons = this.parts.back();
      const taken = await rechecks.take(clock.now(), this.lease(LEASE_MS), reasons, TAKEN_AT_ONCE);
      if (taken.length === 0) return;
      for (let at = 0; at < taken.length; at += concurrency) {
        // What was taken and not begun is free again when the lease has run out.
        if (signal.aborted || !hasRoom()) return;
        await Promise.all(taken.slice(at, at + concurrency).map((one) => this.one(one)));
        await betweenSlices();
      }
    }
  }

  private async one(pending: PendingRecheck): Promise<void> {
    this.parts.counted(pending.reason, await this.orPostponed(pending));
  }

  /** One that cannot be asked because of something wrong with it holds up nobody else. */
  private async orPostponed(pending: PendingRecheck): Promise<readonly RecheckOutcome[]> {
    try {
      return await this.ask(pending);
    } catch (error) {
      // The store is away, for all of them.
      if (error instanceof RechecksUnavailable || error instanceof RecordUnavailable) throw error;
      this.logger.error({ event: 'recheck-failed', checkId: pending.checkId, cause: (error as Error).name });
      return this.postpone(pending);
    }
  }

  private async ask(pending: PendingRecheck): Promise<readonly RecheckOutcome[]> {
    const { rechecks, clock } = this.parts;
    const question = this.questionOf(pending);
    if (question === undefined) {
      this.logger.error({ event: 'recheck-unreadable', checkId: pending.checkId });
      await rechecks.end(pending.id, 'unreadable', clock.now());
      return ['unreadable'];
    }
    const given = await this.answerAgain(pending, question);
    if (given === undefined) return this.postpone(pending);
    const changed = this.relevant(pending, changesBetween(await this.saidBefore(pending), saidIn(given)));
    // An answer that nothing was wrong with, and that is as it was, is not disclosed a second time.
    if (changed.length === 0 && pending.reason === 'retroactive-change') {
      await rechecks.end(pending.id, 'unchanged', clock.now());
      return ['unchanged'];
    }
    try {
      const { question: _sealed, ...record } = given.record;
      // Nobody consented anew, so nobody's viewing is prolonged.
      await this.parts.commit([{ ...record, consented: [], corrects: { checkId: pending.checkId, changed } }]);
    } catch (error) {
      // Somebody else was first, or the store is away: either way it is not ours to tell, and will be looked at again if need be.
      if (error instanceof RecordUnavailable) return ['done-elsewhere'];
      throw error;
    }
    return changed.length === 0 ? ['unchanged'] : changed;
  }

  private async postpone({ id, takes }: PendingRecheck): Promise<readonly RecheckOutcome[]> {
    await this.parts.rechecks.postpone(id, this.lease(Math.min(POSTPONED_MS * takes, POSTPONED_MAX_MS)));
    return ['postponed'];
  }

  /** The question as it was asked; undefined where it cannot be, or is not the one on record. */
  private questionOf({ question, checkId, subjectHash }: PendingRecheck): Question | undefined {
    const { keys } = this.parts;
    try {
      const opened = keys.questions.open(question, checkId);
      return keys.subject(subjectOf(opened)).equals(subjectHash) ? opened : undefined;
    } catch (error) {
      if (error instanceof QuestionUnreadable) return undefined;
      throw error;
    }
  }

  /**
   * As on the day it was asked: whether the card was good that day, and whether the visit was insured. Undefined while that
   * cannot be found out, or only from facts as old as those of the answer in question.
   */
  private async answerAgain(pending: PendingRecheck, { subject, maxAgeMs }: Question): Promise<Given | undefined> {
    const { clientId, institutionCode, purpose, checkedAt, consented } = pending;
    const now = this.parts.clock.now();
    const asking: Asking = { caller: { clientId, institutionCode, scopes: new Set() }, purpose };
    const ask: Ask = {
      subject,
      serviceDate: pending.serviceDate as CivilDate,
      consent: consentAgain(consented),
      ...(maxAgeMs === undefined ? {} : { maxAgeMs }),
    };
    try {
      const given = await this.parts.workOut(asking, ask, now, tokyoDay(checkedAt));
      const freshness = JSON.parse(given.record.answer.splices.freshness) as EligibilityAnswer['freshness'];
      const isNewer = freshness.degraded === undefined && Date.parse(freshness.asOf) >= pending.factsFrom;
      return isNewer ? given : undefined;
    } catch (error) {
      if (error instanceof AnswerUnavailable) return undefined;
      throw error;
    }
  }

  private async saidBefore(pending: PendingRecheck): Promise<Said> {
    const { verdict, credentialState, unchanged } = pending;
    const given = unchanged ? undefined : await this.parts.before(pending.institutionCode, pending.checkId);
    return given === undefined ? { verdict, credentialState } : saidIn(given);
  }

  /** A card that has run out or was renewed since then is nothing that was filed about coverage. */
  private relevant({ reason }: PendingRecheck, changes: readonly Change[]): readonly Change[] {
    return reason === 'retroactive-change' ? changes.filter((change) => change !== 'credential') : changes;
  }

  private lease(ms: number): Lease {
    return { owner: this.owner, until: this.parts.clock.now() + ms };
  }
}

const saidIn = ({ body, record }: Pick<GivenCheck, 'body' | 'record'>): Said => {
  const { results } = JSON.parse(Buffer.from(body, 'latin1').toString()) as EligibilityAnswer;
  return {
    verdict: record.verdict,
    credentialState: record.credentialState,
    ...(results === undefined ? {} : { results }),
  };
};

/** What is shown of limit and diseases is shown again; viewing was consented to at the reader, for a day. */
const consentAgain = (bits: number): Consent => ({
  limitApplicationCertificate: (bits & ConsentBit.limitApplicationCertificate) !== 0,
  specificDiseases: (bits & ConsentBit.specificDiseases) !== 0,
  specificHealthCheckups: false,
  pharmacists: false,
  diagnosis: false,
  operation: false,
});
