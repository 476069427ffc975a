import { ERAS, fromWareki, oqsCodeListOf, parseCivilDate, type CivilDate } from '@app/domain';

/** What stands behind a label, as the message has it; `undefined` for what cannot be read. */
export type ReadValue = (text: string) => string | undefined;

const digitsOf = (day: CivilDate): string => day.replaceAll('-', '');

const WESTERN = /^(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?$/u;
const JAPANESE = /^(\p{Script=Han}{2})(元|\d{1,2})年(\d{1,2})月(\d{1,2})日$/u;

/** `2026-07-01`, `2026/7/1`, `20260701`, 2026年7月1日, 昭和55年4月1日 → `YYYYMMDD`. */
export const dayDigits: ReadValue = (text) => {
  const plain = text.normalize('NFKC').replaceAll(/\s/gu, '');
  const japanese = JAPANESE.exec(plain);
  if (japanese !== null) {
    const [, eraText, year = '', month, day] = japanese;
    const era = ERAS.find((one) => one.era === eraText)?.era;
    if (era === undefined) return undefined;
    const parsed = fromWareki(era, year === '元' ? 1 : Number(year), Number(month), Number(day));
    return parsed.ok ? digitsOf(parsed.value) : undefined;
  }
  const [, year, month = '', day = ''] = WESTERN.exec(plain) ?? [];
  const parsed = parseCivilDate(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`);
  return parsed.ok ? digitsOf(parsed.value) : undefined;
};

export const plainText: ReadValue = (text) => text;

export const narrowText: ReadValue = (text) => text.normalize('NFKC').replaceAll(/\s/gu, '');

/** 3割, ３割, 30% → `030`. */
export const ratio: ReadValue = (text) => {
  const [, number, unit] = /^(\d{1,2})(割|%)$/u.exec(text.normalize('NFKC').replaceAll(/\s/gu, '')) ?? [];
  if (number === undefined) return undefined;
  const percent = `${unit === '割' ? Number(number) * 10 : Number(number)}`.padStart(3, '0');
  return Object.hasOwn(oqsCodeListOf('InsuredPartialContributionRatio')?.codes ?? {}, percent) ? percent : undefined;
};

/** The first of these words that stands in the text decides. */
const byWord =
  (...words: readonly (readonly [RegExp, string])[]): ReadValue =>
  (text) => {
    const plain = text.normalize('NFKC');
    return words.find(([word]) => word.test(plain))?.[1];
  };

export const sex = byWord([/男/u, '1'], [/女/u, '2'], [/未設定/u, '3']);

export const personOrFamily = byWord([/本人/u, '1'], [/家族|扶養/u, '2']);

export const preschool = byWord([/就学前|未就学/u, '1']);

export const cardClass = byWord(
  [/短期.*退職/u, '04'],
  [/短期/u, '03'],
  [/特例退職/u, '06'],
  [/退職/u, '02'],
  [/自衛官/u, '07'],
  [/資格証明|特別療養費/u, '05'],
  [/医療扶助/u, 'A1'],
  [/一般/u, '01'],
);

/** 限度額適用認定証 and the two others, from the heading of their section. */
export const limitCertificateClass = byWord([/限度額適用.*減額/u, '02'], [/減額/u, '03'], [/限度額適用/u, '01']);

const LIMIT_FLAGS = new Map(
  Object.entries(oqsCodeListOf('LimitApplicationCertificateClassificationFlag')?.codes ?? {}).map(
    ([code, meaning]) => [meaning.normalize('NFKC'), code] as const,
  ),
);

/** ウ, 区分ウ, 低所得Ⅱ. */
export const limitFlag: ReadValue = (text) => LIMIT_FLAGS.get(text.normalize('NFKC').replaceAll(/\s|^区分/gu, ''));
