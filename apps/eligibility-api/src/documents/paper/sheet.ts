import { buffer } from 'node:stream/consumers';
import Pdf from 'pdfkit';
import { encodeQR } from 'qr';

import type { Typeface } from './typeface.js';

/** Points. */
export const A4 = { width: 595.28, height: 841.89 } as const;
/** A card of the size of a driving licence (ISO/IEC 7810 ID-1: 85.6 mm by 54 mm), in points. */
export const CARD = { width: 242.65, height: 153.07 } as const;

export const INK = '#1a1a1a';
export const GREY = '#5c5c5c';
export const PALE = '#f1f3f5';

const LINE_HEIGHT = 1.3;
/** Of the size: how far below the middle of its line the font itself would put a letter. */
const SINKS_BY = 0.13;
const SIZE_MIN = 4;
const SIZE_STEP = 0.5;
/** Of the size: the outline that makes a letter of the one weight look bold. */
const BOLD_OUTLINE = 0.025;
/** ISO/IEC 18004. */
const QUIET_MODULES = 4;

interface Style {
  /** Of the letters, points. */
  readonly size: number;
  readonly color?: string;
  readonly bold?: boolean;
}

interface Paragraph extends Style {
  readonly width: number;
  readonly align?: 'left' | 'center' | 'right';
}

interface Value extends Paragraph {
  /** What the text may take up before it is made smaller; one line when left out. */
  readonly height?: number;
}

interface SheetOptions {
  readonly title: string;
  /** Epoch milliseconds; stands in the file as the time it was made. */
  readonly createdAt: number;
}

/** One page of A4 as pdfkit draws it. Points from the upper left corner; every method that draws text says where it ends. */
export class Sheet {
  private readonly paper: PDFKit.PDFDocument;

  constructor(typeface: Typeface, { title, createdAt }: SheetOptions) {
    this.paper = new Pdf({
      size: 'A4',
      margin: 0,
      pdfVersion: '1.7',
      lang: 'ja-JP',
      displayTitle: true,
      info: { Title: title, Author: 'Shikaku', Creator: 'Shikaku', CreationDate: new Date(createdAt) },
    }).font(typeface.forDocument());
  }

  /** Words of ours, broken into lines. */
  paragraph(words: string, x: number, y: number, { width, align = 'left', ...style }: Paragraph): number {
    this.pen(style);
    this.paper.text(words, x, y, { width, align, lineGap: style.size * (LINE_HEIGHT - 1), ...rendering(style) });
    return this.paper.y;
  }

  /** A value of the record, whole: made smaller, and broken between characters, until it stands within its room. */
  value(text: string, x: number, y: number, { width, align = 'left', height, ...style }: Value): number {
    const room = height ?? style.size * LINE_HEIGHT;
    let { size } = style;
    let lines = this.broken(text, size, width);
    while (lines.length * size * LINE_HEIGHT > room && size > SIZE_MIN) {
      size -= SIZE_STEP;
      lines = this.broken(text, size, width);
    }
    const lineHeight = size * LINE_HEIGHT;
    let top = y + (room - lines.length * lineHeight) / 2 - size * SINKS_BY;
    this.pen({ ...style, size });
    for (const line of lines) {
      const slack = width - this.paper.widthOfString(line);
      const left = x + (align === 'left' ? 0 : align === 'right' ? slack : slack / 2);
      this.paper.text(line, left, top, { lineBreak: false, ...rendering(style) });
      top += lineHeight;
    }
    return y + room;
  }

  box(x: number, y: number, width: number, height: number, { fill, line = GREY, radius = 0 }: BoxStyle = {}): void {
    this.paper.lineWidth(0.6);
    const shape =
      radius === 0 ? this.paper.rect(x, y, width, height) : this.paper.roundedRect(x, y, width, height, radius);
    if (fill === undefined) shape.stroke(line);
    else shape.fillAndStroke(fill, line);
  }

  /** Along which to cut. */
  cut(x: number, y: number, width: number, height: number): void {
    this.paper.lineWidth(0.6).dash(3, { space: 3 }).rect(x, y, width, height).stroke(GREY).undash();
  }

  rule(x: number, y: number, width: number, color = GREY): void {
    this.paper
      .lineWidth(0.5)
      .moveTo(x, y)
      .lineTo(x + width, y)
      .stroke(color);
  }

  /** Label and value, row by row, in a frame. */
  table(rows: readonly Row[], x: number, y: number, { width, labelWidth, rowHeight, size }: TableStyle): number {
    let top = y;
    for (const [label, text] of rows) {
      this.box(x, top, labelWidth, rowHeight, { fill: PALE });
      this.box(x + labelWidth, top, width - labelWidth, rowHeight);
      const inner = { size, height: rowHeight - 2 };
      this.value(label, x + 8, top + 1, { ...inner, size: size - 1, width: labelWidth - 16, color: GREY });
      this.value(text, x + labelWidth + 10, top + 1, { ...inner, width: width - labelWidth - 20 });
      top += rowHeight;
    }
    return top;
  }

  /** A QR code with the quiet zone that readers need around it, four modules wide. */
  qr(text: string, x: number, y: number, size: number): void {
    const modules = encodeQR(text, 'raw', { ecc: 'medium', border: QUIET_MODULES });
    const module = size / modules.length;
    modules.forEach((row, i) => {
      row.forEach((dark, j) => {
        if (dark) this.paper.rect(x + j * module, y + i * module, module, module);
      });
    });
    this.paper.fill('#000000');
  }

  /** The whole file. Nothing can be drawn after it. */
  finish(): Promise<Buffer> {
    const bytes = buffer(this.paper);
    this.paper.end();
    return bytes;
  }

  private pen({ size, color = INK }: Style): void {
    this.paper
      .fontSize(size)
      .fillColor(color)
      .strokeColor(color)
      .lineWidth(size * BOLD_OUTLINE);
  }

  /** By characters, never within one: a surrogate or a variation selector stays with what it belongs to. */
  private broken(text: string, size: number, width: number): readonly string[] {
    this.paper.fontSize(size);
    if (this.paper.widthOfString(text) <= width) return [text];
    const lines: string[] = [];
    let line = '';
    for (const { segment } of characters.segment(text)) {
      if (line !== '' && this.paper.widthOfString(line + segment) > width) {
        lines.push(line);
        line = '';
      }
      line += segment;
    }
    return [...lines, line];
  }
}

/** What is drawn as a table. */
export type Row = readonly [label: string, value: string];

interface BoxStyle {
  readonly fill?: string;
  readonly line?: string;
  readonly radius?: number;
}

interface TableStyle {
  readonly width: number;
  readonly labelWidth: number;
  readonly rowHeight: number;
  readonly size: number;
}

const characters = new Intl.Segmenter('ja', { granularity: 'grapheme' });

const rendering = ({ bold = false }: Style): { fill: true; stroke: boolean } => ({ fill: true, stroke: bold });
