import type { CivilDate } from '@app/domain';

import { fallbackOn } from '../problems/fallback.js';
import { ProblemException } from '../problems/problem.exception.js';
import { RegistryFault } from '../registry/registry.js';

/** Seconds after which asking again makes sense: about what a breaker or a restarting database needs. */
const RETRY_AFTER_SECONDS = 5;

/** No answer can be given now, which is not "not covered". The reply holds what the clerk asks for instead, for a visit of that day. */
export class AnswerUnavailable extends ProblemException {
  // The registry's silence is the registry's; a store that is away is ours.
  constructor(
    visitOn: CivilDate,
    cause: unknown,
    owner: 'registry' | 'us' = cause instanceof RegistryFault ? 'registry' : 'us',
  ) {
    super('answer-unavailable', {
      retryAfterSeconds: RETRY_AFTER_SECONDS,
      fallback: fallbackOn(visitOn),
      owner,
      cause,
    });
  }
}
