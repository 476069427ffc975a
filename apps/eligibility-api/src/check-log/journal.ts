import { Logger } from '@nestjs/common';
import { hash, randomBytes } from 'node:crypto';
import { closeSync, fdatasync, fdatasyncSync, ftruncateSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { RecordUnavailable, type CheckJournal, type CheckRecord, type KeptRow, type Written } from './check-log.js';
import { bytesOf, segmentFile, THIS_HOST } from './journal-files.js';
import { asciiJson, JOURNAL_FORMAT, lineHead, type SegmentHeader } from './journal-line.js';
import type { TextSeal } from './sealed-text.js';
import { takeSpare } from './spare-segments.js';

/** After the disk has refused something it is left alone for this long. */
const DISK_RETRY_MS = 1_000;
/** Power may be lost with at most what was written within this time. */
const SYNC_WITHIN_MS = 1_000;
/** Others remove a shipped segment that nobody wrote to for an hour (see journal-shipper.ts), so none is written to that is older than this. */
const SEGMENT_AGE_MAX_MS = 10 * 60_000;
export const SEGMENT_BYTES_MAX = 64 * 1024 ** 2;
/** Rows and short texts whose line is remembered, so that the segment holds them once. More of them cost the collector 2 µs a check. */
const TEXTS_REMEMBERED = 1_024;
/** Longer ones are answers with everything left in, and no two are alike. */
const SHORT_TEXT = 512;
const CLIENTS_REMEMBERED = 10_000;
/** Checks waiting to be committed straight to PostgreSQL; beyond it they are refused. */
const STRAIGHT_MAX = 1_000;

const sync = promisify(fdatasync);

/** What a journal does to its files. A test has its own. */
export interface JournalDisk {
  write(fd: number, text: string, from: number): number;
  sync(fd: number): Promise<void>;
  syncFolder(path: string): Promise<void>;
  close(fd: number): void;
}
const realDisk: JournalDisk = {
  // All of it is ASCII, so that characters are bytes.
  write: (fd, text, from) => writeSync(fd, from === 0 ? text : text.slice(from), null, 'latin1'),
  sync,
  syncFolder: async (path) => {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  },
  close: closeSync,
};

export interface JournalParts {
  /** Folder of all writers of this machine. */
  readonly folder: string;
  readonly writer: string;
  readonly seal: TextSeal;
  readonly ruleVersion: string;
  /** `second`: durable against the process ending before the reply, against power loss a second later. `group`: both before. */
  readonly sync: 'second' | 'group';
  /** What all writers' segments may take together. */
  readonly bytesMax: number;
  /** Epoch milliseconds of the machine's own clock: what files are dated by. */
  readonly now: () => number;
  /** Where checks go when the disk takes none. Rejects when they cannot go there either. */
  readonly straight: (checks: readonly CheckRecord[]) => Promise<void>;
  readonly segmentBytesMax?: number;
  readonly disk?: JournalDisk;
}

/** One life of a process: when it began, where, its number, and something random. */
export const newWriter = (now: number): string =>
  `${new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '')}-${THIS_HOST}-${process.pid}-${randomBytes(4).toString('hex')}`;

interface Segment {
  readonly fd: number;
  readonly number: number;
  /** Its file has room beyond its end, which is given back when nothing more is written to it. */
  readonly reserved: boolean;
  readonly openedAt: number;
  bytes: number;
  dirty: boolean;
  syncing: Promise<void>;
  /** Its name is durable: a file is found after a power cut when its folder is. */
  readonly named: Promise<void>;
  /** It could not be made durable, so whoever waits for that must not be told that it is. */
  lost: boolean;
}

interface Unsynced {
  readonly check: CheckRecord;
  readonly written: Written;
  readonly segment: Segment;
}

/** What operators see of it. */
export interface JournalState {
  /** Checks written since the start. */
  readonly appended: number;
  /** Checks committed straight to PostgreSQL since the start, as the disk took none. */
  readonly straight: number;
  /** What all segments of this machine take. */
  readonly bytes: number;
  /** What they may take. */
  readonly bytesMax: number;
  readonly failing: boolean;
}

/**
 * The local record of checks: appended to and never changed, one chain of hashes per life of the process, one write for all
 * checks of a turn of the event loop. Whatever the disk does not take is committed straight to PostgreSQL, and what neither
 * takes is refused. Shipping reads the files (journal-shipper.ts) and knows nothing of this class.
 */
export class Journal implements CheckJournal {
  private readonly logger = new Logger('Journal');
  private readonly disk: JournalDisk;
  private readonly segmentBytesMax: number;
  private readonly clients = new Map<string, string>();
  private readonly rows = new Map<bigint, { generation: string; stored: Uint8Array; n: number }>();
  private readonly texts = new Map<string, number>();

  private checks: CheckRecord[] = [];
  private waiting: Written[] = [];
  private scheduled = false;

  private segment: Segment | undefined;
  private segments = 0;
  /** Of the next check. */
  private n = 1;
  private previous: string;

  private unsynced: Unsynced[] = [];
  private groupSync: Promise<void> | undefined;
  private syncTimer: NodeJS.Timeout | undefined;
  private readonly measuring: NodeJS.Timeout;
  private elsewhere = 0;

  private failedAt = Number.NEGATIVE_INFINITY;
  private failing = false;
  private full = false;
  private closed = false;
  private goingStraight = 0;
  private appendedCount = 0;
  private straightCount = 0;

  constructor(private readonly parts: JournalParts) {
    this.disk = parts.disk ?? realDisk;
    this.segmentBytesMax = parts.segmentBytesMax ?? SEGMENT_BYTES_MAX;
    this.previous = parts.writer;
    this.measuring = setInterval(() => void this.measure(), DISK_RETRY_MS).unref();
  }

  get writer(): string {
    return this.parts.writer;
  }

  get state(): JournalState {
    const { appendedCount, straightCount, failing } = this;
    const { bytes, full } = this;
    return {
      appended: appendedCount,
      straight: straightCount,
      bytes,
      bytesMax: this.parts.bytesMax,
      failing: failing || full,
    };
  }

  record(check: CheckRecord): Promise<void> {
    return new Promise((resolve, reject) => {
      this.append(check, (error) => {
        if (error === undefined) resolve();
        else reject(error);
      });
    });
  }

  append(check: CheckRecord, written: Written): void {
    this.checks.push(check);
    this.waiting.push(written);
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(this.flush);
  }

  appendAll(checks: readonly CheckRecord[], written: (at: number, error?: RecordUnavailable) => void): void {
    checks.forEach((check, at) => {
      this.checks.push(check);
      this.waiting.push((error) => written(at, error));
    });
    this.flush();
  }

  /** Writes what waits, makes it durable, and takes no more. */
  async close(): Promise<void> {
    clearInterval(this.measuring);
    clearTimeout(this.syncTimer);
    this.flush();
    this.closed = true;
    await this.groupSync;
    const { segment } = this;
    this.segment = undefined;
    if (segment !== undefined) await this.retire(segment);
  }

  /** How much room all writers' segments take; those of others are looked at once a second. */
  async measure(): Promise<void> {
    try {
      this.elsewhere = (await bytesOf(this.parts.folder)) - (this.segment?.bytes ?? 0);
    } catch (error) {
      // A disk that cannot be read says so when it is written to.
      this.logger.warn({ event: 'journal-not-measured', code: codeOf(error) });
    }
    const full = this.bytes >= this.parts.bytesMax;
    if (full !== this.full) this.logger[full ? 'error' : 'log']({ event: full ? 'journal-full' : 'journal-has-room' });
    this.full = full;
  }

  private get bytes(): number {
    return this.elsewhere + (this.segment?.bytes ?? 0);
  }

  private readonly flush = (): void => {
    this.scheduled = false;
    const { checks, waiting } = this;
    if (checks.length === 0) return;
    this.checks = [];
    this.waiting = [];
    const segment = this.write(checks);
    if (segment === undefined) {
      void this.straight(checks, waiting);
      return;
    }
    this.appendedCount += checks.length;
    if (this.parts.sync === 'group') {
      checks.forEach((check, i) => this.unsynced.push({ check, written: waiting[i] as Written, segment }));
      this.groupSync ??= this.syncGroups();
      return;
    }
    for (const written of waiting) written();
    this.syncTimer ??= setTimeout(() => void this.syncSoon(), SYNC_WITHIN_MS / 2).unref();
  };

  /** Where they are on the disk: all of them, or none. */
  private write(checks: readonly CheckRecord[]): Segment | undefined {
    if (this.closed) return undefined;
    const now = this.parts.now();
    if (this.failing && now - this.failedAt < DISK_RETRY_MS && now >= this.failedAt) return undefined;
    if (this.bytes >= this.parts.bytesMax) {
      if (!this.full) void this.measure();
      return undefined;
    }
    const { n, previous } = this;
    let segment: Segment | undefined;
    try {
      segment = this.openSegment(now);
      let text = '';
      for (const check of checks) text += this.line(check);
      this.writeWhole(segment, text);
      segment.dirty = true;
      if (this.failing) this.logger.log({ event: 'journal-disk-recovered' });
      this.failing = false;
      return segment;
    } catch (error) {
      [this.n, this.previous] = [n, previous];
      this.failed(error, now, segment);
      return undefined;
    }
  }

  private line(check: CheckRecord): string {
    const head = lineHead(this.n, check, this.clientJson(check.clientId));
    this.previous = hash('sha256', `${this.previous}\n${head}`, 'base64url');
    const ask = check.question === undefined ? '' : `,"ask":"${check.question}"`;
    const line = `${head},"hash":"${this.previous}"${this.text(check)}${ask}}\n`;
    this.n += 1;
    return line;
  }

  private clientJson(clientId: string): string {
    const known = this.clients.get(clientId);
    if (known !== undefined) return known;
    if (this.clients.size >= CLIENTS_REMEMBERED) this.clients.clear();
    const json = asciiJson(clientId);
    this.clients.set(clientId, json);
    return json;
  }

  private text({ answer, checkId }: CheckRecord): string {
    const { text } = answer;
    return typeof text === 'string' ? this.sealed(text, checkId) : this.row(text);
  }

  private row({ generation, key, stored }: KeptRow): string {
    const known = this.rows.get(key);
    if (known !== undefined && known.generation === generation && same(known.stored, stored)) return `,"as":${known.n}`;
    if (this.rows.size >= TEXTS_REMEMBERED) this.rows.clear();
    this.rows.set(key, { generation, stored, n: this.n });
    return `,"row":["${generation}","${key}","${base64(stored)}"]`;
  }

  private sealed(text: string, checkId: string): string {
    if (text.length > SHORT_TEXT) return `,"sealed":"${this.parts.seal.seal(text, checkId)}"`;
    const known = this.texts.get(text);
    if (known !== undefined) return `,"as":${known}`;
    if (this.texts.size >= TEXTS_REMEMBERED) this.texts.clear();
    this.texts.set(text, this.n);
    return `,"sealed":"${this.parts.seal.seal(text, checkId)}"`;
  }

  private openSegment(now: number): Segment {
    const { segment, segmentBytesMax } = this;
    // A clock that was set back makes a segment old as well.
    const age = segment === undefined ? 0 : now - segment.openedAt;
    if (segment !== undefined && segment.bytes < segmentBytesMax && age >= 0 && age < SEGMENT_AGE_MAX_MS)
      return segment;
    if (segment !== undefined) this.leave(segment);
    const number = this.segments + 1;
    const { folder, writer, ruleVersion } = this.parts;
    mkdirSync(join(folder, writer), { recursive: true, mode: 0o700 });
    this.segments = number;
    const path = segmentFile(folder, writer, number);
    const reserved = takeSpare(folder, path);
    const fd = openSync(path, reserved ? 'a' : 'ax', 0o600);
    const opened: Segment = {
      fd,
      number,
      reserved,
      openedAt: now,
      bytes: 0,
      dirty: true,
      syncing: Promise.resolve(),
      // Never waited for here: the file system may write out all that the segment before has left.
      named: this.disk.syncFolder(join(folder, writer)),
      lost: false,
    };
    // Looked at where it matters, and no reason to end the process.
    opened.named.catch(() => {});
    this.segment = opened;
    const header: SegmentHeader = {
      journal: JOURNAL_FORMAT,
      writer,
      segment: number,
      n: this.n,
      previous: this.previous,
      ruleVersion,
      startedAt: now,
    };
    this.writeWhole(opened, `${JSON.stringify(header)}\n`);
    return opened;
  }

  /** Ends a segment without forgetting that its bytes are there. */
  private leave(segment: Segment): void {
    this.segment = undefined;
    this.elsewhere += segment.bytes;
    this.rows.clear();
    this.texts.clear();
    // Who waits for it to be durable is told by a sync of the next segment, so this one has to be by then. Once in 64 MiB.
    if (this.parts.sync === 'group' && segment.dirty) {
      try {
        fdatasyncSync(segment.fd);
        segment.dirty = false;
      } catch {
        segment.lost = true;
      }
    }
    void this.retire(segment);
  }

  private async retire(segment: Segment): Promise<void> {
    try {
      await segment.syncing;
      if (segment.reserved) ftruncateSync(segment.fd, segment.bytes);
      if (segment.dirty) await this.disk.sync(segment.fd);
    } catch (error) {
      this.logger.error({ event: 'journal-sync-failing', code: codeOf(error) });
    }
    try {
      this.disk.close(segment.fd);
    } catch (error) {
      // Nobody waits for a segment that was left, and what rejects unheard ends the process.
      this.logger.error({ event: 'journal-not-closed', code: codeOf(error) });
    }
  }

  private writeWhole(segment: Segment, text: string): void {
    let from = 0;
    // A disk that is nearly full takes a part, and refuses the next.
    while (from < text.length) from += this.disk.write(segment.fd, text, from);
    segment.bytes += text.length;
  }

  private failed(error: unknown, now: number, segment: Segment | undefined): void {
    this.failedAt = now;
    if (!this.failing) this.logger.error({ event: 'journal-disk-failing', code: codeOf(error) });
    this.failing = true;
    this.rows.clear();
    this.texts.clear();
    if (segment === undefined) {
      // It was opened and could not be begun.
      if (this.segment?.bytes === 0) {
        void this.retire(this.segment);
        this.segment = undefined;
      }
      return;
    }
    try {
      ftruncateSync(segment.fd, segment.bytes);
    } catch {
      // Nobody may write behind half a line: the next check begins a segment.
      this.leave(segment);
    }
  }

  private async syncSoon(): Promise<void> {
    this.syncTimer = undefined;
    const { segment } = this;
    if (segment === undefined || !segment.dirty) return;
    segment.dirty = false;
    const syncing = this.disk.sync(segment.fd);
    segment.syncing = syncing.catch(() => {});
    try {
      await segment.named;
      await syncing;
    } catch (error) {
      this.logger.error({ event: 'journal-sync-failing', code: codeOf(error) });
      // What the kernel could not write it may have dropped, and says so once: nothing more goes into this file.
      if (this.segment === segment) this.leave(segment);
    }
  }

  /** One fdatasync for all that came while the one before was under way. */
  private async syncGroups(): Promise<void> {
    while (this.unsynced.length > 0) {
      const group = this.unsynced;
      const { segment } = this;
      this.unsynced = [];
      if (segment !== undefined) {
        segment.dirty = false;
        const syncing = this.disk.sync(segment.fd);
        segment.syncing = syncing.catch(() => {});
        try {
          await segment.named;
          await syncing;
        } catch (error) {
          this.logger.error({ event: 'journal-sync-failing', code: codeOf(error) });
          segment.lost = true;
          if (this.segment === segment) this.leave(segment);
        }
      }
      const lost = group.filter((waiting) => waiting.segment.lost);
      for (const {
        written,
        segment: { lost: isLost },
      } of group)
        if (!isLost) written();
      if (lost.length > 0)
        void this.straight(
          lost.map(({ check }) => check),
          lost.map(({ written }) => written),
        );
    }
    this.groupSync = undefined;
  }

  private async straight(checks: readonly CheckRecord[], waiting: readonly Written[]): Promise<void> {
    let error: RecordUnavailable | undefined;
    if (this.goingStraight + checks.length > STRAIGHT_MAX) error = new RecordUnavailable();
    else {
      this.goingStraight += checks.length;
      try {
        await this.parts.straight(checks);
        this.straightCount += checks.length;
      } catch (cause) {
        error = cause instanceof RecordUnavailable ? cause : new RecordUnavailable({ cause });
      } finally {
        this.goingStraight -= checks.length;
      }
    }
    for (const written of waiting) written(error);
  }
}

const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');

const same = (a: Uint8Array, c: Uint8Array): boolean => a.byteLength === c.byteLength && Buffer.compare(a, c) === 0;

const codeOf = (error: unknown): string | undefined => (error as { code?: string }).code;
