import * as fc from 'fast-check';

import { SerialMix } from './serial.js';

const seed = fc.integer({ min: 0, max: 0xffff_ffff });
const origin = fc.record({
  index: fc.integer({ min: 0, max: 0xffff_ffff }),
  slot: fc.integer({ min: 0, max: 0x7fff_ffff }),
});
const serial = fc
  .bigInt({ min: 0n, max: 0x7fff_ffff_ffff_ffffn })
  .map((n) => n.toString(16).toUpperCase().padStart(16, '0'));

describe('serials', () => {
  it('lead back to the person and certificate they were made of', () => {
    fc.assert(
      fc.property(seed, origin, (seed, origin) => {
        const mix = new SerialMix(seed);
        expect(mix.originOf(mix.serialOf(origin))).toEqual(origin);
      }),
    );
  });

  it('are reached from exactly one person and certificate each, so that no two people share one', () => {
    fc.assert(
      fc.property(seed, serial, (seed, serial) => {
        const mix = new SerialMix(seed);
        const origin = mix.originOf(serial);
        expect(origin && mix.serialOf(origin)).toBe(serial);
      }),
    );
  });

  it('are 16 upper-case hexadecimal digits below 8000000000000000', () => {
    fc.assert(
      fc.property(seed, origin, (seed, origin) => {
        expect(new SerialMix(seed).serialOf(origin)).toMatch(/^[0-7][0-9A-F]{15}$/);
      }),
    );
  });

  it.each(['8000000000000000', 'FFFFFFFF00100001', '0123456789abcdef', '0123', ''])('%s has no origin', (serial) => {
    expect(new SerialMix(1).originOf(serial)).toBeUndefined();
  });

  it('differ between seeds', () => {
    expect(new SerialMix(1).serialOf({ index: 0, slot: 0 })).not.toBe(new SerialMix(2).serialOf({ index: 0, slot: 0 }));
  });
});
