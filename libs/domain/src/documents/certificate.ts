import { addDays, benefitYearOf, birthdayAt, civilDate, earlier, type CivilDate } from '../calendar/index.js';
import type { Certainty } from '../certainty.js';
import { late75FirstDay } from '../copay/index.js';
import { inForceOn, type Dated } from '../dated.js';
import type { CoverageScheme } from '../eligibility/facts.js';
import { lateElderlyIssue } from '../presentation/index.js';
import { cardOn, type CardState } from './card.js';
import {
  insuredOn,
  refuse,
  shownRate,
  type DocumentDay,
  type DocumentFacts,
  type Insured,
  type Refused,
  type ShownRate,
} from './insured.js';

const NOTICE = 'マイナ保険証移行に関するご案内（資格確認書の交付）';

/** The first day on which there are 資格確認書 (令和5年法律48号, 施行 2024-12-02). */
export const CERTIFICATES_FROM = civilDate('2024-12-02');

/** By the insurer without being asked, or because somebody asked. */
export type CertificateBasis = 'ex-officio' | 'on-application';

/** Why the card does not serve. `late-elderly`: everybody in 後期 gets one, whatever card they hold. */
export type CertificateNeed = 'no-registered-card' | 'card-unusable' | 'cannot-use-card' | 'late-elderly';

/**
 * What somebody applied for. `no-card`: without マイナ保険証, as with the filing that made them a member. `cannot-use-card`: has one and
 * cannot use it, such as when a facility or a carer would have to hold it, or while it is lost.
 */
export type CertificateApplication = 'no-card' | 'cannot-use-card';

/** One way to a 資格確認書, by the state of the card and the day somebody became a member. */
export interface CertificateRow extends Dated<CivilDate> {
  readonly card: CardState;
  /** The days of joining that it is for, both included. */
  readonly joinedFrom?: CivilDate;
  readonly joinedTo?: CivilDate;
  /** Absent: with or without one. */
  readonly application?: CertificateApplication;
  readonly basis: CertificateBasis;
  readonly need: CertificateNeed;
  /** The day by which insurers had sent it to everybody. */
  readonly sentBy?: CivilDate;
  readonly source: string;
  readonly certainty: Certainty;
}

/** Member before the certificates began, with an old card that served to 2025-12-01. */
const LAST_OLD_MEMBER = civilDate('2024-12-01');

/** The first row that fits decides. */
export const CERTIFICATE_ROWS: readonly CertificateRow[] = [
  {
    effectiveFrom: CERTIFICATES_FROM,
    card: 'none',
    joinedTo: LAST_OLD_MEMBER,
    basis: 'ex-officio',
    need: 'no-registered-card',
    sentBy: civilDate('2025-12-01'),
    source: `${NOTICE}: 令和6年12月1日以前の加入者`,
    certainty: 'certain',
  },
  {
    effectiveFrom: CERTIFICATES_FROM,
    card: 'none',
    joinedFrom: CERTIFICATES_FROM,
    application: 'no-card',
    basis: 'on-application',
    need: 'no-registered-card',
    source: `${NOTICE}: 令和6年12月2日以降の新規加入者; 健保法51条の3, 健保規則47条`,
    certainty: 'certain',
  },
  {
    effectiveFrom: CERTIFICATES_FROM,
    card: 'none',
    joinedFrom: CERTIFICATES_FROM,
    basis: 'ex-officio',
    need: 'no-registered-card',
    // For the time being nobody is left without either; no refusal stands on an application that was not filed.
    source: '令和5年法律48号 附則（当分の間の職権交付）; 潮健康保険組合 2025-11-12',
    certainty: 'likely',
  },
  {
    effectiveFrom: CERTIFICATES_FROM,
    card: 'unusable',
    basis: 'ex-officio',
    need: 'card-unusable',
    source: '潮健康保険組合 2025-11-12（有効期限切れ・返納・利用登録の解除）',
    certainty: 'certain',
  },
  {
    effectiveFrom: CERTIFICATES_FROM,
    card: 'usable',
    application: 'cannot-use-card',
    basis: 'on-application',
    need: 'cannot-use-card',
    source: `${NOTICE}: 施設や介助者に預ける場合など; JSR健康保険組合`,
    certainty: 'certain',
  },
];

/** How long a certificate lasts where the insurer says nothing else. The law leaves it to the insurer, within five years. */
export interface CertificateTerm extends Dated<CivilDate> {
  readonly scheme: Exclude<CoverageScheme, 'medical-aid'>;
  readonly ends: 'after-five-years' | 'with-benefit-year';
  readonly source: string;
  readonly certainty: Certainty;
}

export const CERTIFICATE_TERMS: readonly CertificateTerm[] = [
  {
    effectiveFrom: CERTIFICATES_FROM,
    scheme: 'shaho',
    ends: 'after-five-years',
    source: '健保規則47条（5年を超えない範囲で保険者が定める）',
    certainty: 'certain',
  },
  {
    effectiveFrom: CERTIFICATES_FROM,
    scheme: 'kokuho',
    ends: 'with-benefit-year',
    source: '市町村国保の年次更新（8月1日）',
    certainty: 'likely',
  },
  {
    effectiveFrom: CERTIFICATES_FROM,
    scheme: 'kouki',
    ends: 'with-benefit-year',
    source: '後期高齢者医療広域連合の年次更新（8月1日）',
    certainty: 'likely',
  },
];

const YEARS_MAX = 5;

