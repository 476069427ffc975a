import type { Bilingual } from '../bilingual.js';
import { step } from '../explanation.js';
import {
  checkDigit,
  checkIndividualNumber,
  digitsText,
  inspectInstitutionCode,
  insurerNumberParts,
  nearMisses,
  NUMBER_MAX_LENGTH,
  parseBranch,
  parseInsurerNumber,
  parseKoukiInsuredNumber,
  parsePayerNumber,
  parseRecipientNumber,
  recipientNumberOf,
  schemeOfInsurer,
  normaliseNumber,
  normaliseSymbol,
  SYMBOL_MAX_LENGTH,
  writingOf,
  type Writing,
} from '../identifiers/index.js';
import { oneOf, optional, text } from './input.js';
import { answer, type Outcome } from './result.js';
import { rule, ruleBy } from './rule.js';

const BETTEN2 = '厚生労働省 別添2 設定要領 (001275316.pdf)';
const checked = (detail: string) => step('検証番号', detail, BETTEN2);

/** Beside the answer, what the writing of a number tells; stable codes, with the words for the counter. */
const HINTS = {
  'full-width': { ja: '全角の文字を半角として読みました。', en: 'Full-width characters were read as half-width.' },
  'spaces-around': { ja: '前後の空白を除いて読みました。', en: 'Spaces around it were left out.' },
  separators: {
    ja: 'ハイフンや空白を除くと正しい番号です。',
    en: 'It would be right without the hyphens or spaces.',
  },
  'zero-padding': {
    ja: '国保の6桁の番号が8桁にゼロ埋めされています。',
    en: 'A number of 国保 has six digits; the two zeros on the left are padding.',
  },
  'leading-zero-missing': {
    ja: '先頭のゼロが落ちています。補うと正しい番号です。',
    en: 'Zeros on the left are missing; with them it would be right.',
  },
  'branch-missing': {
    ja: '枝番がありません。双子など同じ記号・番号の家族を区別できないことがあります。カードの2桁の枝番を入力してください。',
    en: 'There is no branch number. Without its two digits members of one family may not be told apart.',
  },
  'branch-padded': { ja: '枝番を2桁にして読みました。', en: 'The branch number was read as two digits.' },
} as const satisfies Readonly<Record<Writing | 'branch-missing' | 'branch-padded', Bilingual>>;

const hints = (codes: readonly (keyof typeof HINTS)[], candidate?: string): Readonly<Record<string, unknown>> =>
  codes.length === 0
    ? {}
    : {
        hints: codes.map((code) => ({
          code,
          ...HINTS[code],
          ...(candidate !== undefined && (code === 'separators' || code === 'leading-zero-missing')
            ? { candidate }
            : {}),
        })),
      };

/** The words for what is wrong with a number: of its kind, and at which places its parts stand. */
interface Words {
  readonly format: string;
  /** Where the 都道府県番号 and the 法別番号 begin. */
  readonly prefectureAt?: number;
  readonly lawCode?: string;
}

const INSURER_WORDS: Words = { format: '保険者番号が8桁（国保は6桁）の数字でない', lawCode: '保険者の法別番号' };
const INSTITUTION_WORDS: Words = { format: '医療機関コードが10桁の数字でない', prefectureAt: 0 };
const PAYER_WORDS: Words = { format: '公費負担者番号が8桁の数字でない', prefectureAt: 2, lawCode: '公費の法別番号' };
const RECIPIENT_WORDS: Words = { format: '公費受給者番号が7桁の数字でない' };
const KOUKI_WORDS: Words = { format: '後期の被保険者番号が8桁の数字でない' };

const wrongWords = (reason: string, written: string, words: Words): string => {
  const digits = digitsText(written);
  // A number of 国保 has no 法別番号, however many zeros stand before it.
  const number = words === INSURER_WORDS && /^00\d{6}$/u.test(digits) ? digits.slice(2) : digits;
  const prefectureAt = words.prefectureAt ?? number.length - 6;
  switch (reason) {
    case 'law_code':
      return `法別番号 ${number.slice(0, 2)}は${words.lawCode ?? '法別番号'}でない`;
    case 'prefecture':
      return `都道府県番号 ${number.slice(prefectureAt, prefectureAt + 2)}はない`;
    case 'fee_table':
      return `点数表の番号 ${number.charAt(2)}は 1（医科）、3（歯科）、4（調剤）、6（訪問看護）のどれでもない`;
    case 'check_digit':
      return `検証番号が ${number.slice(-1)}で、計算した ${checkDigit(number.slice(0, -1))}と一致しない`;
    default:
      return words.format;
  }
};

