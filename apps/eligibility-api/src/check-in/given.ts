import type { Freshness } from '@app/contracts';
import type { Consent, CredentialState, Verdict } from '@app/domain';
import { hash } from 'node:crypto';

import type { Caller } from '../access/caller.js';
import { ConsentBit, renderAnswer, type Splices } from '../answers/answer-text.js';
import type { CheckRecord, GivenCheck, KeptRow, Purpose } from '../check-log/check-log.js';
import type { Ask } from './ask.js';

/** Who asks, and why; recorded with the check. */
export interface Asking {
  readonly caller: Caller & { readonly institutionCode: string };
  readonly operator?: string;
  readonly terminal?: string;
  readonly purpose: Purpose;
}

/** A reply, and what goes on the record before it leaves. */
export interface Given {
  readonly checkId: string;
  readonly verdict: Verdict;
  readonly source: Freshness['source'];
  readonly degraded: boolean;
  /** The reply's bytes, one character each: it is written as `latin1`. */
  readonly body: string;
  readonly record: CheckRecord;
}

/** The kinds consented to as the bits of `Splices.consented`. */
export const consentBits = (consent: Consent): number =>
  (consent.limitApplicationCertificate ? ConsentBit.limitApplicationCertificate : 0) |
  (consent.specificDiseases ? ConsentBit.specificDiseases : 0) |
  (consent.specificHealthCheckups ? ConsentBit.specificHealthCheckups : 0) |
  (consent.pharmacists ? ConsentBit.pharmacists : 0) |
  (consent.diagnosis ? ConsentBit.diagnosis : 0) |
  (consent.operation ? ConsentBit.operation : 0);

const KINDS = Object.entries(ConsentBit);
/** Names of the kinds, by the sum of their bits. */
const CONSENTED: readonly (readonly string[])[] = Array.from({ length: 2 ** KINDS.length }, (_, bits) =>
  KINDS.flatMap(([kind, bit]) => ((bits & bit) === 0 ? [] : [kind])),
);

/** A reply that another process gave. */
export const givenAgain = ({ body, record }: GivenCheck): Given => {
  const { checkId, freshness } = record.answer.splices;
  const { source } = JSON.parse(freshness) as Freshness;
  return { checkId, verdict: record.verdict, source, degraded: record.degraded !== undefined, body, record };
};

/** Most answers have a quarter of it. Made once: the digest keeps nothing of it. */
const scratch = Buffer.allocUnsafeSlow(4_096);

/** SHA-256 of a reply's bytes. */
const digestOf = (body: string): string =>
  hash(
    'sha256',
    body.length <= scratch.length ? scratch.subarray(0, scratch.write(body, 'latin1')) : Buffer.from(body, 'latin1'),
    'base64url',
  );

/** What was decided, however it was come by. */
export interface Outcome {
  readonly splices: Splices;
  /** Text with marks; empty for the short reply to `ifVersion`. */
  readonly text: string;
  /** The text as it goes on the record: itself, or the row of the replica that it was read from. */
  readonly kept: KeptRow | string;
  /** Epoch milliseconds. */
  readonly checkedAt: number;
  readonly subjectHash: Buffer;
  readonly verdict: Verdict;
  readonly credentialState: CredentialState;
  readonly freshness: {
    readonly source: Freshness['source'];
    /** Reason. */
    readonly degraded?: string;
  };
  /** Sealed, of an answer that is to be checked again (`QuestionSeal`). */
  readonly question?: string;
}

/** Writes the reply out, with its record. */
export const givenOf = ({ caller, operator, terminal, purpose }: Asking, ask: Ask, outcome: Outcome): Given => {
  const { splices, text, verdict, freshness, question } = outcome;
  const { degraded } = freshness;
  const body = renderAnswer(text, splices);
  return {
    checkId: splices.checkId,
    verdict,
    source: freshness.source,
    degraded: degraded !== undefined,
    body,
    record: {
      checkId: splices.checkId,
      clientId: caller.clientId,
      institutionCode: caller.institutionCode,
      ...(operator === undefined ? {} : { operator }),
      ...(terminal === undefined ? {} : { terminal }),
      purpose,
      checkedAt: outcome.checkedAt,
      serviceDate: ask.serviceDate,
      subjectHash: outcome.subjectHash,
      verdict,
      credentialState: outcome.credentialState,
      answerVersion: splices.answerVersion,
      ...(degraded === undefined ? {} : { degraded }),
      unchanged: text === '',
      consented: CONSENTED[splices.consented] as readonly string[],
      ...(question === undefined ? {} : { question }),
      answer: {
        text: outcome.kept,
        splices,
        digest: digestOf(body),
      },
    },
  };
};
