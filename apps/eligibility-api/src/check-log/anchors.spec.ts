import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { makeAnchorKey, readAnchorKey, readAnchorPublicKeys, type AnchorKey, type AnchorKeys } from './anchor-keys.js';
import { Anchors, type AnchorStore, type Head } from './anchors.js';
import { RecordUnavailable } from './check-log.js';
import { recordOf } from './check-log.fixture.js';
import { Journal, newWriter } from './journal.js';
import { segmentFile } from './journal-files.js';
import { parseLine } from './journal-line.js';
import { TextSeal } from './sealed-text.js';
import { anchorLink, anchorText, firstLink, type Anchor } from './signed-words.js';

class Store implements AnchorStore {
  readonly anchors: Anchor[] = [];
  heads: readonly Head[] = [];
  away = false;
  /** PostgreSQL has them, and nobody is told. */
  losesReply = false;

  async unanchored(): Promise<readonly Head[]> {
    if (this.away) throw new RecordUnavailable();
    return this.heads;
  }
  async add(anchors: readonly Anchor[]): Promise<void> {
    if (this.away) throw new RecordUnavailable();
    for (const anchor of anchors)
      if (!this.anchors.some(({ anchoredBy, seq }) => anchoredBy === anchor.anchoredBy && seq === anchor.seq))
        this.anchors.push(anchor);
    if (this.losesReply) throw new RecordUnavailable();
  }
}

