import type { YearMonth } from '../calendar/year-month.js';
import type { CopayPercent } from '../copay/decision.js';
import { countText, monthText, step, yenText, type Step } from '../explanation.js';
import type { Category70, CategoryUnder70 } from './category.js';
import { halved, monthlyLimitText, monthlyLimitYen } from './monthly-limit.js';
import type { CostLimitRow } from './row.js';
import { costLimitRowFor, costLimitTableFor, type RowOptions } from './table-selection.js';

/** Under 70, an item counts only when its copay reaches this (健保令41条1項); half in the month of the 75th birthday. */
export const COUNTED_FROM_YEN = 21_000;

/**
 * One claim of the month: a person, an institution, inpatient or outpatient, medical and dental apart, the pharmacy joined
 * to the institution that prescribed. Items that name the same `institution` (and person and setting) are one claim.
 */
export interface HouseholdItem {
  readonly age: 'u70' | 'o70';
  readonly person: string;
  readonly setting: 'in' | 'out';
  /** Total cost (10割), yen. */
  readonly cost: number;
  readonly percent: CopayPercent;
  readonly institution?: string;
  /** This is the month of the person's (or, for a dependent, the insured person's) 75th birthday. */
  readonly turns75Month?: boolean;
}

export interface HouseholdFacts {
  readonly treatmentMonth: YearMonth;
  /** Needed when somebody is under 70. */
  readonly category?: CategoryUnder70;
  /** Needed when somebody is 70 or over. */
  readonly category70?: Category70;
  readonly items: readonly HouseholdItem[];
  readonly multipleTimes?: boolean;
}

export interface HouseholdTotal {
  /** Everything paid at the windows, yen. */
  readonly paidYen: number;
  /** Step 0, only in a 75th-birthday month: each such person's own halved limit. */
  readonly refundPerson75: number;
  /** Step ①: 70 and over, outpatient, person by person. */
  readonly refundOutpatient70: number;
  /** Step ②: 70 and over, household. */
  readonly refundHousehold70: number;
  /** Step ③: everybody, by the table under 70. */
  readonly refundWhole: number;
  readonly refundTotal: number;
  readonly finalBurden: number;
  readonly steps: readonly Step[];
}

export type HouseholdResult =
  | { readonly ok: true; readonly value: HouseholdTotal }
  | { readonly ok: false; readonly missing: 'category' | 'category70' | 'table' };

/** A claim with what is still borne of it. */
interface Claim {
  readonly item: HouseholdItem;
  readonly cost: number;
  readonly paid: number;
}

const shareOf = (item: HouseholdItem): number => Math.floor((item.cost * item.percent) / 100);
const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

const claimsOf = (items: readonly HouseholdItem[]): readonly Claim[] => {
  const claims = new Map<string, Claim>();
  for (const [at, item] of items.entries()) {
    const key =
      item.institution === undefined ? `#${at}` : JSON.stringify([item.person, item.setting, item.institution]);
    const before = claims.get(key);
    const cost = (before?.cost ?? 0) + item.cost;
    claims.set(key, { item: before?.item ?? item, cost, paid: (before?.paid ?? 0) + shareOf(item) });
  }
  return [...claims.values()];
};

const byPerson = (claims: readonly Claim[]): readonly (readonly Claim[])[] => {
  const people = new Map<string, Claim[]>();
  for (const claim of claims) {
    const own = people.get(claim.item.person);
    if (own === undefined) people.set(claim.item.person, [claim]);
    else own.push(claim);
  }
  return [...people.values()];
};

const SOURCE = '健保令41条・42条, 高確令14条・15条';
const SOURCE_75 = '健保令41条2項, 高確令14条の2';

/** What is done with what is borne above a limit. */
const paidBack = (refundYen: number): string => (refundYen > 0 ? '超えた分を支給' : '超えないため支給なし');

/** As many left-out claims as are named one by one. */
const NAMED_MAX = 5;

