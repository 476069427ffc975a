import { createSecretKey, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';

import { IndividualNumber } from './individual-number.js';
import type { VaultKeys } from './vault-keys.js';
import { VaultSeal, VaultSealBroken } from './vault-seal.js';

const DIGITS = '123456789018';
const read = (text: string): IndividualNumber => {
  const number = IndividualNumber.read(text);
  if (!number.ok) throw new Error(number.detail);
  return number.value;
};
const key = () => createSecretKey(randomBytes(32));
const k1 = key();
const index = key();
const keys: VaultKeys = { current: 'k1', seal: new Map([['k1', k1]]), index };
const seal = new VaultSeal(keys);
/** The same after its key was changed. */
const after = new VaultSeal({
  current: 'k2',
  seal: new Map([
    ['k1', k1],
    ['k2', key()],
  ]),
  index,
});

it('opens what it sealed, for the person it was sealed for', () => {
  const sealed = seal.close('7', read(DIGITS));
  expect(sealed.keyId).toBe('k1');
  expect(sealed.sealed).toHaveLength(40);
  expect(seal.open('7', sealed).reveal()).toBe(DIGITS);
});

it('one number is never sealed alike twice, and holds no digit', () => {
  const [one, two] = [seal.close('7', read(DIGITS)), seal.close('7', read(DIGITS))];
  expect(one.sealed.equals(two.sealed)).toBe(false);
  expect(one.sealed.includes('1234')).toBe(false);
});

it('opens under an older key, and seals under the new one', () => {
  expect(after.open('7', seal.close('7', read(DIGITS))).reveal()).toBe(DIGITS);
  expect(after.close('7', read(DIGITS)).keyId).toBe('k2');
});

it('a number has one index, whatever it is sealed under; another number another', () => {
  expect(seal.indexOf(read(DIGITS))).toEqual(after.indexOf(read(DIGITS)));
  expect(seal.indexOf(read(DIGITS))).toHaveLength(32);
  expect(seal.indexOf(read(DIGITS)).equals(seal.indexOf(read('983205673214')))).toBe(false);
  const elsewhere = new VaultSeal({ ...keys, index: key() });
  expect(elsewhere.indexOf(read(DIGITS)).equals(seal.indexOf(read(DIGITS)))).toBe(false);
});

describe('does not open', () => {
  const sealed = seal.close('7', read(DIGITS));
  const changed = (at: number): Buffer => {
    const bytes = Buffer.from(sealed.sealed);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    return bytes;
  };
  it.each([
    ["in another person's row", '8', sealed, 'not-ours'],
    ['under the name of another key', '7', { ...after.close('7', read(DIGITS)), keyId: 'k1' }, 'not-ours'],
    ['under a key that is not there', '7', { ...sealed, keyId: 'k0' }, 'key-missing'],
    ['with another nonce', '7', { ...sealed, sealed: changed(0) }, 'not-ours'],
    ['with another digit', '7', { ...sealed, sealed: changed(12) }, 'not-ours'],
    ['with another tag', '7', { ...sealed, sealed: changed(39) }, 'not-ours'],
    ['cut short', '7', { ...sealed, sealed: sealed.sealed.subarray(0, 39) }, 'not-ours'],
    ['empty', '7', { ...sealed, sealed: Buffer.alloc(0) }, 'not-ours'],
  ])('%s', (_what, personId, kept, because) => {
    let error: unknown;
    try {
      seal.open(personId, kept);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(VaultSealBroken);
    expect(error).toMatchObject({ because });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('1234');
  });
});
