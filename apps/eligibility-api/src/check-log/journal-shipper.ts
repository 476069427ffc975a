import { Logger } from '@nestjs/common';
import { hash } from 'node:crypto';
import { rename, rmdir, stat, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { isRunning } from './ended-writers.js';
import {
  headerOf,
  listSegments,
  listWriters,
  openSegment,
  readLines,
  THIS_HOST,
  type SegmentFile,
} from './journal-files.js';
import { parseLine, partsOf, type JournalLine } from './journal-line.js';
import { TextUnreadable, type JournalTexts } from './journal-texts.js';
import {
  checkOf,
  ChecksRefused,
  type JournalPosition,
  type ShippedCheck,
  type ShippedChecks,
} from './shipped-checks.js';

/** One statement and one transaction; a millisecond or two of this process's time to build. */
const BATCH_MAX = 200;
/** Lines taken apart before others get their turn: about a millisecond. */
const LINES_AT_ONCE = 25;
const READ_BYTES = 512 * 1024;
/** A process that has no time to spare answers first: a batch in this time is a tenth of it, and some 3,000 checks a second. */
const BUSY = 0.9;
const BUSY_PAUSE_MS = 50;
/** Writers begin a new segment after ten minutes (journal.ts): a last one untouched for an hour is nobody's. */
const ABANDONED_MS = 3_600_000;

export interface ShipperParts {
  readonly folder: string;
  readonly store: ShippedChecks;
  readonly texts: JournalTexts;
  /** Of the machine's own clock. */
  readonly now: () => number;
  /**
   * What was given longer ago than this, by the clock that dates checks, comes late: who looks for the answers that a change reaches
   * back to has not seen it. Where it is left out nobody looks.
   */
  readonly late?: { readonly afterMs: number; readonly now: () => number };
  /** Whether a process of that number runs on this machine. */
  readonly runs?: (pid: number) => boolean;
  /** Between two batches: how busy this process has been since the one before, from 0 to 1. */
  readonly busy?: () => number;
  /** What it does then before the next batch. */
  readonly rest?: (signal?: AbortSignal) => Promise<void>;
}

export interface ShipperState {
  /** Since when shipping has been failing, epoch milliseconds; undefined when the last round took everything there was. */
  readonly waitingSince: number | undefined;
  readonly shipped: number;
  /** Lines that broke their chain, and texts nobody could open. */
  readonly damaged: number;
}

/**
 * Takes what any writer of this machine put into the journal's folder to PostgreSQL, in each one's order, and removes segments
 * that are there wholly. It knows files and positions and no writer, so that it may run in another process; should two run at
 * once, the position, moved in the same transaction, lets one of them win.
 */
export class JournalShipper {
  private readonly logger = new Logger('Journal');
  private readonly runs: (pid: number) => boolean;
  private readonly busy: () => number;
  private readonly rest: (signal?: AbortSignal) => Promise<void>;
  private readonly known = new Map<string, JournalPosition>();
  private readonly ended = new Set<string>();
  private writerEnded: (at: JournalPosition) => void = () => {};
  private readonly aside = new Set<string>();
  /** How many checks go into the next batch: one by one while PostgreSQL refuses some of them. */
  private batchMax = BATCH_MAX;
  private underWay: Promise<void> | undefined;
  private waitingSince: number | undefined;
  private shipped = 0;
  private damaged = 0;

  constructor(private readonly parts: ShipperParts) {
    this.runs = parts.runs ?? isRunning;
    this.busy = parts.busy ?? utilization();
    this.rest = parts.rest ?? shortRest;
  }

  get state(): ShipperState {
    const { waitingSince, shipped, damaged } = this;
    return { waitingSince, shipped, damaged };
  }

  /** How far this process knows a writer's journal to be in PostgreSQL. */
  shippedOf(writer: string): number | undefined {
    return this.known.get(writer)?.n;
  }

  /** Ships everything that is there by now. Rejects when PostgreSQL is away; what waits goes on waiting. */
  ship(signal?: AbortSignal): Promise<void> {
    this.underWay ??= this.shipAll(signal).finally(() => {
      this.underWay = undefined;
    });
    return this.underWay;
  }

  /** This writer has closed its journal: nothing of it stays behind once it is shipped. */
  endOf(writer: string): void {
    this.ended.add(writer);
  }

  /** Whom to tell of a writer that will never write again and is in PostgreSQL wholly, before its journal is removed. */
  whenWriterEnds(tell: (at: JournalPosition) => void): void {
    this.writerEnded = tell;
  }

  private async shipAll(signal?: AbortSignal): Promise<void> {
    const { folder, now } = this.parts;
    try {
      const writers = await listWriters(folder);
      await this.learn(writers);
      for (const writer of writers) {
        const from = this.known.get(writer);
        if (from !== undefined) await this.shipWriter(from, signal);
      }
    } catch (error) {
      this.waitingSince ??= now();
      throw error;
    }
    this.waitingSince = undefined;
  }

  private async learn(writers: readonly string[]): Promise<void> {
    const unknown = writers.filter((writer) => !this.known.has(writer));
    if (unknown.length === 0) return;
    const { store } = this.parts;
    for (const position of await store.positions(unknown)) this.known.set(position.writer, position);
    for (const writer of unknown) {
      if (this.known.has(writer)) continue;
      const position = { writer, n: 0, hash: writer, segment: 0, offset: 0 };
      await store.begin(position);
      this.known.set(writer, position);
    }
  }

  private async shipWriter(from: JournalPosition, signal?: AbortSignal): Promise<void> {
    let position: JournalPosition | undefined = from;
    // Listed before it is read: when a later segment is in the list, an earlier one is complete.
    const segments = (await listSegments(this.parts.folder, from.writer)).filter(
      ({ number }) => number >= from.segment,
    );
    for (const [i, segment] of segments.entries()) {
      const isLast = i === segments.length - 1;
      const file = await openSegment(segment);
      if (file === undefined) continue;
      try {
        while (position !== undefined) {
          if (signal?.aborted ?? false) return;
          const next: JournalPosition | 'end' | undefined = await this.shipBatch(position, segment, file);
          if (next === 'end') break;
          position = next;
          if (this.busy() > BUSY) await this.rest(signal);
        }
      } finally {
        await file.close();
      }
      if (position === undefined) break;
      if (!isLast) await this.remove(segment);
      else {
        const isOver = await this.isOver(segment);
        if (isOver === 'ended') this.writerEnded(position);
        if (isOver !== undefined) await this.removeWriter(segment);
      }
    }
    // Somebody else was first: their position is read the next time.
    if (position === undefined) this.known.delete(from.writer);
  }

  /** One batch of a segment: the position after it, `end` when there was nothing, undefined when somebody else shipped it. */
  private async shipBatch(
    at: JournalPosition,
    segment: SegmentFile,
    file: FileHandle,
  ): Promise<JournalPosition | 'end' | undefined> {
    let from = at;
    if (at.segment !== segment.number) {
      const begun = await headerOf(file);
      if (begun === undefined) return 'end';
      const { header, next } = begun;
      if (header.previous !== at.hash) this.reportDamage('journal-chain-broken', segment, header.n);
      from = { ...at, segment: segment.number, offset: next, hash: header.previous };
    }
    const { lines } = await readLines(file, from.offset, READ_BYTES);
    if (lines.length === 0) {
      if (from !== at) this.known.set(at.writer, from);
      return 'end';
    }
    const checks: ShippedCheck[] = [];
    let { hash: previous, n, offset } = from;
    for (const text of lines.slice(0, this.batchMax)) {
      const line = lineFrom(text);
      const parts = partsOf(text);
      if (line === undefined || parts === undefined) {
        this.reportDamage('journal-line-damaged', segment, n + 1);
      } else {
        if (hash('sha256', `${previous}\n${parts.head}`, 'base64url') !== line.hash)
          this.reportDamage('journal-chain-broken', segment, line.n);
        [previous, n] = [line.hash, line.n];
        checks.push(await this.opened(line, parts.spliced, segment, file));
      }
      offset += text.length + 1;
      if (checks.length % LINES_AT_ONCE === 0) await turn();
    }
    const to = { writer: at.writer, n, hash: previous, segment: segment.number, offset };
    try {
      if (!(await this.parts.store.ship(checks, at, to, this.lateMs(checks)))) return undefined;
      this.shipped += checks.length;
      this.batchMax = Math.min(this.batchMax * 2, BATCH_MAX);
    } catch (error) {
      if (!(error instanceof ChecksRefused)) throw error;
      if (this.batchMax > 1) {
        this.batchMax = 1;
        return at;
      }
      // The one it is goes without, and stays in its file; those behind it are not held up.
      this.reportDamage('journal-check-refused', segment, n);
      if (!(await this.parts.store.ship([], at, to))) return undefined;
    }
    this.known.set(at.writer, to);
    return to;
  }

  /** What was degraded is asked again anyhow. */
  private lateMs(checks: readonly ShippedCheck[]): number | undefined {
    const { late } = this.parts;
    if (late === undefined) return undefined;
    const oldest = Math.min(
      ...checks.filter(({ degraded }) => degraded === undefined).map(({ checkedAt }) => checkedAt),
    );
    const ageMs = late.now() - oldest;
    return ageMs > late.afterMs ? ageMs : undefined;
  }

  private async opened(
    line: JournalLine,
    spliced: string,
    segment: SegmentFile,
    file: FileHandle,
  ): Promise<ShippedCheck> {
    let text: string | undefined;
    try {
      text = await this.parts.texts.of(line, segment, file);
    } catch (error) {
      if (!(error instanceof TextUnreadable)) throw error;
      // That it was given stays on record, with its digest; what was said is in the file that is set aside.
      this.reportDamage('journal-text-unreadable', segment, line.n);
    }
    return { ...checkOf(line, spliced), text: text === undefined ? undefined : Buffer.from(text, 'latin1') };
  }

  /** Its file is kept when the rest of it is shipped. */
  private reportDamage(event: string, { writer, number, path }: SegmentFile, n: number): void {
    this.damaged += 1;
    this.aside.add(path);
    this.logger.error({ event, writer, segment: number, n });
  }

  /** A segment with something in it that PostgreSQL could not be given is kept, under a name that is shipped no more. */
  private async remove({ path }: SegmentFile): Promise<void> {
    if (this.aside.delete(path)) await rename(path, `${path}.kept`);
    else await unlink(path).catch(ignoreGone);
  }

  /**
   * Whether a last segment's writer will never write to it again: it has ended, or has been silent for so long that it would begin
   * another. Half a line at its end was never answered.
   */
  private async isOver({ path, writer }: SegmentFile): Promise<'ended' | 'silent' | undefined> {
    if (this.ended.has(writer)) return 'ended';
    const [, host, pid] = writer.split('-');
    if (host === THIS_HOST && !this.runs(Number(pid))) return 'ended';
    const found = await stat(path).catch(ignoreGone);
    return found !== undefined && this.parts.now() - found.mtimeMs > ABANDONED_MS ? 'silent' : undefined;
  }

  private async removeWriter(segment: SegmentFile): Promise<void> {
    await this.remove(segment);
    this.known.delete(segment.writer);
    // Not empty where something was set aside.
    await rmdir(join(this.parts.folder, segment.writer)).catch(() => {});
  }
}

const lineFrom = (text: string): JournalLine | undefined => {
  try {
    return parseLine(text);
  } catch {
    return undefined;
  }
};

const utilization = (): (() => number) => {
  let last = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const since = performance.eventLoopUtilization(now, last);
    last = now;
    return since.utilization;
  };
};

/** Ends early when the process is told to stop. */
const shortRest = (signal?: AbortSignal): Promise<void> =>
  setTimeout(BUSY_PAUSE_MS, undefined, { signal }).catch(() => {});

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const ignoreGone = (error: unknown): undefined => {
  if ((error as { code?: string }).code !== 'ENOENT') throw error;
  return undefined;
};