interface Check {
  readonly text: string;
  readonly parsed: { readonly ok: true } | { readonly ok: false; readonly reason: string; readonly detail: string };
  readonly isRight: (candidate: string) => boolean;
  /** A number that belongs to one person: where the slip may be is said, another person's number is not. */
  readonly ofPerson?: true;
  readonly words: Words;
  /** The parts of a number that is right. */
  readonly parts: () => Readonly<Record<string, unknown>>;
  /** A number of six digits that was padded on the left to eight columns. */
  readonly isPadded?: boolean;
}

const checkedNumber = ({ text: written, parsed, isRight, ofPerson, words, parts, isPadded }: Check): Outcome => {
  const { peculiar, candidate } = writingOf(written, isRight);
  const told = hints(
    isPadded === true ? [...peculiar, 'zero-padding'] : peculiar,
    ofPerson === true ? undefined : candidate,
  );
  if (parsed.ok) {
    const own = parts();
    return answer({ valid: true, ...own, ...told }, checked(`検証番号 ${String(own['checkDigit'])}は計算と一致する`));
  }
  const near = parsed.reason === 'check_digit' ? nearMisses(digitsText(written), isRight) : [];
  return answer(
    {
      valid: false,
      reason: parsed.reason,
      detail: parsed.detail,
      ...(near.length === 0
        ? {}
        : { nearMisses: ofPerson === true ? near.map(({ kind, positions }) => ({ kind, positions })) : near }),
      ...told,
    },
    checked(wrongWords(parsed.reason, written, words)),
  );
};

export const insurerNumber = ruleBy([
  [
    'body',
    rule({ body: text(20) }, ({ body }) => {
      const digits = digitsText(body);
      if (!/^\d{1,11}$/u.test(digits)) {
        const error = { pointer: '/body', code: 'format', detail: 'digits are expected', kind: 'shape' } as const;
        return { ok: false, errors: [error] };
      }
      return answer(
        { checkDigit: checkDigit(digits) },
        checked('右から 2、1の重みを掛け、各桁の和を 10から引いた 1の位'),
      );
    }),
  ],
  [
    'insurerNumber',
    rule({ insurerNumber: text(50) }, (facts) => {
      const parsed = parseInsurerNumber(facts.insurerNumber);
      return checkedNumber({
        text: facts.insurerNumber,
        parsed,
        isRight: (candidate) => parseInsurerNumber(candidate).ok,
        words: INSURER_WORDS,
        isPadded: parsed.ok && /^00\d{6}$/u.test(digitsText(facts.insurerNumber)),
        parts: () =>
          parsed.ok
            ? { ...insurerNumberParts(parsed.value), canonical: parsed.value, scheme: schemeOfInsurer(parsed.value) }
            : {},
      });
    }),
  ],
]);

export const medicalInstitutionCode = rule({ code: text(50) }, ({ code }) => {
  const parsed = inspectInstitutionCode(code);
  return checkedNumber({
    text: code,
    parsed,
    isRight: (candidate) => inspectInstitutionCode(candidate).ok,
    words: INSTITUTION_WORDS,
    parts: () => {
      if (!parsed.ok) return {};
      const { prefecture, feeTable, checkDigit: digit } = parsed.value;
      return { prefecture, feeTable, checkDigit: digit };
    },
  });
});

export const publicExpenseNumber = ruleBy([
  [
    'payerNumber',
    rule({ payerNumber: text(50) }, ({ payerNumber }) => {
      const parsed = parsePayerNumber(payerNumber);
      return checkedNumber({
        text: payerNumber,
        parsed,
        isRight: (candidate) => parsePayerNumber(candidate).ok,
        words: PAYER_WORDS,
        parts: () => {
          if (!parsed.ok) return {};
          const { lawCode, prefecture, checkDigit: digit } = parsed.value;
          return { lawCode, prefecture, checkDigit: digit };
        },
      });
    }),
  ],
  [
    'recipientBody',
    rule({ recipientBody: text(50) }, ({ recipientBody }) => {
      const made = recipientNumberOf(recipientBody);
      if (!made.ok) {
        const error = { pointer: '/recipientBody', code: 'format', detail: made.detail, kind: 'shape' } as const;
        return { ok: false, errors: [error] };
      }
      return answer({ recipientNumber: made.value }, checked(`6桁の番号から計算した検証番号 ${made.value.slice(-1)}`));
    }),
  ],
  [
    'recipientNumber',
    rule({ recipientNumber: text(50) }, ({ recipientNumber }) => {
      const parsed = parseRecipientNumber(recipientNumber);
      return checkedNumber({
        text: recipientNumber,
        parsed,
        isRight: (candidate) => parseRecipientNumber(candidate).ok,
        words: RECIPIENT_WORDS,
        ofPerson: true,
        parts: () => (parsed.ok ? { checkDigit: Number(parsed.value.slice(-1)) } : {}),
      });
    }),
  ],
]);

