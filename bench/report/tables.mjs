/**
 * A table for a terminal and for Markdown at once: numbers to the right, text to the left.
 *
 * @param {import('../context.mjs').Table} table
 * @returns {string}
 */
export function tableText({ columns, rows }) {
  const isNumber = columns.map(
    (_, at) => rows.length > 0 && rows.every((row) => /^[\d,. %×≥≤-]*( ?(ms|s|MB|\/s))?$/.test(row[at] ?? '')),
  );
  const widths = columns.map((column, at) => Math.max(width(column), ...rows.map((row) => width(row[at] ?? '')), 3));
  const line = (/** @type {string[]} */ cells) =>
    `| ${cells.map((cell, at) => pad(cell, widths[at] ?? 0, isNumber[at] ?? false)).join(' | ')} |`;
  const rule = `| ${widths.map((size, at) => (isNumber[at] ? `${'-'.repeat(size - 1)}:` : '-'.repeat(size))).join(' | ')} |`;
  return [line(columns), rule, ...rows.map((row) => line(columns.map((_, at) => row[at] ?? '')))].join('\n');
}

/** @param {string} text */
const width = (text) => [...text].length;

/**
 * @param {string} text
 * @param {number} to
 * @param {boolean} isNumber
 */
const pad = (text, to, isNumber) => {
  const space = ' '.repeat(Math.max(0, to - width(text)));
  return isNumber ? space + text : text + space;
};
