import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { describe, messageOf, Problem, runEntry } from '../../scripts/launcher/problem.mjs';
import { checkout } from '../../scripts/stage-zero/paths.mjs';
import { withProgress } from '../../scripts/stage-zero/progress.mjs';
import { places } from '../cores.mjs';
import { BenchHouse } from '../house.mjs';
import { Generator } from '../load/generator.mjs';
import { Machine } from '../report/machine.mjs';
import { findingText, requirementsTable, writeReport } from '../report/report.mjs';
import { tableText } from '../report/tables.mjs';
import { optionsFor } from './context.mjs';
import { scenarios } from './scenarios/index.mjs';
import { Stage } from './stage.mjs';

/*
 * npm run chaos. See README.md here. Starts everything itself, breaks one thing after the other under load, and writes what callers
 * saw of it to bench/results/.
 */

const HELP = `npm run chaos -- [options]

  --only <names>   some of the scenarios below (comma-separated)
  --quick          some ten seconds each; to see whether a change helps
  --people <n>     whom the registry and we know (10000; with --quick 500)
  --rate <n>       questions a second while something is away (200)
  --list           says what is done

${scenarios.map(({ name, about }) => `  ${name.padEnd(17)} ${about}`).join('\n')}
`;

await runEntry(async () => {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
      people: { type: 'string' },
      rate: { type: 'string' },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.list || values.help) {
    process.stdout.write(HELP);
    return;
  }
  const chosen = choose(values.only);
  const options = optionsFor({
    isQuick: values.quick,
    people: positive('people', values.people),
    perSecond: positive('rate', values.rate),
  });
  const machine = new Machine();
  if (machine.warning !== undefined) process.stdout.write(`${machine.warning}\n`);
  const house = new BenchHouse({ residents: options.people });
  const stop = () => void house.close().finally(() => process.exit(130));
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.once(signal, stop);
  /** @type {Generator | undefined} */
  let generator;
  /** @type {Stage | undefined} */
  let stage;
  /** @type {import('../context.mjs').Finding[]} */
  const findings = [];
  const id = `chaos-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}`;
  try {
    await withProgress('Opening the house', (note) => house.open(note));
    generator = new Generator(places.load);
    const asks = generator;
    stage = await withProgress('Setting the stage', () => Stage.set(house, asks));
    const context = { stage, options, doing: withProgress };
    for (const [at, scenario] of chosen.entries()) {
      process.stdout.write(`\n${at + 1} of ${chosen.length}, ${scenario.name}: ${scenario.about}\n`);
      const finding = await scenario.run(context).catch((error) => failed(scenario, error));
      findings.push(finding);
      process.stdout.write(`\n${findingText(finding)}\n`);
    }
  } finally {
    generator?.stop();
    await house.close();
    await stage?.close();
  }
  const report = machine.report();
  const requirements = requirementsTable(findings);
  const { paths } = writeReport({
    folder: join(checkout, 'bench/results'),
    id,
    machine: report,
    findings,
    options,
    title: `Chaos of ${id.slice('chaos-'.length)}`,
  });
  process.stdout.write(`\n${report.lines.join('\n')}\n`);
  if (requirements.rows.length > 0) process.stdout.write(`\n${tableText(requirements)}\n`);
  process.stdout.write(`\nWritten: ${paths.map((path) => path.slice(checkout.length + 1)).join(', ')}\n`);
});

/**
 * A scenario that fails loses the others nothing.
 *
 * @param {import('./context.mjs').Scenario} scenario
 * @param {unknown} error
 * @returns {import('../context.mjs').Finding}
 */
function failed({ name, about }, error) {
  process.exitCode = 1;
  return { name, title: about, notes: [`FAILED: ${describe(error)}`], data: { failed: messageOf(error) } };
}

/** @param {string | undefined} only */
function choose(only) {
  const names = only?.split(',').map((name) => name.trim());
  const unknown = names?.filter((name) => !scenarios.some((one) => one.name === name)) ?? [];
  if (unknown.length > 0) throw new Problem(`There is no scenario called ${unknown.join(', ')}.\n\n${HELP}`);
  return scenarios.filter(({ name }) => names === undefined || names.includes(name));
}

/**
 * @param {string} name
 * @param {string | undefined} text
 * @returns {number | undefined}
 */
function positive(name, text) {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!(value > 0)) throw new Problem(`--${name} must be a number above 0.`);
  return value;
}
