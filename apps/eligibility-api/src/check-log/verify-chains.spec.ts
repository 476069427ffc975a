import { hash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { makeAnchorKey, readAnchorKey, readAnchorPublicKeys, type AnchorKey, type AnchorKeys } from './anchor-keys.js';
import { headFrom, type LineFields } from './journal-line.js';
import {
  anchorLink,
  firstLink,
  signedAnchor,
  signedMark,
  type Anchor,
  type RetentionMark,
  type RetentionWord,
} from './signed-words.js';
import { VerifyChains, type ChainHead, type ChainReader, type Place, type Verification } from './verify-chains.js';

/* The log itself, edited in a hundred ways, is in test/check-log.e2e-spec.ts. Here is what it does not come to. */

const WRITER = 'w';
const BEGAN = Date.parse('2026-11-22T09:00:00.000+09:00');

const checkOf = (n: number): LineFields => ({
  id: `0193513c-2f00-7a1b-8c2d-${String(n).padStart(12, '0')}`,
  // One a second.
  at: BEGAN + n * 1_000,
  client: 'demo-clinic',
  institution: '1312345679',
  operator: null,
  purpose: 'treatment',
  date: '2026-11-22',
  subject: 'A'.repeat(43),
  verdict: 'valid',
  credential: 'valid',
  version: 'v1',
  degraded: null,
  unchanged: false,
  repeats: null,
  consented: 0,
  spliced: '{}',
  digest: 'B'.repeat(43),
});

const chainOf = (length: number): Place[] => {
  let previous = WRITER;
  return Array.from({ length }, (_, i) => {
    const [n, check] = [i + 1, checkOf(i + 1)];
    previous = hash('sha256', `${previous}\n${headFrom(n, check)}`, 'base64url');
    return { n, hash: previous, checkId: check.id, check, month: '2026-11-01', answerKey: null };
  });
};

async function* each<T>(all: readonly T[]): AsyncGenerator<T> {
  yield* all;
}

describe('a chain', () => {
  let folder: string;
  let key: AnchorKey;
  let keys: AnchorKeys;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'keys-'));
    await makeAnchorKey(join(folder, 'own.json'), join(folder, 'all.json'));
    key = (await readAnchorKey(join(folder, 'own.json'))) as AnchorKey;
    keys = await readAnchorPublicKeys(join(folder, 'all.json'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  interface Log {
    readonly places: readonly Place[];
    readonly head?: ChainHead;
    readonly anchors?: readonly Anchor[];
    readonly marks?: readonly RetentionMark[];
  }
  const verified = async ({ places, head, anchors = [], marks = [] }: Log): Promise<Verification> => {
    const last = places.at(-1);
    const reader: ChainReader = {
      parts: () => each([{ writer: WRITER, firstN: 1, lastN: undefined }]),
      begin: async () => {},
      end: async () => {},
      head: async () => head ?? (last === undefined ? undefined : { n: last.n, hash: last.hash }),
      places: () => each(places),
      anchorsOf: () => each(anchors),
      marksOf: (kind) => each(marks.filter((mark) => mark.kind === kind)),
      chainsOfAnchors: () => each([...new Set(anchors.map(({ anchoredBy }) => anchoredBy))]),
      anchorsBy: (name) => each(anchors.filter(({ anchoredBy }) => anchoredBy === name)),
      texts: async () => new Map(),
      unchained: async () => ({ before: 0, after: [] }),
    };
    return new VerifyChains({ reader, keys, render: undefined, wholeLog: true }).run();
  };
  /** Anchors of these numbers, seen at these instants. */
  const anchored = (
    places: readonly Place[],
    of: readonly (readonly [n: number, at: number])[],
    first = 1,
  ): Anchor[] => {
    let previous = firstLink('k');
    return of.map(([n, at], i) => {
      const word = { anchoredBy: 'k', seq: first + i, previous, writer: WRITER, n, at, final: false };
      const anchor = signedAnchor({ ...word, hash: places[n - 1]?.hash ?? '' }, key);
      previous = anchorLink(anchor);
      return anchor;
    });
  };
  const gone = (
    places: readonly Place[],
    firstN: number,
    lastN: number,
    more: Partial<RetentionWord> = {},
  ): RetentionMark =>
    signedMark(
      {
        kind: 'checks',
        writer: WRITER,
        firstN,
        lastN,
        previous: places[firstN - 2]?.hash ?? WRITER,
        lastHash: places[lastN - 1]?.hash ?? '',
        month: '2021-10-01',
        at: BEGAN,
        ...more,
      },
      key,
    );

  it.each([
    [60, []],
    [61, [{ writer: WRITER, firstN: 4, lastN: 8, seconds: 61 }]],
  ])('that waited %i s for its anchor', async (late, gaps) => {
    const places = chainOf(10);
    const at = (n: number, seconds: number): [number, number] => [n, BEGAN + (n + seconds) * 1_000];
    // The second covers 4 to 8, of which 4 is the oldest.
    const { findings, ...found } = await verified({
      places,
      anchors: anchored(places, [at(3, 1), at(8, late - 4), at(10, 1)]),
    });
    expect(findings).toEqual([]);
    expect(found.gaps).toEqual(gaps);
    expect(found.unanchored).toEqual({ records: 0, chains: 0, since: undefined });
  });
  it('says what came after its last anchor, and since when', async () => {
    const places = chainOf(10);
    const { unanchored } = await verified({ places, anchors: anchored(places, [[7, BEGAN + 8_000]]) });
    expect(unanchored).toEqual({ records: 3, chains: 1, since: BEGAN + 8_000 });
  });

  describe('whose beginning, or some of it, was kept long enough', () => {
    // As months end: 1 to 4 and 6 were of the month before, 5 of the next.
    const places = chainOf(9);
    const kept = places.filter(({ n }) => n === 5 || n > 6);
    const marks = (): RetentionMark[] => [gone(places, 1, 4), gone(places, 6, 6)];

    it('goes on where the marks say', async () => {
      const { findings, retired, marks: count } = await verified({ places: kept, marks: marks() });
      expect({ findings, retired, count }).toEqual({ findings: [], retired: 5, count: 2 });
    });
    it('is as anchored, also where what the anchor speaks of is gone', async () => {
      const anchors = anchored(places, [
        [2, BEGAN],
        [4, BEGAN],
        [6, BEGAN],
        [8, BEGAN],
      ]);
      expect((await verified({ places: kept, marks: marks(), anchors })).findings).toEqual([]);
    });
    it('is gone wholly', async () => {
      const head = { n: 9, hash: places[8]?.hash ?? '' };
      expect((await verified({ places: [], head, marks: [gone(places, 1, 9)] })).findings).toEqual([]);
      expect((await verified({ places: [], head, marks: [gone(places, 1, 8)] })).findings).toEqual([
        { kind: 'cut', writer: WRITER, n: 9 },
      ]);
    });
    it.each<[string, () => RetentionMark[], object]>([
      ['without a mark', () => [gone(places, 1, 4)], { kind: 'missing', n: 6 }],
      ['with a mark of less', () => [gone(places, 1, 3), gone(places, 6, 6)], { kind: 'missing', n: 4 }],
      [
        'with a mark of another hash',
        () => [gone(places, 1, 4, { lastHash: 'A'.repeat(43) }), gone(places, 6, 6)],
        { kind: 'changed', n: 5 },
      ],
      [
        'with a mark that begins elsewhere',
        () => [gone(places, 1, 4), gone(places, 6, 6, { previous: 'A'.repeat(43) })],
        { kind: 'missing', n: 6 },
      ],
      [
        'with a mark nobody signed',
        () => [gone(places, 1, 4), { ...gone(places, 6, 6), signature: Buffer.alloc(64) }],
        { kind: 'mark-forged', n: 6 },
      ],
    ])('%s it is not', async (_what, make, expected) => {
      expect((await verified({ places: kept, marks: make() })).findings[0]).toMatchObject({
        writer: WRITER,
        ...expected,
      });
    });
    it('with its anchors: their chain goes on where the marks say', async () => {
      const anchors = anchored(
        places,
        places.map(({ n }) => [n, BEGAN]),
      );
      const word = {
        kind: 'anchors',
        writer: 'k',
        firstN: 1,
        lastN: 3,
        previous: firstLink('k'),
        month: '',
        at: BEGAN,
      } as const;
      const mark = signedMark({ ...word, lastHash: anchorLink(anchors[2] as Anchor) }, key);
      expect((await verified({ places, anchors: anchors.slice(3), marks: [mark] })).findings).toEqual([]);
      expect((await verified({ places, anchors: anchors.slice(4), marks: [mark] })).findings).toEqual([
        { kind: 'anchor-missing', writer: 'k', n: 4 },
      ]);
      expect((await verified({ places, anchors: anchors.slice(3) })).findings).toMatchObject([
        { kind: 'anchor-missing', writer: 'k', n: 1, throughN: 3 },
      ]);
    });
  });
});
