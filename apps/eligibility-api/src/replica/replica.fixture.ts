import { civilDate, type PersonFacts } from '@app/domain';

import { createFile, FILE_FORMAT, type FileState, type PersonRow } from './replica-file.js';
import type { ReplicaFolder } from './replica-folder.js';
import type { ReplicaKeys } from './replica-keys.js';
import { ReplicaWriter, type PersonText } from './replica-writer.js';

const facts = (personId: string, name = '資格　太郎'): PersonFacts => ({
  personId,
  identity: { name, nameKana: 'ｼｶｸ ﾀﾛｳ', sex1: '1', birthdate: civilDate('1980-05-05') },
  qualifications: [],
  referenceNumbers: [],
});

export const personText = (
  personId: string,
  {
    name,
    serials = [`A${personId.padStart(7, '0')}`],
    numbers = [['06130488', personId]],
    chained = false,
  }: {
    name?: string;
    serials?: readonly string[];
    numbers?: PersonRow['numbers'];
    /** Each serial took the place of the one before. */
    chained?: boolean;
  } = {},
): PersonText => ({
  personId,
  serials,
  numbers,
  text: JSON.stringify({
    facts: facts(personId, name),
    certificates: serials.map((serial, at) => ({
      serial,
      status: 'good',
      verifiedAt: 0,
      ...(chained && serials[at + 1] !== undefined ? { supersededBy: serials[at + 1] } : {}),
    })),
    numbers,
  } satisfies PersonRow),
});

const newState = (generation: string, keyCheck: string, more: Partial<FileState> = {}): FileState => ({
  format: FILE_FORMAT,
  generation,
  keyCheck,
  sealed: true,
  insurers: [],
  cluster: 'test',
  watermark: '1',
  loaded: false,
  asOf: 1_000,
  certificatesConfirmedAt: undefined,
  people: 0,
  cards: 0,
  numbers: 0,
  ready: 0,
  stale: 0,
  staleSince: undefined,
  unready: 0,
  readyVersion: '',
  readyThrough: '0',
  begunAt: 1_000,
  ...more,
});

/** Makes a generation that holds these people, and makes it current. */
export const makeGeneration = (
  folder: ReplicaFolder,
  keys: ReplicaKeys,
  people: readonly PersonText[],
  more: Partial<FileState> = {},
): string => {
  const generation = folder.newGeneration();
  const generationKeys = keys.of(generation);
  const state = newState(generation, generationKeys.check, more);
  const writer = new ReplicaWriter(createFile(folder.fileOf(generation)), generationKeys, state);
  writer.write(() => {
    for (const person of people) writer.add(writer.seal(person));
    return { loaded: true, ...more };
  });
  writer.close();
  folder.makeCurrent(generation);
  return generation;
};
