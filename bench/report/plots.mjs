import { ratio } from './numbers.mjs';

/** Plots as SVG, by hand: a benchmark's picture is no reason to install anything. */

const WIDTH = 920;
const INK = '#1f2933';
const FAINT = '#9aa5b1';
const GRID = '#e4e7eb';
const OURS = '#0b6e6e';
const THEIRS = '#b8c4ce';
const LIMIT = '#c0392b';
const LINE_COLOURS = [OURS, '#d97706', '#5b4bb7', '#52606d'];
const FONT = 'font-family="system-ui, sans-serif"';

/** @param {string} text */
const escaped = (text) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/**
 * @param {number} x
 * @param {number} y
 * @param {string} content
 * @param {{ size?: number, fill?: string, anchor?: 'start' | 'middle' | 'end', weight?: number, turned?: boolean }} [style]
 */
const text = (x, y, content, { size = 12, fill = INK, anchor = 'start', weight = 400, turned = false } = {}) =>
  `<text x="${round(x)}" y="${round(y)}" ${FONT} font-size="${size}" font-weight="${weight}" fill="${fill}" text-anchor="${anchor}"${turned ? ` transform="rotate(-90 ${round(x)} ${round(y)})"` : ''}>${escaped(content)}</text>`;

/** @param {number} value */
const round = (value) => Math.round(value * 10) / 10;

/**
 * @param {number} height
 * @param {string} title
 * @param {string[]} parts
 */
const svg = (height, title, parts) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escaped(title)}">` +
  `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>${text(24, 32, title, { size: 16, weight: 600 })}${parts.join('')}</svg>`;

/**
 * @param {import('../context.mjs').BarPlot} plot
 * @returns {string}
 */
export function barPlot({ title, unit, bars }) {
  const rowHeight = 34;
  const left = 330;
  const right = 110;
  const top = 56;
  const most = Math.max(...bars.map(({ high }) => high), 1);
  const scale = (/** @type {number} */ value) => left + (value / most) * (WIDTH - left - right);
  const height = top + bars.length * rowHeight + 36;
  const parts = niceTicks(most).flatMap((tick) => [
    `<line x1="${round(scale(tick))}" x2="${round(scale(tick))}" y1="${top - 6}" y2="${height - 32}" stroke="${GRID}"/>`,
    text(scale(tick), height - 14, tick.toLocaleString('en'), { size: 11, fill: FAINT, anchor: 'middle' }),
  ]);
  bars.forEach(({ label, value, low, high, isOurs }, at) => {
    const y = top + at * rowHeight;
    const middle = y + 11;
    parts.push(
      ...wrapped(label, 46).map((line, number, lines) =>
        text(left - 12, middle + 4 + (number - (lines.length - 1) / 2) * 13, line, { anchor: 'end' }),
      ),
      `<rect x="${left}" y="${y}" width="${round(scale(value) - left)}" height="22" rx="2" fill="${isOurs ? OURS : THEIRS}"/>`,
      `<line x1="${round(scale(low))}" x2="${round(scale(high))}" y1="${middle}" y2="${middle}" stroke="${INK}" stroke-width="1.5"/>`,
      ...[low, high].map(
        (end) =>
          `<line x1="${round(scale(end))}" x2="${round(scale(end))}" y1="${middle - 4}" y2="${middle + 4}" stroke="${INK}" stroke-width="1.5"/>`,
      ),
      text(scale(high) + 8, middle + 4, Math.round(value).toLocaleString('en'), { weight: 600 }),
    );
  });
  parts.push(text(WIDTH - 24, 32, unit, { size: 11, fill: FAINT, anchor: 'end' }));
  return svg(height, title, parts);
}

/**
 * @param {import('../context.mjs').LinePlot} plot
 * @returns {string}
 */