export const koukiInsuredNumber = rule({ insuredNumber: text(50) }, ({ insuredNumber }) => {
  const parsed = parseKoukiInsuredNumber(insuredNumber);
  return checkedNumber({
    text: insuredNumber,
    parsed,
    isRight: (candidate) => parseKoukiInsuredNumber(candidate).ok,
    words: KOUKI_WORDS,
    ofPerson: true,
    parts: () => (parsed.ok ? { checkDigit: Number(parsed.value.slice(-1)) } : {}),
  });
});

/** Near misses are not told: they would repeat the number. */
export const myNumber = rule({ individualNumber: text(50) }, ({ individualNumber }) => {
  const source = '平成26年総務省令85号5条';
  const parsed = checkIndividualNumber(individualNumber);
  return parsed.ok
    ? answer({ valid: true }, step('個人番号の検査用数字', '検査用数字が計算と一致する', source))
    : answer(
        { valid: false, reason: parsed.reason },
        step(
          '個人番号の検査用数字',
          parsed.reason === 'format' ? '個人番号が12桁の数字でない' : '検査用数字が計算と一致しない',
          source,
        ),
      );
});

export const symbolNumberBranch = rule(
  {
    scheme: oneOf(['shaho', 'kokuho', 'kouki', 'kyokai', 'kumiai', 'kyosai']),
    insurerNumber: optional(text(20)),
    symbol: optional(text(50)),
    number: optional(text(50)),
    branch: optional(text(10)),
  },
  (facts) => {
    const source = 'JP FHIR eClaim; 別紙3-1 レイアウト';
    const no = (reason: string, words: string): Outcome =>
      answer({ valid: false, reason }, step('記号・番号・枝番', words, source));
    const symbol = facts.symbol === undefined ? undefined : normaliseSymbol(facts.symbol);
    const number = facts.number === undefined ? undefined : normaliseNumber(facts.number);
    if (facts.scheme === 'kouki') {
      if (symbol !== undefined && symbol !== '') return no('kouki has no symbol', '後期高齢者医療に記号はない');
      if (facts.branch !== undefined && facts.branch !== '')
        return no('kouki has no branch number', '後期高齢者医療に枝番はない');
      if (number !== undefined && !parseKoukiInsuredNumber(number).ok)
        return no('kouki number is 8 digits with a check digit', '後期の被保険者番号が、検証番号の合う8桁の数字でない');
      return answer(
        { valid: true, ...(number === undefined ? {} : { number }) },
        step('記号・番号・枝番', '後期高齢者医療に記号と枝番はない', source),
      );
    }
    if (symbol !== undefined && symbol.length > SYMBOL_MAX_LENGTH)
      return no('symbol is at most 20 characters', '記号が20文字を超えている');
    if (number !== undefined && (number === '' || number.length > NUMBER_MAX_LENGTH)) {
      return no('number is 1 to 20 characters', '番号が1文字以上20文字以内でない');
    }
    const isKyokai = facts.scheme === 'kyokai' || /^01\d{6}$/u.test(digitsText(facts.insurerNumber ?? ''));
    if (isKyokai && symbol !== undefined && !/^\d{7,8}$/u.test(symbol))
      return no('symbol is 7-8 digits', '協会けんぽの記号が7桁または8桁の数字でない');
    const given = facts.branch === undefined || facts.branch.trim() === '' ? undefined : facts.branch;
    const branch = given === undefined ? undefined : parseBranch(given);
    if (branch !== undefined && !branch.ok) return no('branch is two digits', '枝番が2桁の数字でない');
    const written = [facts.symbol, facts.number, given].filter((part) => part !== undefined);
    const peculiar = [
      ...(written.some((part) => part.normalize('NFKC') !== part) ? (['full-width'] as const) : []),
      ...(written.some((part) => part.trim() !== part) ? (['spaces-around'] as const) : []),
      ...(given === undefined && number !== undefined ? (['branch-missing'] as const) : []),
      ...(given !== undefined && digitsText(given).length === 1 ? (['branch-padded'] as const) : []),
    ];
    return answer(
      {
        valid: true,
        ...(symbol === undefined ? {} : { symbol }),
        ...(number === undefined ? {} : { number }),
        ...(branch === undefined ? {} : { branch: branch.value }),
        ...hints(peculiar),
      },
      step('記号・番号・枝番', '桁数と文字の種類に誤りはない（形式だけを調べた）', source),
    );
  },
);
