import type { JlisPopulationPerson } from '@app/contracts/jlis';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { stories, type Story } from './stories.js';

const serialOf = (story: Story, people: ReadonlyMap<string, JlisPopulationPerson>): string | undefined => {
  const { card } = story;
  if (card === undefined || 'serial' in card) return card?.serial;
  const certificates = people.get(card.person)?.certificates;
  const certificate = card.certificate === 'oldest' ? certificates?.[0] : certificates?.at(-1);
  if (certificate === undefined)
    throw new Error(`the registry has no certificate of ${card.person}; is it this version's mock-jlis?`);
  return certificate.serial;
};

/** The scenario people as `npm run people` prints them, one JSON a line; written whole or not at all. */
export const writePeopleFile = async (
  dataDir: string,
  people: ReadonlyMap<string, JlisPopulationPerson>,
): Promise<void> => {
  const lines = stories.map((story) => {
    const certificateSerial = serialOf(story, people);
    return JSON.stringify({
      id: story.id,
      story: story.story,
      ...(certificateSerial === undefined ? {} : { certificateSerial }),
      ...(story.insured === undefined ? {} : { insured: story.insured }),
      ...(story.serviceDate === undefined ? {} : { serviceDate: story.serviceDate }),
      ...(story.consent === undefined ? {} : { consent: story.consent }),
      expected: story.expected,
    });
  });
  const path = join(dataDir, 'people.ndjson');
  await writeFile(`${path}.new`, `${lines.join('\n')}\n`);
  await rename(`${path}.new`, path);
};
