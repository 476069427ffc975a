import { setImmediate } from 'node:timers/promises';

import {
  FIVE_ATTRIBUTES,
  type JlisAttribute,
  type JlisCandidate,
  type JlisPersonSearchRequest,
  type JlisPersonSearchResponse,
} from '@app/contracts/jlis';

import { type DayNumber, parseDay } from '../calendar/civil-day.js';
import type { Resident } from '../population/resident.js';
import { placeOf } from './address-notation.js';
import type { Registry } from './registry.js';

const MAX_CANDIDATES = 20;
/** The birth date and two more: fewer say nothing about a person. */
const MIN_MATCHES = 3;
/** People taken into the index before other requests get their turn. */
const BUILD_SLICE = 20_000;

/** The birth date is missing, or fewer than three attributes were given. */
export class SearchTooWide extends Error {
  override readonly name = 'SearchTooWide';
}

/** Positions of all residents, sorted by birth day: those of day d are `positions[starts[d - first] .. starts[d - first + 1])`. */
interface BirthDayIndex {
  first: DayNumber;
  starts: Uint32Array;
  positions: Uint32Array;
}

/** Two spellings of one text are one text: full and half width, composed and decomposed. Variants of a kanji are not. */
const normalised = (text: string): string => text.normalize('NFKC').trim();

/** What two values of an attribute are compared by. */
const formOf = (name: JlisAttribute, value: string): string =>
  name === 'address' ? placeOf(value) : normalised(value);

/** Finds residents by the five attributes. The index is built with the first search: eight bytes a person while it is built, four afterwards. */
export class PersonSearch {
  #index: Promise<BirthDayIndex> | undefined;

  constructor(private readonly registry: Registry) {}

  /**
   * Everybody who agrees on the birth date and at least two other attributes.
   * @throws {SearchTooWide}
   */
  async search(question: JlisPersonSearchRequest): Promise<JlisPersonSearchResponse> {
    const asked = FIVE_ATTRIBUTES.flatMap((name) => {
      const value = question[name];
      return value === undefined ? [] : [{ name, form: formOf(name, value) }];
    });
    if (question.birthDate === undefined || asked.length < MIN_MATCHES) throw new SearchTooWide();
    const birthDay = parseDay(question.birthDate);
    if (birthDay === undefined) return { candidates: [], truncated: false };

    const candidates: JlisCandidate[] = [];
    for (const position of await this.#bornOn(birthDay)) {
      const resident = this.registry.resident(position);
      const matched = asked.filter(({ name, form }) => formOf(name, resident[name]) === form).map(({ name }) => name);
      if (matched.length < MIN_MATCHES) continue;
      candidates.push(this.#candidate(position, resident, matched));
    }
    // The best first, so that what is cut off is what agrees least.
    candidates.sort((a, b) => b.matchedAttributes.length - a.matchedAttributes.length);
    return { candidates: candidates.slice(0, MAX_CANDIDATES), truncated: candidates.length > MAX_CANDIDATES };
  }

  #candidate(position: number, resident: Resident, matchedAttributes: JlisAttribute[]): JlisCandidate {
    const { personRef, kanjiName, kanaName, birthDate, sex, address, postNumber } = resident;
    return {
      personRef,
      kanjiName,
      kanaName,
      birthDate,
      sex,
      address,
      postNumber,
      matchedAttributes,
      individualNumber: this.registry.individualNumber(position),
    };
  }

  async #bornOn(day: DayNumber): Promise<Uint32Array> {
    this.#index ??= buildIndex(this.registry);
    const { first, starts, positions } = await this.#index;
    const start = starts[day - first];
    const end = starts[day - first + 1];
    return start === undefined || end === undefined ? new Uint32Array() : positions.subarray(start, end);
  }
}

/** A counting sort by birth day, in slices. */
const buildIndex = async (registry: Registry): Promise<BirthDayIndex> => {
  const { size } = registry;
  const days = new Int32Array(size);
  let first = Number.MAX_SAFE_INTEGER;
  let last = Number.MIN_SAFE_INTEGER;
  for (let position = 0; position < size; position += 1) {
    const day = registry.birthDay(position);
    days[position] = day;
    first = Math.min(first, day);
    last = Math.max(last, day);
    if (position % BUILD_SLICE === BUILD_SLICE - 1) await setImmediate();
  }
  const starts = new Uint32Array(last - first + 2);
  for (const day of days) starts[day - first + 1] = (starts[day - first + 1] ?? 0) + 1;
  for (let n = 1; n < starts.length; n += 1) starts[n] = (starts[n] ?? 0) + (starts[n - 1] ?? 0);
  const next = starts.slice();
  const positions = new Uint32Array(size);
  for (let position = 0; position < size; position += 1) {
    const slot = (days[position] ?? 0) - first;
    const at = next[slot] ?? 0;
    positions[at] = position;
    next[slot] = at + 1;
  }
  return { first, starts, positions };
};
