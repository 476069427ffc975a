import { dayNumber, monthOf, type CivilDate } from '@app/domain';
import { randomUUIDv7 } from 'node:crypto';

import { ConsentBit, designatedFlagsIn, referenceNumberIn } from '../answers/answer-text.js';
import { FINGERPRINT_BYTES, ReadyReader } from '../answers/ready-row.js';
import type { CertificateStatusView } from '../certificate-status/certificate-status-view.js';
import { isCurrent, type ReadyRow, type ReplicaView } from '../replica/replica-view.js';
import type { AnswerKeys } from './answer-keys.js';
import type { Ask } from './ask.js';
import { verifiedAt as verifiedAtOf } from './card-facts.js';
import { freshnessOf, type Ages } from './freshness.js';
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
const WITHOUT_THE_REGISTRY = { source: 'replica', degraded: 'registry-unavailable' } as const;

/** How old the answers to cards are, as text: the same for nearly all cards between two readings of the feed. */
class FreshnessText {
  private ages: Ages | undefined;
  private text = '';

  constructor(private readonly policy: FreshnessPolicy) {}

  /** Undefined when the facts are older than policy allows. */
  of(ages: Ages, now: number, today: CivilDate): string | undefined {
    const { verifiedAt = 0 } = ages;
    if (now > verifiedAt + this.policy.credentialMaxAgeMs) return undefined;
    const { ages: last } = this;
    if (
      last?.asOf !== ages.asOf ||
      last.verifiedAt !== verifiedAt ||
      last.registryAwaySince !== ages.registryAwaySince
    ) {
      this.ages = ages;
      this.text = JSON.stringify(freshnessOf(ages, this.policy, now, today));
    }
    return this.text;
  }
}

/** One of the questions of a turn. */
export interface Asked {
  readonly asking: Asking;
  readonly ask: Ask;
}

export interface ReadyAnswersParts {
  readonly replica: ReplicaView;
  readonly certificates: CertificateStatusView;
  readonly keys: AnswerKeys;
  readonly policy: FreshnessPolicy;
  /** The replica is behind when its facts are older than this; then its ready answers are not given. Milliseconds. */
  readonly behindAfterMs: number;
  /** Whether this process was told something newer about a card than what was in the replica and in the feed at these instants. */
  readonly knowsNewer: (serial: string, asOf: number, verifiedAt: number, now: number) => boolean;
}

/**
 * Answers that were made when their facts changed, given with what this one check adds to them. Only the ordinary question is
 * answered here: a card, about today or a day to come, while the replica is current. For anything else, and for whoever
 * has no ready answer, it gives undefined, and the answer is worked out.
 */
export class ReadyAnswers {
  private readonly checkedAtText = new InstantText();
  private readonly verifiedAtText = new InstantText();
  private readonly otherText = new InstantText();
  private readonly freshness: FreshnessText;
  private readonly today = new TodayInTokyo();
  private readonly fingerprint = Buffer.alloc(FINGERPRINT_BYTES);

  constructor(private readonly parts: ReadyAnswersParts) {
    this.freshness = new FreshnessText(parts.policy);
  }

  /** Not yet on the record. `now` in epoch milliseconds. */
  answer(asking: Asking, ask: Ask, now: number): Given | undefined {
    return this.answerAll([{ asking, ask }], now)[0];
  }

  /** `answer` of each, in their order. */
  answerAll(questions: readonly Asked[], now: number): readonly (Given | undefined)[] {
    const serials = questions.map(({ ask }) => this.serialOf(ask, now));
    const asked = serials.filter((serial) => serial !== undefined);
    const rows = asked.length === 0 ? [] : this.parts.replica.readyAll(asked);
    let at = 0;
    return questions.map(({ asking, ask }, i) => {
      if (serials[i] === undefined) return undefined;
      const row = rows[at];
      at += 1;
      return row === undefined ? undefined : this.given(asking, ask, row, now);
    });
  }

  /** The card that is asked about, where a ready answer may be given at all. */
  private serialOf({ subject, serviceDate, maxAgeMs }: Ask, now: number): string | undefined {
    if (subject.by !== 'card' || maxAgeMs === 0 || serviceDate < this.today.day(now)) return undefined;
    const { replica, behindAfterMs } = this.parts;
    return isCurrent(replica, now, behindAfterMs) ? subject.serial : undefined;
  }

  private given(asking: Asking, ask: Ask, row: ReadyRow, now: number): Given | undefined {
    const { replica, certificates, keys } = this.parts;
    const { serviceDate } = ask;
    const today = this.today.day(now);
    const { state } = replica;
    // Found broken by a row that came after this one.
    if (state === undefined) return undefined;
    const ready = new ReadyReader(row.opened);
    if (!ready.answers(this.today.dayNumber(now), now)) return undefined;
    // Tomorrow's appointments: nothing on record begins or ends within a row's days, so that it holds for each of them as the
    // day of asking together with each of them as the day asked about.
    if (serviceDate !== today && !ready.answers(dayNumber(serviceDate), now)) return undefined;

    const verifiedAt = verifiedAtOf(
      ready.verifiedAt,
      { asOf: state.asOf, feedConfirmedAt: state.certificatesConfirmedAt },
      now,
    );
    if (ask.maxAgeMs !== undefined && now - verifiedAt > ask.maxAgeMs) return undefined;
    if (ask.subject.by === 'card' && this.parts.knowsNewer(ask.subject.serial, state.asOf, verifiedAt, now))
      return undefined;
    const since = certificates.unconfirmedSince(verifiedAt);
    const isAway = since !== undefined;
    const freshness = this.freshness.of(
      {
        source: 'replica',
        asOf: state.asOf,
        verifiedAt,
        ...(isAway ? { registryAwaySince: since } : {}),
      },
      now,
      today,
    );
    if (freshness === undefined) return undefined;

    const { text, showsResults } = ready;
    const consented = consentBits(ask.consent);
    const limitConsented = (consented & ConsentBit.limitApplicationCertificate) !== 0;
    const { institutionCode } = asking.caller;
    const treatmentMonth = monthOf(serviceDate);
    ready.fingerprint(limitConsented, (consented & ConsentBit.specificDiseases) !== 0, this.fingerprint);
    const answerVersion = keys.versionOf(
      this.fingerprint,
      showsResults ? ((ready.deniesViewing ? FLAGS_DENIED : FLAGS_GIVEN)[consented >> 2] as string) : '',
      ready.showsLimit && limitConsented ? treatmentMonth : '',
      ready.showsTickets ? designatedFlagsIn(text, institutionCode) : '',
      showsResults ? referenceNumberIn(text, institutionCode) : undefined,
    );
    const isUnchanged = ask.ifVersion === answerVersion;
    const checkId = randomUUIDv7();
    return givenOf(asking, ask, {
      splices: {
        checkId,
        checkedAt: this.checkedAtText.of(now),
        serviceDate,
        answerVersion,
        freshness,
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
      freshness: isAway ? WITHOUT_THE_REGISTRY : FROM_THE_REPLICA,
      ...(isAway ? { question: keys.questions.seal(ask, checkId) } : {}),
    });
  }
}
