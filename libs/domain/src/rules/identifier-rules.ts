import { step } from '../explanation.js';
import {
  canonicalInsurerNumber,
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
} from '../identifiers/index.js';
import { oneOf, optional, text } from './input.js';
import { answer, type Outcome } from './result.js';
import { rule, ruleBy } from './rule.js';

const BETTEN2 = 'MHLW 別添2 設定要領 (001275316.pdf)';
const checked = (detail: string) => step('検証番号', detail, BETTEN2);

const invalid = (
  refusal: { readonly reason: string; readonly detail: string },
  digits: string,
  isRight: (candidate: string) => boolean,
): Outcome => {
  const near = refusal.reason === 'check_digit' ? nearMisses(digits, isRight) : [];
  return answer(
    {
      valid: false,
      reason: refusal.reason,
      detail: refusal.detail,
      ...(near.length === 0 ? {} : { nearMisses: near }),
    },
    checked(refusal.detail),
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
      if (!parsed.ok) {
        const canonical = canonicalInsurerNumber(facts.insurerNumber);
        return invalid(parsed, canonical.ok ? canonical.value : '', (candidate) => parseInsurerNumber(candidate).ok);
      }
      const { lawCode, prefecture, insurer, checkDigit: digit } = insurerNumberParts(parsed.value);
      return answer(
        {
          valid: true,
          lawCode,
          prefecture,
          insurer,
          checkDigit: digit,
          canonical: parsed.value,
          scheme: schemeOfInsurer(parsed.value),
        },
        checked(`${digit}`),
      );
    }),
  ],
]);

export const medicalInstitutionCode = rule({ code: text(50) }, ({ code }) => {
  const parsed = inspectInstitutionCode(code);
  if (!parsed.ok) return invalid(parsed, digitsText(code), (candidate) => inspectInstitutionCode(candidate).ok);
  const { prefecture, feeTable, checkDigit: digit } = parsed.value;
  return answer({ valid: true, prefecture, feeTable, checkDigit: digit }, checked(`${digit}`));
});

export const publicExpenseNumber = ruleBy([
  [
    'payerNumber',
    rule({ payerNumber: text(50) }, ({ payerNumber }) => {
      const parsed = parsePayerNumber(payerNumber);
      if (!parsed.ok) return invalid(parsed, digitsText(payerNumber), (candidate) => parsePayerNumber(candidate).ok);
      const { lawCode, prefecture, checkDigit: digit } = parsed.value;
      return answer({ valid: true, lawCode, prefecture, checkDigit: digit }, checked(`${digit}`));
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
      if (!parsed.ok) {
        return invalid(parsed, digitsText(recipientNumber), (candidate) => parseRecipientNumber(candidate).ok);
      }
      return answer({ valid: true, checkDigit: Number(parsed.value.slice(-1)) }, checked(parsed.value.slice(-1)));
    }),
  ],
]);

export const koukiInsuredNumber = rule({ insuredNumber: text(50) }, ({ insuredNumber }) => {
  const parsed = parseKoukiInsuredNumber(insuredNumber);
  if (!parsed.ok) {
    return invalid(parsed, digitsText(insuredNumber), (candidate) => parseKoukiInsuredNumber(candidate).ok);
  }
  return answer({ valid: true, checkDigit: Number(parsed.value.slice(-1)) }, checked(parsed.value.slice(-1)));
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
    const branch = facts.branch === undefined ? undefined : parseBranch(facts.branch);
    if (branch !== undefined && !branch.ok) return no('branch is two digits');
    return answer(
      {
        valid: true,
        ...(symbol === undefined ? {} : { symbol }),
        ...(number === undefined ? {} : { number }),
        ...(branch === undefined ? {} : { branch: branch.value }),
      },
      step('記号・番号・枝番', '形式のみ', source),
    );
  },
);
