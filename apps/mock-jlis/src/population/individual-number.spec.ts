import * as fc from 'fast-check';

import {
  individualNumberCheckDigit,
  scenarioIndividualNumber,
  syntheticIndividualNumber,
} from './individual-number.js';

describe('check digit of an individual number', () => {
  it.each([
    // Sum of digit x weight, weights from the right 2 3 4 5 6 7 2 3 4 5 6.
    ['12345678901', 2 * 1 + 3 * 0 + 4 * 9 + 5 * 8 + 6 * 7 + 7 * 6 + 2 * 5 + 3 * 4 + 4 * 3 + 5 * 2 + 6 * 1, 8],
    ['00000000000', 0, 0],
    ['00000000100', 4, 7],
    ['00000000004', 8, 3],
    ['00000000006', 12, 0], // remainder 1
    ['00000000050', 15, 7],
    ['00000001002', 9, 2],
    ['00000003004', 23, 0], // remainder 1
    ['00000000012', 7, 4],
    ['00000000104', 12, 0], // remainder 1
    ['00000000043', 18, 4],
    ['00000000014', 11, 0], // remainder 0
  ])('%s (sum %i) has %i', (body, sum, digit) => {
    const remainder = sum % 11;
    expect(remainder <= 1 ? 0 : 11 - remainder, 'the table itself').toBe(digit);
    expect(individualNumberCheckDigit(body)).toBe(digit);
  });
});

describe('individual numbers', () => {
  const people = { seed: fc.integer({ min: 0, max: 0xffff_ffff }), index: fc.integer({ min: 0, max: 19_999_999 }) };

  it('have 12 digits, the last of which checks', () => {
    fc.assert(
      fc.property(people.seed, people.index, (seed, index) => {
        const number = syntheticIndividualNumber(seed, index);
        expect(number).toMatch(/^[0-8]\d{11}$/);
        expect(Number(number[11])).toBe(individualNumberCheckDigit(number.slice(0, 11)));
      }),
    );
  });

  it('differ between people of one registry', () => {
    fc.assert(
      fc.property(people.seed, people.index, people.index, (seed, a, b) => {
        fc.pre(a !== b);
        expect(syntheticIndividualNumber(seed, a)).not.toBe(syntheticIndividualNumber(seed, b));
      }),
    );
  });

  it('of scenario people begin with 9, which no other does', () => {
    expect(scenarioIndividualNumber(1)).toMatch(/^90000000001\d$/);
  });
});
