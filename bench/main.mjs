import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { describe, messageOf, Problem, runEntry } from '../scripts/launcher/problem.mjs';
import { checkout, modules } from '../scripts/stage-zero/paths.mjs';
import { withProgress } from '../scripts/stage-zero/progress.mjs';
import { runQuietly } from '../scripts/stage-zero/run.mjs';
import { optionsFor } from './context.mjs';
import { places } from './cores.mjs';
import { BenchHouse } from './house.mjs';
import { Generator } from './load/generator.mjs';
import { batch } from './measurements/batch.mjs';
import { changes } from './measurements/changes.mjs';
import { journal } from './measurements/journal.mjs';
import { memory } from './measurements/memory.mjs';
import { peak } from './measurements/peak.mjs';
import { profile } from './measurements/profile.mjs';
import { start } from './measurements/start.mjs';
import { storage } from './measurements/storage.mjs';
import { throughput } from './measurements/throughput.mjs';
import { workers } from './measurements/workers.mjs';
import { Machine } from './report/machine.mjs';
import { findingText, requirementsTable, writeIntoDocument, writeReport } from './report/report.mjs';
import { tableText } from './report/tables.mjs';

/*
 * npm run bench. See README.md here. Starts everything itself, measures in one run, writes a table and plots to bench/results/.
 */

const measurements = [throughput, workers, peak, changes, start, storage, journal, batch, memory];

const HELP = `npm run bench -- [options]

  --only <names>     some of: ${measurements.map(({ name }) => name).join(', ')} (comma-separated)
  --quick            two minutes: smaller populations, fewer and shorter rounds
  --large            also ten million people (the first run needs some 20 minutes and 15 GB to make them)
  --minutes <n>      how long memory is watched (10; with --quick 0.5)
  --people <n>       the population that is asked about (1000000; with --quick 100000)
  --rounds <n>       of each throughput measurement (5; with --quick 3)
  --profile          writes a .cpuprofile of the check under load and says what the time goes into; measures nothing else
                     unless --only names it
  --document         also puts the run into docs/latency.md, in place of the one that stands there
  --list             says what is measured

${measurements.map(({ name, about }) => `  ${name.padEnd(12)} ${about}`).join('\n')}
`;

await runEntry(async () => {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
      large: { type: 'boolean', default: false },
      minutes: { type: 'string' },
      rounds: { type: 'string' },
      people: { type: 'string' },
      profile: { type: 'boolean', default: false },
      document: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.list || values.help) {
    process.stdout.write(HELP);
    return;
  }
  const chosen = choose(values.only, values.profile);
  const options = optionsFor({
    isQuick: values.quick,
    isLarge: values.large,
    rounds: positive('rounds', values.rounds),
    minutes: positive('minutes', values.minutes),
    people: positive('people', values.people),
  });

  const machine = new Machine();
  if (machine.warning !== undefined) process.stdout.write(`${machine.warning}\n`);
  const house = new BenchHouse();
  const stop = () => void house.close().finally(() => process.exit(130));
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.once(signal, stop);
  /** @type {Generator | undefined} */
  let generator;
  /** @type {import('./context.mjs').Finding[]} */
  const findings = [];
  const id = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  const folder = join(checkout, 'bench/results');
  try {
    await withProgress('Opening the house', (note) => house.open(note));
    process.stdout.write(`Populations are kept in ${house.folder} for the next run.\n`);
    generator = new Generator(places.load);
    const context = { house, generator, options, folder, id, doing: withProgress };
    for (const measurement of chosen) {
      process.stdout.write(`\n${measurement.name}: ${measurement.about}\n`);
      const finding = await measurement.run(context).catch((error) => failed(measurement, error));
      findings.push(finding);
      process.stdout.write(`\n${findingText(finding)}\n`);
    }
  } finally {
    generator?.stop();
    await house.close();
  }
  const report = machine.report();
  const { markdown, paths } = writeReport({ folder, id, machine: report, findings, options });
  if (values.document) {
    const page = join(checkout, 'docs/latency.md');
    writeIntoDocument(page, markdown);
    await runQuietly(
      'formatting the page',
      process.execPath,
      [join(modules, 'prettier/bin/prettier.cjs'), '--write', page],
      {
        cwd: checkout,
      },
    );
    paths.push(page);
  }
  const requirements = requirementsTable(findings);
  process.stdout.write(`\n${report.lines.join('\n')}\n`);
  if (requirements.rows.length > 0) process.stdout.write(`\n${tableText(requirements)}\n`);
  process.stdout.write(`\nWritten: ${paths.map((path) => path.slice(checkout.length + 1)).join(', ')}\n`);
});

/**
 * A measurement that fails loses the others nothing.
 *
 * @param {import('./context.mjs').Measurement} measurement
 * @param {unknown} error
 * @returns {import('./context.mjs').Finding}
 */
function failed({ name, about }, error) {
  process.exitCode = 1;
  return { name, title: about, notes: [`FAILED: ${describe(error)}`], data: { failed: messageOf(error) } };
}

/**
 * @param {string | undefined} only
 * @param {boolean} isProfiled
 */
function choose(only, isProfiled) {
  const names = only?.split(',').map((name) => name.trim());
  const unknown = names?.filter((name) => !measurements.some((one) => one.name === name)) ?? [];
  if (unknown.length > 0) throw new Problem(`There is no measurement called ${unknown.join(', ')}.\n\n${HELP}`);
  const named = measurements.filter(({ name }) => (names === undefined ? !isProfiled : names.includes(name)));
  return isProfiled ? [...named, profile] : named;
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
