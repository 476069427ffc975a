import type { EnrollmentReason, EnrollmentReasonCode } from '@app/contracts';

import type { FiledReason } from './filings.js';

/** For whoever corrects it: what to do, and nothing of what the registry holds. */
const words: Readonly<Record<EnrollmentReasonCode, { readonly ja: string; readonly en: string }>> = {
  'nobody-found': {
    ja: '届出の5情報に一致する方が見つかりません。氏名・カナ・生年月日・性別・住所を住民票のとおりに届け出てください。',
    en: 'Nobody was found by the five attributes. File name, kana, birth date, sex and address as they stand in the resident register.',
  },
  'attribute-differs': {
    ja: 'この項目が住民票の記載と一致しません。住民票のとおりに届け出てください。',
    en: 'This is not what stands in the resident register. File it as it stands there.',
  },
  'attribute-missing': {
    ja: 'この項目の記入がありません。5情報がすべてそろわないと照会できません。',
    en: 'This was left out. The registry is searched by all five attributes or not at all.',
  },
  'several-people': {
    ja: '5情報がすべて一致する方が複数います。2名の担当者が確認します。',
    en: 'Several people agree in all five attributes. Two people decide; no machine does.',
  },
  'individual-number-differs': {
    ja: '登録済みの個人番号と照会結果が一致しません。2名の担当者が確認します。',
    en: 'The registry gives this person another individual number than the one registered. Two people decide.',
  },
  'individual-number-of-another-person': {
    ja: '照会結果の個人番号は別の加入者に登録されています。2名の担当者が確認します。',
    en: 'The individual number found is registered for somebody else. Two people decide.',
  },
  'already-insured-here': {
    ja: 'この方はこの期間にすでに当保険者の資格があります。資格取得年月日または前の資格の喪失を確認してください。',
    en: 'This person is insured here already on some of these days. Check the qualification date, or file the loss of the former coverage.',
  },
  'filed-number-differs': {
    ja: '届出の個人番号が照会結果と一致しません。番号を確認して届け出てください。',
    en: 'The individual number filed is not the one of the person found. Check it and file again.',
  },
  'returned-by-review': {
    ja: '2名の担当者が確認し、返戻することにしました。住民票の記載を確認のうえ届け出てください。',
    en: 'Two people looked at it and decided to return it. File again as it stands in the resident register.',
  },
  'already-filed': {
    ja: '同じ内容の届出がすでに登録されています。',
    en: 'The same has been filed and registered before.',
  },
};

export const shownReason = ({ code, pointer }: FiledReason): EnrollmentReason => ({
  code,
  ...(pointer === undefined ? {} : { pointer }),
  ...words[code],
});
