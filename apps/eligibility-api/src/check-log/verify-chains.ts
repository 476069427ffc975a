import { hash } from 'node:crypto';

import type { AnchorKeys } from './anchor-keys.js';
import type { RenderAnswer } from './check-log.js';
import { headFrom, splicesOf, type JournalLine, type LineFields } from './journal-line.js';
import { anchorLink, anchorText, firstLink, retentionText, type Anchor, type RetentionMark } from './signed-words.js';

/** An anchor comes at most this long after what it speaks of; more is told as a gap. */
const ANCHORED_WITHIN_MS = 60_000;
/** Findings that are told one by one; of the others there is a count. */
const FINDINGS_TOLD = 100;
const GAPS_TOLD = 20;
const TEXTS_REMEMBERED = 5_000;
const PAGE = 1_000;

/** A place in a chain and the check that is kept of it. */
export interface Place {
  readonly n: number;
  /** base64url. */
  readonly hash: string;
  readonly checkId: string;
  /** Undefined for a second place whose check is not there. */
  readonly check: LineFields | undefined;
  /** Where the answer's text lies. */
  readonly month: string;
  /** base64url; null where the text was not kept. */
  readonly answerKey: string | null;
}

export interface ChainHead {
  readonly n: number;
  readonly hash: string;
}

/** A part of a chain: all of it, or what is asked for. */
export interface ChainPart {
  readonly writer: string;
  /** Where this is not 1, the first is there for its hash: the one after it is the first to be looked at. */
  readonly firstN: number;
  /** Undefined: to its end, wherever that is. */
  readonly lastN: number | undefined;
}

/** The record as verification reads it: in order, a page at a time. */
export interface ChainReader {
  /** Every chain that anything is known of, or the parts of those that hold checks of a time. */
  parts(): AsyncIterable<ChainPart>;
  /** What is read from here to the end is as of one instant, whoever ships or signs meanwhile. */
  begin(): Promise<void>;
  end(): Promise<void>;
  /** Where the chain ends as far as its shipper knows. */
  head(writer: string): Promise<ChainHead | undefined>;
  /** In order of number, then check; between `begin` and `end`. */
  places(part: ChainPart): AsyncIterable<Place>;
  /** In order of number. */
  anchorsOf(part: ChainPart): AsyncIterable<Anchor>;
  marksOf(kind: RetentionMark['kind'], writer: string): AsyncIterable<RetentionMark>;
  chainsOfAnchors(): AsyncIterable<string>;
  /** In order of their number. */
  anchorsBy(anchoredBy: string): AsyncIterable<Anchor>;
  texts(month: string, keys: readonly string[]): Promise<ReadonlyMap<string, Buffer>>;
  /** Checks without a place: of before there were chains, and of after. */
  unchained(): Promise<{ readonly before: number; readonly after: readonly string[] }>;
}

type FindingKind =
  | 'changed'
  | 'missing'
  | 'inserted'
  | 'cut'
  | 'not-as-anchored'
  | 'anchor-forged'
  | 'anchor-missing'
  | 'after-the-end'
  | 'head-forged'
  | 'answer-changed'
  | 'answer-missing'
  | 'mark-forged'
  | 'unchained';

export interface Finding {
  readonly kind: FindingKind;
  /** A writer of checks, or a chain of anchors. */
  readonly writer: string;
  /** First record that is bad, or the first that can be. */
  readonly n: number;
  /** Last that can be, where it is not that one. */
  readonly throughN?: number;
  readonly checkId?: string;
}

/** Records that waited for their anchor for longer than they should have: PostgreSQL was away, or nobody signed. */
export interface AnchorGap {
  readonly writer: string;
  readonly firstN: number;
  readonly lastN: number;
  readonly seconds: number;
}

export interface Verification {
  readonly records: number;
  readonly chains: number;
  readonly anchors: number;
  readonly marks: number;
  /** Gone by retention, as marks say. */
  readonly retired: number;
  /** From before there were chains: nothing can be said of them. */
  readonly unprovable: number;
  /** After the last anchor of their chain: that there were no more of them, and that they are those, cannot be proved. */
  readonly unanchored: { readonly records: number; readonly chains: number; readonly since: number | undefined };
  readonly gaps: readonly AnchorGap[];
  readonly findings: readonly Finding[];
  readonly findingsTotal: number;
}

