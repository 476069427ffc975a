import { hash } from 'node:crypto';
import { open, readdir, stat, type FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

import { hashOf, type SegmentHeader } from './journal-line.js';

const SEGMENT = /^(\d{6})\.ndjson$/;
const WRITER = /^[\w-]+$/;
const NEWLINE = 0x0a;
const CHUNK = 256 * 1024;
/** Enough for what a line is looked up by, at its beginning. */
const PROBE = 4 * 1024;

/** This machine or container, as the second part of a writer's name says it. */
export const THIS_HOST = hash('sha256', hostname()).slice(0, 8);

export interface SegmentFile {
  readonly writer: string;
  readonly number: number;
  readonly path: string;
}

export const segmentFile = (folder: string, writer: string, number: number): string =>
  join(folder, writer, `${String(number).padStart(6, '0')}.ndjson`);

const orNothing = async <T>(reading: Promise<T>, nothing: T): Promise<T> => {
  try {
    return await reading;
  } catch (error) {
    // What is removed meanwhile, and what somebody else put there, is no journal.
    if (['ENOENT', 'ENOTDIR'].includes((error as { code?: string }).code ?? '')) return nothing;
    throw error;
  }
};

/** Those who wrote here, oldest first. */
export const listWriters = async (folder: string): Promise<string[]> =>
  (await orNothing(readdir(folder), [])).filter((name) => WRITER.test(name)).toSorted();

/** Segments of one writer in order. */
export const listSegments = async (folder: string, writer: string): Promise<SegmentFile[]> =>
  (await orNothing(readdir(join(folder, writer)), []))
    .flatMap((name) => {
      const match = SEGMENT.exec(name);
      return match === null ? [] : [{ writer, number: Number(match[1]), path: join(folder, writer, name) }];
    })
    .toSorted((a, c) => a.number - c.number);

export const listAll = async (folder: string): Promise<SegmentFile[]> =>
  (await Promise.all((await listWriters(folder)).map((writer) => listSegments(folder, writer)))).flat();

/** What everything in the folder takes. */
export const bytesOf = async (folder: string): Promise<number> => {
  let bytes = 0;
  for (const { path } of await listAll(folder)) bytes += (await orNothing(stat(path), undefined))?.size ?? 0;
  return bytes;
};

/** Opens a segment to read, and undefined when it was shipped and removed meanwhile. */
export const openSegment = (segment: SegmentFile): Promise<FileHandle | undefined> =>
  orNothing<FileHandle | undefined>(open(segment.path, 'r'), undefined);

/** Whole lines from an offset: at least one where there is one, otherwise as many as fit. A line without its end is not there. */
export const readLines = async (
  file: FileHandle,
  offset: number,
  bytesMax = CHUNK,
): Promise<{ lines: string[]; next: number }> => {
  for (let size = bytesMax; ; size *= 4) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(size), 0, size, offset);
    const end = buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE);
    if (end >= 0) return { lines: buffer.toString('latin1', 0, end).split('\n'), next: offset + end + 1 };
    if (bytesRead < size) return { lines: [], next: offset };
  }
};

/** Where the first line begins at an offset or after it; undefined in a last line that has no end yet. */
const lineStart = async (file: FileHandle, from: number): Promise<number | undefined> => {
  if (from === 0) return 0;
  for (let at = from - 1; ; at += PROBE) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(PROBE), 0, PROBE, at);
    const found = buffer.subarray(0, bytesRead).indexOf(NEWLINE);
    if (found >= 0) return at + found + 1;
    if (bytesRead < PROBE) return undefined;
  }
};

/**
 * Where the first line begins whose key is not below what is looked for, in a file that is ordered by it: twenty-five short
 * readings for 64 MiB, and nothing to be kept in memory for it. Undefined where no line can begin yet.
 */
const lowerBound = async (
  file: FileHandle,
  keyOf: (beginning: string) => number,
  key: number,
): Promise<number | undefined> => {
  let low = 0;
  let high = (await file.stat()).size;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const start = await lineStart(file, middle);
    const beginning = start === undefined ? '' : await textAt(file, start);
    if (start === undefined || beginning === '' || keyOf(beginning) >= key) high = middle;
    else low = start + 1;
  }
  return lineStart(file, low);
};

