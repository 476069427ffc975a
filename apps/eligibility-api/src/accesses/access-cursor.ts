import { ProblemException } from '../problems/problem.exception.js';
import type { AccessPlace } from './accesses.js';

const FORM = /^(\d{1,15})\.([0-9a-z-]{1,60})$/;

/** Where the next page begins, as callers hand it back. */
export const cursorOf = ({ at, accessId }: AccessPlace): string => `${at}.${accessId}`;

/** Reads a cursor. Throws `invalid-request` for one that we did not make. */
export const readCursor = (text: string): AccessPlace => {
  const [, at, accessId] = FORM.exec(text) ?? [];
  if (at === undefined || accessId === undefined)
    throw new ProblemException('invalid-request', {
      errors: [{ pointer: '#query/cursor', code: 'format', detail: 'must be `nextCursor` of the page before' }],
    });
  return { at: Number(at), accessId };
};
