import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Problem, runEntry } from '../../scripts/launcher/problem.mjs';
import { checkout, modules } from '../../scripts/stage-zero/paths.mjs';
import { runQuietly } from '../../scripts/stage-zero/run.mjs';
import { findingText, plotsText, requirementsTable, writeIntoDocument } from '../report/report.mjs';
import { tableText } from '../report/tables.mjs';
import { scenarios } from './scenarios/index.mjs';

/*
 * npm run chaos:document -- bench/results/chaos-….json …: puts runs into docs/chaos.md, of each scenario the last one named. A run of
 * everything takes most of an hour; its parts may be run one by one.
 */

await runEntry(async () => {
  const files = process.argv.slice(2);
  if (files.length === 0) throw new Problem('Which runs? npm run chaos:document -- bench/results/chaos-….json …');
  const runs = files.map((file) => /** @type {Run} */ (JSON.parse(readFileSync(file, 'utf8'))));
  const all = scenarios.flatMap(({ name }) => {
    const run = runs.findLast(({ findings }) => findings.some((finding) => finding.name === name));
    const finding = run?.findings.find((one) => one.name === name);
    return run === undefined || finding === undefined ? [] : [{ run, finding }];
  });
  const findings = all.map(({ finding }) => finding);
  const used = runs.filter((run) => all.some((one) => one.run === run));
  const missing = scenarios.map(({ name }) => name).filter((name) => all.every(({ finding }) => finding.name !== name));
  const requirements = requirementsTable(findings);
  const markdown = [
    '# The runs',
    used
      .map((run) =>
        runLine(
          run,
          all.filter((one) => one.run === run).map(({ finding }) => finding.name),
        ),
      )
      .join('\n'),
    ...(missing.length === 0 ? [] : [`No record yet: ${missing.join(', ')}.`]),
    `# ${requirements.title}`,
    tableText(requirements),
    ...findings.map((finding) => findingText(finding).replace(/^##/, '#')),
  ].join('\n\n');
  const docs = join(checkout, 'docs');
  writeIntoDocument(join(docs, 'chaos.md'), markdown, 'npm run chaos:document');
  writeFileSync(join(docs, 'chaos.svg'), plotsText(findings));
  await runQuietly(
    'formatting the page',
    process.execPath,
    [join(modules, 'prettier/bin/prettier.cjs'), '--write', join(docs, 'chaos.md')],
    { cwd: checkout },
  );
  process.stdout.write(`docs/chaos.md has ${findings.map(({ name }) => name).join(', ')}\n`);
});

/**
 * @typedef {{ id: string, machine: { cpu: string, cores: number, memoryGb: number, node: string, commit: string, loadBefore: number[] },
 *   options: import('./context.mjs').Options, findings: import('../context.mjs').Finding[] }} Run
 */

/**
 * @param {Run} run
 * @param {string[]} names of the scenarios that are told from it
 */
function runLine({ id, machine, options }, names) {
  const { cpu, cores, memoryGb, node, commit, loadBefore } = machine;
  return `- ${id.replace(/^chaos-/, '')}, ${names.join(', ')}: ${options.perSecond} questions a second, ${options.people} people, a fault lasts ${options.faultMs / 1000} s. ${cpu}, ${cores} cores, ${memoryGb} GB, Node ${node}, commit ${commit}; load average before it ${(loadBefore[0] ?? Number.NaN).toFixed(1)}.`;
}