/**
 * The last day that a certificate issued on a day may name: five years, both ends counted (健保規則47条). Years end as ages do: from
 * 29 February on 28 February (民法143条2項).
 */
export const latestValidTo = (issuedOn: CivilDate): CivilDate => addDays(birthdayAt(issuedOn, YEARS_MAX), -1);

/**
 * The last day of a certificate. The insurer's choice goes before its usual term; the law's five years, the day before the 75th
 * birthday where the insurance is not 後期, and a loss that is known already end it earlier.
 */
const lastDayOf = (
  { qualification, person, lostOn }: Insured,
  issuedOn: CivilDate,
  chosen: CivilDate | undefined,
): CivilDate => {
  const { scheme } = qualification.insurer;
  const term = inForceOn(
    CERTIFICATE_TERMS.filter((row) => row.scheme === scheme),
    issuedOn,
  );
  const usual = term?.ends === 'with-benefit-year' ? benefitYearOf(issuedOn).to : latestValidTo(issuedOn);
  const onRecord = qualification.insuredCardExpirationDate;
  const wanted = chosen ?? (onRecord !== undefined && onRecord >= issuedOn ? onRecord : usual);
  const ends = [
    latestValidTo(issuedOn),
    ...(scheme === 'kouki' ? [] : [addDays(late75FirstDay(person.identity.birthdate), -1)]),
    ...(lostOn === undefined ? [] : [addDays(lostOn, -1)]),
  ];
  return ends.reduce(earlier, wanted);
};

/** 資格確認書: on what basis, why, and how long. */
export interface IssuedCertificate {
  readonly kind: 'issued';
  readonly insured: Insured;
  readonly basis: CertificateBasis;
  readonly need: CertificateNeed;
  readonly validFrom: CivilDate;
  readonly validTo: CivilDate;
  /** Shown from 70 on, and in 後期. */
  readonly rate?: ShownRate;
  readonly sentBy?: CivilDate;
  readonly source: string;
  readonly certainty: Certainty;
}

export interface CertificateQuestion extends DocumentDay {
  readonly application?: CertificateApplication;
  /** The last day that the insurer sets for this one. */
  readonly validTo?: CivilDate;
}

type Ground = Pick<CertificateRow, 'basis' | 'need' | 'sentBy' | 'source' | 'certainty'>;

const joinedWithin = ({ joinedFrom, joinedTo }: CertificateRow, joinedOn: CivilDate): boolean =>
  (joinedFrom === undefined || joinedFrom <= joinedOn) && (joinedTo === undefined || joinedOn <= joinedTo);

const appliedAs = (row: CertificateRow, application: CertificateApplication | undefined): boolean =>
  row.application === undefined || row.application === application;

const groundFor = (
  { certificates }: DocumentFacts,
  { qualification, person }: Insured,
  { issuedOn, application }: CertificateQuestion,
): Ground | undefined => {
  if (qualification.insurer.scheme === 'kouki') {
    const late = lateElderlyIssue(person.identity.birthdate, issuedOn);
    if (late?.issue === 'always')
      return { basis: 'ex-officio', need: 'late-elderly', source: late.source, certainty: late.certainty };
  }
  const card = cardOn(certificates, issuedOn);
  return inForceOn(
    CERTIFICATE_ROWS.filter(
      (row) => row.card === card && joinedWithin(row, qualification.acquiredOn) && appliedAs(row, application),
    ),
    issuedOn,
  );
};

/** Whether somebody gets a 資格確認書 on a day. Certificates are as the registry knows them now. */
export const certificateOn = (facts: DocumentFacts, question: CertificateQuestion): IssuedCertificate | Refused => {
  const { issuedOn } = question;
  const insured = insuredOn(facts, question);
  if (insured.kind === 'refused') return insured;
  if (issuedOn < CERTIFICATES_FROM) return refuse({ because: 'not-yet', from: CERTIFICATES_FROM });
  const ground = groundFor(facts, insured, question);
  if (ground === undefined) return refuse({ because: 'card-instead' });
  const latest = latestValidTo(issuedOn);
  if (question.validTo !== undefined && (question.validTo < issuedOn || question.validTo > latest))
    return refuse({ because: 'validity-out-of-range', from: issuedOn, to: latest });
  const { band } = insured.copay;
  const rate = band === 'elderly70' || band === 'late75' ? shownRate(insured) : undefined;
  if (rate !== undefined && 'kind' in rate) return rate;
  const { basis, need, sentBy, source, certainty } = ground;
  return {
    kind: 'issued',
    insured,
    basis,
    need,
    validFrom: issuedOn,
    validTo: lastDayOf(insured, issuedOn, question.validTo),
    ...(rate === undefined ? {} : { rate }),
    ...(sentBy === undefined ? {} : { sentBy }),
    source,
    certainty,
  };
};

/** What the holder does with a document once its coverage is over. */
export type AfterLoss = 'return' | 'destroy';

/**
 * 資格確認書 after the coverage was lost: returned while it is within its validity, destroyed by the holder once it has expired
 * (健保規則51条; マイナ保険証移行に関するご案内). `lostOn` is the first day without coverage; before it there is nothing to do.
 */
export const certificateAfterLoss = (facts: {
  readonly validTo: CivilDate;
  readonly lostOn: CivilDate;
  readonly on: CivilDate;
}): AfterLoss | undefined => {
  if (facts.on < facts.lostOn) return undefined;
  return facts.on <= facts.validTo ? 'return' : 'destroy';
};