/** The claims under 70 that are too small to count, each by its person, and the line that they miss. */
const leftOutStep = (left: readonly Claim[]): Step => {
  const named = left
    .slice(0, NAMED_MAX)
    .map(({ item, paid }) => `${item.person} ${item.setting === 'in' ? '入院' : '外来'} ${yenText(paid)}`)
    .join('、');
  const more = left.length > NAMED_MAX ? `、ほか${countText(left.length - NAMED_MAX)}件` : '';
  const line = left.some(({ item }) => item.turns75Month === true)
    ? `${yenText(COUNTED_FROM_YEN)}（75歳到達月は${yenText(COUNTED_FROM_YEN / 2)}）`
    : yenText(COUNTED_FROM_YEN);
  return step(`${line}未満の除外`, `70歳未満の${named}${more}は、自己負担にも医療費にも数えない`, '健保令41条1項', 0);
};

/** Which published tables are used, one step for each age that is in the household. */
const tableStep = (
  group: 'under70' | '70over',
  row: CostLimitRow,
  treatmentMonth: YearMonth,
  opts: RowOptions,
): readonly Step[] => {
  const table = costLimitTableFor(group, treatmentMonth, opts);
  if (table === undefined) return [];
  const detail = `${monthText(table.effectiveFrom)}からの表、${group === 'under70' ? '70歳未満' : '70歳以上'}の区分${row.category}`;
  return [step('適用する表', detail, table.source)];
};

/**
 * 世帯合算 of one month, in its order: ① 70 and over, outpatient, each person · ② 70 and over, household · ③ everybody by the
 * table under 70, on what ② left and the counted items under 70. Items under 70 below 21,000 yen are neither paid nor cost
 * there. In a 75th-birthday month the person's own limit is halved first; the household's limits stay whole. Yen.
 */
export const householdTotal = (facts: HouseholdFacts, table: RowOptions = {}): HouseholdResult => {
  const claims = claimsOf(facts.items);
  const young = claims.filter((claim) => claim.item.age === 'u70');
  const old = claims.filter((claim) => claim.item.age === 'o70');
  if (young.length > 0 && facts.category === undefined) return { ok: false, missing: 'category' };
  if (old.length > 0 && facts.category70 === undefined) return { ok: false, missing: 'category70' };
  const row = facts.category && costLimitRowFor('under70', facts.category, facts.treatmentMonth, table);
  const row70 = facts.category70 && costLimitRowFor('70over', facts.category70, facts.treatmentMonth, table);
  if ((young.length > 0 && row === undefined) || (old.length > 0 && row70 === undefined)) {
    return { ok: false, missing: 'table' };
  }
  const opts = { multipleTimes: facts.multipleTimes === true };
  const paidYen = sum(claims.map((claim) => claim.paid));
  const steps: Step[] = [
    step('窓口負担の合計', `${countText(claims.length)}件`, '健保法74条', paidYen),
    ...(young.length > 0 && row !== undefined ? tableStep('under70', row, facts.treatmentMonth, table) : []),
    ...(old.length > 0 && row70 !== undefined ? tableStep('70over', row70, facts.treatmentMonth, table) : []),
  ];

  const after70 = row70 === undefined ? NOTHING : stepsFor70(old, row70, opts, steps);
  const isCounted = ({ item, paid }: Claim): boolean =>
    paid >= (item.turns75Month === true ? COUNTED_FROM_YEN / 2 : COUNTED_FROM_YEN);
  const counted = young.filter(isCounted);
  if (counted.length < young.length) steps.push(leftOutStep(young.filter((claim) => !isCounted(claim))));
  let ownYoung = 0;
  let leftYoung = 0;
  for (const own of byPerson(counted)) {
    const paid = sum(own.map((claim) => claim.paid));
    const isHalf = row !== undefined && own.some((claim) => claim.item.turns75Month === true);
    const refund = isHalf ? ownRefund75(own, halved(row), paid, opts, steps) : 0;
    ownYoung += refund;
    leftYoung += paid - refund;
  }

  let refundWhole = 0;
  if (counted.length > 0 && row !== undefined) {
    const cost = sum([...counted, ...old].map((claim) => claim.cost));
    const limit = monthlyLimitYen(row, cost, opts);
    const borne = leftYoung + after70.left;
    refundWhole = Math.max(0, borne - limit);
    const text = monthlyLimitText(row, cost, opts);
    const detail = `ここまでの負担 ${yenText(borne)}、区分${row.category}の限度額 ${text}、${paidBack(refundWhole)}`;
    steps.push(step('③ 世帯全体の合算', detail, SOURCE, refundWhole));
  }
  const refundPerson75 = after70.own + ownYoung;
  const refundTotal = refundPerson75 + after70.outpatient + after70.household + refundWhole;
  steps.push(
    step(
      '最終の自己負担',
      `窓口負担 ${yenText(paidYen)} − 支給の合計 ${yenText(refundTotal)}`,
      SOURCE,
      paidYen - refundTotal,
    ),
  );
  return {
    ok: true,
    value: {
      paidYen,
      refundPerson75,
      refundOutpatient70: after70.outpatient,
      refundHousehold70: after70.household,
      refundWhole,
      refundTotal,
      finalBurden: paidYen - refundTotal,
      steps,
    },
  };
};

