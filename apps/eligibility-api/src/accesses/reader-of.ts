import type { Caller } from '../access/caller.js';
import { insurerOf } from '../access/insurer-of.js';
import { readCheckHeaders } from '../check-in/request-headers.js';
import type { Reader } from './accesses.js';

export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

/**
 * Who reads at the office: the person of the token where it names one, who has proved who they are; else whom the caller says.
 * Throws `insurer-missing` or `invalid-header`.
 */
export const readerOf = (caller: Caller, headers: RequestHeaders): Reader => {
  const { operator: said } = readCheckHeaders(headers);
  const operator = caller.actor?.sub ?? said;
  return { ...insurerOf(caller), ...(operator === undefined ? {} : { operator }) };
};
