import { civilDate, type CivilDate } from '../calendar/civil-date.js';
import type { Bilingual } from '../bilingual.js';
import type { Certainty } from '../certainty.js';

export type FallbackCode =
  | 'card-with-qualification-notice'
  | 'card-with-mynaportal-screen'
  | 'repeat-visit-oral-confirmation'
  | 'declaration-form'
  | 'qualification-certificate'
  | 'pension-office-certificate'
  | 'insurance-card'
  | 'emergency-confirmation'
  | 'full-charge-then-refund';

/** What a clerk asks for when the system gives no answer, and since when that makes the visit insured. */
export interface FallbackDocument {
  readonly code: FallbackCode;
  readonly effectiveFrom: CivilDate;
  /** Last day, inclusive. Absent: no end known. */
  readonly effectiveTo?: CivilDate;
  readonly name: Bilingual;
  readonly clerk: Bilingual;
  /** Whether the visit is insured with it. Only the full charge is not: it is paid back later (療養費). */
  readonly insured: boolean;
  readonly source: string;
  readonly certainty: Certainty;
}

const NOTICE_0710 = '保発0710第1号 (2023-07-10); 日本歯科医師会';

/** In the order in which a clerk tries them. */
export const FALLBACK_DOCUMENTS: readonly FallbackDocument[] = [
  {
    code: 'qualification-certificate',
    effectiveFrom: civilDate('2024-12-02'),
    name: { ja: '資格確認書', en: 'Qualification certificate' },
    clerk: {
      ja: '有効期限内の資格確認書があれば、それだけで保険診療になります。',
      en: 'A qualification certificate within its validity is enough by itself.',
    },
    insured: true,
    source: '健保規則47条, 令和6年厚労省令119号',
    certainty: 'certain',
  },
  {
    code: 'card-with-qualification-notice',
    effectiveFrom: civilDate('2024-12-02'),
    name: { ja: 'マイナンバーカード + 資格情報のお知らせ', en: 'Individual number card with the qualification notice' },
    clerk: {
      ja: 'マイナンバーカードと資格情報のお知らせを一緒に見せてもらってください。お知らせだけでは受診できません。',
      en: 'Ask for the card together with the qualification notice. The notice alone is not enough.',
    },
    insured: true,
    source: `${NOTICE_0710}; マイナ保険証移行に関するご案内`,
    certainty: 'certain',
  },
  {
    code: 'card-with-mynaportal-screen',
    effectiveFrom: civilDate('2023-07-10'),
    name: {
      ja: 'マイナンバーカード + マイナポータルの資格情報画面',
      en: 'Individual number card with the Mynaportal screen',
    },
    clerk: {
      ja: 'マイナンバーカードとマイナポータルの資格情報画面（またはそのPDF）を一緒に見せてもらってください。',
      en: 'Ask for the card together with the qualification screen of Mynaportal, or its PDF.',
    },
    insured: true,
    source: NOTICE_0710,
    certainty: 'certain',
  },
  {
    code: 'repeat-visit-oral-confirmation',
    effectiveFrom: civilDate('2023-07-10'),
    name: { ja: '再診：口頭確認', en: 'Repeat visit: oral confirmation' },
    clerk: {
      ja: '再診の方は、過去の資格情報に変わりがないか口頭で確かめてください。',
      en: 'For a repeat visit, ask whether anything changed since your record.',
    },
    insured: true,
    source: NOTICE_0710,
    certainty: 'certain',
  },
  {
    code: 'declaration-form',
    effectiveFrom: civilDate('2023-07-10'),
    name: { ja: '被保険者資格申立書', en: 'Declaration of qualification' },
    clerk: {
      ja: '初診でほかに示せるものがなければ、マイナンバーカードを見せてもらい、被保険者資格申立書を書いてもらってください。割合は申立てによります。',
      en: 'On a first visit with nothing else, see the card and have the declaration form filled in; charge the rate it states.',
    },
    insured: true,
    source: NOTICE_0710,
    certainty: 'certain',
  },
  {
    code: 'insurance-card',
    effectiveFrom: civilDate('1961-04-01'),
    effectiveTo: civilDate('2025-12-01'),
    name: { ja: '健康保険証（2024年12月1日までに発行）', en: 'Insurance card (issued by 2024-12-01)' },
    clerk: {
      ja: '印字された有効期限内の健康保険証を見せてもらってください。',
      en: 'Ask for the insurance card, within its printed validity.',
    },
    insured: true,
    source: 'マイナ保険証移行に関するご案内 (経過措置 2025-12-01まで)',
    certainty: 'certain',
  },
  {
    code: 'pension-office-certificate',
    effectiveFrom: civilDate('1961-04-01'),
    name: { ja: '健康保険被保険者資格証明書（年金事務所）', en: 'Certificate of the pension office' },
    clerk: {
      ja: '年金事務所の資格証明書（有効期間20日以内）があれば、それで保険診療になります。',
      en: 'The pension office’s certificate (at most 20 days) is enough.',
    },
    insured: true,
    source: '健保規則50条の2',
    certainty: 'likely',
  },
  {
    code: 'emergency-confirmation',
    effectiveFrom: civilDate('2021-10-20'),
    name: { ja: '緊急時医療情報・資格確認機能', en: 'Emergency confirmation function' },
    clerk: {
      ja: '全国的な障害のときは、緊急時医療情報・資格確認機能（氏名・性別・生年月日・住所）が開放されることがあります。問い合わせ 0800-080-4583',
      en: 'In a nationwide outage the emergency function (name, sex, birth date, address) may be open. Call 0800-080-4583.',
    },
    insured: true,
    source: 'オンライン資格確認等コールセンター案内; 2025-02-13 の障害対応',
    certainty: 'likely',
  },
  {
    code: 'full-charge-then-refund',
    effectiveFrom: civilDate('1961-04-01'),
    name: { ja: '全額負担のうえ療養費', en: 'Full charge, refund later' },
    clerk: {
      ja: '何も示せないときは全額を預かります。2年以内に保険者へ療養費を請求できます。',
      en: 'With nothing at all, charge in full; the patient claims it from the insurer within two years.',
    },
    insured: false,
    source: '健保法87条・193条',
    certainty: 'certain',
  },
];

/** What to ask for on a day when no answer can be given, in the order to try. Source: rules of 2023-07-10 and 2024-12-02. */
export const fallbackDocumentsOn = (date: CivilDate): readonly FallbackDocument[] =>
  FALLBACK_DOCUMENTS.filter(
    (row) => date >= row.effectiveFrom && (row.effectiveTo === undefined || date <= row.effectiveTo),
  );
