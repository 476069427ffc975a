import { RetryBudget } from './retry-budget.js';

const spendAll = (budget: RetryBudget): number => {
  let spent = 0;
  while (budget.spend()) spent += 1;
  return spent;
};

it.each([
  [10, 9, 0],
  [10, 10, 1],
  [10, 19, 1],
  [10, 20, 2],
  [10, 1_000, 10],
  [100, 1, 1],
  [0, 1_000, 0],
])('at %i %% %i calls earn %i retries', (percent, calls, retries) => {
  const budget = new RetryBudget(percent);
  for (let i = 0; i < calls; i += 1) budget.earn();
  expect(spendAll(budget)).toBe(retries);
});
