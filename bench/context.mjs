/**
 * What every measurement is given, and what it gives back.
 *
 * @typedef {object} Options
 * @property {boolean} isQuick
 * @property {boolean} isLarge
 * @property {number} rounds
 * @property {number} warmMs
 * @property {number} measureMs
 * @property {number} connections of a closed loop
 * @property {number} perSecond of an open loop
 * @property {number} openMs
 * @property {number} minutes that memory is watched
 * @property {number} changes
 * @property {{ small: number, middle: number, large: number }} sizes
 *
 * @typedef {object} Context
 * @property {import('./house.mjs').BenchHouse} house
 * @property {import('./load/generator.mjs').Generator} generator
 * @property {Options} options
 * @property {string} folder for results
 * @property {string} id of this run; results begin with it
 * @property {(label: string, work: (note: (text: string) => void) => Promise<any>) => Promise<any>} doing shows progress
 *
 * @typedef {{ title: string, columns: string[], rows: string[][] }} Table
 *
 * @typedef {object} Requirement
 * @property {string} what
 * @property {'at least' | 'at most'} bound
 * @property {number} limit
 * @property {number} got
 * @property {string} unit
 * @property {string} [also] a second way of looking at it
 *
 * @typedef {{ title: string, unit: string, bars: { label: string, value: number, low: number, high: number, isOurs: boolean }[] }} BarPlot
 * @typedef {{ title: string, x: string, y: string, isLogX?: boolean, isLogY?: boolean, ticksX?: [number, string][],
 *   lines: { label: string, points: [number, number][] }[], limits?: { label: string, y: number }[] }} LinePlot
 *
 * @typedef {object} Timeline areas stacked by second, under what was asked
 * @property {string} title
 * @property {string} unit
 * @property {{ label: string, colour: string, values: number[] }[]} areas from the ground up, one value a second
 * @property {{ label: string, values: number[] }} outline
 * @property {{ label: string, from: number, to: number }[]} marks seconds
 *
 * @typedef {object} Finding
 * @property {string} name
 * @property {string} title
 * @property {Table[]} [tables]
 * @property {Requirement[]} [requirements]
 * @property {BarPlot[]} [bars]
 * @property {LinePlot[]} [lines]
 * @property {Timeline[]} [timelines]
 * @property {string[]} [notes]
 * @property {unknown} [data] everything, for the JSON
 *
 * @typedef {{ name: string, about: string, run: (context: Context) => Promise<Finding> }} Measurement
 */

/**
 * @param {{ isQuick: boolean, isLarge: boolean, rounds?: number | undefined, minutes?: number | undefined,
 *   people?: number | undefined }} asked
 * @returns {Options}
 */
export const optionsFor = ({ isQuick, isLarge, rounds, minutes, people }) => ({
  isQuick,
  isLarge,
  rounds: rounds ?? (isQuick ? 3 : 5),
  warmMs: isQuick ? 500 : 1_500,
  measureMs: isQuick ? 1_500 : 4_000,
  connections: 50,
  // The country's morning peak: 275 million checks a month.
  perSecond: 1_300,
  openMs: isQuick ? 10_000 : 60_000,
  minutes: minutes ?? (isQuick ? 0.5 : 10),
  changes: isQuick ? 10_000 : 100_000,
  sizes: { small: 10_000, middle: people ?? (isQuick ? 100_000 : 1_000_000), large: 10_000_000 },
});
