import {
  array,
  assert as holds,
  asyncProperty,
  boolean,
  constantFrom,
  dictionary,
  integer,
  jsonValue,
  record,
  string,
} from 'fast-check';

import { ProblemException } from '../problems/problem.exception.js';
import { PART_PEOPLE } from './batches.js';
import { readPeople, type ReadBody } from './read-people.js';

const MIB = 1024 * 1024;

/** The body in pieces of this many bytes, as a socket may bring it. */
async function* pieces(text: string | Buffer, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text as string);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const read = (text: string | Buffer, size = 64 * 1024, bytesMax = 8 * MIB): Promise<ReadBody> =>
  readPeople(pieces(text, size), bytesMax);

const peopleOf = ({ parts }: ReadBody): unknown[] => parts.flatMap(({ text }) => JSON.parse(text) as unknown[]);

const refusal = async (text: string | Buffer, size?: number): Promise<unknown> => {
  try {
    await read(text, size);
    return 'read';
  } catch (error) {
    if (!(error instanceof ProblemException)) throw error;
    return [error.code, ...(error.details.errors ?? []).map(({ pointer, code }) => `${pointer} ${code}`)];
  }
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

/** What was read, put together again. */
const whole = (body: ReadBody): unknown => {
  const { envelope } = body;
  const { people } = envelope as { people?: unknown };
  return Array.isArray(people) ? { ...(envelope as object), people: peopleOf(body) } : envelope;
};

/** Spaces between the tokens of a document. */
const spaced = (value: unknown): string => JSON.stringify(value, undefined, '\t \n');

describe('people are read one by one, and are what JSON.parse would give where no name stands twice', () => {
  it('whatever they hold, wherever the list stands, and wherever the pieces are cut', async () => {
    const person = record(
      { card: jsonValue({ maxDepth: 3 }), '"people"': jsonValue({ maxDepth: 1 }) },
      { requiredKeys: [] },
    );
    await holds(
      asyncProperty(
        array(person, { maxLength: 6 }),
        dictionary(
          string({ maxLength: 5 }).filter((name) => name !== 'people' && name !== '__proto__'),
          jsonValue({ maxDepth: 2 }),
          {
            maxKeys: 3,
          },
        ),
        dictionary(constantFrom('serviceDate', 'x', '{', '"people":['), jsonValue({ maxDepth: 2 })),
        integer({ min: 1, max: 40 }),
        boolean(),
        async (persons, before, after, size, wide) => {
          const people = persons.map((fields, i) => ({ ...fields, itemId: `p${i}` }));
          const body = { ...before, people, ...after };
          const got = await read(wide ? spaced(body) : JSON.stringify(body), size);
          // As JSON.parse gives them: -0 is 0 on the wire.
          const expected = JSON.parse(JSON.stringify(body)) as { people: unknown[] };
          expect(peopleOf(got)).toEqual(expected.people);
          expect(got.envelope).toEqual({ ...expected, people: [] });
          expect(got.total).toBe(people.length);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('never takes for JSON what JSON.parse does not: a character too few, too many, or another', async () => {
    const good = '{"a":"\\"[","people":[{"itemId":"a","x":[{"y":"}"}]},{"itemId":"b"}],"z":{"people":[1]}}';
    const spoilt = Array.from(good, (_, i) => [
      good.slice(0, i) + good.slice(i + 1),
      ...Array.from('",:[]{}\\ 1', (c) => [
        good.slice(0, i) + c + good.slice(i),
        good.slice(0, i) + c + good.slice(i + 1),
      ]),
    ]).flat(2);
    const wrong: string[] = [];
    for (const text of spoilt) {
      const meant = parsed(text);
      const said = await refusal(text, 7);
      const same =
        meant === undefined
          ? JSON.stringify(said) === '["malformed-json"]'
          : said === 'read'
            ? JSON.stringify(meant) === JSON.stringify(whole(await read(text, 7)))
            : !JSON.stringify(said).includes('malformed-json');
      if (!same) wrong.push(text);
    }
    expect(spoilt.length).toBeGreaterThan(1_500);
    expect(wrong).toEqual([]);
  });

  it.each([
    ['a list in another list', '{"x":[{"people":[1]}],"people":[]}', []],
    ['a name written with escapes', String.raw`{"p\u0065ople":[{"itemId":"a"}]}`, [{ itemId: 'a' }]],
    [
      'a text that ends in a backslash',
      String.raw`{"people":[{"itemId":"a\\"},{"itemId":"b"}]}`,
      [{ itemId: 'a\\' }, { itemId: 'b' }],
    ],
    ['a byte order mark before it', '\uFEFF{"people":[{"itemId":"a"}]}', [{ itemId: 'a' }]],
    [
      'Japanese, cut between its bytes',
      '{"people":[{"itemId":"a","insured":{"insuredCardSymbol":"見本あ"}}]}',
      [{ itemId: 'a', insured: { insuredCardSymbol: '見本あ' } }],
    ],
  ])('%s', async (_what, text, people) => {
    for (const size of [1, 2, 3, 1_000]) expect(peopleOf(await read(text, size))).toEqual(people);
  });

  it.each([
    ['two lists', '{"people":[{"itemId":"a"}],"people":[{"itemId":"b"}]}', ['malformed-json']],
    ['a person with a field twice', '{"people":[{"itemId":"a","itemId":"b"}]}', ['malformed-json']],
    ['half a character', Buffer.from([...Buffer.from('{"people":['), 0xe8, 0xa6]), ['malformed-json']],
    ['nothing', '', ['invalid-request', ' type']],
    ['a blank', ' ', ['malformed-json']],
  ])('%s', async (_what, text, outcome) => {
    expect(await refusal(text)).toEqual(outcome);
  });
});

describe('parts', () => {
  const person = (i: number, more = ''): string => `{"itemId":"p${i}"${more === '' ? '' : `,"x":"${more}"`}}`;
  const body = (size: number, more = ''): string =>
    `{"people":[${Array.from({ length: size }, (_, i) => person(i, more)).join(',')}]}`;

  it.each([
    [1, [1]],
    [PART_PEOPLE, [PART_PEOPLE]],
    [PART_PEOPLE + 1, [PART_PEOPLE, 1]],
    [2 * PART_PEOPLE, [PART_PEOPLE, PART_PEOPLE]],
  ])('%i people are parts of %j', async (size, sizes) => {
    const { parts } = await read(body(size));
    expect(parts.map((part) => part.size)).toEqual(sizes);
    expect(parts.map(({ first }) => first)).toEqual(sizes.map((_, i) => i * PART_PEOPLE));
  });

  it('large people are fewer to a part, so that no part is long to open', async () => {
    const got = await read(body(100, 'x'.repeat(8_000)));
    expect(Math.max(...got.parts.map(({ text }) => text.length))).toBeLessThan(140_000);
    expect(got.parts.map(({ first }) => first)).toEqual(
      got.parts.map((_, i) => got.parts.slice(0, i).reduce((sum, { size }) => sum + size, 0)),
    );
    expect(peopleOf(got)).toHaveLength(100);
  });

  it('ten thousand are read, one more is not', async () => {
    expect((await read(body(10_000))).total).toBe(10_000);
    expect(await refusal(body(10_001))).toEqual(['invalid-request', '/people max-items']);
  });

  it('names at most twenty who are wrong', async () => {
    const text = `{"people":[${Array.from({ length: 50 }, () => '{}').join(',')}]}`;
    expect(await refusal(text)).toHaveLength(21);
    const same = `{"people":[${Array.from({ length: 50 }, () => '{"itemId":"a"}').join(',')}]}`;
    expect(await refusal(same)).toHaveLength(21);
  });
});

it('others have their turn while a large body is read', async () => {
  let turns = 0;
  let reading = true;
  const others = (): void => {
    turns += 1;
    if (reading) setImmediate(others);
  };
  setImmediate(others);
  await read(
    `{"people":[${Array.from({ length: 5_000 }, (_, i) => `{"itemId":"${i}","x":"${'y'.repeat(180)}"}`).join(',')}]}`,
  );
  reading = false;
  expect(turns).toBeGreaterThan(50);
});

it('more bytes than allowed are not waited for', async () => {
  let given = 0;
  const endless = async function* (): AsyncGenerator<Buffer> {
    yield Buffer.from('{"people":[');
    for (;;) {
      given += 1;
      yield Buffer.from(`{"itemId":"${given}"},`.padEnd(1_000));
    }
  };
  await expect(readPeople(endless(), 50_000)).rejects.toMatchObject({ code: 'body-too-large' });
  expect(given).toBe(50);
});
