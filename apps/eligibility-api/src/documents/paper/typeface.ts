import Pdf from 'pdfkit';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/** A character that cannot be drawn. */
export interface MissingCharacter {
  /** `U+2B740`, with the selector where it is one of a sequence: `U+845B U+E0101`. */
  readonly codePoint: string;
  /** Which character of the text it is, counted from 1. */
  readonly at: number;
}

/** Ranges of a variation selector that look like the character itself, and characters it gives a glyph of their own. */
interface Selector {
  readonly varSelector: number;
  readonly defaultUVS?: readonly { readonly startUnicodeValue: number; readonly additionalCount: number }[] | null;
  readonly nonDefaultUVS?: readonly { readonly unicodeValue: number }[] | null;
}

/** As much of fontkit's font as is looked at here; pdfkit lays text out with it. */
interface ParsedFont {
  hasGlyphForCodePoint(codePoint: number): boolean;
  readonly cmap: {
    readonly tables: readonly {
      readonly platformID: number;
      readonly encodingID: number;
      readonly table: { readonly varSelectors?: { toArray(): readonly Selector[] } };
    }[];
  };
}

/** Where a font keeps its variation sequences (cmap format 14). */
const UNICODE_PLATFORM = 0;
const VARIATION_SEQUENCES = 5;

/** Variation selectors follow the character they vary. */
const isSelector = (codePoint: number): boolean =>
  (codePoint >= 0xfe00 && codePoint <= 0xfe0f) || (codePoint >= 0xe0100 && codePoint <= 0xe01ef);

const written = (...codePoints: readonly number[]): string =>
  codePoints.map((codePoint) => `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`).join(' ');

/**
 * The font that documents are written in: Noto Sans JP (OFL), read once. It holds what names are written with beyond the common
 * sets (髙 﨑 𠮷); what it does not hold is for the caller to hear of, before anything is drawn.
 */
export class Typeface {
  private readonly font: ParsedFont;
  private readonly selectors: ReadonlyMap<number, Selector>;

  private constructor(bytes: Uint8Array) {
    const sample = new Pdf({ autoFirstPage: false }).font(bytes);
    // What pdfkit parsed, for want of another way to ask which characters it can draw.
    this.font = (sample as unknown as Record<'_font', { readonly font: ParsedFont }>)['_font'].font;
    const sequences = this.font.cmap.tables.find(
      ({ platformID, encodingID }) => platformID === UNICODE_PLATFORM && encodingID === VARIATION_SEQUENCES,
    );
    this.selectors = new Map(
      (sequences?.table.varSelectors?.toArray() ?? []).map((selector) => [selector.varSelector, selector]),
    );
  }

  static async load(): Promise<Typeface> {
    const require = createRequire(import.meta.url);
    return new Typeface(
      await readFile(require.resolve('@expo-google-fonts/noto-sans-jp/400Regular/NotoSansJP_400Regular.ttf')),
    );
  }

  /**
   * The font for one document, as pdfkit takes it: tables are parsed once for all, glyphs are each document's own. fontkit keeps on
   * a glyph for which character it was first met, and another document's text would be copied out with that character.
   */
  forDocument(): Uint8Array {
    // pdfkit takes a parsed font as well, which its types do not say.
    return Object.create(this.font, { _glyphs: { value: {} } }) as Uint8Array;
  }

  /** Characters of a text that cannot be drawn as they are written. */
  missingIn(text: string): readonly MissingCharacter[] {
    const codePoints = [...text].map((character) => character.codePointAt(0) ?? 0);
    return codePoints.flatMap((codePoint, i): MissingCharacter[] => {
      const before = codePoints[i - 1];
      if (isSelector(codePoint))
        return before !== undefined && this.hasSequence(before, codePoint)
          ? []
          : [{ codePoint: written(...(before === undefined ? [] : [before]), codePoint), at: Math.max(i, 1) }];
      return this.font.hasGlyphForCodePoint(codePoint) ? [] : [{ codePoint: written(codePoint), at: i + 1 }];
    });
  }

  /** Drawing falls back to the plain character where a sequence is unknown, which is another way of writing the name. */
  private hasSequence(codePoint: number, selector: number): boolean {
    const { defaultUVS, nonDefaultUVS } = this.selectors.get(selector) ?? {};
    return (
      (nonDefaultUVS ?? []).some(({ unicodeValue }) => unicodeValue === codePoint) ||
      (defaultUVS ?? []).some(
        ({ startUnicodeValue, additionalCount }) =>
          codePoint >= startUnicodeValue && codePoint <= startUnicodeValue + additionalCount,
      )
    );
  }
}
