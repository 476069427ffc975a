import { civilDate, type CivilDate } from '../calendar/index.js';
import { CATEGORIES_70, CATEGORIES_UNDER70 } from '../cost-limit/index.js';
import { step } from '../explanation.js';
import {
  claimFallback,
  claimSpecialNote,
  documentDecision,
  hasCategory,
  lateElderlyIssue,
  type Insured,
} from '../presentation/index.js';
import { day, flag, nullable, oneOf, optional } from './input.js';
import { against, answer } from './result.js';
import { rule } from './rule.js';

const INSURED_WORDS: Readonly<Record<Insured, string>> = {
  yes: '保険診療になる',
  no: 'これだけでは保険診療にならない',
  conditional: 'オンラインで資格を確認できれば保険診療になる',
  unknown: '保険診療になるかどうかは、資料から確かめられない',
};

export const documentDecisionRule = rule(
  {
    document: oneOf([
      'mynacard_registered',
      'mynacard_unregistered',
      'smartphone_registered',
      'shikaku_kakuninsho',
      'shikaku_shomeisho',
      'shikaku_joho_oshirase',
      'mynaportal_screen',
      'old_card',
      'old_card_kokuho',
      'old_card_kouki',
      'none',
    ]),
    reader: oneOf(['online', 'down', 'not_installed', 'no_data', 'any']),
    date: day,
    certificate: optional(oneOf(['valid', 'grace', 'expired', 'revoked'])),
    supporting: optional(oneOf(['shikaku_joho_oshirase', 'mynaportal_screen', 'moshitatesho'])),
    visit: optional(oneOf(['first', 'repeat'])),
    validTo: optional(day),
    cardValidTo: optional(day),
    insurerUnchanged: optional(flag),
    clinicEquipped: optional(flag),
    scheme: optional(oneOf(['shaho', 'kokuho', 'kouki'])),
  },
  (facts) => {
    const isCard = facts.document === 'mynacard_registered' || facts.document === 'mynacard_unregistered';
    if (isCard && facts.certificate === undefined && (facts.reader === 'online' || facts.reader === 'any')) {
      return against('certificate', 'fact-needed', 'with the reader working the state of the certificate decides');
    }
    const isDated = facts.document === 'shikaku_kakuninsho' || facts.document === 'shikaku_shomeisho';
    if (isDated && facts.validTo === undefined) {
      return against('validTo', 'fact-needed', 'the document carries its last day');
    }
    const { situation, row } = documentDecision(facts);
    return answer(
      {
        insured: row.insured,
        condition: row.condition.en,
        situation,
        clerk: row.nextStep,
        conditionText: row.condition,
        certainty: row.certainty,
      },
      step('受診時に示すもの', `${INSURED_WORDS[row.insured]}（${row.condition.ja}）`, row.source),
      step('窓口の対応', row.nextStep.ja, row.source),
    );
  },
);

/** The order is the current insurance, the former one, 不詳. */
const CLAIM_WORDS = {
  current: '後から分かった現在の資格で請求する',
  former: '現在の資格が分からないため、後から分かった以前の資格で請求する',
  unknown: '現在の資格も以前の資格も分からないため、不詳として請求する',
} as const;

export const claimFallbackRule = rule(
  {
    foundAfterwards: nullable(oneOf(['current', 'former'])),
    scheme: optional(oneOf(['not_kouki', 'kouki'])),
    softwareRefuses77777777: optional(flag),
  },
  (facts) => {
    if (facts.foundAfterwards === null && facts.scheme === undefined) {
      return against('scheme', 'fact-needed', 'the number for 不詳 differs in 後期');
    }
    const claim = claimFallback({
      foundAfterwards: facts.foundAfterwards,
      isKouki: facts.scheme === 'kouki',
      softwareNeedsCheckDigit: facts.softwareRefuses77777777 ?? false,
    });
    return answer(
      { ...claim },
      step('請求先', CLAIM_WORDS[facts.foundAfterwards ?? 'unknown'], '2023-07-19 請求に関する通知'),
    );
  },
);

export const claimSpecialNoteRule = rule(
  {
    ageGroup: oneOf(['under70', '70to74', '75over']),
    category: oneOf([...CATEGORIES_UNDER70, ...CATEGORIES_70]),
    multipleTimes: optional(flag),
  },
  ({ ageGroup, category, ...facts }) => {
    if (!hasCategory(ageGroup, category)) {
      return against('category', 'category-not-for-age', 'the category is not one of that age');
    }
    const code = claimSpecialNote(category, facts.multipleTimes ?? false);
    const detail = `区分${category}${facts.multipleTimes === true ? '、多数回該当' : ''}は特記事項 ${code}`;
    return answer({ code }, step('レセプト特記事項', detail, '記録条件仕様 特記事項 26-35, 41-44'));
  },
);

const issueWords = (issue: 'always' | 'by_mynacard', date: CivilDate): string => {
  if (issue === 'by_mynacard')
    return '2026年8月1日に85歳未満の人には、マイナ保険証の利用状況により交付する（広域連合により異なる）';
  return date < civilDate('2026-08-01')
    ? '2026年7月31日までは、加入者全員に申請なしで交付する'
    : '2026年8月1日に85歳以上の人には、申請なしで交付する';
};

export const koukiCertificateRule = rule({ birthDate: day, date: day }, ({ birthDate, date }) => {
  if (birthDate > date) return against('birthDate', 'birth-after-date', 'the birth date is after the date');
  const found = lateElderlyIssue(birthDate, date);
  if (found === undefined) return against('date', 'before-the-rule', '資格確認書 begins on 2024-12-02');
  return answer(
    { issue: found.issue, certainty: found.certainty },
    step('後期の資格確認書の職権交付', issueWords(found.issue, date), found.source),
  );
});
