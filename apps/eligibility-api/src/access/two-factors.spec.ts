import { hasTwoFactors } from './two-factors.js';

it.each<[unknown, boolean]>([
  [['mfa'], true],
  [['pwd', 'otp'], true],
  [['pin', 'sc'], true],
  [['fpt', 'hwk'], true],
  [['pwd', 'pin'], false],
  [['otp', 'sms'], false],
  [['face', 'iris'], false],
  [['pwd'], false],
  [['pwd', 'geo'], false],
  [['pwd', 'toString'], false],
  [['mca', 'user'], false],
  [[], false],
  ['mfa', false],
  ['pwd otp', false],
  [[['pwd', 'otp']], false],
  [[1, 2], false],
  [undefined, false],
])('%j: two factors is %s', (amr, expected) => {
  expect(hasTwoFactors(amr)).toBe(expected);
});
