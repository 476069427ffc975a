import { Quotas, type Quota } from './quotas.js';

let now: number;
let quotas: Quotas;
beforeEach(() => {
  now = 0;
  quotas = new Quotas({ requests: 10, seconds: 5 }, () => now);
});

const clinic = (clientId = 'a'): Quota => {
  const quota = quotas.of({ clientId, scopes: new Set(['eligibility:check']) });
  if (quota === undefined) throw new Error('a clinic has a quota');
  return quota;
};
const takeAll = (quota: Quota): number => {
  let taken = 0;
  while (quota.take()) taken += 1;
  return taken;
};

it('gives what there is, and then nothing', () => {
  expect(takeAll(clinic())).toBe(10);
  expect(clinic().take()).toBe(false);
});

it.each([
  [499, 0, 1],
  [500, 1, 1],
  [1_000, 2, 1],
  [4_999, 9, 1],
  [5_000, 10, 1],
  [60_000, 10, 1],
])('%i ms after it was used up there are %i more', (ms, more, retryAfter) => {
  takeAll(clinic());
  expect(clinic().retryAfterSeconds).toBe(retryAfter);
  now += ms;
  expect(takeAll(clinic())).toBe(more);
});

it('says after how many seconds there is one', () => {
  quotas = new Quotas({ requests: 1, seconds: 60 }, () => now);
  clinic().take();
  expect(clinic().retryAfterSeconds).toBe(60);
  now += 30_500;
  expect(clinic().take()).toBe(false);
  expect(clinic().retryAfterSeconds).toBe(30);
});

it('is told when less than half is left, with the seconds until it is whole again', () => {
  const quota = clinic();
  for (let i = 0; i < 5; i += 1) quota.take();
  expect(quota.fields).toBeUndefined();
  quota.take();
  expect(quota.fields).toEqual({ policy: '"requests";q=10;w=5', limit: '"requests";r=4;t=3' });
  takeAll(quota);
  expect(quota.fields?.limit).toBe('"requests";r=0;t=5');
});

it('what is given back can be taken again', () => {
  takeAll(clinic());
  clinic().giveBack();
  expect(takeAll(clinic())).toBe(1);
});

it('is each client’s own, whichever token they come with', () => {
  takeAll(clinic('a'));
  expect(clinic('a')).toBe(clinic('a'));
  expect(clinic('b').take()).toBe(true);
});

it('is not for operators', () => {
  expect(quotas.of({ clientId: 'op', scopes: new Set(['operations']) })).toBeUndefined();
});