export function linePlot({ title, x, y, isLogX = false, isLogY = false, ticksX, lines, limits = [] }) {
  const height = 380;
  const box = { left: 72, right: WIDTH - 150, top: 56, bottom: height - 56 };
  const points = lines.flatMap((line) => line.points).filter(([px, py]) => Number.isFinite(px) && Number.isFinite(py));
  if (points.length === 0) return svg(80, title, [text(24, 60, 'nothing was measured', { fill: FAINT })]);
  const xs = points.map(([px]) => px);
  const ys = [...points.map(([, py]) => py), ...limits.map((limit) => limit.y)];
  // Time begins where it was begun to be measured.
  const horizontal = scaleOf(isLogX ? Math.min(...xs) : 0, Math.max(...xs), isLogX, box.left, box.right);
  const lowest = isLogY ? Math.max(1e-3, Math.min(...ys) * 0.8) : 0;
  const vertical = scaleOf(lowest, Math.max(...ys) * (isLogY ? 1.3 : 1.08), isLogY, box.bottom, box.top);
  /** @type {string[]} */
  const parts = [];
  const yTicks = isLogY ? logTicks(lowest, Math.max(...ys) * 1.3) : niceTicks(Math.max(...ys));
  for (const tick of yTicks)
    parts.push(
      `<line x1="${box.left}" x2="${box.right}" y1="${round(vertical(tick))}" y2="${round(vertical(tick))}" stroke="${GRID}"/>`,
      text(box.left - 8, vertical(tick) + 4, tickText(tick), { size: 11, fill: FAINT, anchor: 'end' }),
    );
  const xTicks =
    ticksX?.filter(([at]) => at >= Math.min(...xs) && at <= Math.max(...xs)) ??
    niceTicks(Math.max(...xs)).map((tick) => /** @type {[number, string]} */ ([tick, tickText(tick)]));
  for (const [at, label] of xTicks)
    parts.push(
      `<line x1="${round(horizontal(at))}" x2="${round(horizontal(at))}" y1="${box.top}" y2="${box.bottom}" stroke="${GRID}"/>`,
      text(horizontal(at), box.bottom + 18, label, { size: 11, fill: FAINT, anchor: 'middle' }),
    );
  for (const { label, y: at } of limits)
    parts.push(
      `<line x1="${box.left}" x2="${box.right}" y1="${round(vertical(at))}" y2="${round(vertical(at))}" stroke="${LIMIT}" stroke-dasharray="5 4"/>`,
      text(box.right + 8, vertical(at) + 4, label, { size: 11, fill: LIMIT }),
    );
  lines.forEach(({ points: own }, at) => {
    const colour = LINE_COLOURS[at % LINE_COLOURS.length] ?? INK;
    const drawn = own.filter(([px, py]) => Number.isFinite(px) && Number.isFinite(py));
    const path = drawn.map(
      ([px, py], index) =>
        `${index === 0 ? 'M' : 'L'}${round(horizontal(px))} ${round(vertical(Math.max(py, lowest || py)))}`,
    );
    parts.push(`<path d="${path.join('')}" fill="none" stroke="${colour}" stroke-width="2" stroke-linejoin="round"/>`);
  });
  lines.forEach(({ label }, at) => {
    const colour = LINE_COLOURS[at % LINE_COLOURS.length] ?? INK;
    const legendX = box.left + at * 180;
    parts.push(
      `<line x1="${legendX}" x2="${legendX + 22}" y1="${height - 14}" y2="${height - 14}" stroke="${colour}" stroke-width="3"/>`,
      text(legendX + 28, height - 10, label),
    );
  });
  parts.push(
    `<path d="M${box.left} ${box.top}V${box.bottom}H${box.right}" fill="none" stroke="${FAINT}"/>`,
    text(20, (box.top + box.bottom) / 2, y, { size: 11, fill: FAINT, anchor: 'middle', turned: true }),
    text(box.right, height - 10, x, { size: 11, fill: FAINT, anchor: 'end' }),
  );
  return svg(height, title, parts);
}

/**
 * @param {import('../context.mjs').Timeline} plot
 * @returns {string}
 */
