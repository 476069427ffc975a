import { dayOf, partsOf } from '../calendar/civil-day.js';
import { PREFECTURE_NAMES } from './addresses.js';
import { certificateOn, type Resident } from './resident.js';
import { SyntheticPopulation } from './synthetic-population.js';

const TODAY = dayOf(2026, 11, 22);
const SIZE = 60_000;
const population = new SyntheticPopulation(1, SIZE, TODAY);
const everybody: Resident[] = Array.from({ length: SIZE }, (_, index) => population.resident(index));

const share = (is: (resident: Resident) => boolean): number => everybody.filter(is).length / SIZE;
const age = ({ birthDate }: Resident): number => {
  const { year, month, day } = partsOf(TODAY);
  const [y = 0, m = 0, d = 0] = birthDate.split('-').map(Number);
  return year - y - (m * 100 + d > month * 100 + day ? 1 : 0);
};
const statuses = (resident: Resident): string[] =>
  resident.certificates.map((one) => certificateOn(one, resident.personRef, TODAY).status);

describe('the same seed', () => {
  it('makes the same people, whatever the size and whoever was asked for before', () => {
    const again = new SyntheticPopulation(1, 5, TODAY);
    expect(Array.from({ length: 5 }, (_, n) => again.resident(4 - n)).toReversed()).toEqual(everybody.slice(0, 5));
  });

  it('makes these people, today and after every change of the code', () => {
    expect(everybody.slice(0, 2).map(({ kanjiName, birthDate, address }) => [kanjiName, birthDate, address])).toEqual([
      ['桜井　翔', '1984-01-02', '兵庫県西宮市常盤７丁目３０番１０号'],
      ['桜井　楓', '1984-07-10', '兵庫県西宮市常盤７丁目３０番１０号'],
    ]);
  });

  it('keeps people and the dates of a serial when the mock is started a year later', () => {
    const later = new SyntheticPopulation(1, SIZE, dayOf(2027, 11, 22));
    let shared = 0;
    for (let index = 0; index < 2000; index += 1) {
      const { certificates, ...person } = later.resident(index);
      const { certificates: before, ...same } = everybody[index] as Resident;
      expect(person).toEqual(same);
      for (const one of certificates) {
        const was = before.find(({ serial }) => serial === one.serial);
        if (was === undefined) continue;
        shared += 1;
        expect([one.notBefore, one.notAfter]).toEqual([was.notBefore, was.notAfter]);
      }
    }
    expect(shared).toBeGreaterThan(1000);
  });
});

it('another seed makes other people', () => {
  const other = new SyntheticPopulation(2, SIZE, TODAY);
  const same = everybody.slice(0, 1000).filter((one, index) => other.resident(index).kanjiName === one.kanjiName);
  expect(same.length).toBeLessThan(10);
});

it('only the birth day, asked for alone, is the birth day of the person', () => {
  for (let index = 0; index < 500; index += 1) expect(population.birthDay(index)).toBe(everybody[index]?.birthDay);
});

it('every serial is unique and leads back to its holder', () => {
  const serials = everybody.flatMap(({ certificates }) => certificates.map(({ serial }) => serial));
  expect(new Set(serials).size).toBe(serials.length);
  for (const [index, { certificates }] of everybody.entries()) {
    for (const { serial } of certificates) expect(population.holderOf(serial)).toBe(index);
  }
});

it('a serial beyond the population has no holder', () => {
  const larger = new SyntheticPopulation(1, SIZE + 1, TODAY);
  const serial = larger.resident(SIZE).certificates[0]?.serial ?? '';
  expect(larger.holderOf(serial)).toBe(SIZE);
  expect(population.holderOf(serial)).toBeUndefined();
});

it('names are in kanji with a full-width space and half-width kana with a half-width one', () => {
  for (const { kanjiName, kanaName } of everybody) {
    expect(kanjiName).toMatch(/^[^　 ]+　[^　 ]+$/u);
    expect(kanaName).toMatch(/^[ｦ-ﾟ]+ [ｦ-ﾟ]+$/u);
  }
});

