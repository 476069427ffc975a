import { yearMonth } from '../calendar/index.js';
import { costLimitRowFor, flagOf } from './index.js';

describe.each(['一般II', '一般I'] as const)('%s', (category) => {
  it.each([
    ['shaho', 'B04'],
    ['kokuho', 'B04'],
    ['kouki', category === '一般II' ? 'B09' : 'B10'],
  ] as const)('in %s has the flag %s', (scheme, flag) => {
    expect(flagOf(category, { scheme })).toBe(flag);
  });

  it.each([150_000, 160_000, 260_000])('is 一般 in a table that does not divide it, with a pay of %i', (pay) => {
    const opts = { planned: true, standardMonthlyRemuneration: pay };
    const month = yearMonth('2027-08');
    const row = costLimitRowFor('70over', category, month, opts);
    expect(row).toMatchObject({ category: '一般' });
    expect(row).toEqual(costLimitRowFor('70over', '一般', month, opts));
  });

  it.each([undefined, 500_000])('is not told there with a pay of %s', (pay) => {
    const opts = { planned: true, ...(pay === undefined ? {} : { standardMonthlyRemuneration: pay }) };
    expect(costLimitRowFor('70over', category, yearMonth('2027-08'), opts)).toBeUndefined();
  });
});
