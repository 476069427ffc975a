import { ProblemException } from '../problems/problem.exception.js';
import type { Caller } from './caller.js';

/** The insurer that calls, and through which of its clients. Throws `insurer-missing` where the token names none. */
export const insurerOf = ({ insurerNumber, clientId }: Caller): { insurerNumber: string; clientId: string } => {
  if (insurerNumber === undefined) throw new ProblemException('insurer-missing');
  return { insurerNumber, clientId };
};
