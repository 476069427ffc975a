import { inflateSync } from 'node:zlib';

/** Stands for a glyph that was drawn for no character. */
export const UNREADABLE = '\u{FFFD}';

/** The streams of a PDF, one character a byte. pdfkit says how long each is, before it. */
const streamsOf = (pdf: Buffer): readonly string[] => {
  const file = pdf.toString('latin1');
  return [...file.matchAll(/ obj\n((?:(?! obj\n)[^])*?)>>\nstream\n/g)].map(
    ({ 0: head, 1: dictionary = '', index }) => {
      const length = Number(/\/Length (\d+)/.exec(dictionary)?.[1]);
      const bytes = pdf.subarray(index + head.length, index + head.length + length);
      return (dictionary.includes('/FlateDecode') ? inflateSync(bytes) : bytes).toString('latin1');
    },
  );
};

const utf16 = (hex: string): string =>
  String.fromCharCode(...(hex.match(/[0-9a-f]{4}/gi) ?? []).map((unit) => Number.parseInt(unit, 16)));

/** Of the one embedded font: the characters of each glyph, by its number in the file (ToUnicode, 9.10.3 of ISO 32000-1). */
const charactersOf = (streams: readonly string[]): readonly string[] => {
  const [map, another] = streams.filter((stream) => stream.includes('begincmap'));
  if (map === undefined || another !== undefined) throw new Error('there is not one font in the file');
  return [...map.matchAll(/^<[0-9a-f]{4}> <[0-9a-f]{4}> \[(.*)\]$/gim)].flatMap(({ 1: entries = '' }) =>
    [...entries.matchAll(/<([0-9a-f ]*)>/gi)].map(({ 1: hex = '' }) => utf16(hex)),
  );
};

export interface ReadPdf {
  readonly pages: number;
  /** Pieces of text in the order in which they are drawn, as a reader that copies them gets them. */
  readonly texts: readonly string[];
  /** Squares that are filled: the modules of a QR code. Points. */
  readonly squares: readonly { readonly x: number; readonly y: number; readonly size: number }[];
}

/** What can be read out of a PDF that pdfkit wrote. */
export const readPdf = (pdf: Buffer): ReadPdf => {
  const streams = streamsOf(pdf);
  const characters = charactersOf(streams);
  const drawing = streams.filter((stream) => stream.includes(' Tf')).join('\n');
  return {
    pages: [...pdf.toString('latin1').matchAll(/\/Type \/Page\n/g)].length,
    texts: [...drawing.matchAll(/BT\n([^]*?)ET/g)].map(({ 1: shown = '' }) =>
      [...shown.matchAll(/\[([^\]]*)\] TJ/g)]
        .flatMap(({ 1: pieces = '' }) => [...pieces.matchAll(/<([0-9a-f]+)>/gi)])
        .flatMap(({ 1: hex = '' }) => hex.match(/[0-9a-f]{4}/gi) ?? [])
        .map((glyph) => (glyph === '0000' ? UNREADABLE : (characters[Number.parseInt(glyph, 16)] ?? UNREADABLE)))
        .join(''),
    ),
    squares: [...drawing.matchAll(/^([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re$/gm)].flatMap(([, x, y, width, height]) =>
      width === height ? [{ x: Number(x), y: Number(y), size: Number(width) }] : [],
    ),
  };
};
