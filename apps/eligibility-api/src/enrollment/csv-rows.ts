/*
 * The rows of a CSV file, taken from its bytes (RFC 4180). Bytes and not text: in UTF-8 as in Shift_JIS no character has a quote, a comma or a
 * line end for its second byte, so that rows are found without reading a character, and a character that is none spoils its own cell alone.
 * Imports nothing: `npm run import` splits files by the same code, as it stands here.
 */

const QUOTE = 0x22;
const COMMA = 0x2c;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Of one row. The longest that could be filed has less than a quarter of it. */
const ROW_BYTES_MAX = 16 * 1024;

/**
 * What stands at a place in a file. `end` is the byte after it, with its line end. `broken`: its quotes do not fit together, or it is longer
 * than any row; it is that one line and nothing behind it. `more`: the bytes end before it does.
 */
export type CsvRead =
  | {
      readonly kind: 'row';
      /** Without their quotes, not decoded. */
      readonly cells: readonly Uint8Array[];
      readonly end: number;
      /** Lines it goes over: cells in quotes may hold line ends. */
      readonly lines: number;
    }
  | { readonly kind: 'broken'; readonly end: number; readonly lines: 1 }
  | { readonly kind: 'more' };

const MORE = { kind: 'more' } as const;

/** What was read of a cell: where it ends, or why it does not. */
type Cell = { readonly cell: Uint8Array; readonly end: number } | 'broken' | 'cut';

/** Quotes within a cell stand in pairs: the second of each pair goes. */
const withoutDoubledQuotes = (cell: Uint8Array): Uint8Array => {
  const kept = new Uint8Array(cell.length);
  let length = 0;
  for (let i = 0; i < cell.length; i += 1) {
    kept[length] = cell[i] ?? 0;
    length += 1;
    if (cell[i] === QUOTE) i += 1;
  }
  return kept.subarray(0, length);
};

const quotedCell = (bytes: Uint8Array, at: number, isAll: boolean): Cell => {
  let isDoubled = false;
  for (let from = at + 1; ;) {
    const quote = bytes.indexOf(QUOTE, from);
    if (quote < 0) return isAll ? 'broken' : 'cut';
    if (bytes[quote + 1] !== QUOTE) {
      const cell = bytes.subarray(at + 1, quote);
      return { cell: isDoubled ? withoutDoubledQuotes(cell) : cell, end: quote + 1 };
    }
    isDoubled = true;
    from = quote + 2;
  }
};

const plainCell = (bytes: Uint8Array, at: number, isAll: boolean): Cell => {
  for (let i = at; ; i += 1) {
    const byte = bytes[i];
    if (byte === undefined && !isAll) return 'cut';
    if (byte === QUOTE) return 'broken';
    if (byte === undefined || byte === COMMA || byte === LINE_FEED) {
      const isBeforeLineEnd = byte !== COMMA && bytes[i - 1] === CARRIAGE_RETURN && i > at;
      const end = isBeforeLineEnd ? i - 1 : i;
      return { cell: bytes.subarray(at, end), end };
    }
  }
};

/** The byte after a line end that stands here; undefined where none does. */
const afterLineEnd = (bytes: Uint8Array, at: number): number | undefined => {
  const length = bytes[at] === CARRIAGE_RETURN ? 1 : 0;
  const next = bytes[at + length];
  if (next === LINE_FEED) return at + length + 1;
  return next === undefined ? at + length : undefined;
};

const lineEndsIn = (bytes: Uint8Array): number => {
  let count = 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) count += 1;
  return count;
};

const brokenLine = (bytes: Uint8Array, at: number, isAll: boolean): CsvRead => {
  const lineEnd = bytes.indexOf(LINE_FEED, at);
  if (lineEnd < 0 && !isAll) return MORE;
  return { kind: 'broken', end: lineEnd < 0 ? bytes.length : lineEnd + 1, lines: 1 };
};

/**
 * The row that begins at a byte. Where quotes do not fit together the line alone is broken: a quote that somebody forgot takes no rows
 * behind it along.
 *
 * @param isAll whether the file ends where the bytes do
 */
export const readRow = (bytes: Uint8Array, at: number, isAll: boolean): CsvRead => {
  const limit = Math.min(bytes.length, at + ROW_BYTES_MAX);
  const isLimited = limit < bytes.length;
  // What is longer than a row may be is not read to its end.
  const row = isLimited ? bytes.subarray(0, limit) : bytes;
  const ends = isAll && !isLimited;
  const cells: Uint8Array[] = [];
  for (let from = at; ;) {
    const read = (row[from] === QUOTE ? quotedCell : plainCell)(row, from, ends);
    if (read === 'broken' || (read === 'cut' && isLimited)) return brokenLine(bytes, at, isAll);
    if (read === 'cut') return MORE;
    cells.push(read.cell);
    if (row[read.end] === COMMA) {
      from = read.end + 1;
      continue;
    }
    // Whether a line end follows, or the second of two quotes, is not known yet.
    if (!ends && row[read.end] !== LINE_FEED && read.end + 2 > row.length)
      return isLimited ? brokenLine(bytes, at, isAll) : MORE;
    const end = afterLineEnd(row, read.end);
    if (end === undefined) return brokenLine(bytes, at, isAll);
    const inCells = cells.reduce((sum, cell) => sum + lineEndsIn(cell), 0);
    return { kind: 'row', cells, end, lines: inCells + 1 };
  }
};

/** A line with nothing on it, or with commas alone, as spreadsheets leave them at the end. */
export const isBlank = (cells: readonly Uint8Array[]): boolean => cells.every(({ length }) => length === 0);