describe('anchors', () => {
  let folder: string;
  let store: Store;
  let journal: Journal;
  let key: AnchorKey | undefined;
  let keys: AnchorKeys;
  let now: number;
  let shipped: number;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'anchors-'));
    const [own, all] = [join(folder, 'secrets/anchor-key.json'), join(folder, 'secrets/anchor-public-keys.json')];
    await makeAnchorKey(own, all);
    key = await readAnchorKey(own);
    keys = await readAnchorPublicKeys(all);
    store = new Store();
    [now, shipped] = [1_000_000, Number.MAX_SAFE_INTEGER];
    const writer = newWriter(Date.now());
    journal = new Journal({
      folder: join(folder, 'journal'),
      writer,
      seal: new TextSeal(Buffer.alloc(32), writer),
      ruleVersion: 'r1',
      sync: 'second',
      bytesMax: 2 ** 30,
      now: () => Date.now(),
      straight: () => Promise.reject(new Error('nobody is there')),
    });
  });
  afterEach(async () => {
    await journal.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const start = (more: { key?: AnchorKey | undefined; anchoredBy?: string } = {}): Anchors =>
    new Anchors({
      folder: join(folder, 'journal'),
      anchoredBy: 'k',
      key,
      store,
      shipped: () => shipped,
      now: () => now,
      intervalMs: 30_000,
      ...more,
    });
  const record = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i += 1) await journal.record(recordOf(`${i}`));
  };
  const hashAt = (n: number): string => {
    const lines = readFileSync(segmentFile(join(folder, 'journal'), journal.writer, 1), 'latin1').split('\n');
    return parseLine(lines[n] ?? '').hash;
  };
  const said = (): [number, string][] => store.anchors.map(({ n, hash }) => [n, hash]);

  it('say once an interval how far a chain had come, signed, each with the one before it', async () => {
    const anchors = start();
    for (const count of [3, 4, 2]) {
      await record(count);
      await anchors.tick();
      now += 29_999;
      await record(1);
      await anchors.tick();
      now += 1;
    }
    expect(said()).toEqual([
      [3, hashAt(3)],
      [8, hashAt(8)],
      [11, hashAt(11)],
    ]);
    let previous = firstLink('k');
    store.anchors.forEach((anchor, i) => {
      expect(anchor).toMatchObject({ anchoredBy: 'k', seq: i + 1, previous, writer: journal.writer, final: false });
      expect(keys.check(anchor.keyId, anchorText(anchor), anchor.signature)).toBe('good');
      expect(keys.check(anchor.keyId, anchorText({ ...anchor, n: anchor.n + 1 }), anchor.signature)).toBe('forged');
      expect(keys.check('other', anchorText(anchor), anchor.signature)).toBe('unknown-key');
      previous = anchorLink(anchor);
    });
  });
  it('are not said where nothing is new', async () => {
    const anchors = start();
    await record(1);
    for (let i = 0; i < 3; i += 1) await anchors.atOnce();
    expect(said()).toHaveLength(1);
  });
  it('wait for PostgreSQL to have the checks, and say what was seen before, whatever the file holds by then', async () => {
    const anchors = start();
    shipped = 2;
    await record(4);
    const head = hashAt(4);
    await anchors.tick();
    expect(store.anchors).toEqual([]);
    expect(anchors.state.waitingSince).toBe(1_000_000);
    const path = segmentFile(join(folder, 'journal'), journal.writer, 1);
    writeFileSync(path, readFileSync(path, 'latin1').replace(head, 'A'.repeat(43)));
    shipped = 4;
    now += 5_000;
    await anchors.tick();
    expect(said()).toEqual([[4, head]]);
    expect(store.anchors[0]?.at).toBe(1_000_000);
    expect(anchors.state.waitingSince).toBeUndefined();
  });
  it('are collected while PostgreSQL is away', async () => {
    const anchors = start();
    [store.away, shipped] = [true, 0];
    for (const count of [1, 2, 3]) {
      await record(count);
      await expect(anchors.tick()).rejects.toBeInstanceOf(RecordUnavailable);
      now += 30_000;
    }
    [store.away, shipped] = [false, 6];
    await anchors.tick();
    expect(store.anchors.map(({ n, at }) => [n, at])).toEqual([
      [1, 1_000_000],
      [3, 1_030_000],
      [6, 1_060_000],
    ]);
  });
  it('are sent again as they are when nobody knows whether they arrived', async () => {
    const anchors = start();
    await record(2);
    store.losesReply = true;
    await expect(anchors.tick()).rejects.toBeInstanceOf(RecordUnavailable);
    store.losesReply = false;
    await record(1);
    await anchors.atOnce();
    await anchors.tick();
    expect(store.anchors.map(({ seq, n }) => [seq, n])).toEqual([
      [1, 2],
      [2, 3],
    ]);
    expect(store.anchors[1]?.previous).toBe(anchorLink(store.anchors[0] as Anchor));
  });
  it('say that a writer has ended', async () => {
    const anchors = start();
    await record(2);
    await anchors.tick();
    anchors.ended({ writer: journal.writer, n: 2, hash: hashAt(2) });
    await anchors.tick();
    expect(store.anchors.map(({ n, final }) => [n, final])).toEqual([
      [2, false],
      [2, true],
    ]);
  });
  it('are said of chains without a journal as PostgreSQL has them', async () => {
    const anchors = start();
    const straight = { writer: `${journal.writer}-s1`, n: 7, hash: 'B'.repeat(43) };
    store.heads = [straight];
    await record(1);
    await anchors.tick();
    expect(store.anchors.map(({ writer, n }) => [writer, n])).toEqual([
      [journal.writer, 1],
      [straight.writer, 7],
    ]);
  });
  it('wait, and say so, where there is no key', async () => {
    const anchors = start({ key: undefined });
    await record(1);
    await anchors.tick();
    expect(anchors.state).toEqual({ signed: 0, waitingSince: 1_000_000, hasKey: false });
    expect(await readAnchorKey(join(folder, 'none.json'))).toBeUndefined();
  });
  it('stay provable when the key is another: its public half is added to the set', async () => {
    const anchors = start();
    await record(1);
    await anchors.tick();
    const [own, all] = [join(folder, 'secrets/anchor-key.json'), join(folder, 'secrets/anchor-public-keys.json')];
    rmSync(own);
    await makeAnchorKey(own, all);
    const next = start({ key: await readAnchorKey(own), anchoredBy: 'k2' });
    await record(1);
    await next.tick();
    const both = await readAnchorPublicKeys(all);
    expect(both.count).toBe(2);
    expect(new Set(store.anchors.map(({ keyId }) => keyId)).size).toBe(2);
    for (const anchor of store.anchors)
      expect(both.check(anchor.keyId, anchorText(anchor), anchor.signature)).toBe('good');
    expect(keys.check(store.anchors[1]?.keyId ?? '', '', Buffer.alloc(64))).toBe('unknown-key');
  });
});
