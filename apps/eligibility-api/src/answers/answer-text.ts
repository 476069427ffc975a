/**
 * An answer kept as text with marks, so that its bytes are kept once per version and not once per check: what differs from one
 * check to the next (ids, instants, consent) is spliced in when it is given, and again when it is shown later.
 *
 * The text is a string of bytes (each character is one byte of UTF-8, 0 to 255): pieces of it are cut and joined without
 * decoding, and the socket takes it as `latin1`. A mark is `\u0001` and one more character; JSON never holds a bare `\u0001`.
 * It is what stands between `answerVersion` and `freshness` in a reply; the empty text is the short reply to `ifVersion`.
 */

/** What is spliced into an answer. Instants are RFC 3339 with `+09:00`. Every value is ASCII. */
export interface Splices {
  readonly checkId: string;
  readonly checkedAt: string;
  readonly serviceDate: string;
  readonly answerVersion: string;
  /** `freshness`, as JSON. */
  readonly freshness: string;
  /** `credential.verifiedAt`; empty without a card. */
  readonly verifiedAt: string;
  /** Until when viewing that was consented to may happen. */
  readonly availableUntil: string;
  /** `YYYY-MM` of the service date. */
  readonly treatmentMonth: string;
  /** Sum of `ConsentBit`s. */
  readonly consented: number;
  readonly institutionCode: string;
}

/** Bits of `Splices.consented`. Written to disk: a bit never changes its meaning. */
export const ConsentBit = {
  limitApplicationCertificate: 1,
  specificDiseases: 2,
  specificHealthCheckups: 4,
  pharmacists: 8,
  diagnosis: 16,
  operation: 32,
} as const;

/** Begins a mark. */
export const MARK = '\u0001';
/** Parts the entries of `Marks.references`. */
export const PART = '\u0002';

/** What a mark stands for. Written to disk: a mark never changes its meaning. */
export const Marks = {
  checkedAt: `${MARK}C`,
  availableUntil: `${MARK}A`,
  verifiedAt: `${MARK}V`,
  treatmentMonth: `${MARK}M`,
  /** Flags and times of the four kinds of viewing; `denied` where the certificate's grace forbids it. */
  viewing: `${MARK}W`,
  viewingDenied: `${MARK}X`,
  /** Followed by pairs of institution code and member text, parted by `PART`, up to `end`. */
  references: `${MARK}R`,
  /** Whether the institution that asks is the one whose code follows, up to `end`: 0, otherwise 1. */
  designated: `${MARK}T`,
  ifLimitConsented: `${MARK}<`,
  ifDiseasesConsented: `${MARK}{`,
  otherwise: `${MARK}|`,
  end: `${MARK}>`,
} as const;

/**
 * Pieces that most answers share, each kept as a mark and one byte from 128 up: rows become less than half as long, and ten
 * million of them fit into a small machine's memory. Written to disk: only ever added to, at the end, up to 128 of them.
 */