it.each(['髙', '﨑', '𠮷', '濵', '邉'])('somebody has %s in their name', (variant) => {
  expect(everybody.some(({ kanjiName }) => kanjiName.includes(variant))).toBe(true);
});

it('people live in all 47 prefectures, under post numbers of seven digits', () => {
  expect(PREFECTURE_NAMES).toHaveLength(47);
  const empty = PREFECTURE_NAMES.filter((name) => !everybody.some(({ address }) => address.startsWith(name)));
  expect(empty).toEqual([]);
  for (const { postNumber } of everybody) expect(postNumber).toMatch(/^\d{3}-\d{4}$/);
});

describe('ages', () => {
  it.each([
    ['below 15', 0, 14, 0.08, 0.14],
    ['15 to 64', 15, 64, 0.52, 0.64],
    ['65 to 74', 65, 74, 0.1, 0.17],
    ['75 and above', 75, 101, 0.12, 0.2],
  ])('%s are about as many as in Japan', (_band, from, to, least, most) => {
    const found = share((resident) => age(resident) >= from && age(resident) <= to);
    expect(found).toBeGreaterThan(least);
    expect(found).toBeLessThan(most);
  });

  it('run from 0 to 101', () => {
    expect(Math.min(...everybody.map(age))).toBe(0);
    expect(Math.max(...everybody.map(age))).toBeLessThanOrEqual(101);
  });
});

it('families share family name and address, and children are younger than both parents', () => {
  const homes = Map.groupBy(everybody, ({ address, kanjiName }) => `${address} ${kanjiName.split('　')[0]}`);
  const families = [...homes.values()].filter((members) => members.length === 4);
  expect(families.length).toBeGreaterThan(1000);
  for (const [head, spouse, ...children] of families.slice(0, 500)) {
    for (const child of children) {
      expect(child.birthDay).toBeGreaterThan(head?.birthDay ?? 0);
      expect(child.birthDay).toBeGreaterThan(spouse?.birthDay ?? 0);
    }
  }
});

describe('certificates', () => {
  it.each([
    ['superseded, with a successor', 'superseded,good', 0.065, 0.09],
    ['expired', 'expired', 0.006, 0.013],
    ['revoked', 'revoked', 0.003, 0.007],
    ['good', 'good', 0.88, 0.93],
  ])('%s: about the share there should be', (_what, expected, least, most) => {
    const found = share((resident) => statuses(resident).join(',') === expected);
    expect(found).toBeGreaterThan(least);
    expect(found).toBeLessThan(most);
  });

  it('end on a birthday and last no more than five years and two months', () => {
    for (const { birthDay, certificates } of everybody) {
      const birth = partsOf(birthDay);
      for (const { notBefore, notAfter } of certificates) {
        const end = partsOf(notAfter);
        const leapling = birth.month === 2 && birth.day === 29 && end.day === 28;
        expect([end.month, leapling ? 29 : end.day]).toEqual([birth.month, birth.day]);
        expect(notBefore).toBeGreaterThan(birthDay);
        expect(notAfter - notBefore).toBeLessThan(5 * 366 + 60);
      }
    }
  });

  it('that are good now end within five years', () => {
    for (const { certificates } of everybody) {
      expect(certificates.at(-1)?.notAfter ?? 0).toBeLessThanOrEqual(dayOf(2031, 11, 22));
    }
  });

  it('that replace another say so on both sides', () => {
    for (const { certificates } of everybody) {
      const [old, current] = certificates;
      if (old === undefined || current === undefined) continue;
      expect([old.supersededBy, current.supersedes]).toEqual([current.serial, old.serial]);
      expect(old.notBefore).toBeLessThan(current.notBefore);
    }
  });

  it('that are revoked were so after they were issued and not after today', () => {
    for (const { revokedOn, notBefore } of everybody.flatMap(({ certificates }) => certificates)) {
      if (revokedOn === undefined) continue;
      expect(revokedOn).toBeGreaterThan(notBefore);
      expect(revokedOn).toBeLessThanOrEqual(TODAY);
    }
  });
});
