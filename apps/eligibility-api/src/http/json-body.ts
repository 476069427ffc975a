import type { FastifyInstance, FastifyRequest } from 'fastify';

import { hasDuplicateNames } from '../json/parse-strictly.js';
import { ProblemException } from '../problems/problem.exception.js';

const utf8 = new TextDecoder('utf-8', { fatal: true });
const CHARSET = /;\s*charset\s*=\s*"?([^";\s]+)/i;
const READ_CHARSETS: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'us-ascii']);

type Done = (error: Error | null, body?: unknown) => void;

/**
 * JSON in UTF-8, and nothing that merely resembles it. Bytes of another charset read as UTF-8 become the replacement
 * character, and the symbol of an insured person in Shift_JIS would be answered "not found".
 */
export const jsonBody = (fastify: FastifyInstance) => {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  return (request: FastifyRequest, body: Buffer, done: Done): void => {
    const charset = CHARSET.exec(request.headers['content-type'] ?? '')?.[1] ?? 'utf-8';
    const coding = request.headers['content-encoding'] ?? 'identity';
    if (!READ_CHARSETS.has(charset.toLowerCase()) || coding.toLowerCase() !== 'identity')
      return done(new ProblemException('unsupported-media-type'));
    let text: string;
    try {
      text = utf8.decode(body);
    } catch {
      return done(new ProblemException('malformed-json'));
    }
    void parse(request, text, (error, value: unknown) =>
      done(error ?? (hasDuplicateNames(text, value) ? new ProblemException('malformed-json') : null), value),
    );
  };
};
