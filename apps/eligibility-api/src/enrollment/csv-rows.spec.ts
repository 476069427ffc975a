import * as fc from 'fast-check';

import { isBlank, readRow } from './csv-rows.js';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (cells: readonly Uint8Array[]): string[] => cells.map((cell) => new TextDecoder().decode(cell));

/** Every row of a text, read as a whole. */
const rowsOf = (csv: string): (string[] | 'broken')[] => {
  const bytes = bytesOf(csv);
  const rows: (string[] | 'broken')[] = [];
  for (let at = 0; at < bytes.length;) {
    const row = readRow(bytes, at, true);
    if (row.kind === 'more') throw new Error('there is no more');
    rows.push(row.kind === 'row' ? text(row.cells) : 'broken');
    at = row.end;
  }
  return rows;
};

describe('rows of a CSV file', () => {
  it.each<[string, string, (string[] | 'broken')[]]>([
    [
      'lines end with LF',
      'a,b\nc,d\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'or with CRLF',
      'a,b\r\nc,d\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'and the last one may not end',
      'a,b\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['nor with its CRLF cut', 'a,b\r', [['a', 'b']]],
    [
      'cells may be empty',
      ',,\n,b,',
      [
        ['', '', ''],
        ['', 'b', ''],
      ],
    ],
    ['an empty line has one cell', '\na\r\n\r\n', [[''], ['a'], ['']]],
    ['quotes hold commas', '"a,b",c\n', [['a,b', 'c']]],
    ['and line ends', '"a\r\nb\nc",d\r\ne', [['a\r\nb\nc', 'd'], ['e']]],
    ['and quotes, doubled', '"a ""b"" c","""",""\n', [['a "b" c', '"', '']]],
    ['a CR within a cell stays', 'a\rb,c\n', [['a\rb', 'c']]],
    ['a quote within a cell breaks its line', 'a"b,c\nd,e\n', ['broken', ['d', 'e']]],
    ['so does text after a closing quote', '"a"b,c\nd,e\n', ['broken', ['d', 'e']]],
    ['a quote that nobody closes takes no rows along', 'a,"b\nc,d\ne,f\n', ['broken', ['c', 'd'], ['e', 'f']]],
    ['nor where the next one opens another cell', 'a,"b\nc,"d"\ne,f\n', ['broken', ['c', 'd'], ['e', 'f']]],
    ['the last line may be the broken one', 'a,b\nc,"d', [['a', 'b'], 'broken']],
  ])('%s', (_, csv, rows) => {
    expect(rowsOf(csv)).toEqual(rows);
  });

  it('a line longer than any row is broken, and so is a row whose quotes go over as much', () => {
    const long = 'x'.repeat(17_000);
    expect(rowsOf(`${long},y\na,b\n`)).toEqual(['broken', ['a', 'b']]);
    expect(rowsOf(`a,"b\n${'c,d\n'.repeat(5_000)}`)).toEqual([
      'broken',
      ...Array.from({ length: 5_000 }, () => ['c', 'd']),
    ]);
  });

  it('where a row may be no longer the file does not end: its last quote there closes nothing', () => {
    const cell = `"${'x'.repeat(16 * 1024 - 2)}"`;
    expect(rowsOf(`${cell},y\na,b\n`)).toEqual(['broken', ['a', 'b']]);
    expect(rowsOf(cell)).toEqual([[cell.slice(1, -1)]]);
  });

  it('lines are counted over line ends in quotes', () => {
    expect(readRow(bytesOf('"a\r\nb","c\n\n",d\r\ne'), 0, true)).toMatchObject({ kind: 'row', lines: 4 });
  });

  it.each<[string, boolean]>([
    ['', true],
    [',,', true],
    ['"",', true],
    [' ', false],
    ['a,', false],
  ])('%j is blank: %s', (csv, blank) => {
    const row = readRow(bytesOf(`${csv}\n`), 0, true);
    expect(row.kind === 'row' && isBlank(row.cells)).toBe(blank);
  });

  const cell = fc.string({ unit: fc.constantFrom('a', '山', ',', '"', '\n', '\r\n', '𠮷', ' '), maxLength: 12 });
  const quoted = (value: string): string => `"${value.replaceAll('"', '""')}"`;

  it('what was written in quotes is read as it was', () => {
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 6 }), (rows) => {
        expect(rowsOf(rows.map((cells) => `${cells.map(quoted).join(',')}\r\n`).join(''))).toEqual(rows);
      }),
    );
  });

  it('bytes that end within a row say so, or the row is the same with all of them', () => {
    const any = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', '山'), maxLength: 60 });
    fc.assert(
      fc.property(any, fc.nat(80), (csv, cut) => {
        const bytes = bytesOf(csv);
        const part = readRow(bytes.subarray(0, cut), 0, false);
        fc.pre(part.kind !== 'more');
        expect(readRow(bytes, 0, true)).toEqual(part);
      }),
      { numRuns: 2_000 },
    );
  });

  it('every row ends behind its beginning: a file comes to its end', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (bytes) => {
        const row = readRow(bytes, 0, true);
        expect(row.kind === 'more' ? 0 : row.end).toBeGreaterThan(0);
      }),
    );
  });
});
