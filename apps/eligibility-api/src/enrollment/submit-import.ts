import type { ImportEncoding } from '@app/contracts';
import { createHash, hash, randomUUIDv7 } from 'node:crypto';

import type { Clock } from '../clock/clock.js';
import { ProblemException } from '../problems/problem.exception.js';
import type { Filer } from './file-enrollment.js';
import { readHeader } from './import-columns.js';
import type { Import, Imports } from './imports.js';

export const IMPORT_BYTES_MAX = 8 * 1024 * 1024;
const ERRORS_MAX = 20;

/** Takes a file of filings: kept with the work on it queued, or refused for its first line. */
export class SubmitImport {
  constructor(
    private readonly imports: Imports,
    private readonly clock: Clock,
  ) {}

  async of(
    { clientId, insurerNumber, idempotencyKey }: Filer,
    encoding: ImportEncoding,
    body: AsyncIterable<Buffer>,
  ): Promise<Import> {
    const bytes = await whole(body);
    const header = readHeader(bytes, encoding);
    if ('errors' in header)
      throw new ProblemException('invalid-request', { errors: header.errors.slice(0, ERRORS_MAX) });
    const receivedAt = this.clock.now();
    const head = { importId: randomUUIDv7(), insurerNumber, encoding, receivedAt };
    const accepted = await this.imports.accept({
      ...head,
      clientId,
      columns: header.columns,
      bytes,
      firstByte: header.bytes,
      firstLine: header.lines + 1,
      ...(idempotencyKey === undefined
        ? {}
        : {
            request: {
              key: hash('sha256', JSON.stringify([clientId, idempotencyKey]), 'base64url'),
              hash: createHash('sha256').update(`${encoding}\n`).update(bytes).digest('base64url'),
            },
          }),
    });
    switch (accepted.kind) {
      case 'accepted':
        return { ...head, state: 'queued', counts: { rows: 0, filed: 0, refused: 0 } };
      case 'repeated':
        return accepted.import;
      case 'key-reused':
        throw new ProblemException('idempotency-key-reused');
    }
  }
}

const whole = async (body: AsyncIterable<Buffer>): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > IMPORT_BYTES_MAX) throw new ProblemException('body-too-large', { headers: { connection: 'close' } });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
};
