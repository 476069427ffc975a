import { problems, type Problem, type ProblemCode, type ProblemDefinition } from '@app/contracts';
import type { CivilDate } from '@app/domain';

import { fallbackOn } from './fallback.js';
import type { ProblemDetails } from './problem.exception.js';

const RETRY_AFTER_SECONDS = 5;

export interface ProblemReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * A problem as it leaves. No stack, no SQL, nothing of what was sent. Where it leaves a clerk without an answer it says what to ask
 * for: by the day of the visit where whoever refused knew it, or else today.
 */
export const problemReply = (
  code: ProblemCode,
  details: ProblemDetails,
  instance: string,
  today?: CivilDate,
): ProblemReply => {
  const definition: ProblemDefinition = problems[code];
  const retryAfter =
    details.retryAfterSeconds ??
    (definition.status === 503 || definition.status === 429 ? RETRY_AFTER_SECONDS : undefined);
  const fallback =
    details.fallback ?? (definition.fallback === true && today !== undefined ? fallbackOn(today) : undefined);
  const body: Problem = {
    type: `/docs/errors#${code}`,
    title: definition.title,
    status: definition.status,
    ...(details.detail === undefined ? {} : { detail: details.detail }),
    code,
    instance,
    ...(details.errors === undefined ? {} : { errors: [...details.errors] }),
    retryable: definition.retryable,
    ...(definition.clerk === undefined ? {} : { clerk: definition.clerk }),
    ...(fallback === undefined ? {} : { fallback }),
  };
  return {
    status: definition.status,
    headers: {
      'content-type': 'application/problem+json; charset=utf-8',
      'cache-control': 'no-store',
      ...details.headers,
      ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
    },
    body: JSON.stringify(body),
  };
};
