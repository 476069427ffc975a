import type { Fallback } from '@app/contracts';
import { fallbackDocumentsOn, type CivilDate } from '@app/domain';

/** What a clerk asks for, for a visit of that day, where the system says nothing. */
export const fallbackOn = (day: CivilDate): Fallback => ({
  date: day,
  documents: fallbackDocumentsOn(day).map(({ code, name, clerk, insured }) => ({ code, name, clerk, insured })),
});
