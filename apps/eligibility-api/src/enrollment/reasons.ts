import type { EnrollmentReason, EnrollmentReasonCode, NameDifference } from '@app/contracts';

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
  'coverage-not-found': {
    ja: 'この資格IDの資格は当保険者にありません。資格IDを確認してください。',
    en: 'There is no such coverage at this insurer. Check its number.',
  },
  'before-coverage': {
    ja: '変更年月日が資格取得年月日より前です。日付を確認してください。',
    en: 'The change would begin before the coverage does. Check the day.',
  },
  'after-coverage': {
    ja: '変更年月日にはすでに資格を喪失しています。日付または喪失の届出を確認してください。',
    en: 'The coverage is over on that day. Check the day, or the loss that was filed.',
  },
  'no-remuneration-in-scheme': {
    ja: '標準報酬月額は健康保険だけのものです。当保険者には届け出られません。',
    en: 'Standard monthly remuneration is of 健保 alone, and not of this insurer.',
  },
  'somebody-else-found': {
    ja: '届出の5情報は、この資格の加入者とは別の方に一致します。誰の変更かを確認してください。',
    en: 'The five attributes are those of somebody else than the person insured here. Check whom the change is about.',
  },
  'overtaken-by-later-change': {
    ja: 'この日より後の変更がすでに届け出られており、住民票の現在の記載では確認できません。2名の担当者が確認します。',
    en: 'Another change was filed for a later day, so the resident register of today cannot confirm this one. Two people decide.',
  },
};

/** What differs about a name, where it is not simply another. */
const wordsOfDifference: Readonly<Record<NameDifference, { readonly ja: string; readonly en: string }>> = {
  spaces: {
    ja: '空白の位置が異なります。',
    en: 'Its spaces stand elsewhere.',
  },
  'long-vowel-signs': {
    ja: '長音符「ー」の文字が異なります。',
    en: 'The sign of a long vowel (ー) is another character.',
  },
  'small-kana': {
    ja: '小書きの仮名（ャ・ュ・ョ・ッなど）が異なります。',
    en: 'Small kana (ャ, ュ, ョ, ッ) are written large, or the other way round.',
  },
  'variant-characters': {
    ja: '異体字（髙と高など）で登録されています。',
    en: 'It is registered with another shape of the same character, such as 髙 for 高.',
  },
  different: { ja: '', en: '' },
};

export const shownReason = ({ code, pointer, difference, characters }: FiledReason): EnrollmentReason => {
  const { ja, en } = words[code];
  const more = difference === undefined ? { ja: '', en: '' } : wordsOfDifference[difference];
  return {
    code,
    ...(pointer === undefined ? {} : { pointer }),
    ...(difference === undefined ? {} : { difference }),
    ...(characters === undefined ? {} : { characters: [...characters] }),
    ja: `${ja}${more.ja}`,
    en: more.en === '' ? en : `${en} ${more.en}`,
  };
};
