import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { BatchResults, notStalled } from './batch-results.js';
import { BatchSeal, placeOf } from './batch-seal.js';
import type { Batch, Batches } from './batches.js';

const SIZE = 4;
const PARTS = 50;
const seal = new BatchSeal(Buffer.alloc(32, 1));
const batch = (lines = SIZE * PARTS): Batch => ({
  batchId: '0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d',
  clientId: 'clinic',
  institutionCode: '1312345679',
  purpose: 'treatment',
  serviceDate: '2026-11-24',
  submittedAt: 0,
  total: SIZE * PARTS,
  state: 'running',
  counts: { answered: lines, unavailable: 0, refused: 0 },
});
const line = (i: number): string => `{"itemId":"見本${i}","answer":${'1'.repeat(20_000)}}\n`;

describe('results', () => {
  let readings: number[];
  let gone: number;
  const results = (): BatchResults => {
    const store: Partial<Batches> = {
      results: async (batchId, at) => {
        readings.push(at);
        if (at >= gone) return undefined;
        const first = at - (at % SIZE);
        const text = Array.from({ length: SIZE }, (_, i) => line(first + i)).join('');
        return { first, size: SIZE, results: await seal.close(text, placeOf('results', batchId, first)) };
      },
    };
    return new BatchResults(store as Batches, seal);
  };
  beforeEach(() => {
    readings = [];
    gone = Number.POSITIVE_INFINITY;
  });
  const collect = async (from: number, lines?: number): Promise<string> => {
    const pieces: Buffer[] = [];
    for await (const piece of results().from(batch(lines), from)) pieces.push(piece);
    return Buffer.concat(pieces).toString();
  };
  const expected = (from: number, to = SIZE * PARTS): string =>
    Array.from({ length: Math.max(0, to - from) }, (_, i) => line(from + i)).join('');

  it.each([
    ['the beginning', 0],
    ['the middle of a part', 6],
    ['the last line of a part', 7],
    ['the first line of one', 8],
    ['the last line', SIZE * PARTS - 1],
    ['the end', SIZE * PARTS],
    ['beyond the end', 99_999],
  ])('are read from %s', async (_what, from) => {
    expect(await collect(from)).toBe(expected(from));
  });

  it('end where the batch stood when it was read', async () => {
    expect(await collect(0, 3 * SIZE)).toBe(expected(0, 3 * SIZE));
  });

  it('that are deleted meanwhile are an error, and not a shorter result', async () => {
    gone = 5 * SIZE;
    await expect(collect(0)).rejects.toThrow('deleted');
  });

  it('are read no further than a part or two ahead of a reader who is slow', async () => {
    const stream = Readable.from(results().from(batch(), 0), { objectMode: false, highWaterMark: 1 });
    let taken = 0;
    const ahead: number[] = [];
    const slow = new Writable({
      highWaterMark: 1,
      write: (_piece, _encoding, done) => {
        taken += 1;
        setTimeout(() => {
          ahead.push(readings.length - taken);
          done();
        }, 2);
      },
    });
    await pipeline(stream, slow);
    expect(taken).toBe(PARTS);
    expect(Math.max(...ahead)).toBeLessThanOrEqual(2);
  });

  it('a reader who takes nothing is let go, and one who takes something is not', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      let ended = false;
      const pieces = notStalled(results().from(batch(), 0), 30, () => (ended = true));
      await pieces.next();
      for (let i = 0; i < 5; i += 1) {
        vi.advanceTimersByTime(29);
        await pieces.next();
      }
      expect(ended).toBe(false);
      vi.advanceTimersByTime(30);
      expect(ended).toBe(true);
      await pieces.return();
    } finally {
      vi.useRealTimers();
    }
  });
});
