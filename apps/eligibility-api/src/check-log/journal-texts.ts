import type { FileHandle } from 'node:fs/promises';

import type { OpenRow } from './check-log.js';
import { lineOf, type SegmentFile } from './journal-files.js';
import { parseLine, type JournalLine } from './journal-line.js';
import { TextSeal } from './sealed-text.js';

/** As many as a journal remembers (rows and short texts): whoever reads lines in their order finds what they share here. */
const REMEMBERED = 2_048;

/** The text of a line could not be opened: the key is another, or the line was changed. */
export class TextUnreadable extends Error {
  constructor(options?: ErrorOptions) {
    super('the text of a recorded answer cannot be opened', options);
    this.name = 'TextUnreadable';
  }
}

/** Opens the texts of lines, and throws `TextUnreadable` where it cannot. */
export class JournalTexts {
  private readonly seals = new Map<string, TextSeal>();
  /** Texts last opened, by segment and number: the last few, and those before. */
  private recent = new Map<string, string>();
  private before = new Map<string, string>();

  constructor(
    private readonly journalKey: Buffer,
    private readonly openRow: OpenRow,
  ) {}

  seal(writer: string): TextSeal {
    const known = this.seals.get(writer);
    if (known !== undefined) return known;
    const seal = new TextSeal(this.journalKey, writer);
    this.seals.set(writer, seal);
    return seal;
  }

  /** The text of a line, which may lie in an earlier one of the same segment. */
  async of(line: JournalLine, { writer, path }: SegmentFile, file: FileHandle): Promise<string> {
    const place = `${path} ${line.as ?? line.n}`;
    const known = this.recent.get(place) ?? this.before.get(place);
    if (known !== undefined) return known;
    // Fifty short readings, where somebody begins in the middle.
    const holder = line.as === undefined ? undefined : await lineOf(file, line.as);
    if (line.as !== undefined && holder === undefined) throw new TextUnreadable();
    const text = this.own(holder === undefined ? line : parseLine(holder), writer);
    if (this.recent.size >= REMEMBERED) [this.before, this.recent] = [this.recent, new Map()];
    this.recent.set(place, text);
    return text;
  }

  private own({ row, sealed, id }: JournalLine, writer: string): string {
    try {
      if (row !== undefined) {
        const [generation, key, stored] = row;
        return this.openRow({ generation, key: BigInt(key), stored: Buffer.from(stored, 'base64') });
      }
      if (sealed !== undefined) return this.seal(writer).open(sealed, id);
    } catch (error) {
      throw new TextUnreadable({ cause: error });
    }
    throw new TextUnreadable();
  }
}
