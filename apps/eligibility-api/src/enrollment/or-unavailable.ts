import { ProblemException } from '../problems/problem.exception.js';
import { FilingsUnavailable } from './filings.js';

/** What was asked of the store, or the problem that it is away. */
export const orUnavailable = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    if (error instanceof FilingsUnavailable)
      throw new ProblemException('filings-unavailable', { cause: error, retryAfterSeconds: 1 });
    throw error;
  }
};
