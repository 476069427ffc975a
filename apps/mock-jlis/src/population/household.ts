import type { Draws } from './mix.js';

/** Where a person stands in their household, known from the index alone. */
export interface Seat {
  /** Index of the household's first member. */
  household: number;
  size: number;
  /** 0 the head, 1 the spouse, from 2 the children. */
  seat: number;
}

/** People are numbered in blocks of twelve; every block is cut into households in one of these ways. */
const BLOCK = 12;
const CUTS: readonly { share: number; sizes: readonly number[] }[] = [
  { share: 45, sizes: [4, 3, 2, 2, 1] },
  { share: 25, sizes: [3, 2, 2, 1, 1, 1, 1, 1] },
  { share: 15, sizes: [5, 2, 2, 1, 1, 1] },
  { share: 15, sizes: [2, 2, 2, 2, 1, 1, 1, 1] },
];

/** Per cut and place in the block: where the household starts and how large it is. Cuts repeat by their share in 100. */
const SEATS: readonly (readonly { start: number; size: number }[])[] = CUTS.flatMap(({ share, sizes }) => {
  const places: { start: number; size: number }[] = [];
  for (const size of sizes) {
    const start = places.length;
    for (let n = 0; n < size; n += 1) places.push({ start, size });
  }
  return Array.from({ length: share }, () => places);
});

export const seatOf = (draws: Draws, index: number): Seat => {
  const place = index % BLOCK;
  const first = index - place;
  const at = SEATS[draws.draw('household', first, SEATS.length)]?.[place] ?? { start: place, size: 1 };
  return { household: first + at.start, size: at.size, seat: place - at.start };
};

/**
 * Ages of people who live alone or as a couple: [from, to, share in a thousand]. With the families' children and parents
 * it gives about Japan's shares: a tenth below 15, three tenths from 65 up.
 */
const ADULT_AGES: readonly (readonly [from: number, to: number, share: number])[] = [
  [20, 29, 140],
  [30, 39, 90],
  [40, 49, 90],
  [50, 59, 120],
  [60, 64, 80],
  [65, 74, 210],
  [75, 84, 180],
  [85, 94, 75],
  [95, 100, 15],
];
const BY_SHARE = ADULT_AGES.flatMap((band) => Array.from({ length: band[2] }, () => band));

const clamp = (n: number, min: number, max: number): number => Math.min(max, Math.max(min, n));

/** Completed years on the population's base day, 0 to 100. */
export const ageOf = (draws: Draws, index: number, { household, size, seat }: Seat): number => {
  const shared = draws.draw('householdAge', household, 1_000_000);
  const own = draws.draw('age', index, 1000);
  if (size <= 2) {
    const [from, to] = BY_SHARE[shared % BY_SHARE.length] ?? [40, 49];
    const head = from + (Math.floor(shared / 1000) % (to - from + 1));
    return seat === 0 ? head : clamp(head - 5 + (own % 11), 20, 100);
  }
  // A family is drawn from its eldest child, so that nobody is older than their parents.
  const eldest = shared % 25;
  if (seat >= 2) return seat === 2 ? eldest : Math.max(0, eldest - (seat - 2) * (1 + (own % 3)));
  return eldest + 24 + (Math.floor(shared / 25) % 14) + (seat === 1 ? (own % 7) - 3 : 0);
};
