import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Problem } from '../../scripts/launcher/problem.mjs';
import { barPlot, linePlot, timelinePlot } from './plots.mjs';
import { ratio } from './numbers.mjs';
import { tableText } from './tables.mjs';

/**
 * @typedef {import('../context.mjs').Finding} Finding
 * @typedef {import('./machine.mjs').MachineReport} MachineReport
 */

/**
 * @param {readonly Finding[]} findings
 * @returns {import('../context.mjs').Table}
 */
export const requirementsTable = (findings) => ({
  title: 'What issue and architecture ask for',
  columns: ['what', 'asked', 'measured', '', 'also'],
  rows: findings.flatMap(({ requirements = [] }) =>
    requirements.map(({ what, bound, limit, got, unit, also = '' }) => {
      // A limit of 0 "at least" asks for nothing: told for information.
      const isAsked = !(bound === 'at least' && limit === 0);
      const isMet = bound === 'at least' ? got >= limit : got <= limit;
      return [
        what,
        isAsked ? `${bound === 'at least' ? '≥' : '≤'} ${limit} ${unit}`.trim() : '',
        `${ratio(got)} ${unit}`.trim(),
        isAsked ? (Number.isNaN(got) ? 'not measured' : isMet ? 'met' : 'NOT MET') : '',
        also,
      ];
    }),
  ),
});

/**
 * @param {Finding} finding
 * @returns {string}
 */
export function findingText({ title, tables = [], notes = [] }) {
  const parts = [`## ${title}`];
  for (const table of tables) parts.push(...(table.title === '' ? [] : [`${table.title}:`]), tableText(table));
  if (notes.length > 0) parts.push(notes.map((note) => `- ${note}`).join('\n'));
  return parts.join('\n\n');
}

/**
 * Writes <id>.md, <id>.json, <id>.svg and <id>.html.
 *
 * @param {{ folder: string, id: string, machine: MachineReport, findings: readonly Finding[], options: object, title?: string }} run
 * @returns {{ markdown: string, paths: string[] }}
 */
export function writeReport({ folder, id, machine, findings, options, title = `Benchmark of ${id}` }) {
  mkdirSync(folder, { recursive: true });
  const plots = findings.flatMap(plotsOf);
  const requirements = requirementsTable(findings);
  const markdown = [
    `# ${title}`,
    machine.lines.map((line) => `- ${line}`).join('\n'),
    ...(requirements.rows.length === 0 ? [] : [`## ${requirements.title}`, tableText(requirements)]),
    ...findings.map(findingText),
  ].join('\n\n');
  const at = (/** @type {string} */ kind) => join(folder, `${id}.${kind}`);
  writeFileSync(at('md'), `${markdown}\n`);
  writeFileSync(at('json'), `${JSON.stringify({ id, machine: machine.facts, options, findings }, null, 2)}\n`);
  writeFileSync(at('svg'), stacked(plots));
  writeFileSync(at('html'), page(title, machine, requirements, findings));
  return { markdown, paths: ['md', 'json', 'svg', 'html'].map(at) };
}

/** @param {readonly Finding[]} findings @returns {string} all their plots as one picture */
export const plotsText = (findings) => stacked(findings.flatMap(plotsOf));

/**
 * Puts the run into a page of the docs, between its marks.
 *
 * @param {string} path
 * @param {string} markdown
 * @param {string} [command] that puts it there, as the marks name it
 */
export function writeIntoDocument(path, markdown, command = 'npm run bench -- --document') {
  const [begin, end] = [`<!-- ${command}: begin -->`, `<!-- ${command}: end -->`];
  const text = readFileSync(path, 'utf8');
  const [before, after] = [text.indexOf(begin), text.indexOf(end)];
  if (before < 0 || after < before) throw new Problem(`${path} has no place for the run (${begin}).`);
  const inner = markdown.replaceAll(/^#/gm, '##');
  writeFileSync(path, `${text.slice(0, before)}${begin}\n\n${inner}\n\n${text.slice(after)}`);
}

/**
 * All plots below one another, as one picture.
 *
 * @param {string[]} plots
 */
function stacked(plots) {
  let top = 0;
  const placed = plots.map((plot) => {
    const height = Number(/ height="(\d+)"/.exec(plot)?.[1] ?? 0);
    const inner = plot.replace('<svg ', `<svg y="${top}" `);
    top += height;
    return inner;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 920 ${Math.max(top, 1)}" width="920" height="${Math.max(top, 1)}">${placed.join('')}</svg>\n`;
}

/** @param {Finding} finding */
const plotsOf = ({ bars = [], lines = [], timelines = [] }) => [
  ...bars.map(barPlot),
  ...lines.map(linePlot),
  ...timelines.map(timelinePlot),
];

/** @param {string} text */
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** @param {import('../context.mjs').Table} table */
const htmlTable = ({ columns, rows }) =>
  `<table><thead><tr>${columns.map((column) => `<th>${escaped(column)}</th>`).join('')}</tr></thead><tbody>${rows
    .map(
      (row) =>
        `<tr>${row.map((cell) => `<td${/^[\d,. %×≥≤-]+( ?(ms|s|MB|\/s))?$/.test(cell) ? ' class="n"' : cell === 'NOT MET' ? ' class="bad"' : ''}>${escaped(cell)}</td>`).join('')}</tr>`,
    )
    .join('')}</tbody></table>`;

/**
 * @param {string} title
 * @param {MachineReport} machine
 * @param {import('../context.mjs').Table} requirements
 * @param {readonly Finding[]} findings
 */
const page = (title, machine, requirements, findings) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>
  body { font: 15px/1.5 system-ui, sans-serif; color: #1f2933; max-width: 1080px; margin: 2rem auto; padding: 0 1rem; }
  table { border-collapse: collapse; margin: 0.5rem 0 1.5rem; font-size: 13px; display: block; overflow-x: auto; }
  th, td { border-bottom: 1px solid #e4e7eb; padding: 0.3rem 0.7rem; text-align: left; }
  td.n { text-align: right; font-variant-numeric: tabular-nums; }
  td:first-child { min-width: 16rem; }
  td.bad { color: #c0392b; font-weight: 600; }
  svg { max-width: 100%; height: auto; }
  ul { color: #52606d; }
</style>
<h1>${escaped(title)}</h1>
<ul>${machine.lines.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul>
${requirements.rows.length === 0 ? '' : `<h2>${escaped(requirements.title)}</h2>${htmlTable(requirements)}`}
${findings
  .map((finding) => {
    const { title, tables = [], notes = [] } = finding;
    return `<h2>${escaped(title)}</h2>${plotsOf(finding).join('')}${tables.map(htmlTable).join('')}${notes.length === 0 ? '' : `<ul>${notes.map((note) => `<li>${escaped(note)}</li>`).join('')}</ul>`}`;
  })
  .join('\n')}
</html>
`;