const textAt = async (file: FileHandle, offset: number): Promise<string> => {
  const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(PROBE), 0, PROBE, offset);
  return buffer.toString('latin1', 0, bytesRead);
};

const nOf = (line: string): number => {
  const match = /^\{"n":(\d+)/.exec(line);
  return match === null ? -1 : Number(match[1]);
};

/** The millisecond in which a check's id (UUIDv7) was made. */
export const msOf = (checkId: string): number => Number.parseInt(checkId.slice(0, 8) + checkId.slice(9, 13), 16);

const idOf = (line: string): string | undefined => /^\{"n":\d+,"id":"([\da-f-]{36})"/.exec(line)?.[1];
const lineMs = (line: string): number => {
  const id = idOf(line);
  return id === undefined ? Number.NEGATIVE_INFINITY : msOf(id);
};

/** Undefined for what is no header: a segment that could not be begun. */
export const headerOf = async (file: FileHandle): Promise<{ header: SegmentHeader; next: number } | undefined> => {
  const { lines, next } = await readLines(file, 0, PROBE);
  const [first] = lines;
  if (first === undefined || !first.startsWith('{"journal":')) return undefined;
  return { header: JSON.parse(first) as SegmentHeader, next: lines.length === 1 ? next : first.length + 1 };
};

/** The line of a number, within one segment. */
export const lineOf = async (file: FileHandle, n: number): Promise<string | undefined> => {
  const offset = await offsetOf(file, n);
  const { lines } = offset === undefined ? { lines: [] } : await readLines(file, offset, PROBE);
  return lines[0] !== undefined && nOf(lines[0]) === n ? lines[0] : undefined;
};

/** Where the lines from a number on begin. */
export const offsetOf = (file: FileHandle, n: number): Promise<number | undefined> => lowerBound(file, nOf, n);

/** Ids are made right before the line is written, and on a machine whose clock is being set a little after. */
const SLACK_MS = 250;

/** The line of a check within one segment. */
export const lineWithId = async (file: FileHandle, checkId: string): Promise<string | undefined> => {
  const made = msOf(checkId);
  let offset = await lowerBound(file, lineMs, made - SLACK_MS);
  while (offset !== undefined) {
    const { lines, next } = await readLines(file, offset);
    for (const line of lines) {
      if (idOf(line) === checkId) return line;
      if (lineMs(line) > made + SLACK_MS) return undefined;
    }
    if (lines.length === 0) return undefined;
    offset = next;
  }
  return undefined;
};

/** Whether a segment may hold a check made then, by when it was begun and last written to. */
export const mayHold = async (file: FileHandle, madeMs: number): Promise<boolean> => {
  const { mtimeMs } = await file.stat();
  if (mtimeMs < madeMs - SLACK_MS) return false;
  const begun = await headerOf(file);
  return begun !== undefined && begun.header.startedAt <= madeMs + SLACK_MS;
};

/** The last whole line of a file. */
const lastLine = async (file: FileHandle): Promise<string | undefined> => {
  const { size } = await file.stat();
  for (let length = CHUNK; ; length *= 4) {
    const from = Math.max(0, size - length);
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(length), 0, Math.min(length, size), from);
    const end = buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE);
    const start = end <= 0 ? -1 : buffer.lastIndexOf(NEWLINE, end - 1);
    if (end >= 0 && (start >= 0 || from === 0)) return buffer.toString('latin1', start + 1, end);
    if (from === 0) return undefined;
  }
};

/** Number and hash of the last check that a writer's journal holds; undefined where it holds none any more. */
export const headOf = async (folder: string, writer: string): Promise<{ n: number; hash: string } | undefined> => {
  for (const segment of (await listSegments(folder, writer)).toReversed()) {
    const file = await openSegment(segment);
    if (file === undefined) continue;
    try {
      const line = await lastLine(file);
      const [n, of] = line === undefined ? [] : [nOf(line), hashOf(line)];
      if (n !== undefined && n > 0 && of !== undefined) return { n, hash: of };
    } finally {
      await file.close();
    }
  }
  return undefined;
};
