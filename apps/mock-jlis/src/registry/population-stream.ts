import { Readable } from 'node:stream';

import type { Registry } from './registry.js';

/** Characters gathered before they are handed to the socket: large enough to be cheap, small enough to stay responsive. */
const CHUNK_CHARS = 32 * 1024;

function* lines(registry: Registry, from: number, limit: number): Generator<Buffer> {
  const end = Math.min(registry.size, from + limit);
  let chunk = '';
  for (let position = from; position < end; position += 1) {
    chunk += `${JSON.stringify(registry.populationPerson(position))}\n`;
    if (chunk.length >= CHUNK_CHARS) {
      yield Buffer.from(chunk);
      chunk = '';
    }
  }
  if (chunk !== '') yield Buffer.from(chunk);
}

/** The population as NDJSON, computed no faster than the reader takes it. */
export const populationStream = (registry: Registry, from: number, limit: number): Readable =>
  Readable.from(lines(registry, from, limit), { objectMode: false, highWaterMark: 2 * CHUNK_CHARS });
