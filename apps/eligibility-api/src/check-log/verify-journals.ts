import { hash } from 'node:crypto';

import { headerOf, listSegments, listWriters, openSegment, readLines, type SegmentFile } from './journal-files.js';
import { hashOf, partsOf } from './journal-line.js';
import type { ChainHead, Finding } from './verify-chains.js';

/** What PostgreSQL says of a chain that has a journal here. */
export interface ShippedChains {
  head(writer: string): Promise<ChainHead | undefined>;
  /** Hash of a place, base64url; undefined where there is none. */
  hashAt(writer: string, n: number): Promise<string | undefined>;
}

export interface JournalsVerified {
  readonly lines: number;
  /** Not in PostgreSQL yet. */
  readonly unshipped: number;
  readonly findings: readonly Finding[];
}

interface At {
  readonly writer: string;
  readonly head: ChainHead | undefined;
  next: number | undefined;
  previous: string;
}

/**
 * Follows what lies in the local journals: each line from the one before, the first from what PostgreSQL has of its chain. Half a
 * line at an end was never answered.
 */
export const verifyJournals = async (folder: string, shipped: ShippedChains): Promise<JournalsVerified> => {
  const findings: Finding[] = [];
  let [lines, unshipped] = [0, 0];
  const look = (at: At, text: string): void => {
    const [parts, of] = [partsOf(text), hashOf(text)];
    const n = at.next ?? 1;
    lines += 1;
    if (n > (at.head?.n ?? 0)) unshipped += 1;
    const said = Number(/^\{"n":(\d+),/.exec(text)?.[1]);
    if (parts === undefined || of === undefined) findings.push({ kind: 'changed', writer: at.writer, n });
    else if (said !== n) findings.push({ kind: said > n ? 'missing' : 'inserted', writer: at.writer, n });
    else if (hash('sha256', `${at.previous}\n${parts.head}`, 'base64url') !== of)
      findings.push({ kind: 'changed', writer: at.writer, n });
    else if (n === at.head?.n && of !== at.head.hash) findings.push({ kind: 'head-forged', writer: at.writer, n });
    at.next = (Number.isNaN(said) ? n : said) + 1;
    at.previous = of ?? '';
  };
  const segment = async (at: At, file: SegmentFile): Promise<void> => {
    const opened = await openSegment(file);
    if (opened === undefined) return;
    try {
      const begun = await headerOf(opened);
      if (begun === undefined) return;
      const { n, previous } = begun.header;
      if (at.next === undefined)
        at.previous = n === 1 ? at.writer : ((await shipped.hashAt(at.writer, n - 1)) ?? previous);
      else if (n > at.next)
        findings.push({
          kind: 'missing',
          writer: at.writer,
          n: at.next,
          ...(n - 1 > at.next ? { throughN: n - 1 } : {}),
        });
      if (at.next === undefined || n === at.next) {
        if (previous !== at.previous) findings.push({ kind: 'changed', writer: at.writer, n: Math.max(1, n - 1) });
      }
      [at.next, at.previous] = [n, previous];
      for (let offset = begun.next; ;) {
        const { lines: read, next } = await readLines(opened, offset);
        if (read.length === 0) return;
        for (const line of read) look(at, line);
        offset = next;
      }
    } finally {
      await opened.close();
    }
  };
  for (const writer of await listWriters(folder)) {
    const at: At = { writer, head: await shipped.head(writer), next: undefined, previous: writer };
    for (const file of await listSegments(folder, writer)) await segment(at, file);
  }
  return { lines, unshipped, findings };
};