export interface VerifyParts {
  readonly reader: ChainReader;
  readonly keys: AnchorKeys;
  /** Undefined: answers' texts are not looked at. */
  readonly render: RenderAnswer | undefined;
  /** Told of every record. */
  readonly progress?: (records: number) => void;
  /** Whether anchors' own chains are looked at: not where a time was asked for. */
  readonly wholeLog: boolean;
}

/** Reads one thing ahead of what is asked for. */
class Ahead<T> {
  private next: T | undefined;
  private readonly iterator: AsyncIterator<T>;
  private begun = false;

  constructor(source: AsyncIterable<T>) {
    this.iterator = source[Symbol.asyncIterator]();
  }

  async peek(): Promise<T | undefined> {
    if (!this.begun) await this.advance();
    return this.next;
  }

  async advance(): Promise<void> {
    this.begun = true;
    const { done, value } = await this.iterator.next();
    this.next = done === true ? undefined : value;
  }
}

/**
 * Calculates every chain anew from what PostgreSQL keeps, and holds it against what was signed. A page of records and a few
 * thousand texts are in memory at a time, however long the log is.
 */
export class VerifyChains {
  private records = 0;
  private chains = 0;
  private anchors = 0;
  private marks = 0;
  private retired = 0;
  private unanchored = { records: 0, chains: 0, since: undefined as number | undefined };
  private readonly gaps: AnchorGap[] = [];
  private readonly findings: Finding[] = [];
  private findingsTotal = 0;
  private readonly texts = new Map<string, string>();

  constructor(private readonly parts: VerifyParts) {}

  async run(): Promise<Verification> {
    const { reader, wholeLog } = this.parts;
    for await (const part of reader.parts()) {
      this.chains += 1;
      await reader.begin();
      try {
        await this.chain(part);
      } finally {
        await reader.end();
      }
    }
    if (wholeLog) for await (const anchoredBy of reader.chainsOfAnchors()) await this.chainOfAnchors(anchoredBy);
    const { before, after } = wholeLog ? await reader.unchained() : { before: 0, after: [] };
    for (const checkId of after) this.found({ kind: 'unchained', writer: '', n: 0, checkId });
    const { records, chains, anchors, marks, retired, unanchored, gaps, findings, findingsTotal } = this;
    return { records, chains, anchors, marks, retired, unprovable: before, unanchored, gaps, findings, findingsTotal };
  }

  private found(finding: Finding): void {
    this.findingsTotal += 1;
    if (this.findings.length < FINDINGS_TOLD) this.findings.push(finding);
  }

  private async chain(part: ChainPart): Promise<void> {
    const { reader } = this.parts;
    const chain = new OneChain(part, await reader.head(part.writer));
    const marks = new Ahead(this.good(reader.marksOf('checks', part.writer)));
    const anchors = new Ahead(this.signed(reader.anchorsOf(part)));
    let page: Place[] = [];
    const look = async (): Promise<void> => {
      if (this.parts.render !== undefined) await this.readTexts(page);
      for (const place of page) await this.place(chain, place, marks, anchors);
      this.parts.progress?.(this.records);
      page = [];
    };
    for await (const place of reader.places(part)) {
      page.push(place);
      if (page.length >= PAGE) await look();
    }
    await look();
    await this.end(chain, marks, anchors);
  }

  private async place(
    chain: OneChain,
    place: Place,
    marks: Ahead<RetentionMark>,
    anchors: Ahead<Anchor>,
  ): Promise<void> {
    this.records += 1;
    const { writer } = chain.part;
    const { n, checkId, check } = place;
    if (n < chain.next) {
      this.found({ kind: 'inserted', writer, n, checkId });
      return;
    }
    await this.retire(chain, n, marks, anchors);
    if (n > chain.next) {
      this.found({ kind: 'missing', writer, n: chain.next, ...(n - 1 > chain.next ? { throughN: n - 1 } : {}) });
      chain.lost(n);
    }
    if (check === undefined) this.found({ kind: 'missing', writer, n, checkId });
    // What comes behind a hole is believed once, so that the rest can be looked at.
    else if (
      chain.previous !== undefined &&
      hash('sha256', `${chain.previous}\n${headFrom(n, check)}`, 'base64url') !== place.hash
    )
      this.found({ kind: 'changed', writer, n, checkId });
    else this.answer(writer, place, check);
    if (chain.ended) this.found({ kind: 'after-the-end', writer, n, checkId });
    chain.take(place);
    await this.anchored(chain, anchors);
  }

