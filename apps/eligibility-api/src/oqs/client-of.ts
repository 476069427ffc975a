import type { Caller } from '../access/caller.js';
import { ProblemException } from '../problems/problem.exception.js';
import type { OqsClient } from './client.js';

/** @throws ProblemException where the caller is no institution */
export const clientOf = ({ clientId, institutionCode, quota }: Caller, operator: string): OqsClient => {
  if (institutionCode === undefined) throw new ProblemException('institution-missing');
  return { clientId, institutionCode, operator, ...(quota === undefined ? {} : { quota }) };
};