interface After70 {
  readonly outpatient: number;
  readonly own: number;
  readonly household: number;
  /** What the people of 70 and over still bear. */
  readonly left: number;
}
const NOTHING: After70 = { outpatient: 0, own: 0, household: 0, left: 0 };

/** What a person in the month of the 75th birthday gets back by the own limit, which is halved; the step tells it. */
const ownRefund75 = (
  own: readonly Claim[],
  halvedRow: CostLimitRow,
  borne: number,
  opts: { readonly multipleTimes: boolean },
  steps: Step[],
): number => {
  const cost = sum(own.map((claim) => claim.cost));
  const refund = Math.max(0, borne - monthlyLimitYen(halvedRow, cost, opts));
  const limit = `2分の1にした限度額 ${monthlyLimitText(halvedRow, cost, opts)}`;
  const detail = `${own[0]?.item.person ?? ''}: 負担 ${yenText(borne)}、${limit}、${paidBack(refund)}`;
  steps.push(step('75歳到達月の特例（個人）', detail, SOURCE_75, refund));
  return refund;
};

/** Steps ① and ②, and between them the halved own limit of a 75th-birthday month. */
const stepsFor70 = (
  claims: readonly Claim[],
  row: CostLimitRow,
  opts: { readonly multipleTimes: boolean },
  steps: Step[],
): After70 => {
  let outpatient = 0;
  let own = 0;
  let left = 0;
  for (const ownClaims of byPerson(claims)) {
    const person = ownClaims[0]?.item.person ?? '';
    const isHalf = ownClaims.some((claim) => claim.item.turns75Month === true);
    const ownRow = isHalf ? halved(row) : row;
    const out = sum(ownClaims.filter((claim) => claim.item.setting === 'out').map((claim) => claim.paid));
    const paid = sum(ownClaims.map((claim) => claim.paid));
    const outpatientRefund = ownRow.outpatientYen === undefined ? 0 : Math.max(0, out - ownRow.outpatientYen);
    if (ownRow.outpatientYen !== undefined && out > 0) {
      const line = `${isHalf ? '75歳到達月の限度額（2分の1）' : '限度額'} ${yenText(ownRow.outpatientYen)}`;
      const detail = `${person}: 外来の負担 ${yenText(out)}、${line}、${paidBack(outpatientRefund)}`;
      steps.push(step('① 70歳以上の外来（個人）', detail, SOURCE, outpatientRefund));
    }
    let borne = paid - outpatientRefund;
    if (isHalf) {
      const refund = ownRefund75(ownClaims, ownRow, borne, opts, steps);
      own += refund;
      borne -= refund;
    }
    outpatient += outpatientRefund;
    left += borne;
  }
  if (claims.length === 0) return NOTHING;
  const cost = sum(claims.map((claim) => claim.cost));
  const household = Math.max(0, left - monthlyLimitYen(row, cost, opts));
  const text = monthlyLimitText(row, cost, opts);
  const detail = `ここまでの負担 ${yenText(left)}、区分${row.category}の限度額 ${text}、${paidBack(household)}`;
  steps.push(step('② 70歳以上の世帯合算', detail, SOURCE, household));
  return { outpatient, own, household, left: left - household };
};
