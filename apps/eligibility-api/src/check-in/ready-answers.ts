import type { Freshness } from '@app/contracts';
import { monthOf } from '@app/domain';
import { randomUUIDv7 } from 'node:crypto';

import { ConsentBit, referenceNumberIn } from '../answers/answer-text.js';
import { FINGERPRINT_BYTES, ReadyReader } from '../answers/ready-row.js';
import type { CertificateStatusView } from '../certificate-status/certificate-status-view.js';
import type { ReplicaView } from '../replica/replica-view.js';
import type { AnswerKeys } from './answer-keys.js';
import type { Ask } from './ask.js';
import type { FreshnessPolicy } from './freshness-policy.js';
import { consentBits, givenOf, type Asking, type Given } from './given.js';
import { InstantText, TodayInTokyo } from './instants.js';
import { VIEWING_MS } from './present.js';

/** The flags of the four kinds of viewing, by the bits consented to. */
const flags = (given: '1' | '3'): readonly string[] =>
  Array.from({ length: 16 }, (_, bits) => [1, 2, 4, 8].map((bit) => ((bits & bit) === 0 ? '0' : given)).join(''));
const FLAGS_GIVEN = flags('1');
const FLAGS_DENIED = flags('3');

const FROM_THE_REPLICA = { source: 'replica' } as const;

/** How old the facts of a card are, as text: the same for all cards between two readings of the feed. */
class FreshnessText {
  private asOf = Number.NaN;
  private text = '';

  constructor(private readonly freshForMs: number) {}

  of(asOf: number, instants: InstantText): string {
    if (asOf !== this.asOf) {
      this.asOf = asOf;
      const freshness: Freshness = {
        ...FROM_THE_REPLICA,
        asOf: instants.of(asOf),
        freshUntil: instants.of(asOf + this.freshForMs),
      };
      this.text = JSON.stringify(freshness);
    }
    return this.text;
  }
}

export interface ReadyAnswersParts {
  readonly replica: ReplicaView;
  readonly certificates: CertificateStatusView;
  readonly keys: AnswerKeys;
  readonly policy: FreshnessPolicy;
  /** The replica is behind when its facts are older than this; then its ready answers are not given. Milliseconds. */
  readonly behindAfterMs: number;
}

/**
 * Answers that were made when their facts changed, given with what this one check adds to them. Only the ordinary question is
 * answered here: a card, about today, while the replica and the registry's feed are current. For anything else, and for
 * whoever has no ready answer, it gives undefined, and the answer is worked out.
 */
export class ReadyAnswers {
  private readonly checkedAtText = new InstantText();
  private readonly verifiedAtText = new InstantText();
  private readonly otherText = new InstantText();
  private readonly freshness: FreshnessText;
  private readonly today = new TodayInTokyo();
  private readonly fingerprint = Buffer.alloc(FINGERPRINT_BYTES);

  constructor(private readonly parts: ReadyAnswersParts) {
    this.freshness = new FreshnessText(parts.policy.freshForMs);
  }

  /** Not yet on the record. `now` in epoch milliseconds. */
  answer(asking: Asking, ask: Ask, now: number): Given | undefined {
    const { replica, certificates, keys, policy, behindAfterMs } = this.parts;
    if (ask.subject.by !== 'card' || ask.maxAgeMs === 0) return undefined;
    const { serial } = ask.subject;
    const today = this.today.day(now);
    const { state } = replica;
    if (ask.serviceDate !== today || state === undefined || now - state.asOf > behindAfterMs || certificates.isAway)
      return undefined;

    const row = replica.ready(serial);
    if (row === undefined) return undefined;
    const ready = new ReadyReader(row.opened);
    if (!ready.answers(this.today.dayNumber(now), now)) return undefined;

    // As VerifyEligibility.findByCard has it: the feed confirms what the facts in hand have heard of.
    const verifiedAt = Math.max(
      ready.verifiedAt,
      Math.min(state.certificatesConfirmedAt ?? certificates.confirmedAt ?? 0, state.asOf),
    );
    const { maxAgeMs = policy.credentialMaxAgeMs } = ask;
    if (now - verifiedAt > Math.min(maxAgeMs, policy.credentialMaxAgeMs)) return undefined;

    const { text, showsResults } = ready;
    const consented = consentBits(ask.consent);
    const limitConsented = (consented & ConsentBit.limitApplicationCertificate) !== 0;
    const { institutionCode } = asking.caller;
    const treatmentMonth = monthOf(today);
    ready.fingerprint(limitConsented, (consented & ConsentBit.specificDiseases) !== 0, this.fingerprint);
    const answerVersion = keys.versionOf(
      this.fingerprint,
      showsResults ? ((ready.deniesViewing ? FLAGS_DENIED : FLAGS_GIVEN)[consented >> 2] as string) : '',
      ready.showsLimit && limitConsented ? treatmentMonth : '',
      showsResults ? referenceNumberIn(text, institutionCode) : undefined,
    );
    const isUnchanged = ask.ifVersion === answerVersion;
    return givenOf(asking, ask, {
      splices: {
        checkId: randomUUIDv7(),
        checkedAt: this.checkedAtText.of(now),
        serviceDate: today,
        answerVersion,
        freshness: this.freshness.of(Math.min(state.asOf, verifiedAt), this.otherText),
        verifiedAt: this.verifiedAtText.of(verifiedAt),
        availableUntil: this.otherText.of(now + VIEWING_MS),
        treatmentMonth,
        consented,
        institutionCode,
      },
      text: isUnchanged ? '' : text,
      kept: isUnchanged ? '' : { generation: state.generation, key: row.key, stored: row.stored },
      checkedAt: now,
      subjectHash: ready.subject,
      verdict: ready.verdict,
      credentialState: ready.credentialState,
      freshness: FROM_THE_REPLICA,
    });
  }
}
