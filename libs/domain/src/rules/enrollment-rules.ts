import { oqsCodeListOf, oqsMeaning } from '../codes/index.js';
import {
  isSameAddress,
  isUsableOn,
  kanaNfkc,
  MATCH_ATTRIBUTES,
  matchDecision,
  onlineViewAfter,
  usableFrom,
} from '../enrollment/index.js';
import { step } from '../explanation.js';
import { day, integer, listOf, nullable, oneOf, optional, text } from './input.js';
import { against, answer } from './result.js';
import { rule, ruleBy } from './rule.js';

export const jlisMatch = ruleBy([
  [
    'matchedAttributes',
    rule({ matchedAttributes: listOf(oneOf(MATCH_ATTRIBUTES)), candidates: integer(0, 1_000_000) }, (facts) => {
      const found = matchDecision(facts.matchedAttributes, facts.candidates);
      return answer(
        { outcome: found.outcome, missing: found.missing },
        step('5情報による照会', '5情報すべての一致が1件のときだけ登録', '2023-06-01 省令; 健保連ニュース'),
      );
    }),
  ],
  [
    'misinputCheck',
    rule(
      {
        misinputCheck: oneOf(['match', 'mismatch', 'mismatch_corrected', 'mismatch_cleared_with_reason']),
        from: optional(day),
      },
      (facts) =>
        answer(
          { onlineView: onlineViewAfter(facts.misinputCheck) },
          step('誤入力チェック', '不一致は訂正または理由付きの解除まで閲覧停止', 'wic-net 13077/16 (2024-05-07から)'),
        ),
    ),
  ],
]);

export const registrationAvailable = rule({ registrationCompletedOn: nullable(day), date: optional(day) }, (facts) => {
  const how = step('利用開始', 'データ登録の完了の翌日から', 'マイナ保険証移行に関するご案内');
  const completed = facts.registrationCompletedOn;
  const usable = facts.date === undefined ? {} : { usable: isUsableOn(completed, facts.date) };
  if (completed === null) return answer({ usable: false }, how);
  return answer({ usableFrom: usableFrom(completed), ...usable }, how);
});

export const addressCompare = rule({ a: text(300), b: text(300) }, ({ a, b }) =>
  answer(
    { sameAfterNormalising: isSameAddress(a, b) },
    step('住所の表記ゆれ', '丁目・番地・号とハイフン、全角半角を同じに読む', 'wic-net 12548/12 (2023-12-18)'),
  ),
);

export const kanaNfkcRule = rule({ text: text(500) }, (facts) =>
  answer(
    { nfkc: kanaNfkc(facts.text) },
    step('カナの正規化', '半角カナや全角英数字の表記をそろえる（NFKC）', 'Unicode UAX #15'),
  ),
);

export const oqsCodes = rule({ field: text(100), code: text(10) }, ({ field, code }) => {
  const list = oqsCodeListOf(field);
  if (list === undefined) return against('field', 'no-such-code', 'no code list is kept for this element');
  const meaning = oqsMeaning(field, code);
  if (meaning === undefined) {
    return against('code', 'no-such-code', `one of ${Object.keys(list.codes).join(', ')}`);
  }
  return answer(
    { meaning, list: list.list },
    step('コード表', `コード ${code} は「${meaning}」`, '別紙5-1 業務コード仕様'),
  );
});
