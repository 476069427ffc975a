import { BATCH_PEOPLE_MAX, type ProblemError } from '@app/contracts';

import { parseStrictly } from '../json/parse-strictly.js';
import { ProblemException } from '../problems/problem.exception.js';
import { PART_PEOPLE } from './batches.js';
import { NotJson, PeopleSplitter } from './people-splitter.js';
import { turn } from './turn.js';

/** A person as a check may hold one is a tenth of it. */
const PERSON_CHARACTERS_MAX = 8 * 1024;
/** What stands beside the people. */
const ENVELOPE_CHARACTERS_MAX = 64 * 1024;
/** A part is opened and parsed at once. */
const PART_CHARACTERS = 128 * 1024;
const ERRORS_MAX = 20;
/** Characters looked at before others get their turn: about a millisecond. */
const CHARACTERS_A_TURN = 16 * 1024;
const ITEM_ID = /^[\x21-\x7E]{1,64}$/;

/** What was submitted, past the door: people have names that are theirs alone, and are otherwise as they came. */
export interface ReadBody {
  /** The body without its people, parsed. */
  readonly envelope: unknown;
  readonly total: number;
  /** At most `PART_PEOPLE` each, as JSON. */
  readonly parts: readonly { readonly first: number; readonly size: number; readonly text: string }[];
}

const invalid = (...errors: readonly ProblemError[]): ProblemException =>
  new ProblemException('invalid-request', { errors });

const parse = (text: string): unknown => {
  try {
    return parseStrictly(text);
  } catch {
    throw new ProblemException('malformed-json');
  }
};

const itemIdFault = (person: unknown): (Omit<ProblemError, 'pointer'> & { at: string }) | undefined => {
  if (typeof person !== 'object' || person === null || Array.isArray(person))
    return { at: '', code: 'type', detail: 'must be of type object' };
  const { itemId } = person as { itemId?: unknown };
  if (itemId === undefined) return { at: '/itemId', code: 'required', detail: 'is missing' };
  if (typeof itemId !== 'string') return { at: '/itemId', code: 'type', detail: 'must be of type string' };
  if (!ITEM_ID.test(itemId))
    return { at: '/itemId', code: 'format', detail: 'must be 1 to 64 visible ASCII characters' };
  return undefined;
};

/** Collects people as they are read. `seen` is told each of them, parsed. */
class People {
  readonly parts: { first: number; size: number; text: string }[] = [];
  readonly faults: ProblemError[] = [];
  readonly repeated: ProblemError[] = [];
  total = 0;
  private part: string[] = [];
  private characters = 0;
  private readonly ids = new Set<string>();

  constructor(private readonly seen: (person: unknown) => void) {}

  began(): void {
    this.parts.length = 0;
    this.faults.length = 0;
    this.repeated.length = 0;
    this.total = 0;
    this.part = [];
    this.ids.clear();
  }

  person(text: string): void {
    const person = parse(text);
    const index = this.total;
    this.total += 1;
    if (this.total > BATCH_PEOPLE_MAX)
      throw invalid({ pointer: '/people', code: 'max-items', detail: `must have at most ${BATCH_PEOPLE_MAX} items` });
    const fault = itemIdFault(person);
    if (fault !== undefined) {
      const { at, ...rest } = fault;
      if (this.faults.length < ERRORS_MAX) this.faults.push({ pointer: `/people/${index}${at}`, ...rest });
      return;
    }
    const { itemId } = person as { itemId: string };
    if (this.ids.has(itemId)) {
      if (this.repeated.length < ERRORS_MAX)
        this.repeated.push({
          pointer: `/people/${index}/itemId`,
          code: 'unique',
          detail: 'stands before it already; every person needs an itemId of their own',
        });
      return;
    }
    this.ids.add(itemId);
    this.seen(person);
    this.part.push(text);
    this.characters += text.length;
    if (this.part.length === PART_PEOPLE || this.characters > PART_CHARACTERS) this.closePart();
  }

  closePart(): void {
    const size = this.part.length;
    if (size > 0) this.parts.push({ first: this.total - size, size, text: `[${this.part.join(',')}]` });
    this.part = [];
    this.characters = 0;
  }
}

/**
 * Reads `{ …, "people": [ … ] }` as it arrives, a little at a time. Throws the problem with the body; what is wrong with a
 * person otherwise than in their itemId is found when they are asked about.
 */
export const readPeople = async (
  body: AsyncIterable<Buffer>,
  bytesMax: number,
  seen: (person: unknown) => void = () => {},
): Promise<ReadBody> => {
  const people = new People(seen);
  const splitter = new PeopleSplitter(people, {
    envelopeMax: ENVELOPE_CHARACTERS_MAX,
    personMax: PERSON_CHARACTERS_MAX,
    tooLong: (pointer) =>
      invalid({
        pointer,
        code: 'max-length',
        detail: `must have at most ${PERSON_CHARACTERS_MAX} characters a person, and ${ENVELOPE_CHARACTERS_MAX} beside them`,
      }),
  });
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  const decode = (chunk?: Buffer): string => {
    try {
      return chunk === undefined ? utf8.decode() : utf8.decode(chunk, { stream: true });
    } catch (error) {
      throw new ProblemException('malformed-json', { cause: error });
    }
  };
  let bytes = 0;
  const feed = async (text: string): Promise<void> => {
    for (let at = 0; at < text.length; at += CHARACTERS_A_TURN) {
      splitter.feed(text.slice(at, at + CHARACTERS_A_TURN));
      await turn();
    }
  };
  try {
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes > bytesMax) throw new ProblemException('body-too-large', { headers: { connection: 'close' } });
      await feed(decode(chunk));
    }
    await feed(decode());
  } catch (error) {
    if (error instanceof NotJson) throw new ProblemException('malformed-json');
    throw error;
  }
  if (bytes === 0) throw invalid({ pointer: '', code: 'type', detail: 'must be of type object' });
  const envelope = parse(splitter.envelope);
  people.closePart();
  if (people.faults.length > 0) throw invalid(...people.faults);
  if (people.repeated.length > 0) throw new ProblemException('batch-item-repeated', { errors: people.repeated });
  return { envelope, total: people.total, parts: people.parts };
};
