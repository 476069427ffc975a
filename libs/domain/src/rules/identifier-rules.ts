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

const BETTEN2 = 'MHLW 別添2 設定要領 (001275316.pdf)';
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

interface Check {
  readonly text: string;
  readonly parsed: { readonly ok: true } | { readonly ok: false; readonly reason: string; readonly detail: string };
  readonly isRight: (candidate: string) => boolean;
  /** A number that belongs to one person: where the slip may be is said, another person's number is not. */
  readonly ofPerson?: true;
  /** The parts of a number that is right. */
  readonly parts: () => Readonly<Record<string, unknown>>;
  /** A number of six digits that was padded on the left to eight columns. */
  readonly isPadded?: boolean;
}

const checkedNumber = ({ text: written, parsed, isRight, ofPerson, parts, isPadded }: Check): Outcome => {
  const { peculiar, candidate } = writingOf(written, isRight);
  const told = hints(
    isPadded === true ? [...peculiar, 'zero-padding'] : peculiar,
    ofPerson === true ? undefined : candidate,
  );
  if (parsed.ok) {
    const own = parts();
    return answer({ valid: true, ...own, ...told }, checked(String(own['checkDigit'])));
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
    checked(parsed.detail),
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
      return answer({ checkDigit: checkDigit(digits) }, checked('重み 2,1 を右から、各桁の和の 10 の補数'));
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
      return answer({ recipientNumber: made.value }, checked(made.value.slice(-1)));
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
    ofPerson: true,
    parts: () => (parsed.ok ? { checkDigit: Number(parsed.value.slice(-1)) } : {}),
  });
});

/** Near misses are not told: they would repeat the number. */
export const myNumber = rule({ individualNumber: text(50) }, ({ individualNumber }) => {
  const source = '平成26年総務省令85号5条';
  const parsed = checkIndividualNumber(individualNumber);
  return parsed.ok
    ? answer({ valid: true }, step('個人番号の検査用数字', '一致', source))
    : answer({ valid: false, reason: parsed.reason }, step('個人番号の検査用数字', parsed.detail, source));
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
    const no = (reason: string): Outcome => answer({ valid: false, reason }, step('記号・番号・枝番', reason, source));
    const symbol = facts.symbol === undefined ? undefined : normaliseSymbol(facts.symbol);
    const number = facts.number === undefined ? undefined : normaliseNumber(facts.number);
    if (facts.scheme === 'kouki') {
      if (symbol !== undefined && symbol !== '') return no('kouki has no symbol');
      if (facts.branch !== undefined && facts.branch !== '') return no('kouki has no branch number');
      if (number !== undefined && !parseKoukiInsuredNumber(number).ok)
        return no('kouki number is 8 digits with a check digit');
      return answer(
        { valid: true, ...(number === undefined ? {} : { number }) },
        step('後期', '記号・枝番なし', source),
      );
    }
    if (symbol !== undefined && symbol.length > SYMBOL_MAX_LENGTH) return no('symbol is at most 20 characters');
    if (number !== undefined && (number === '' || number.length > NUMBER_MAX_LENGTH)) {
      return no('number is 1 to 20 characters');
    }
    const isKyokai = facts.scheme === 'kyokai' || /^01\d{6}$/u.test(digitsText(facts.insurerNumber ?? ''));
    if (isKyokai && symbol !== undefined && !/^\d{7,8}$/u.test(symbol)) return no('symbol is 7-8 digits');
    const given = facts.branch === undefined || facts.branch.trim() === '' ? undefined : facts.branch;
    const branch = given === undefined ? undefined : parseBranch(given);
    if (branch !== undefined && !branch.ok) return no('branch is two digits');
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
      step('記号・番号・枝番', '形式のみ', source),
    );
  },
);
