/** Text of one notice: for the clerk in both languages, for the vendor in English, and what the clerk does next. */
export interface NoticeText {
  readonly clerk: { readonly ja: string; readonly en: string };
  readonly vendor: { readonly en: string };
  /** A stable code a program may act on. */
  readonly nextStep:
    | 'none'
    | 'tell-patient-to-renew'
    | 'ask-for-other-document'
    | 'register-at-reader'
    | 'ask-for-branch-number'
    | 'correct-insurer-number'
    | 'ask-about-new-insurer'
    | 'decide-insurer-with-patient'
    | 'ask-welfare-office'
    | 'ask-patient-for-rate';
}

/**
 * Every notice an answer can carry. A code never changes its meaning; the texts may read better from one version to the
 * next. The application's type checks that each code the rules can give has its text here.
 */
export const notices = {
  'certificate-expires-soon': {
    clerk: {
      ja: 'マイナンバーカードの電子証明書の有効期限が3か月以内に切れます。市区町村の窓口での更新をご案内ください。',
      en: "The card's electronic certificate expires within three months. Please tell the patient to renew it at the municipal office.",
    },
    vendor: { en: 'credential.certificateExpirationDate is less than three months away.' },
    nextStep: 'tell-patient-to-renew',
  },
  'certificate-in-grace': {
    clerk: {
      ja: '電子証明書の有効期限が切れています。猶予期間中のため資格確認はできますが、診療・薬剤情報は閲覧できません。更新をご案内ください。',
      en: 'The electronic certificate has expired. In its three months of grace eligibility can be confirmed, but medical information cannot be viewed. Please tell the patient to renew it.',
    },
    vendor: { en: 'credential.graceUntil is the last day on which this card can be used for eligibility.' },
    nextStep: 'tell-patient-to-renew',
  },
  'certificate-superseded': {
    clerk: {
      ja: '更新前の電子証明書です。更新後の証明書の持ち主として回答しています。',
      en: 'This certificate has been renewed since. The answer is that of its successor.',
    },
    vendor: {
      en: 'The serial that was sent has been replaced; the card in hand carries a newer one. Update what you keep.',
    },
    nextStep: 'none',
  },
  'certificate-unknown': {
    clerk: {
      ja: 'この電子証明書は登録機関に見つかりません。カードを読み直しても同じ場合は、資格確認書などで確認してください。',
      en: 'The registry does not know this certificate. If reading the card again gives the same, confirm with another document.',
    },
    vendor: {
      en: 'The registry has no such serial. Check that the serial is that of the 利用者証明用 certificate, in hexadecimal.',
    },
    nextStep: 'ask-for-other-document',
  },
  'credential-unusable': {
    clerk: {
      ja: 'このカードの電子証明書は使えません（失効または期限切れ）。資格確認書、またはカードと資格情報のお知らせ・マイナポータルの資格情報画面で確認してください。',
      en: "This card's certificate cannot be used (revoked or expired). Confirm with a qualification certificate, or with the card together with the notice or the Mynaportal screen.",
    },
    vendor: {
      en: 'results is withheld because the credential does not prove who is asking; the verdict is about coverage.',
    },
    nextStep: 'ask-for-other-document',
  },
  'register-at-reader': {
    clerk: {
      ja: 'このカードは健康保険証としての利用登録がまだです。カードリーダーの画面で登録できます。',
      en: 'This card is not yet registered for use as an insurance card. It can be registered on the reader, now.',
    },
    vendor: { en: 'The certificate is good; no insured person is linked to it yet.' },
    nextStep: 'register-at-reader',
  },
  'registration-pending': {
    clerk: {
      ja: '資格の登録は完了しましたが、利用できるのは登録完了の翌日からです。今日は資格確認書などで確認してください。',
      en: 'The enrolment is registered but can be used only from the day after. Today, confirm with another document.',
    },
    vendor: { en: 'A qualification covers the service date but becomes available on a later day than today.' },
    nextStep: 'ask-for-other-document',
  },
  'branch-number-needed': {
    clerk: {
      ja: '同じ記号・番号・生年月日の方が複数います。枝番を入力して照会し直してください。',
      en: 'Several people share this symbol, number and birthdate. Ask again with the branch number.',
    },
    vendor: { en: 'More than one person matches; nobody is shown. Send insuredBranchNumber.' },
    nextStep: 'ask-for-branch-number',
  },
  'insurer-number-check-digit': {
    clerk: {
      ja: '保険者番号の検証番号が合いません。番号の入力間違いがないか確認してください。',
      en: 'The check digit of the insurer number is wrong. Please look for a typing error.',
    },
    vendor: { en: 'No insurer can have this number; the check was answered all the same.' },
    nextStep: 'correct-insurer-number',
  },
  'coverage-lost': {
    clerk: {
      ja: 'この資格は受診日には喪失しています。新しい資格がないか患者さんに確認してください。',
      en: 'This coverage had ended by the service date. Ask the patient about a new insurer.',
    },
    vendor: { en: 'disqualificationDate is the first day without coverage.' },
    nextStep: 'ask-about-new-insurer',
  },
  'coverage-lost-retroactively': {
    clerk: {
      ja: 'この資格は過去にさかのぼって喪失の届出がありました。以前の回答と異なることがあります。',
      en: 'The loss of this coverage was filed after the fact. Earlier answers may have said otherwise.',
    },
    vendor: { en: 'The loss was recorded after disqualificationDate. Checks between the two were answered as valid.' },
    nextStep: 'ask-about-new-insurer',
  },
  'newer-coverage-exists': {
    clerk: {
      ja: 'この資格は無効ですが、新しい資格があります。新しい保険の情報を患者さんに確認してください。',
      en: 'This coverage has ended and a newer one exists. Ask the patient for the new insurer, or use the card.',
    },
    vendor: { en: 'By card the newer coverage is answered; by number it is not disclosed.' },
    nextStep: 'ask-about-new-insurer',
  },
  'late-elderly-from-75': {
    clerk: {
      ja: '75歳の誕生日から後期高齢者医療の対象です。後期高齢者医療の資格を確認してください。',
      en: 'From the 75th birthday the late-elderly scheme applies. Confirm that coverage.',
    },
    vendor: { en: 'The coverage ended by law on the 75th birthday, whether or not its loss has been filed.' },
    nextStep: 'ask-about-new-insurer',
  },
  'several-coverages': {
    clerk: {
      ja: '有効な資格が複数あります。どの保険で受診するか患者さんに確認してください。',
      en: 'There are several valid coverages. Ask the patient which one applies.',
    },
    vendor: { en: 'results holds all of them. Usually the loss of the older one has not arrived yet.' },
    nextStep: 'decide-insurer-with-patient',
  },
  'medical-aid-not-registered-here': {
    clerk: {
      ja: '医療扶助の受給者ですが、この診療月の医療券・調剤券の登録がありません。福祉事務所に確認してください。',
      en: 'The patient receives medical aid, but no ticket is registered for this month. Ask the welfare office.',
    },
    vendor: { en: 'qualificationValidity 6: valid, no ticket registered for the treatment month.' },
    nextStep: 'ask-welfare-office',
  },
  'copay-rate-undetermined': {
    clerk: {
      ja: '一部負担金の割合を確定できません。割合の分かる書類を患者さんに確認してください。',
      en: 'The copay rate cannot be determined. Ask the patient for a document that shows it.',
    },
    vendor: {
      en: 'No certificate and no income facts decide the rate on the service date; copay.ratePercent is absent.',
    },
    nextStep: 'ask-patient-for-rate',
  },
  'cost-limit-undetermined': {
    clerk: {
      ja: '限度額の適用区分の情報がありません。認定証があれば確認してください。',
      en: 'No cost-limit category is on record. Ask for a certificate if there is one.',
    },
    vendor: { en: 'Consent was given, but no certificate and no income facts decide the category.' },
    nextStep: 'ask-for-other-document',
  },
  'cost-limit-change-planned': {
    clerk: {
      ja: 'この診療月には限度額表の改定が予定されています。現行の表で回答しています。',
      en: 'A change of the limit table is planned for this treatment month. The answer uses the table in force.',
    },
    vendor: { en: 'treatmentMonth lies after the period for which the last published table was announced.' },
    nextStep: 'none',
  },
  'cost-limit-by-planned-table': {
    clerk: {
      ja: 'この診療月の限度額は、公布前の予定の表によります。変わることがあります。',
      en: 'The limit of this treatment month is that of a table which is announced and not yet law. It may change.',
    },
    vendor: { en: 'This service runs with PLANNED_TABLES=on; tableEffectiveFrom names the planned table.' },
    nextStep: 'none',
  },
} as const satisfies Record<string, NoticeText>;

export type NoticeCode = keyof typeof notices;
