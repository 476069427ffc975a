import { startOfTokyoDay, tokyoDay, type Clock } from '../clock/clock.js';
import { ProblemException } from '../problems/problem.exception.js';
import { drawDocument, NoGlyph, type DocumentContent } from './paper/draw-document.js';
import type { Typeface } from './paper/typeface.js';

/** Documents as PDF. Throws `ProblemException` (422) where a character cannot be drawn. */
export class DocumentPdf {
  constructor(
    private readonly typeface: Typeface,
    private readonly clock: Clock,
  ) {}

  async of(document: DocumentContent): Promise<Buffer> {
    // The day, not the instant: a document drawn twice on a day is the same file.
    const createdAt = startOfTokyoDay(tokyoDay(this.clock.now()));
    try {
      return await drawDocument(this.typeface, document, createdAt);
    } catch (error) {
      if (!(error instanceof NoGlyph)) throw error;
      throw new ProblemException('character-without-glyph', {
        errors: error.missing.map(({ pointer, codePoint, at }) => ({
          pointer,
          code: 'no-glyph',
          detail: `${codePoint}, character ${at}, has no glyph in the font`,
        })),
      });
    }
  }
}
