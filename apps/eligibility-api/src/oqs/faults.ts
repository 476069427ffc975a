import type { Fault } from '@app/oqs';

import type { Note } from './notes.js';

/** Whoever wrote the message mends one at a time anyhow. */
const TOLD_MAX = 3;

/** What is wrong with the fields of a message: the code of the first, the words of the first few. */
export const noteOfFaults = ([first, ...more]: readonly [Fault, ...Fault[]]): Note => ({
  code: first.wireCode,
  message: [first, ...more.slice(0, TOLD_MAX - 1)].map(({ ja }) => ja).join(''),
});
