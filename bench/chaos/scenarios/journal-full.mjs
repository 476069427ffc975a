import { allFromMs, countOf } from '../analysis.mjs';
import { KNOWN } from '../mixes.mjs';
import { outageFinding, runOutage } from '../outage.mjs';

const FRESH_WITHIN_MS = 10_000;
const ROOM_BYTES = 1_048_576;

/** @type {import('../context.mjs').Scenario} */
export const journalFull = {
  name: 'journal-full',
  about: 'PostgreSQL is cut off until the journal’s room is used up: what cannot be put on record is not told',
  run: async (context) => {
    const { database } = context.stage;
    const outage = await runOutage(context, {
      name: 'journal-full',
      title: 'PostgreSQL is cut off until the journal is full',
      env: { JOURNAL_BYTES_MAX: String(ROOM_BYTES), JOURNAL_PREALLOCATED_BYTES: '0' },
      begin: () => database.set('cut'),
      end: () => database.set('pass'),
    });
    const { result, repairMs } = outage;
    const finding = outageFinding(outage);
    const told = countOf(result, ['fresh', 'degraded', 'unavailable', 'refused']);
    return {
      ...finding,
      // A card we know is not answered when its check can be put nowhere: that is what is asked here.
      requirements: [
        {
          what: 'journal-full: questions that were answered, or told that they cannot be',
          bound: 'at least',
          limit: 100,
          got: (100 * told) / countOf(result, ['planned']),
          unit: '%',
        },
        {
          what: 'journal-full: known cards that were told so, as there was no room',
          bound: 'at least',
          limit: 1,
          got: countOf(result, ['unavailable', 'refused'], KNOWN),
          unit: '',
        },
        {
          what: 'journal-full: all known cards answered again after the repair within',
          bound: 'at most',
          limit: FRESH_WITHIN_MS / 1000,
          got: allFromMs(result, { fromMs: repairMs, names: KNOWN, fates: ['fresh', 'degraded'] }) / 1000,
          unit: 's',
        },
        ...(finding.requirements ?? []).filter(({ what }) => /on record|verify/.test(what)),
      ],
      notes: [...(finding.notes ?? []), `The journal had room for ${ROOM_BYTES / 1_048_576} MiB.`],
    };
  },
};
