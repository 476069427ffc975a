import type {
  EligibilityDeclaration,
  QualificationCertificate,
  QualificationNotice,
  QualificationScreen,
} from '@app/contracts';

import { drawCertificate } from './certificate.js';
import { drawDeclaration } from './declaration.js';
import { drawNotice } from './notice.js';
import { drawScreen } from './screen.js';
import { Sheet } from './sheet.js';
import type { MissingCharacter, Typeface } from './typeface.js';

/** A document as a plain value, with which of them it is. */
export type DocumentContent =
  | { readonly document: 'qualification-notice'; readonly content: QualificationNotice }
  | { readonly document: 'qualification-certificate'; readonly content: QualificationCertificate }
  | { readonly document: 'qualification-screen'; readonly content: QualificationScreen }
  | { readonly document: 'eligibility-declaration'; readonly content: EligibilityDeclaration };

type DocumentName = DocumentContent['document'];

const TITLES: Readonly<Record<DocumentName, string>> = {
  'qualification-notice': '資格情報のお知らせ',
  'qualification-certificate': '資格確認書',
  'qualification-screen': '医療保険の資格情報',
  'eligibility-declaration': '被保険者資格申立書',
};

/** Where a character stands that has no glyph: JSON pointer of the field. */
export interface MissingGlyph extends MissingCharacter {
  readonly pointer: string;
}

/** A document holds characters that cannot be drawn. Nothing is drawn then, and nothing is left out or replaced. */
export class NoGlyph extends Error {
  constructor(readonly missing: readonly MissingGlyph[]) {
    super('the font has no glyph for some characters of the document');
    this.name = 'NoGlyph';
  }
}

const missingIn = (typeface: Typeface, value: unknown, pointer = ''): readonly MissingGlyph[] => {
  if (typeof value === 'string') return typeface.missingIn(value).map((missing) => ({ ...missing, pointer }));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => missingIn(typeface, inner, `${pointer}/${name}`));
};

/**
 * The document as a PDF of one page of A4. `createdAt`, epoch milliseconds, stands in the file as the time it was made: the same
 * content and instant give the same bytes. Rejects with `NoGlyph`.
 */
export const drawDocument = async (
  typeface: Typeface,
  { document, content }: DocumentContent,
  createdAt: number,
): Promise<Buffer> => {
  const missing = missingIn(typeface, content);
  if (missing.length > 0) throw new NoGlyph(missing);
  const sheet = new Sheet(typeface, { title: TITLES[document], createdAt });
  switch (document) {
    case 'qualification-notice':
      drawNotice(sheet, content);
      break;
    case 'qualification-certificate':
      drawCertificate(sheet, content);
      break;
    case 'qualification-screen':
      drawScreen(sheet, content);
      break;
    case 'eligibility-declaration':
      drawDeclaration(sheet, content);
      break;
  }
  return sheet.finish();
};
