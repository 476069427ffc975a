import { parseCivilDate, type CivilDate } from '@app/domain';

import { ProblemException } from '../problems/problem.exception.js';

/** Days of a list that is asked for, both inclusive; today where nothing is said. Throws a problem that names the parameter. */
export const readDayRange = (
  query: { readonly from?: string | undefined; readonly to?: string | undefined },
  today: CivilDate,
): { readonly from: CivilDate; readonly to: CivilDate } => {
  const day = (name: 'from' | 'to'): CivilDate => {
    const text = query[name];
    if (text === undefined) return today;
    const parsed = parseCivilDate(text);
    if (parsed.ok) return parsed.value;
    throw new ProblemException('invalid-request', {
      errors: [
        { pointer: `#query/${name}`, code: 'format', detail: 'must be a day of the calendar, written YYYY-MM-DD' },
      ],
    });
  };
  const from = day('from');
  const to = day('to');
  if (to < from)
    throw new ProblemException('invalid-request', {
      errors: [{ pointer: '#query/to', code: 'range', detail: 'must not lie before from' }],
    });
  return { from, to };
};