  /** Runs that marks say are gone, from where the chain is up to a number. */
  private async retire(
    chain: OneChain,
    before: number,
    marks: Ahead<RetentionMark>,
    anchors: Ahead<Anchor>,
  ): Promise<void> {
    for (let mark = await marks.peek(); mark !== undefined && mark.firstN < before; mark = await marks.peek()) {
      await marks.advance();
      if (mark.lastN < chain.next) continue;
      if (mark.firstN !== chain.next || (chain.previous !== undefined && mark.previous !== chain.previous)) {
        // Left for the hole that is told of where the next record is.
        continue;
      }
      this.retired += mark.lastN - mark.firstN + 1;
      chain.skip(mark);
      await this.anchored(chain, anchors);
    }
  }

  /** Anchors up to where the chain is. */
  private async anchored(chain: OneChain, anchors: Ahead<Anchor>): Promise<void> {
    for (let anchor = await anchors.peek(); anchor !== undefined; anchor = await anchors.peek()) {
      if (anchor.n >= chain.next) return;
      await anchors.advance();
      // Of a run that is gone only the last is known.
      if (anchor.n !== chain.next - 1) continue;
      if (anchor.hash === chain.previous) this.gap(chain, anchor);
      else
        this.found({
          kind: 'not-as-anchored',
          writer: chain.part.writer,
          n: chain.anchoredN + 1,
          ...(anchor.n > chain.anchoredN + 1 ? { throughN: anchor.n } : {}),
        });
      chain.anchor(anchor);
    }
  }

  private gap(chain: OneChain, anchor: Anchor): void {
    const { oldest, anchoredN, part } = chain;
    if (oldest === undefined || anchor.at - oldest <= ANCHORED_WITHIN_MS) return;
    const seconds = Math.round((anchor.at - oldest) / 1000);
    this.gaps.push({ writer: part.writer, firstN: anchoredN + 1, lastN: anchor.n, seconds });
    if (this.gaps.length <= GAPS_TOLD) return;
    this.gaps.sort((a, c) => c.seconds - a.seconds);
    this.gaps.pop();
  }

  private async end(chain: OneChain, marks: Ahead<RetentionMark>, anchors: Ahead<Anchor>): Promise<void> {
    const { part, head } = chain;
    const { writer } = part;
    await this.retire(chain, Number.POSITIVE_INFINITY, marks, anchors);
    const toEnd = part.lastN === undefined;
    let said = toEnd ? (head?.n ?? 0) : part.lastN;
    if (toEnd)
      for (let anchor = await anchors.peek(); anchor !== undefined; anchor = await anchors.peek()) {
        said = Math.max(said, anchor.n);
        await anchors.advance();
      }
    if (said >= chain.next)
      this.found({ kind: 'cut', writer, n: chain.next, ...(said > chain.next ? { throughN: said } : {}) });
    const [last, knownN] = [chain.next - 1, head?.n ?? 0];
    // A check and where its chain has come to are written together.
    if (toEnd && last > knownN)
      this.found({ kind: 'inserted', writer, n: knownN + 1, ...(last > knownN + 1 ? { throughN: last } : {}) });
    else if (toEnd && chain.hashAtHead !== undefined && chain.hashAtHead !== head?.hash)
      this.found({ kind: 'head-forged', writer, n: knownN });
    const open = chain.next - 1 - chain.anchoredN;
    if (toEnd && open > 0) {
      const since = Math.min(
        chain.oldest ?? Number.POSITIVE_INFINITY,
        this.unanchored.since ?? Number.POSITIVE_INFINITY,
      );
      this.unanchored = {
        records: this.unanchored.records + open,
        chains: this.unanchored.chains + 1,
        since: Number.isFinite(since) ? since : undefined,
      };
    }
  }

