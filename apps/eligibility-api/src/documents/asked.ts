import { parseCivilDate, type CivilDate } from '@app/domain';

import { ProblemException } from '../problems/problem.exception.js';

/** A day that exists; its form was looked at already. */
export const dayOf = (text: string | undefined, pointer: string): CivilDate | undefined => {
  if (text === undefined) return undefined;
  const day = parseCivilDate(text);
  if (day.ok) return day.value;
  throw new ProblemException('invalid-request', {
    errors: [{ pointer, code: day.reason, detail: 'must be a day of the calendar as YYYY-MM-DD' }],
  });
};
