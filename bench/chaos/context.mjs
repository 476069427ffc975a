/**
 * What every scenario is given.
 *
 * @typedef {object} Options
 * @property {boolean} isQuick
 * @property {number} people whom the registry knows
 * @property {number} cards that are asked about: people who are covered
 * @property {number} perSecond questions while something is away
 * @property {number} beforeMs how long all is well before a fault
 * @property {number} faultMs how long it lasts
 * @property {number} afterMs how long is watched after the repair
 * @property {number} kills of a worker
 * @property {number} losses of coverage
 * @property {number} overloadMs each load of the overload scenarios
 *
 * @typedef {object} Context
 * @property {import('./stage.mjs').Stage} stage
 * @property {Options} options
 * @property {(label: string, work: (note: (text: string) => void) => Promise<any>) => Promise<any>} doing shows progress
 *
 * @typedef {{ name: string, about: string, run: (context: Context) => Promise<import('../context.mjs').Finding> }} Scenario
 */

/**
 * @param {{ isQuick: boolean, people?: number | undefined, perSecond?: number | undefined }} asked
 * @returns {Options}
 */
export const optionsFor = ({ isQuick, people, perSecond }) => ({
  isQuick,
  people: people ?? (isQuick ? 500 : 10_000),
  cards: isQuick ? 200 : 2_000,
  perSecond: perSecond ?? 200,
  beforeMs: isQuick ? 2_000 : 15_000,
  faultMs: isQuick ? 8_000 : 60_000,
  afterMs: isQuick ? 12_000 : 30_000,
  kills: isQuick ? 2 : 20,
  losses: isQuick ? 40 : 400,
  overloadMs: isQuick ? 4_000 : 30_000,
});
