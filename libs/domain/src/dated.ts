/** Whatever holds from one day or month to another, both included. Both kinds of text compare as they stand. */
export interface Dated<D extends string> {
  readonly effectiveFrom: D;
  readonly effectiveTo?: D;
}

/** The row in force; `undefined` outside every row. Rows never overlap, which a test of each table shows. */
export const inForceOn = <D extends string, R extends Dated<D>>(rows: readonly R[], on: D): R | undefined =>
  rows.find((row) => on >= row.effectiveFrom && (row.effectiveTo === undefined || on <= row.effectiveTo));
