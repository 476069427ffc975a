/** MurmurHash3's finaliser: every bit of the input changes half of the output. A bijection of 32-bit integers. */
export const mix32 = (value: number): number => {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
};

/** What is drawn for a person; each has its own stream, so that adding one does not move the others. */
const TRAITS = [
  'household',
  'householdAge',
  'age',
  'birthDay',
  'sex',
  'familyName',
  'givenName',
  'prefecture',
  'town',
  'lot',
  'flat',
  'certificate',
  'certificateYear',
  'certificateIssue',
  'revocation',
] as const;
export type Trait = (typeof TRAITS)[number];

/** Numbers that look random and depend on nothing but seed, trait and index. */
export class Draws {
  readonly #keys: Readonly<Record<Trait, number>>;

  constructor(seed: number) {
    const base = mix32(seed ^ 0x5ca1ab1e);
    this.#keys = Object.fromEntries(
      TRAITS.map((trait, n) => [trait, mix32(base + Math.imul(n + 1, 0x9e3779b9))]),
    ) as Record<Trait, number>;
  }

  /** A whole number from 0 up to, not including, `below`. */
  draw(trait: Trait, index: number, below: number): number {
    const key = this.#keys[trait];
    return Math.floor((mix32(mix32(index ^ key) + key) / 0x1_0000_0000) * below);
  }
}
