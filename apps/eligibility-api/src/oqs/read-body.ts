import { parseStrictly } from '../json/parse-strictly.js';
import { ProblemException } from '../problems/problem.exception.js';

/** All of a body. @throws ProblemException where it is too large */
export const readBytes = async (body: AsyncIterable<Buffer>, bytesMax: number): Promise<Buffer> => {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    if (bytes > bytesMax) throw new ProblemException('body-too-large', { headers: { connection: 'close' } });
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
};

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** A body as JSON; its shape is for whoever asked for it. @throws ProblemException where it is none */
export const readJsonBody = async (body: AsyncIterable<Buffer>, bytesMax: number): Promise<unknown> => {
  const bytes = await readBytes(body, bytesMax);
  try {
    return parseStrictly(utf8.decode(bytes));
  } catch {
    throw new ProblemException('malformed-json');
  }
};