  /** That the text that is kept gives the bytes that were given. */
  private answer(writer: string, { n, checkId, month, answerKey }: Place, check: LineFields): void {
    const { render } = this.parts;
    if (render === undefined) return;
    const text = answerKey === null ? undefined : this.texts.get(`${month} ${answerKey}`);
    if (text === undefined) {
      this.found({ kind: 'answer-missing', writer, n, checkId });
      return;
    }
    let body = '';
    try {
      body = render(text, splicesOf(check, JSON.parse(check.spliced) as JournalLine['spliced']));
    } catch {
      // A text that is none of ours.
    }
    if (hash('sha256', Buffer.from(body, 'latin1'), 'base64url') !== check.digest)
      this.found({ kind: 'answer-changed', writer, n, checkId });
  }

  private async readTexts(page: readonly Place[]): Promise<void> {
    if (this.texts.size > TEXTS_REMEMBERED) this.texts.clear();
    const wanted = new Map<string, Set<string>>();
    for (const { month, answerKey } of page) {
      if (answerKey === null || this.texts.has(`${month} ${answerKey}`)) continue;
      const keys = wanted.get(month) ?? new Set<string>();
      wanted.set(month, keys.add(answerKey));
    }
    for (const [month, keys] of wanted)
      for (const [key, text] of await this.parts.reader.texts(month, [...keys]))
        this.texts.set(`${month} ${key}`, text.toString('latin1'));
  }

  private async *signed(anchors: AsyncIterable<Anchor>): AsyncGenerator<Anchor> {
    for await (const anchor of anchors) {
      this.anchors += 1;
      if (this.parts.keys.check(anchor.keyId, anchorText(anchor), anchor.signature) === 'good') yield anchor;
      else this.found({ kind: 'anchor-forged', writer: anchor.writer, n: anchor.n });
    }
  }

  private async *good(marks: AsyncIterable<RetentionMark>): AsyncGenerator<RetentionMark> {
    for await (const mark of marks) {
      this.marks += 1;
      if (this.parts.keys.check(mark.keyId, retentionText(mark), mark.signature) === 'good') yield mark;
      else this.found({ kind: 'mark-forged', writer: mark.writer, n: mark.firstN, throughN: mark.lastN });
    }
  }

  /** Anchors name the one before them, so that none can be taken out. Their signatures were looked at with their records. */
  private async chainOfAnchors(anchoredBy: string): Promise<void> {
    const { reader } = this.parts;
    let [next, previous] = [1, firstLink(anchoredBy)];
    const marks: RetentionMark[] = [];
    for await (const mark of this.good(reader.marksOf('anchors', anchoredBy))) marks.push(mark);
    for (const mark of marks) if (mark.firstN === next) [next, previous] = [mark.lastN + 1, mark.lastHash];
    for await (const anchor of reader.anchorsBy(anchoredBy)) {
      if (anchor.seq !== next || anchor.previous !== previous)
        this.found({
          kind: 'anchor-missing',
          writer: anchoredBy,
          n: Math.min(next, anchor.seq),
          ...(anchor.seq > next + 1 ? { throughN: anchor.seq - 1 } : {}),
        });
      [next, previous] = [anchor.seq + 1, anchorLink(anchor)];
    }
  }
}

/** Where one chain is. */
class OneChain {
  next: number;
  /** Hash before the next; undefined behind a hole. */
  previous: string | undefined;
  /** Up to here it was as signed. */
  anchoredN: number;
  /** When the oldest check since then was made. */
  oldest: number | undefined;
  ended = false;
  hashAtHead: string | undefined;

  constructor(
    readonly part: ChainPart,
    readonly head: ChainHead | undefined,
  ) {
    this.next = part.firstN;
    this.previous = part.firstN === 1 ? part.writer : undefined;
    this.anchoredN = part.firstN - 1;
  }

  take({ n, hash: of, check }: Place): void {
    this.next = n + 1;
    this.previous = of;
    if (n === this.head?.n) this.hashAtHead = of;
    if (check !== undefined && (this.oldest === undefined || check.at < this.oldest)) this.oldest = check.at;
  }

  lost(n: number): void {
    this.next = n;
    this.previous = undefined;
  }

  skip({ lastN, lastHash }: RetentionMark): void {
    this.next = lastN + 1;
    this.previous = lastHash;
    this.anchoredN = lastN;
    this.oldest = undefined;
    if (lastN === this.head?.n) this.hashAtHead = lastHash;
  }

  anchor({ n, final }: Anchor): void {
    this.anchoredN = n;
    this.oldest = undefined;
    this.ended ||= final;
  }
}
