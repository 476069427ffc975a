import { civilDate, type CivilDate } from '../calendar/civil-date.js';
import { addDays } from '../calendar/day-number.js';
import type { Bilingual } from '../bilingual.js';
import type { Certainty } from '../certainty.js';
import type { Dated } from '../dated.js';
import type { Situation } from './situation.js';

/** `conditional`: only with an online confirmation by the clinic. `unknown`: sources disagree; ask the insurer. */
export type Insured = 'yes' | 'no' | 'conditional' | 'unknown';

export interface SituationRow extends Dated<CivilDate> {
  readonly insured: Insured;
  readonly condition: Bilingual;
  /** What the clerk does next. */
  readonly nextStep: Bilingual;
  readonly source: string;
  readonly certainty: Certainty;
}

/** Where no earlier day matters: the year of 国民皆保険. */
const ALWAYS = civilDate('1961-04-01');
const ONLINE_CHECK = civilDate('2021-10-20');
const NOTICE_2023 = civilDate('2023-07-10');
const CARDS_END = civilDate('2024-12-02');
const TRANSITION_LAST = civilDate('2025-12-01');
const LENIENCY = civilDate('2025-12-02');
const LENIENCY_KOKUHO = civilDate('2025-08-01');
const LENIENCY_1_LAST = civilDate('2026-03-31');
const LENIENCY_2 = civilDate('2026-04-01');
const LENIENCY_LAST = civilDate('2026-07-31');
const AFTER = civilDate('2026-08-01');

const SEED = 'マイナ保険証移行に関するご案内';
const N0710 = '保発0710第1号 (2023-07-10)';
const LENIENT = '厚生労働省 事務連絡 2025-06-27, 2025-08-04, 2025-11-12';

const charge: Bilingual = {
  ja: 'ほかに資格を示すものがなければ全額を預かり、療養費の請求（2年以内）を案内してください。',
  en: 'With nothing else to show, charge in full and tell the patient to claim the refund within two years.',
};
const none: Bilingual = { ja: 'このまま受け付けてください。', en: 'Go on.' };
const askCard: Bilingual = {
  ja: 'マイナンバーカードか資格確認書を見せてもらってください。',
  en: 'Ask for the individual number card or the qualification certificate.',
};
const confirmOnline: Bilingual = {
  ja: '記号・番号などで資格をオンラインで確認してください。確認できれば保険診療です。',
  en: 'Confirm the qualification online by symbol and number; confirmed, the visit is insured.',
};

/** Without the card it proves nothing but in the leniency, and only confirmed online. */
const shownAlone = (ja: string, leniencyFrom: CivilDate): readonly SituationRow[] => {
  const never = {
    insured: 'no',
    condition: { ja: `${ja}だけでは資格を示せない`, en: 'never valid alone' },
    nextStep: askCard,
    source: SEED,
    certainty: 'certain',
  } as const;
  return [
    { effectiveFrom: ALWAYS, effectiveTo: addDays(leniencyFrom, -1), ...never },
    {
      effectiveFrom: leniencyFrom,
      effectiveTo: LENIENCY_1_LAST,
      insured: 'conditional',
      condition: {
        ja: `${ja}だけを示したときの暫定的な取扱い。2026年3月31日まで`,
        en: 'leniency: clinic confirms online',
      },
      nextStep: confirmOnline,
      source: LENIENT,
      certainty: 'likely',
    },
    {
      effectiveFrom: LENIENCY_2,
      effectiveTo: LENIENCY_LAST,
      insured: 'unknown',
      condition: {
        ja: '暫定的な取扱いの延長が確認できるのは、期限切れの保険証だけ',
        en: 'extension after 2026-03-31 is confirmed only for expired cards',
      },
      nextStep: askCard,
      source: LENIENT,
      certainty: 'uncertain',
    },
    { effectiveFrom: AFTER, ...never },
  ];
};

