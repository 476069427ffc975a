/** Largest prime below 2²⁸: coprime to the range below, so that different people get different numbers. */
const STEP = 268_435_399;
const SYNTHETIC_RANGE = 90_000_000_000;

/** Check digit of an individual number (個人番号): the 12th digit, computed from the 11 before it. */
export const individualNumberCheckDigit = (body: string): number => {
  let sum = 0;
  for (let n = 1; n <= 11; n += 1) {
    const digit = Number(body[11 - n]);
    sum += digit * (n <= 6 ? n + 1 : n - 5);
  }
  const remainder = sum % 11;
  return remainder <= 1 ? 0 : 11 - remainder;
};

const withCheckDigit = (body: number): string => {
  const digits = String(body).padStart(11, '0');
  return `${digits}${individualNumberCheckDigit(digits)}`;
};

/** Number of a synthetic person; begins with 0 to 8. `index` up to 2²⁵, or the product would lose its last digits. */
export const syntheticIndividualNumber = (seed: number, index: number): string =>
  withCheckDigit((index * STEP + (seed % SYNTHETIC_RANGE)) % SYNTHETIC_RANGE);

/** Number of a scenario person; begins with 9, so that it is nobody else's. */
export const scenarioIndividualNumber = (scenarioNumber: number): string =>
  withCheckDigit(SYNTHETIC_RANGE + scenarioNumber);