export function timelinePlot({ title, unit, areas, outline, marks }) {
  const height = 320;
  const box = { left: 72, right: WIDTH - 30, top: 72, bottom: height - 60 };
  const seconds = Math.max(outline.values.length, ...areas.map(({ values }) => values.length));
  if (seconds === 0) return svg(80, title, [text(24, 60, 'nothing was measured', { fill: FAINT })]);
  const sums = Array.from({ length: seconds }, (_, at) =>
    areas.reduce((sum, { values }) => sum + (values[at] ?? 0), 0),
  );
  const most = Math.max(...sums, ...outline.values, 1);
  const horizontal = scaleOf(0, seconds, false, box.left, box.right);
  const vertical = scaleOf(0, most * 1.08, false, box.bottom, box.top);
  /** @param {(at: number) => number} valueAt as steps: what is counted is counted for a whole second */
  const steps = (valueAt) =>
    Array.from({ length: seconds }, (_, at) => {
      const y = round(vertical(valueAt(at)));
      return `${round(horizontal(at))} ${y}L${round(horizontal(at + 1))} ${y}`;
    });
  const parts = [
    ...marks.flatMap(({ label, from, to }) => [
      `<rect x="${round(horizontal(from))}" y="${box.top}" width="${round(Math.max(horizontal(Math.min(to, seconds)) - horizontal(from), 2))}" height="${box.bottom - box.top}" fill="${LIMIT}" fill-opacity="0.08"/>`,
      `<line x1="${round(horizontal(from))}" x2="${round(horizontal(from))}" y1="${box.top - 4}" y2="${box.bottom}" stroke="${LIMIT}" stroke-dasharray="4 3"/>`,
      text(horizontal(from) + 3, box.top - 8, label, { size: 11, fill: LIMIT }),
    ]),
    ...niceTicks(most).flatMap((tick) => [
      `<line x1="${box.left}" x2="${box.right}" y1="${round(vertical(tick))}" y2="${round(vertical(tick))}" stroke="${GRID}"/>`,
      text(box.left - 8, vertical(tick) + 4, tickText(tick), { size: 11, fill: FAINT, anchor: 'end' }),
    ]),
    ...niceTicks(seconds).map((tick) =>
      text(horizontal(tick), box.bottom + 16, `${tickText(tick)} s`, { size: 11, fill: FAINT, anchor: 'middle' }),
    ),
  ];
  const below = Array.from({ length: seconds }, () => 0);
  for (const { values, colour } of areas) {
    const ground = [...below];
    values.forEach((value, at) => (below[at] = (below[at] ?? 0) + value));
    if (!values.some((value) => value > 0)) continue;
    const upper = steps((at) => below[at] ?? 0);
    const lower = steps((at) => ground[at] ?? 0)
      .toReversed()
      .map((step) => step.split('L').toReversed().join('L'));
    parts.push(`<path d="M${[...upper, ...lower].join('L')}Z" fill="${colour}" fill-opacity="0.85"/>`);
  }
  parts.push(
    `<path d="M${steps((at) => outline.values[at] ?? 0).join('L')}" fill="none" stroke="${INK}" stroke-width="1.2"/>`,
  );
  const legend = [...areas.map(({ label, colour }) => ({ label, colour })), { label: outline.label, colour: INK }];
  let x = box.left;
  for (const { label, colour } of legend) {
    parts.push(
      `<rect x="${x}" y="${height - 24}" width="12" height="12" fill="${colour}"/>`,
      text(x + 17, height - 14, label),
    );
    x += 40 + [...label].length * 7;
  }
  parts.push(
    text(WIDTH - 24, 32, unit, { size: 11, fill: FAINT, anchor: 'end' }),
    `<path d="M${box.left} ${box.top}V${box.bottom}H${box.right}" fill="none" stroke="${FAINT}"/>`,
  );
  return svg(height, title, parts);
}

/**
 * @param {number} from
 * @param {number} to
 * @param {boolean} isLog
 * @param {number} start
 * @param {number} end
 */
function scaleOf(from, to, isLog, start, end) {
  const of = (/** @type {number} */ value) => (isLog ? Math.log10(Math.max(value, 1e-6)) : value);
  const span = of(to) - of(from) || 1;
  return (/** @type {number} */ value) => start + ((of(value) - of(from)) / span) * (end - start);
}

/** @param {number} most */
function niceTicks(most) {
  const rough = most / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((one) => one >= rough) ?? power;
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, at) => at * step);
}

/**
 * @param {number} from
 * @param {number} to
 */
function logTicks(from, to) {
  const ticks = [];
  for (let power = Math.floor(Math.log10(from)); power <= Math.ceil(Math.log10(to)); power += 1)
    for (const factor of [1, 2, 5])
      if (factor * 10 ** power >= from && factor * 10 ** power <= to) ticks.push(factor * 10 ** power);
  return ticks;
}

/** @param {number} value */
const tickText = (value) =>
  value >= 100 || Number.isInteger(value) ? value.toLocaleString('en') : ratio(value).replace(/\.?0+$/, '');

/**
 * @param {string} label
 * @param {number} most
 */
function wrapped(label, most) {
  /** @type {string[]} */
  const lines = [''];
  for (const word of label.split(' ')) {
    const current = lines.at(-1) ?? '';
    if (current !== '' && current.length + word.length + 1 > most) lines.push(word);
    else lines[lines.length - 1] = current === '' ? word : `${current} ${word}`;
  }
  return lines;
}