const SHARED = [
  '"qualificationValidity":"1","verdict":"valid","credential":{"state":"valid","certificateExpirationDate":"',
  '","graceUntil":"',
  '","verifiedAt":"',
  '"},"results":[{"insurerNumber":"',
  '","insurerName":"',
  '","insuredCardClassification":"',
  '","insuredCardSymbol":"',
  '","insuredIdentificationNumber":"',
  '","insuredBranchNumber":"',
  '","personalFamilyClassification":"',
  '","insuredName":"',
  '","name":"',
  '","nameKana":"',
  '","sex1":"',
  '","birthdate":"',
  '","address":"',
  '","postNumber":"',
  '","qualificationDate":"',
  '","disqualificationDate":"',
  '","insuredCertificateIssuanceDate":"',
  '","insuredCardValidDate":"',
  '","insuredCardExpirationDate":"',
  '","copay":{"ratePercent":30,"band":"general","validFrom":"',
  '","copay":{"ratePercent":',
  ',"band":"',
  '","validFrom":"',
  '","validTo":"',
  '","ruleVersion":"',
  '"costLimit":{"classificationFlag":"',
  '","label":"',
  '","treatmentMonth":"',
  '","tableEffectiveFrom":"',
  '","household":{"baseYen":',
  ',"thresholdYen":',
  ',"ratePercent":',
  ',"multipleTimesYen":',
  ',"outpatientYen":',
  ',"outpatientAnnualYen":',
  ',"annualCapYen":',
  ',"validFrom":"',
  ',"validTo":"',
  ',"limitApplicationCertificateRelatedConsFlg":"1","limitApplicationCertificateRelatedConsTime":"',
  '"costLimit":{"withheld":"not-consented"},"limitApplicationCertificateRelatedConsFlg":"0"',
  '"specificDiseasesCertificateRelatedConsFlg":"1","specificDiseasesCertificateRelatedConsTime":"',
  '","specificDiseases":{"certificates":[]}',
  '"specificDiseasesCertificateRelatedConsFlg":"0","specificDiseases":{"withheld":"not-consented"}',
  '}],"notices":[]',
  '","reasonOfLoss":"',
  '","insuredPartialContributionRatio":"',
  '","preschoolClassification":"1"',
  '"elderlyRecipientCertificateInfo":{"elderlyRecipientCertificateDate":"',
  '","elderlyRecipientValidStartDate":"',
  '","elderlyRecipientValidEndDate":"',
  '","elderlyRecipientContributionRatio":"',
  '"limitApplicationCertificateRelatedInfo":{"limitApplicationCertificateClassification":"',
  '","limitApplicationCertificateClassificationFlag":"',
  '","limitApplicationCertificateDate":"',
  '","limitApplicationCertificateValidStartDate":"',
  '","limitApplicationCertificateValidEndDate":"',
] as const;

const FIRST_SHARED = 0x80;
const codeOfShared = new Map<string, string>(
  SHARED.map((text, i) => [text, `${MARK}${String.fromCharCode(FIRST_SHARED + i)}`]),
);
const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
/** The longest first: a piece may begin like another. */
const ANY_SHARED = new RegExp(
  [...SHARED]
    .toSorted((a, b) => b.length - a.length)
    .map(escaped)
    .join('|'),
  'g',
);

/** Text of an answer with its shared pieces shortened; UTF-16 in, bytes out. */
export const packText = (text: string): string =>
  Buffer.from(text, 'utf8')
    .toString('latin1')
    .replaceAll(ANY_SHARED, (piece) => codeOfShared.get(piece) ?? piece);

/** The text of an answer that was worked out, with its times as marks: asked again with the same outcome, it is the same text. */
export const markTimes = (text: string, { checkedAt, availableUntil, verifiedAt }: Splices): string =>
  [
    [verifiedAt, Marks.verifiedAt],
    [checkedAt, Marks.checkedAt],
    [availableUntil, Marks.availableUntil],
  ].reduce((marked, [instant = '', mark = '']) => (instant === '' ? marked : marked.replaceAll(instant, mark)), text);

const VIEWING = ['specificHealthCheckups', 'pharmacists', 'diagnosis', 'operation'] as const;

const viewingMembers = (splices: Splices, denied: boolean): string => {
  let members = '';
  for (const kind of VIEWING) {
    if (members !== '') members += ',';
    const consented = (splices.consented & ConsentBit[kind]) !== 0;
    if (!consented) members += `"${kind}InfoConsFlg":"0"`;
    else if (denied) members += `"${kind}InfoConsFlg":"3"`;
    else
      members += `"${kind}InfoConsFlg":"1","${kind}InfoConsTime":"${splices.checkedAt}","${kind}InfoAvailableTime":"${splices.availableUntil}"`;
  }
  return members;
};

const ANY_VIEWING =
  ConsentBit.specificHealthCheckups | ConsentBit.pharmacists | ConsentBit.diagnosis | ConsentBit.operation;
const NO_VIEWING = VIEWING.map((kind) => `"${kind}InfoConsFlg":"0"`).join(',');

