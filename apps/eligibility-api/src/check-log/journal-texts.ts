import type { FileHandle } from 'node:fs/promises';

import type { OpenRow } from './check-log.js';
import { lineOf, type SegmentFile } from './journal-files.js';
import { parseLine, type JournalLine } from './journal-line.js';
import { TextSeal } from './sealed-text.js';

/**
 * Texts that later lines may share, opened: as many as a writer remembers (journal.ts), so that whoever reads a segment from its
 * beginning finds each in memory. Looking one up in the file is thirty readings.
 */
const REMEMBERED_MAX = 8_192;

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
  private readonly shared = new Map<string, string>();

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
    if (line.as === undefined) {
      const text = this.own(line, writer);
      this.remember(`${path} ${line.n}`, text);
      return text;
    }
    const place = `${path} ${line.as}`;
    const known = this.shared.get(place);
    if (known !== undefined) return known;
    const holder = await lineOf(file, line.as);
    if (holder === undefined) throw new TextUnreadable();
    const text = this.own(parseLine(holder), writer);
    this.remember(place, text);
    return text;
  }

  /** The oldest goes first: writers forget theirs sooner. */
  private remember(place: string, text: string): void {
    const [oldest] = this.shared.keys();
    if (oldest !== undefined && this.shared.size >= REMEMBERED_MAX) this.shared.delete(oldest);
    this.shared.set(place, text);
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
