import type { JlisPopulationPerson } from '@app/contracts/jlis';
import { bandPeriodOn, civilDate, type CivilDate, type IncomeFacts } from '@app/domain';

import type { CoverageSeed, PersonSeed } from './coverage-seed.js';
import { population } from './numbers.js';

/** Days of the synthetic coverage are counted from here, so that one registry leads to one population on any day. */
const EPOCH = civilDate('2026-08-01');
const EARLIEST = civilDate('2008-04-01');

/** A number in [0, 1) from a text and a purpose: FNV-1a with a final avalanche. Plausible variety, not chance. */
const share = (text: string, purpose: string): number => {
  let hash = 0x811c9dc5;
  for (const character of `${purpose}:${text}`) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
};

const pick = <T>(values: readonly [T, ...T[]] | readonly T[], at: number): T =>
  values[Math.floor(at * values.length)] as T;

const GRADES = [
  98_000, 142_000, 180_000, 220_000, 260_000, 300_000, 340_000, 410_000, 500_000, 590_000, 710_000, 830_000, 1_090_000,
] as const;

const incomeOf = (scheme: 'shaho' | 'kokuho' | 'kouki', ref: string): IncomeFacts => {
  const at = share(ref, 'income');
  switch (scheme) {
    case 'shaho':
      return {
        scheme,
        standardMonthlyRemuneration: pick(GRADES, at),
        insuredNonTaxable: false,
        incomeExemptionGranted: false,
      };
    case 'kokuho': {
      const exempt = at < 0.25;
      const income = exempt ? 0 : Math.floor(at * at * 9_500) * 1_000;
      return {
        scheme,
        kyuTadashigakiIncome: income,
        householdNonTaxable: exempt,
        maxTaxableIncome: Math.floor(income * 0.6),
        totalRevenue: income + 1_500_000,
        members70to74: 1,
        ...(exempt ? { nonTaxableClass: at < 0.1 ? ('I' as const) : ('II' as const) } : {}),
      };
    }
    case 'kouki': {
      const taxable = Math.floor(at * at * at * 4_000) * 1_000;
      return {
        scheme,
        maxTaxableIncomeInHousehold: taxable,
        pensionPlusOtherIncomeTotal: taxable + 1_600_000,
        koukiMembers: 1,
        totalRevenue: taxable + 2_200_000,
        has70to74Member: false,
        ...(at < 0.3 ? { nonTaxableClass: at < 0.12 ? ('I' as const) : ('II' as const) } : {}),
      };
    }
  }
};

const later = (a: CivilDate, b: CivilDate): CivilDate => (a > b ? a : b);

/** Most people are covered by somebody; one in fifty has changed insurer, one in two hundred has lost coverage. */
export const syntheticCoverage = (person: JlisPopulationPerson, index: number): PersonSeed => {
  const birth = civilDate(person.birthDate);
  const { band, from } = bandPeriodOn(birth, EPOCH);
  const scheme = band === 'late75' ? 'kouki' : share(person.personRef, 'scheme') < 0.62 ? 'shaho' : 'kokuho';
  const chosen = share(person.personRef, 'insurer');
  const number = String(index).padStart(8, '0');
  const dependent = scheme === 'shaho' && (band === 'preschool' || share(person.personRef, 'family') < 0.4);
  const acquiredOn =
    band === 'late75'
      ? from
      : later(
          birth,
          civilDate(`20${String(9 + Math.floor(share(person.personRef, 'year') * 17)).padStart(2, '0')}-04-01`),
        );
  const current: CoverageSeed = {
    insurer: pick(population[scheme], chosen),
    ...(scheme === 'kouki' ? {} : { symbol: String(100 + Math.floor(chosen * 900)), branch: dependent ? '02' : '01' }),
    number,
    relation: dependent ? 'family' : 'self',
    acquiredOn: later(acquiredOn, EARLIEST),
    income: dependent
      ? ({ ...incomeOf('shaho', person.personRef), insuredBirthDate: civilDate('1975-06-15') } as IncomeFacts)
      : incomeOf(scheme, person.personRef),
    cardIssuedOn: later(acquiredOn, EARLIEST),
  };
  const life = share(person.personRef, 'life');
  if (scheme !== 'shaho' || current.acquiredOn >= '2026-04-01') return { coverages: [current] };
  if (life < 0.005) return { coverages: [{ ...current, lostOn: '2026-06-01', reasonOfLoss: '99' }] };
  if (life > 0.02) return { coverages: [current] };
  const next: CoverageSeed = {
    ...current,
    insurer: pick(population.kokuho, chosen),
    relation: 'self',
    branch: '01',
    acquiredOn: '2026-06-01',
    income: incomeOf('kokuho', person.personRef),
  };
  return { coverages: [{ ...current, lostOn: '2026-06-01', reasonOfLoss: '03' }, next] };
};
