import { randomBytes } from 'node:crypto';

import { ReplicaKeys } from './replica-keys.js';
import { NotOurs } from './sealing.js';

const GENERATION = 'ab'.repeat(16);
const keys = new ReplicaKeys(Buffer.alloc(32, 7));
const ours = keys.of(GENERATION);

describe.each([
  ['sealed', true],
  ['in the plain, with a checksum', false],
])('a record %s', (_how, sealed) => {
  const sealing = ours.sealing(sealed);
  const stored = sealing.seal('person', 5n, '{"name":"', Buffer.from('資格　太郎'), '"}');

  it('opens to what was written', () => {
    expect(sealing.open('person', 5n, stored).toString()).toBe('{"name":"資格　太郎"}');
    expect(ours.open('person', 5n, stored).toString()).toBe('{"name":"資格　太郎"}');
  });
  it.each(Array.from(stored.keys()))('does not open with a bit changed in byte %i', (at) => {
    const changed = Buffer.from(stored);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(() => sealing.open('person', 5n, changed)).toThrow(NotOurs);
  });
  it.each([0, 1, 4, 12, 28, stored.length - 1])('does not open cut to %i bytes', (length) => {
    expect(() => sealing.open('person', 5n, stored.subarray(0, length))).toThrow(NotOurs);
  });
  it('does not open in another place or table', () => {
    expect(() => sealing.open('person', 6n, stored)).toThrow(NotOurs);
    expect(() => sealing.open('ready', 5n, stored)).toThrow(NotOurs);
  });
  it('is refused where records are stored the other way', () => {
    expect(() => ours.sealing(!sealed).open('person', 5n, stored)).toThrow(NotOurs);
  });
});

describe('a sealed record', () => {
  it('does not open with the key of another generation or another master key', () => {
    const stored = ours.sealing(true).seal('ready', 1n, 'x');
    expect(() => keys.of('cd'.repeat(16)).open('ready', 1n, stored)).toThrow(NotOurs);
    expect(() => new ReplicaKeys(Buffer.alloc(32, 8)).of(GENERATION).open('ready', 1n, stored)).toThrow(NotOurs);
  });
  it('never looks the same twice, however many are made', () => {
    const sealing = ours.sealing(true);
    const made = Array.from({ length: 1_500 }, () => sealing.seal('ready', 1n, 'x').toString('hex'));
    expect(new Set(made).size).toBe(made.length);
  });
  it('holds nothing of what it says', () => {
    expect(ours.sealing(true).seal('person', 1n, '資格　太郎').includes('太郎')).toBe(false);
  });
});

describe('places', () => {
  it('depend on the whole text, of any length', () => {
    const again = new ReplicaKeys(Buffer.alloc(32, 7)).of(GENERATION).places;
    for (const length of [1, 55, 64, 255, 256, 257, 1_000]) {
      const text = randomBytes(length).toString('base64').slice(0, length);
      expect(ours.places.ofSerial(text)).toBe(again.ofSerial(text));
      expect(ours.places.ofSerial(text)).not.toBe(ours.places.ofSerial(`${text}A`));
    }
  });
  it('tell serials from numbers, and an insurer from the number after it', () => {
    expect(ours.places.ofNumber('1', '23')).not.toBe(ours.places.ofNumber('12', '3'));
    expect(ours.places.ofSerial('1\u000023')).not.toBe(ours.places.ofNumber('1', '23'));
  });
  it('differ from one generation to the next', () => {
    expect(ours.places.ofSerial('A1')).not.toBe(keys.of('cd'.repeat(16)).places.ofSerial('A1'));
  });
});
