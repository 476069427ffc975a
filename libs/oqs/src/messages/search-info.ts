import { always, group, leaf, optional, required, tolerated } from '../description.js';
import { codeOf, codes, date, insurerNumber, month, textUpTo, upToDigits } from '../formats.js';
import { limitApplicationCertificateRelatedInfo } from './benefits.js';

export const searchedInsurerNumber = leaf('InsurerNumber', '保険者番号', insurerNumber, 'C');
export const searchedSymbol = leaf('InsuredCardSymbol', '被保険者証記号', textUpTo(20), 'C', {
  note: 'omitted or empty where there is none (後期高齢者)',
});
export const searchedNumber = leaf('InsuredIdentificationNumber', '被保険者証番号', textUpTo(20), 'C');
export const searchedBranch = leaf('InsuredBranchNumber', '被保険者証枝番', upToDigits(2), 'C', {
  note: 'a card without one is found all the same',
});

/** 資格確認照会用情報: whom a question by insurer's card data asks about. */
const asked = [
  required(searchedInsurerNumber),
  optional(searchedSymbol),
  required(searchedNumber),
  optional(searchedBranch),
  required(leaf('Birthdate', '生年月日', date, 'C')),
  always(
    leaf(
      'LimitApplicationCertificateRelatedConsFlg',
      '限度額適用認定証提供同意フラグ',
      codeOf('LimitApplicationCertificateRelatedConsFlg'),
      'C',
      { note: 'absent is read as 0 (未同意)' },
    ),
  ),
  optional(
    leaf('ArbitraryIdentifier', '任意の識別子', textUpTo(50), 'K', { note: "the clinic's own name of a person" }),
  ),
] as const;

export const searchInfo = group('QualificationConfirmSearchInfo', '資格確認照会用情報', 'C', asked);

/** In bulk some clients add the 限度額 data that they hold, for the server to say whether it changed. */
export const bulkSearchInfo = group('QualificationConfirmSearchInfo', '資格確認照会用情報', 'K', [
  ...asked,
  optional(limitApplicationCertificateRelatedInfo),
]);

/** Echoed in an answer. Less is asked of it than of a question: the echo of a faulty one is faulty, too. */
export const echoedSearchInfo = group('QualificationConfirmSearchInfo', '資格確認照会用情報', 'C', [
  optional(searchedInsurerNumber),
  optional(searchedSymbol),
  optional(searchedNumber),
  optional(searchedBranch),
  optional(leaf('Birthdate', '生年月日', date, 'C')),
  optional(
    leaf(
      'LimitApplicationCertificateRelatedConsFlg',
      '限度額適用認定証提供同意フラグ',
      codeOf('LimitApplicationCertificateRelatedConsFlg'),
      'C',
    ),
  ),
  optional(leaf('ArbitraryIdentifier', '任意の識別子', textUpTo(50), 'K')),
  tolerated(limitApplicationCertificateRelatedInfo),
]);

/** OQSCD028; only what the interface allows in these messages. */
const treatmentFlag = (only: string): ReturnType<typeof leaf<'MedicalTreatmentFlag'>> =>
  leaf(
    'MedicalTreatmentFlag',
    '診療区分',
    codes('OQSCD028', { '1': '外来', '2': '訪問診療等', '3': 'オンライン診療等', '4': '救急時' }, [only]),
    'K',
  );

const consentFrom = leaf('ConsentDateFrom', '同意日（開始）', date, 'K');
const consentTo = leaf('ConsentDateTo', '同意日（終了）', date, 'K');
const examinationFrom = leaf('ExaminationDateFrom', '診療日（開始）', date, 'K');
const examinationTo = leaf('ExaminationDateTo', '診療日（終了）', date, 'K');

/** 医療扶助: everybody with a ticket of one month. */
export const ticketMonthSearchInfo = group('QualificationConfirmSearchInfo', '資格確認照会用情報', 'K', [
  required(leaf('MedicalTreatmentMonth', '診療年月', month, 'K')),
]);

/** 訪問診療等: everybody who consented in a period. */
export const homeVisitSearchInfo = group('QualificationConfirmSearchInfo', '資格確認照会用情報', 'K', [
  required(consentFrom),
  required(consentTo),
  always(treatmentFlag('2')),
]);

/** オンライン診療等: everybody who consented, or was examined, in a period. */
export const onlineVisitSearchInfo = group(
  'QualificationConfirmSearchInfo',
  '資格確認照会用情報',
  'K',
  [
    optional(consentFrom),
    optional(consentTo),
    optional(examinationFrom),
    optional(examinationTo),
    always(treatmentFlag('3')),
  ],
  {
    oneOf: [
      ['ConsentDateFrom', 'ConsentDateTo'],
      ['ExaminationDateFrom', 'ExaminationDateTo'],
    ],
  },
);
