import { civilDate } from '../calendar/index.js';
import { cardOn } from './card.js';
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

const SOURCE = '保発0710第1号 (2023-07-10)';

/** From when the screen of マイナポータル and the declaration make a visit insured, beside the card. */
const SHOWN_FROM = civilDate('2023-07-10');

/** The マイナポータル-style 資格情報画面. The portal shows a rate from 70 on and in 後期 only, so that its absence is no refusal. */
export interface IssuedScreen {
  readonly kind: 'issued';
  readonly insured: Insured;
  readonly rate?: ShownRate;
  readonly source: string;
}

/**
 * What the portal shows somebody of a coverage on a day: once the registration can be used, and to who can sign in with a card
 * that is registered.
 */
export const screenOn = (facts: DocumentFacts, day: DocumentDay): IssuedScreen | Refused => {
  const insured = insuredOn(facts, day);
  if (insured.kind === 'refused') return insured;
  if (day.issuedOn < SHOWN_FROM) return refuse({ because: 'not-yet', from: SHOWN_FROM });
  const { availableFrom } = insured.qualification;
  if (day.issuedOn < availableFrom) return refuse({ because: 'not-yet', from: availableFrom });
  if (cardOn(facts.certificates, day.issuedOn) !== 'usable') return refuse({ because: 'card-not-registered' });
  const { band } = insured.copay;
  const rate = band === 'elderly70' || band === 'late75' ? shownRate(insured) : undefined;
  if (rate !== undefined && 'kind' in rate) return rate;
  return { kind: 'issued', insured, ...(rate === undefined ? {} : { rate }), source: SOURCE };
};

/** 被保険者資格申立書, filled in as far as the insurer knows; the rest is the patient's, on the day of the visit. */
export interface IssuedDeclaration {
  readonly kind: 'issued';
  readonly insured: Insured;
  /** Absent: nothing on record decides it, and わからない is an answer that the form knows. */
  readonly rate?: ShownRate;
  readonly source: string;
}

export const declarationOn = (facts: DocumentFacts, day: DocumentDay): IssuedDeclaration | Refused => {
  const insured = insuredOn(facts, day);
  if (insured.kind === 'refused') return insured;
  if (day.issuedOn < SHOWN_FROM) return refuse({ because: 'not-yet', from: SHOWN_FROM });
  const rate = shownRate(insured);
  return { kind: 'issued', insured, ...('kind' in rate ? {} : { rate }), source: SOURCE };
};
