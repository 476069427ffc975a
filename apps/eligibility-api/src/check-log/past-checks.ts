import { hash } from 'node:crypto';

import { RecordUnavailable } from './check-log.js';
import type {
  CheckListing,
  CheckRecord,
  GivenCheck,
  ListedCheck,
  PastChecksReader,
  RenderAnswer,
} from './check-log.js';
import {
  headerOf,
  lineWithId,
  listAll,
  listSegments,
  listWriters,
  mayHold,
  msOf,
  offsetOf,
  openSegment,
  readLines,
  type SegmentFile,
} from './journal-files.js';
import { consentKinds, parseLine, splicesOf, type JournalLine } from './journal-line.js';
import type { JournalTexts } from './journal-texts.js';
import { checkOf, type KeptAnswer, type ShippedChecks } from './shipped-checks.js';

/** How much of what is not yet shipped is looked through for a list. More than that is an outage being caught up with. */
const UNSHIPPED_BYTES_MAX = 32 * 1024 ** 2;
/** Lists of this process that read the journal or wait to. More are told to come again. */
const LISTS_AT_ONCE = 8;

/** An answer as it is kept does not give the bytes that left. It is not shown. */
class AnswerNotAsGiven extends Error {
  constructor() {
    super('a kept answer does not give the bytes that were given');
    this.name = 'AnswerNotAsGiven';
  }
}

export interface PastChecksParts {
  readonly folder: string;
  readonly texts: JournalTexts;
  readonly render: RenderAnswer;
  readonly store: ShippedChecks;
}

/** Past checks: of this machine at once from the journals of all its writers, of others from PostgreSQL. */
export class PastChecks implements PastChecksReader {
  private looking = 0;
  private lastLook: Promise<unknown> = Promise.resolve();

  constructor(private readonly parts: PastChecksParts) {}

  async answer(institutionCode: string, checkId: string): Promise<Buffer | undefined> {
    const given = await this.given(institutionCode, checkId);
    return given === undefined ? undefined : Buffer.from(given.body, 'latin1');
  }

  async given(institutionCode: string, checkId: string): Promise<GivenCheck | undefined> {
    const here = await this.inJournal(checkId);
    if (here !== undefined) return here.institutionCode === institutionCode ? this.asGiven(here) : undefined;
    return this.shipped(institutionCode, checkId);
  }

  async shipped(institutionCode: string, checkId: string): Promise<GivenCheck | undefined> {
    const kept = await this.parts.store.find(institutionCode, checkId);
    return kept === undefined ? undefined : this.asGiven(kept);
  }

  /**
   * What is not yet shipped, and what PostgreSQL has. Positions first, then files, then PostgreSQL: a check that is shipped
   * meanwhile is found twice and shown once, and none is missed.
   */
  async list(listing: CheckListing): Promise<readonly ListedCheck[]> {
    const waiting = await this.inTurn(() => this.unshipped(listing));
    const shipped = await this.parts.store.list(listing);
    const byId = new Map([...waiting, ...shipped].map((check) => [check.checkId, check]));
    return [...byId.values()].toSorted((a, c) => (a.checkId < c.checkId ? 1 : -1)).slice(0, listing.limit);
  }

  private asGiven({ text: packed, spliced, digest: bytes, ...check }: KeptAnswer): GivenCheck {
    if (packed === undefined) throw new AnswerNotAsGiven();
    const text = packed.toString('latin1');
    const digest = bytes.toString('base64url');
    const splices = splicesOf(
      {
        id: check.checkId,
        at: check.checkedAt,
        institution: check.institutionCode,
        date: check.serviceDate,
        version: check.answerVersion,
        consented: check.consented,
      },
      JSON.parse(spliced) as JournalLine['spliced'],
    );
    const body = this.parts.render(text, splices);
    if (hash('sha256', Buffer.from(body, 'latin1'), 'base64url') !== digest) throw new AnswerNotAsGiven();
    const { purpose, verdict, consented, ...same } = check;
    return {
      body,
      record: {
        ...same,
        purpose: purpose as CheckRecord['purpose'],
        verdict: verdict as CheckRecord['verdict'],
        consented: consentKinds(consented),
        answer: { text, splices, digest },
      },
    };
  }

