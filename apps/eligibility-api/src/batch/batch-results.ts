import { placeOf, type BatchSeal } from './batch-seal.js';
import type { Batch, Batches } from './batches.js';

const NEW_LINE = 0x0a;

/** Bytes after this many lines. */
const withoutLines = (text: Buffer, lines: number): Buffer => {
  let at = 0;
  for (let i = 0; i < lines; i += 1) at = text.indexOf(NEW_LINE, at) + 1;
  return text.subarray(at);
};

/** The results of a batch, part by part. */
export class BatchResults {
  constructor(
    private readonly batches: Batches,
    private readonly seal: BatchSeal,
  ) {}

  /**
   * Lines from `from` on, as far as they were there when the batch was read: a reader who is slow holds a place in the batch,
   * and no connection to the store. Rejects when lines that were there are gone, so that a part is never taken for the whole.
   */
  async *from(batch: Batch, from: number): AsyncGenerator<Buffer, void> {
    const { answered, unavailable, refused } = batch.counts;
    const lines = batch.state === 'finished' ? batch.total : answered + unavailable + refused;
    for (let line = from; line < lines;) {
      const part = await this.batches.results(batch.batchId, line);
      if (part === undefined) throw new Error('results were deleted while they were read');
      const text = await this.seal.open(part.results, placeOf('results', batch.batchId, part.first));
      yield withoutLines(text, line - part.first);
      line = part.first + part.size;
    }
  }
}

/** Ends a stream whose reader has taken nothing for so long. */
export const notStalled = async function* (
  pieces: AsyncIterable<Buffer>,
  stalledMs: number,
  stalled: () => void,
): AsyncGenerator<Buffer, void> {
  for await (const piece of pieces) {
    const timer = setTimeout(stalled, stalledMs);
    try {
      yield piece;
    } finally {
      clearTimeout(timer);
    }
  }
};
