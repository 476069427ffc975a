import type { DocumentRate } from '@app/contracts';
import { toWareki, type CivilDate } from '@app/domain';

/** 令和6年7月26日; the first year of an era is 元年. Days before 明治 are written as they are. */
export const wareki = (date: string): string => {
  const year = toWareki(date as CivilDate);
  const rest = `${Number(date.slice(5, 7))}月${Number(date.slice(8, 10))}日`;
  return year === undefined
    ? `${Number(date.slice(0, 4))}年${rest}`
    : `${year.era}${year.year === 1 ? '元' : year.year}年${rest}`;
};

/** 2割. */
export const wari = ({ ratePercent }: DocumentRate): string => `${ratePercent / 10}割`;

/** 令和8年8月1日 から 令和9年7月31日 まで; nothing below 70, where no period is told. */
export const rateDays = ({ validFrom, validTo }: DocumentRate): string | undefined =>
  validFrom === undefined
    ? undefined
    : `${wareki(validFrom)} から${validTo === undefined ? '' : ` ${wareki(validTo)} まで`}`;

/** What stands where there is nothing to tell, such as the symbol in 後期. */
export const NOTHING = '－';

export const FAMILY: Readonly<Record<string, string>> = { '1': 'ご本人（被保険者）', '2': 'ご家族（被扶養者）' };
export const SEX: Readonly<Record<string, string>> = { '1': '男', '2': '女', '3': NOTHING };
