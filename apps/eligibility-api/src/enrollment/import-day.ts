import { fromWareki, type EraName } from '@app/domain';

const ERAS: Readonly<Record<string, EraName>> = {
  M: '明治',
  T: '大正',
  S: '昭和',
  H: '平成',
  R: '令和',
  明: '明治',
  大: '大正',
  昭: '昭和',
  平: '平成',
  令: '令和',
};
const WAREKI =
  /^(?<era>明治?|大正?|昭和?|平成?|令和?|[MTSHR])(?<year>元|\d{1,2})(?:年|[./-])(?<month>\d{1,2})(?:月|[./-])(?<day>\d{1,2})日?$/iu;
/** As spreadsheets write 2026-11-20 when they have read it. */
const SLASHES = /^(?<year>\d{4})\/(?<month>\d{1,2})\/(?<day>\d{1,2})$/;

/**
 * A day as it is written in a cell, as YYYY-MM-DD: 令和8年11月20日, R8.11.20, 昭和元年12月25日, 2026/11/20, full or half width. Text of any other form
 * comes back as it is; `undefined` for a Japanese date that is none (no such day, or not in that era).
 */
export const dayOfCell = (cell: string): string | undefined => {
  const text = cell.normalize('NFKC').replaceAll(/\s/gu, '');
  const slashes = SLASHES.exec(text)?.groups;
  if (slashes !== undefined)
    return [slashes['year'], slashes['month']?.padStart(2, '0'), slashes['day']?.padStart(2, '0')].join('-');
  const wareki = WAREKI.exec(text)?.groups;
  if (wareki === undefined) return cell;
  const { era = '', year = '', month = '', day = '' } = wareki;
  const name = ERAS[era.charAt(0).toUpperCase()];
  if (name === undefined) return undefined;
  const parsed = fromWareki(name, year === '元' ? 1 : Number(year), Number(month), Number(day));
  return parsed.ok ? parsed.value : undefined;
};