/** `referenceNumber` of an institution, as the text has it. */
export const referenceNumberIn = (text: string, institutionCode: string): string | undefined => {
  const from = text.indexOf(Marks.references);
  if (from < 0) return undefined;
  const member = referenceOf(text.slice(from + Marks.references.length, text.indexOf(MARK, from + 1)), institutionCode);
  if (member === '') return undefined;
  const { referenceNumber } = JSON.parse(`{${Buffer.from(member.slice(1), 'latin1').toString('utf8')}}`) as {
    referenceNumber: string;
  };
  return referenceNumber;
};

/** 0 for the institution that a ticket of medical aid names, 1 for every other (OQSCD: DesignatedMedicalInstitutionFlag). */
const designatedFlag = (designated: string, institutionCode: string): '0' | '1' =>
  designated === institutionCode ? '0' : '1';

/** The flags of all tickets, one character each, as `institutionCode` is shown them. */
export const designatedFlagsIn = (text: string, institutionCode: string): string => {
  let flags = '';
  for (let at = text.indexOf(Marks.designated); at >= 0; at = text.indexOf(Marks.designated, at + 1)) {
    const from = at + Marks.designated.length;
    flags += designatedFlag(text.slice(from, text.indexOf(MARK, from)), institutionCode);
  }
  return flags;
};

const referenceOf = (entries: string, institutionCode: string): string => {
  const parts = entries.split(PART);
  const at = parts.indexOf(institutionCode);
  return at < 0 || at % 2 !== 0 ? '' : (parts[at + 1] ?? '');
};

/** The text with everything spliced in: bytes of JSON members, without the braces around them. */
const spliced = (text: string, splices: Splices): string => {
  const pieces = text.split(MARK);
  let out = pieces[0] ?? '';
  let skips = false;
  for (let i = 1; i < pieces.length; i += 1) {
    const piece = pieces[i] as string;
    const mark = piece.charCodeAt(0);
    if (mark >= FIRST_SHARED) {
      if (!skips) out += SHARED[mark - FIRST_SHARED] + piece.slice(1);
      continue;
    }
    switch (mark) {
      case 0x3c: // <
        skips = (splices.consented & ConsentBit.limitApplicationCertificate) === 0;
        break;
      case 0x7b: // {
        skips = (splices.consented & ConsentBit.specificDiseases) === 0;
        break;
      case 0x7c: // |
        skips = !skips;
        break;
      case 0x3e: // >
        skips = false;
        break;
      case 0x52: // R
        out += referenceOf(piece.slice(1), splices.institutionCode);
        continue;
      case 0x54: // T
        out += designatedFlag(piece.slice(1), splices.institutionCode);
        continue;
      default:
        if (!skips) out += valueOf(mark, splices);
    }
    if (!skips) out += piece.slice(1);
  }
  return out;
};

const valueOf = (mark: number, splices: Splices): string => {
  switch (mark) {
    case 0x43: // C
      return splices.checkedAt;
    case 0x41: // A
      return splices.availableUntil;
    case 0x56: // V
      return splices.verifiedAt;
    case 0x4d: // M
      return splices.treatmentMonth;
    case 0x57: // W
      return (splices.consented & ANY_VIEWING) === 0 ? NO_VIEWING : viewingMembers(splices, false);
    case 0x58: // X
      return (splices.consented & ANY_VIEWING) === 0 ? NO_VIEWING : viewingMembers(splices, true);
    default:
      throw new Error(`no mark is called ${mark}`);
  }
};

/** The reply, byte for byte (one character a byte). */
export const renderAnswer = (text: string, splices: Splices): string =>
  text === ''
    ? `{"checkId":"${splices.checkId}","checkedAt":"${splices.checkedAt}","unchanged":true,"freshness":${splices.freshness}}`
    : `{"checkId":"${splices.checkId}","checkedAt":"${splices.checkedAt}","serviceDate":"${splices.serviceDate}","answerVersion":"${splices.answerVersion}",${spliced(text, splices)},"freshness":${splices.freshness}}`;