  private async inJournal(checkId: string): Promise<KeptAnswer | undefined> {
    const made = msOf(checkId);
    for (const segment of (await listAll(this.parts.folder)).toReversed()) {
      const file = await openSegment(segment);
      if (file === undefined) continue;
      try {
        if (!(await mayHold(file, made))) continue;
        const text = await lineWithId(file, checkId);
        if (text === undefined) continue;
        const line = parseLine(text);
        const { n: _n, hash: _hash, question: _asked, ...check } = checkOf(line, JSON.stringify(line.spliced));
        return { ...check, text: Buffer.from(await this.parts.texts.of(line, segment, file), 'latin1') };
      } finally {
        await file.close();
      }
    }
    return undefined;
  }

  /** Reading what is not shipped may be 32 MiB a list: one at a time, so that check-in has the rest of the process. */
  private async inTurn<T>(look: () => Promise<T>): Promise<T> {
    if (this.looking >= LISTS_AT_ONCE) throw new RecordUnavailable();
    this.looking += 1;
    const turn = this.lastLook.then(look);
    this.lastLook = turn.catch(() => {});
    try {
      return await turn;
    } finally {
      this.looking -= 1;
    }
  }

  private async unshipped(listing: CheckListing): Promise<ListedCheck[]> {
    const { folder, store } = this.parts;
    const writers = await listWriters(folder);
    const positions = new Map((await store.positions(writers)).map(({ writer, n }) => [writer, n]));
    const found: ListedCheck[] = [];
    let bytes = 0;
    for (const writer of writers) {
      const shipped = positions.get(writer) ?? 0;
      for (const segment of await listSegments(folder, writer)) {
        bytes += await this.look(segment, shipped, listing, found);
        // A list with a gap in it would be wrong without saying so.
        if (bytes > UNSHIPPED_BYTES_MAX) throw new RecordUnavailable();
      }
    }
    return found;
  }

  /** Adds what a segment holds after a position; returns how much was read. */
  private async look(
    segment: SegmentFile,
    shipped: number,
    listing: CheckListing,
    found: ListedCheck[],
  ): Promise<number> {
    const { institutionCode, from, until, before } = listing;
    const file = await openSegment(segment);
    if (file === undefined) return 0;
    try {
      if ((await headerOf(file)) === undefined) return 0;
      const start = await offsetOf(file, shipped + 1);
      if (start === undefined) return 0;
      let offset = start;
      while (offset - start <= UNSHIPPED_BYTES_MAX) {
        const { lines, next } = await readLines(file, offset);
        if (lines.length === 0) break;
        for (const text of lines) {
          if (!text.includes(`"institution":"${institutionCode}"`)) continue;
          const line = parseLine(text);
          if (line.institution !== institutionCode || line.at < from || line.at >= until) continue;
          if (before === undefined || line.id < before) found.push(listed(line));
        }
        offset = next;
      }
      return offset - start;
    } finally {
      await file.close();
    }
  }
}

const listed = (line: JournalLine): ListedCheck => ({
  checkId: line.id,
  checkedAt: line.at,
  serviceDate: line.date,
  verdict: line.verdict as ListedCheck['verdict'],
  credentialState: line.credential,
  degraded: line.degraded !== undefined,
  unchanged: line.unchanged ?? false,
  ...(line.repeats === undefined ? {} : { repeats: line.repeats }),
  ...(line.spliced.corrects === undefined ? {} : { corrects: line.spliced.corrects }),
  ...(line.operator === undefined ? {} : { operator: line.operator }),
  purpose: line.purpose,
});
