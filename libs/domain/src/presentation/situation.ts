import type { CivilDate } from '../calendar/civil-date.js';

/** What the patient shows. 旧保険証 are `old_card` of 被用者保険, and those of 国保 and 後期. */
export type PresentedDocument =
  | 'mynacard_registered'
  | 'mynacard_unregistered'
  | 'smartphone_registered'
  | 'shikaku_kakuninsho'
  | 'shikaku_shomeisho'
  | 'shikaku_joho_oshirase'
  | 'mynaportal_screen'
  | 'old_card'
  | 'old_card_kokuho'
  | 'old_card_kouki'
  | 'none';

/** `no_data`: the reader works, and the system says 無効 or 該当なし of somebody who says to be insured. */
export type ReaderState = 'online' | 'down' | 'not_installed' | 'no_data' | 'any';

export type SupportingDocument = 'shikaku_joho_oshirase' | 'mynaportal_screen' | 'moshitatesho';

export interface PresentedFacts {
  readonly document: PresentedDocument;
  readonly reader: ReaderState;
  readonly date: CivilDate;
  /** State of the certificate on the card, as the reader would tell it. */
  readonly certificate?: 'valid' | 'grace' | 'expired' | 'revoked';
  /** Shown together with the card. */
  readonly supporting?: SupportingDocument;
  readonly visit?: 'first' | 'repeat';
  /** Last day of 資格確認書 or 資格証明書. */
  readonly validTo?: CivilDate;
  /** Last day printed on an old card. */
  readonly cardValidTo?: CivilDate;
  /** False: the patient has changed insurance since the document was issued. */
  readonly insurerUnchanged?: boolean;
  readonly clinicEquipped?: boolean;
  readonly scheme?: 'shaho' | 'kokuho' | 'kouki';
}

/** The situations a desk knows. Each has dated rows in `situation-rows.ts`. */
export type Situation =
  | 'card-at-reader'
  | 'card-in-grace-at-reader'
  | 'card-certificate-expired'
  | 'card-to-register-at-reader'
  | 'card-with-notice'
  | 'card-with-mynaportal-screen'
  | 'card-with-declaration'
  | 'card-repeat-visit'
  | 'card-without-reader'
  | 'phone-at-equipped-clinic'
  | 'phone-at-unequipped-clinic'
  | 'phone-clinic-not-known'
  | 'phone-without-reader'
  | 'certificate-in-validity'
  | 'certificate-past-validity'
  | 'pension-office-certificate'
  | 'pension-office-certificate-past'
  | 'notice-alone'
  | 'notice-alone-kokuho'
  | 'mynaportal-screen-alone'
  | 'mynaportal-screen-alone-kokuho'
  | 'old-card'
  | 'old-card-past-printed-date'
  | 'old-card-past-printed-date-kokuho'
  | 'document-of-lost-qualification'
  | 'mynaportal-screen-of-lost-qualification'
  | 'nothing';

const isPast = (lastDay: CivilDate | undefined, date: CivilDate): boolean => lastDay !== undefined && date > lastDay;

/** 国保 and 後期, whose leniency began earlier. */
const isOfMunicipality = ({ scheme }: PresentedFacts): boolean => scheme === 'kokuho' || scheme === 'kouki';

/** Which situation the facts are. Dates inside one (a printed validity) are looked at here, dates of the law are not. */
export const situationOf = (facts: PresentedFacts): Situation => {
  switch (facts.document) {
    case 'mynacard_registered':
    case 'mynacard_unregistered':
      return cardSituation(facts);
    case 'smartphone_registered':
      return phoneSituation(facts);
    case 'shikaku_kakuninsho':
      if (facts.insurerUnchanged === false) return 'document-of-lost-qualification';
      return isPast(facts.validTo, facts.date) ? 'certificate-past-validity' : 'certificate-in-validity';
    case 'shikaku_shomeisho':
      if (facts.insurerUnchanged === false) return 'document-of-lost-qualification';
      return isPast(facts.validTo, facts.date) ? 'pension-office-certificate-past' : 'pension-office-certificate';
    case 'shikaku_joho_oshirase':
      if (facts.insurerUnchanged === false) return 'document-of-lost-qualification';
      return isOfMunicipality(facts) ? 'notice-alone-kokuho' : 'notice-alone';
    case 'mynaportal_screen':
      if (facts.insurerUnchanged === false) return 'mynaportal-screen-of-lost-qualification';
      return isOfMunicipality(facts) ? 'mynaportal-screen-alone-kokuho' : 'mynaportal-screen-alone';
    case 'old_card':
    case 'old_card_kokuho':
    case 'old_card_kouki':
      return oldCardSituation(facts);
    case 'none':
      return 'nothing';
  }
};

/** With the reader working the certificate decides; otherwise, and when it is spent, what is shown beside the card. */
const cardSituation = (facts: PresentedFacts): Situation => {
  const readerWorks = facts.reader === 'online' || facts.reader === 'any';
  const certificate = facts.certificate ?? 'valid';
  if (readerWorks && certificate === 'valid') {
    return facts.document === 'mynacard_registered' ? 'card-at-reader' : 'card-to-register-at-reader';
  }
  if (readerWorks && certificate === 'grace' && facts.document === 'mynacard_registered') {
    return 'card-in-grace-at-reader';
  }
  if (facts.supporting === undefined) {
    if (readerWorks) return 'card-certificate-expired';
    return facts.reader === 'down' && facts.visit === 'repeat' ? 'card-repeat-visit' : 'card-without-reader';
  }
  switch (facts.supporting) {
    case 'shikaku_joho_oshirase':
      return 'card-with-notice';
    case 'mynaportal_screen':
      return 'card-with-mynaportal-screen';
    case 'moshitatesho':
      return 'card-with-declaration';
  }
};

const phoneSituation = (facts: PresentedFacts): Situation => {
  if (facts.clinicEquipped === false) return 'phone-at-unequipped-clinic';
  const readerWorks = facts.reader === 'online' || facts.reader === 'any';
  if (!readerWorks) return 'phone-without-reader';
  if (facts.certificate === 'expired' || facts.certificate === 'revoked') return 'card-certificate-expired';
  // What nobody told is not a "no".
  return facts.clinicEquipped === undefined ? 'phone-clinic-not-known' : 'phone-at-equipped-clinic';
};

const oldCardSituation = (facts: PresentedFacts): Situation => {
  if (facts.insurerUnchanged === false) return 'document-of-lost-qualification';
  if (!isPast(facts.cardValidTo, facts.date)) return 'old-card';
  return facts.document === 'old_card' ? 'old-card-past-printed-date' : 'old-card-past-printed-date-kokuho';
};
