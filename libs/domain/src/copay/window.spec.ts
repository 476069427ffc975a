import * as fc from 'fast-check';
import { yearMonth } from '../calendar/index.js';
import { late20Burden, windowCharge } from './index.js';

describe('the charge at the window', () => {
  it.each([
    ['4 yen are dropped', 248, 30, 744, 740],
    ['5 yen are raised', 295, 10, 295, 300],
    ['6 yen are raised', 123, 20, 246, 250],
    ['a whole ten stays', 100, 30, 300, 300],
    ['nothing costs nothing', 0, 30, 0, 0],
    ['4 yen alone are dropped', 4, 10, 4, 0],
    ['5 yen alone are raised', 5, 10, 5, 10],
  ] as const)('%s', (_what, points, copayPercent, rawYen, chargedYen) => {
    expect(windowCharge({ points, copayPercent })).toEqual({ rawYen, chargedYen, rounding: 'to-ten-yen' });
  });

  it.each([
    ['a yen below the limit', 25_741, 77_220, 'to-ten-yen'],
    ['at the limit', 26_700, 80_100, 'cost-limit-to-the-yen'],
    ['above the limit', 40_000, 80_100, 'cost-limit-to-the-yen'],
  ] as const)('%s', (_when, points, chargedYen, rounding) => {
    expect(windowCharge({ points, copayPercent: 30, limitYen: 80_100 })).toMatchObject({ chargedYen, rounding });
  });

  it('keeps a limit that is not a whole ten', () => {
    expect(windowCharge({ points: 40_000, copayPercent: 30, limitYen: 80_101 }).chargedYen).toBe(80_101);
  });

  it('is a whole ten, at most 5 yen away', () => {
    fc.assert(
      fc.property(fc.nat({ max: 10_000_000 }), fc.constantFrom(10, 20, 30), (points, copayPercent) => {
        const { rawYen, chargedYen } = windowCharge({ points, copayPercent });
        expect(chargedYen % 10).toBe(0);
        expect(chargedYen - rawYen).toBeGreaterThan(-5);
        expect(chargedYen - rawYen).toBeLessThanOrEqual(5);
      }),
    );
  });
});

describe('20 % in 後期, outpatient', () => {
  it.each([
    ['the month before it began, 10 %', '2022-09', 80_000, false, 8_000, 10],
    ['its first month, eased', '2022-10', 80_000, false, 11_000, 20],
    ['its last eased month', '2025-09', 80_000, false, 11_000, 20],
    ['the month after, plain', '2025-10', 80_000, false, 16_000, 20],
    ['eased, at 30,000', '2025-09', 30_000, false, 6_000, 20],
    ['eased, above 30,000', '2025-09', 30_010, false, 6_001, 20],
    ['eased, below 30,000', '2025-09', 20_000, false, 4_000, 20],
    ['eased, at the cap', '2025-09', 150_000, false, 18_000, 20],
    ['the last month of the cap of 18,000', '2026-07', 100_000, false, 18_000, 20],
    ['the first month of the cap of 22,000', '2026-08', 110_000, false, 22_000, 20],
    ['the 75th month: cap halved, 6,000 not', '2025-09', 50_000, true, 8_000, 20],
    ['the 75th month at its cap', '2025-09', 100_000, true, 9_000, 20],
    ['the 75th month from 2026-08', '2026-08', 100_000, true, 11_000, 20],
  ])('%s', (_when, treatmentMonth, outpatientCostYen, turns75Month, burdenYen, copayPercent) => {
    expect(late20Burden({ treatmentMonth: yearMonth(treatmentMonth), outpatientCostYen, turns75Month })).toMatchObject({
      burdenYen,
      copayPercent,
    });
  });

  it.each([
    ['an ordinary month of the eased years', '2025-09', 40_000, false, []],
    ['the month of 75, eased', '2025-09', 40_000, true, ['外来の自己負担限度額', '配慮措置']],
    ['the month of 75, too little to be eased', '2025-09', 30_000, true, ['外来の自己負担限度額']],
    ['the month of 75 after the eased years', '2025-10', 40_000, true, ['外来の自己負担限度額']],
    ['an ordinary month after them', '2025-10', 40_000, false, []],
  ])('speaks of the month of 75 where it matters: %s', (_when, month, outpatientCostYen, turns75Month, rules) => {
    const burden = late20Burden({ treatmentMonth: yearMonth(month), outpatientCostYen, turns75Month });
    const told = burden?.steps.filter(({ detail }) => detail.includes('75歳'));
    expect(told?.map(({ rule }) => rule)).toEqual(rules);
  });

  it('never falls as the cost rises, and while it is eased never rises by more than 3,000 over 10 %', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('2022-10', '2025-09', '2025-10', '2026-08'),
        fc.boolean(),
        fc.nat({ max: 300_000 }),
        fc.nat({ max: 1000 }),
        (month, turns75Month, cost, more) => {
          const at = (outpatientCostYen: number): number =>
            late20Burden({ treatmentMonth: yearMonth(month), outpatientCostYen, turns75Month })?.burdenYen ?? -1;
          expect(at(cost + more)).toBeGreaterThanOrEqual(at(cost));
          expect(at(cost)).toBeGreaterThanOrEqual(0);
          expect(month > '2025-09' || at(cost) <= cost / 10 + 3_000).toBe(true);
        },
      ),
    );
  });
});