/** Everything of rules §4.2 that changes on a date. Rows of one situation never overlap. */
export const SITUATION_ROWS: Readonly<Record<Situation, readonly SituationRow[]>> = {
  'card-at-reader': [
    {
      effectiveFrom: ONLINE_CHECK,
      insured: 'yes',
      condition: { ja: 'マイナ保険証をカードリーダーで読み取る', en: 'registered card, certificate valid' },
      nextStep: none,
      source: SEED,
      certainty: 'certain',
    },
  ],
  'card-in-grace-at-reader': [
    {
      effectiveFrom: ONLINE_CHECK,
      insured: 'yes',
      condition: { ja: '電子証明書の更新猶予期間で、資格確認だけできる', en: 'eligibility only' },
      nextStep: {
        ja: '受け付けて、電子証明書の更新を勧めてください。診療・薬剤情報は取得できません。',
        en: 'Go on, and advise renewing the certificate. Medical and drug records cannot be fetched.',
      },
      source: '厚生労働省 newpage_50657 (電子証明書の有効期限切れから3か月)',
      certainty: 'certain',
    },
  ],
  'card-certificate-expired': [
    {
      effectiveFrom: ALWAYS,
      insured: 'no',
      condition: { ja: '電子証明書の有効期限切れまたは失効', en: 'renew the certificate or use 資格確認書' },
      nextStep: {
        ja: '資格情報のお知らせ、マイナポータル画面、資格確認書のいずれかを求め、なければ申立書を書いてもらってください。',
        en: 'Ask for the notice, the Mynaportal screen or the qualification certificate; failing these, the declaration form.',
      },
      source: '厚生労働省 newpage_50657',
      certainty: 'likely',
    },
  ],
  'card-to-register-at-reader': [
    {
      effectiveFrom: ONLINE_CHECK,
      insured: 'yes',
      condition: { ja: 'カードリーダーで保険証の利用登録をしたうえで', en: 'after registering at the reader' },
      nextStep: {
        ja: '顔認証付きカードリーダーで保険証利用登録をしてもらってください。',
        en: 'Have the patient register the card at the reader.',
      },
      source: SEED,
      certainty: 'certain',
    },
  ],
  'card-with-notice': [
    {
      effectiveFrom: CARDS_END,
      insured: 'yes',
      condition: { ja: 'マイナンバーカードと資格情報のお知らせを一緒に示す', en: 'together with 資格情報のお知らせ' },
      nextStep: none,
      source: SEED,
      certainty: 'certain',
    },
  ],
  'card-with-mynaportal-screen': [
    {
      effectiveFrom: NOTICE_2023,
      insured: 'yes',
      condition: {
        ja: 'マイナンバーカードとマイナポータルの資格情報画面（またはそのPDF）を一緒に示す',
        en: 'together with the マイナポータル 資格情報 screen or its PDF',
      },
      nextStep: none,
      source: SEED,
      certainty: 'certain',
    },
  ],
  'card-with-declaration': [
    {
      effectiveFrom: NOTICE_2023,
      insured: 'yes',
      condition: {
        ja: '初診で被保険者資格申立書を書く。資格が最後まで分からなければ不詳で請求する',
        en: 'first visit: 被保険者資格申立書; claim as 不詳 if never found',
      },
      nextStep: {
        ja: '申立書を書いてもらい、申し立てた割合で受け取ってください。',
        en: 'Have the form filled in and charge the rate it states.',
      },
      source: `${N0710}; 2023-07-19 請求に関する通知; 日本歯科医師会`,
      certainty: 'certain',
    },
  ],
  'card-repeat-visit': [
    {
      effectiveFrom: NOTICE_2023,
      insured: 'yes',
      condition: {
        ja: '再診で、過去の記録に変わりがないか口頭で確認する',
        en: 'repeat visit: oral confirmation against the record',
      },
      nextStep: {
        ja: '資格に変わりがないか口頭で確かめてください。',
        en: 'Ask whether anything changed since your record.',
      },
      source: N0710,
      certainty: 'certain',
    },
  ],
  'card-without-reader': [
    {
      effectiveFrom: ALWAYS,
      insured: 'no',
      condition: {
        ja: '読み取れないときは、マイナンバーカードだけでは資格を確認できない',
        en: 'the card alone shows nothing without a reader',
      },
      nextStep: {
        ja: '資格情報のお知らせかマイナポータル画面を求め、なければ申立書を書いてもらってください。',
        en: 'Ask for the notice or the Mynaportal screen; failing these, the declaration form.',
      },
      source: N0710,
      certainty: 'likely',
    },
  ],
  'phone-at-equipped-clinic': [
    {
      effectiveFrom: ALWAYS,
      effectiveTo: civilDate('2025-09-18'),
      insured: 'no',
      condition: { ja: 'スマートフォンのマイナ保険証は2025年9月19日に始まった', en: 'service starts 2025-09-19' },
      nextStep: askCard,
      source: 'デジタル庁・厚生労働省 公表',
      certainty: 'likely',
    },
    {
      effectiveFrom: civilDate('2025-09-19'),
      insured: 'yes',
      condition: {
        ja: 'スマートフォンのマイナ保険証を汎用カードリーダーで読み取る',
        en: 'registered phone at an equipped clinic',
      },
      nextStep: none,
      source: 'デジタル庁・厚生労働省 公表',
      certainty: 'certain',
    },
  ],
  'phone-at-unequipped-clinic': [
    {
      effectiveFrom: ALWAYS,
      insured: 'no',
      condition: {
        ja: 'スマートフォンを読み取る汎用カードリーダーがない',
        en: 'clinic has no general-purpose reader for phones: show the card',
      },
      nextStep: askCard,
      source: 'デジタル庁・厚生労働省 公表',
      certainty: 'certain',
    },
  ],
  'phone-clinic-not-known': [
    {
      effectiveFrom: ALWAYS,
      effectiveTo: civilDate('2025-09-18'),
      insured: 'no',
      condition: { ja: 'スマートフォンのマイナ保険証は2025年9月19日に始まった', en: 'service starts 2025-09-19' },
      nextStep: askCard,
      source: 'デジタル庁・厚生労働省 公表',
      certainty: 'likely',
    },
    {
      effectiveFrom: civilDate('2025-09-19'),
      insured: 'conditional',
      condition: {
        ja: 'スマートフォンを読み取る汎用カードリーダーがこの医療機関にあるかどうかが入力されていない',
        en: 'registered phone; where the clinic has a general-purpose reader for phones, which was not told',
      },
      nextStep: {
        ja: '汎用カードリーダーがあればスマートフォンを読み取り、なければマイナンバーカードか資格確認書を見せてもらってください。',
        en: 'Read the phone if there is a general-purpose reader; if not, ask for the individual number card or the qualification certificate.',
      },
      source: 'デジタル庁・厚生労働省 公表',
      certainty: 'likely',
    },
  ],
  'phone-without-reader': [
    {
      effectiveFrom: ALWAYS,
      insured: 'unknown',
      condition: {
        ja: '読み取れないときの、スマートフォンだけの扱いを定めた資料がない',
        en: 'a phone alone without a reader: no source',
      },
      nextStep: askCard,
      source: '出典なし',
      certainty: 'uncertain',
    },
  ],
  'certificate-in-validity': [
    {
      effectiveFrom: ALWAYS,
      effectiveTo: civilDate('2024-12-01'),
      insured: 'no',
      condition: { ja: '資格確認書は2024年12月2日に始まった', en: 'the document starts 2024-12-02' },
      nextStep: askCard,
      source: '令和6年厚労省令119号',
      certainty: 'certain',
    },
    {
      effectiveFrom: CARDS_END,
      insured: 'yes',
      condition: { ja: '資格確認書が有効期限内', en: 'inside its validity' },
      nextStep: none,
      source: SEED,
      certainty: 'certain',
    },
  ],
  'certificate-past-validity': [
    {
      effectiveFrom: ALWAYS,
      insured: 'no',
      condition: { ja: '資格確認書の有効期限切れ', en: 'past its validity' },
      nextStep: askCard,
      source: SEED,
      certainty: 'certain',
    },
  ],
  'pension-office-certificate': [
    {
      effectiveFrom: ALWAYS,
      insured: 'yes',
      condition: {
        ja: '年金事務所の資格証明書が有効期間（20日以内）の中',
        en: '年金事務所 certificate, 20 days at most',
      },
      nextStep: none,
      source: '健保規則50条の2',
      certainty: 'likely',
    },
  ],
  'pension-office-certificate-past': [
    {
      effectiveFrom: ALWAYS,
      insured: 'no',
      condition: { ja: '年金事務所の資格証明書の有効期間を過ぎた', en: 'past its validity' },
      nextStep: askCard,
      source: '健保規則50条の2',
      certainty: 'likely',
    },
  ],
  'notice-alone': shownAlone('資格情報のお知らせ', LENIENCY),
  'notice-alone-kokuho': shownAlone('資格情報のお知らせ', LENIENCY_KOKUHO),
  'mynaportal-screen-alone': shownAlone('マイナポータルの資格情報画面', LENIENCY),
  'mynaportal-screen-alone-kokuho': shownAlone('マイナポータルの資格情報画面', LENIENCY_KOKUHO),
  'old-card': [
    {
      effectiveFrom: ALWAYS,
      effectiveTo: TRANSITION_LAST,
      insured: 'yes',
      condition: {
        ja: '2024年12月1日までに発行された保険証で、保険者に変更がなければ2025年12月1日まで使える',
        en: 'issued by 2024-12-01, insurer unchanged; last day of the transition 2025-12-01',
      },
      nextStep: none,
      source: SEED,
      certainty: 'certain',
    },
    {
      effectiveFrom: LENIENCY,
      effectiveTo: LENIENCY_1_LAST,
      insured: 'conditional',
      condition: {
        ja: '期限の切れた保険証の暫定的な取扱い。記号・番号で確認する',
        en: 'leniency: clinic confirms the qualification online by symbol/number',
      },
      nextStep: confirmOnline,
      source: LENIENT,
      certainty: 'certain',
    },
    {
      effectiveFrom: LENIENCY_2,
      effectiveTo: LENIENCY_LAST,
      insured: 'conditional',
      condition: { ja: '期限の切れた保険証の暫定的な取扱いの延長。2026年7月31日まで', en: 'leniency, extended' },
      nextStep: confirmOnline,
      source: `${LENIENT}; 厚生労働省「その対応も2026年7月31日で終了」`,
      certainty: 'likely',
    },
    {
      effectiveFrom: AFTER,
      insured: 'no',
      condition: { ja: '期限の切れた保険証の暫定的な取扱いは2026年7月31日で終了', en: 'leniency over' },
      nextStep: askCard,
      source: '厚生労働省「その対応も2026年7月31日で終了」',
      certainty: 'certain',
    },
  ],
  'old-card-past-printed-date': [
    {
      effectiveFrom: ALWAYS,
      effectiveTo: TRANSITION_LAST,
      insured: 'no',
      condition: { ja: '保険証に印字された有効期限を過ぎた', en: 'past its printed date' },
      nextStep: askCard,
      source: SEED,
      certainty: 'likely',
    },
    {
      effectiveFrom: LENIENCY,
      effectiveTo: LENIENCY_LAST,
      insured: 'conditional',
      condition: {
        ja: '有効期限を過ぎた保険証の暫定的な取扱い。2026年7月31日まで',
        en: 'leniency: clinic confirms online',
      },
      nextStep: confirmOnline,
      source: LENIENT,
      certainty: 'likely',
    },
    {
      effectiveFrom: AFTER,
      insured: 'no',
      condition: { ja: '期限の切れた保険証の暫定的な取扱いは2026年7月31日で終了', en: 'leniency over' },
      nextStep: askCard,
      source: '厚生労働省「その対応も2026年7月31日で終了」',
      certainty: 'certain',
    },
  ],
  'old-card-past-printed-date-kokuho': [
    {
      effectiveFrom: ALWAYS,
      effectiveTo: civilDate('2025-07-31'),
      insured: 'no',
      condition: { ja: '保険証に印字された有効期限を過ぎた', en: 'past its printed date' },
      nextStep: askCard,
      source: SEED,
      certainty: 'likely',
    },
    {
      effectiveFrom: civilDate('2025-08-01'),
      effectiveTo: LENIENCY_LAST,
      insured: 'conditional',
      condition: {
        ja: '印字された有効期限は過ぎたが、2025年8月1日から暫定的な取扱いがある',
        en: 'printed validity ended; leniency from 2025-08-01',
      },
      nextStep: confirmOnline,
      source: LENIENT,
      certainty: 'likely',
    },
    {
      effectiveFrom: AFTER,
      insured: 'no',
      condition: { ja: '期限の切れた保険証の暫定的な取扱いは2026年7月31日で終了', en: 'leniency over' },
      nextStep: askCard,
      source: '厚生労働省「その対応も2026年7月31日で終了」',
      certainty: 'certain',
    },
  ],
  'mynaportal-screen-of-lost-qualification': [
    {
      effectiveFrom: ALWAYS,
      insured: 'no',
      condition: { ja: '資格を喪失した保険の画面', en: 'qualification lost: the screen shows the insurance of before' },
      nextStep: {
        ja: '新しい保険の資格を示すものを求めてください。',
        en: 'Ask for proof of the new insurance.',
      },
      source: SEED,
      certainty: 'certain',
    },
  ],
  'document-of-lost-qualification': [
    {
      effectiveFrom: ALWAYS,
      insured: 'no',
      condition: {
        ja: '資格を喪失した保険の書類で、返納するもの',
        en: 'qualification lost: the document must be returned',
      },
      nextStep: {
        ja: '新しい保険の資格を示すものを求め、古い書類は元の保険者へ返すよう伝えてください。',
        en: 'Ask for proof of the new insurance; the old document goes back to its insurer.',
      },
      source: SEED,
      certainty: 'certain',
    },
  ],
  nothing: [
    {
      effectiveFrom: ALWAYS,
      insured: 'no',
      condition: {
        ja: '資格を示すものがない。全額を負担し、2年以内に療養費を請求できる',
        en: 'full charge, 療養費 claim within 2 years',
      },
      nextStep: charge,
      source: '健保法87条・193条',
      certainty: 'certain',
    },
  ],
};
