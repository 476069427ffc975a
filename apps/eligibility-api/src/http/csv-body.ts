import type { ImportEncoding } from '@app/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';

import { ProblemException } from '../problems/problem.exception.js';

const CHARSET = /;\s*charset\s*=\s*"?([^";\s]+)/i;
/** Names under which programs send them; Windows calls its Shift_JIS by the last three. */
const ENCODINGS: Readonly<Record<string, ImportEncoding>> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  'us-ascii': 'utf-8',
  shift_jis: 'shift_jis',
  'shift-jis': 'shift_jis',
  sjis: 'shift_jis',
  'windows-31j': 'shift_jis',
  cp932: 'shift_jis',
  ms932: 'shift_jis',
};

/** The encoding that a CSV body was declared to have. It is believed, and looked at character by character later. */
export const csvEncodingOf = ({ headers }: FastifyRequest): ImportEncoding => {
  const charset = (CHARSET.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8').toLowerCase();
  const encoding = Object.hasOwn(ENCODINGS, charset) ? ENCODINGS[charset] : undefined;
  if (encoding === undefined || (headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity')
    throw new ProblemException('unsupported-media-type');
  return encoding;
};

/** CSV is let in where an operation documents it; the handler reads it by itself. */
export const takeCsv = (fastify: FastifyInstance): void => {
  fastify.addContentTypeParser('text/csv', { parseAs: 'buffer' }, (_request, _body, done) => done(null, undefined));
};
