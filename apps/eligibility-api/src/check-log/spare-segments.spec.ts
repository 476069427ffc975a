import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { recordOf } from './check-log.fixture.js';
import { Journal } from './journal.js';
import { bytesOf, listWriters, segmentFile } from './journal-files.js';
import { TextSeal } from './sealed-text.js';
import { SpareSegments, takeSpare, type Allocate } from './spare-segments.js';

const SEGMENT = 4 * 1024 ** 2;

describe('room for the journal that is there before it is needed', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'spare-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const spare = (allocate?: Allocate, count = 2): SpareSegments =>
    new SpareSegments({
      folder,
      bytes: count * SEGMENT,
      segmentBytes: SEGMENT,
      ...(allocate === undefined ? {} : { allocate }),
    });
  const names = (): string[] => readdirSync(join(folder, '.spare'));
  const saying = (stderr: string): Error => Object.assign(new Error('fallocate'), { code: 1, stderr });
  const nothing: Allocate = async () => {};
  const journalOf = (writer: string): Journal =>
    new Journal({
      folder,
      writer,
      seal: new TextSeal(Buffer.alloc(32), writer),
      ruleVersion: 'r1',
      sync: 'second',
      bytesMax: 2 ** 30,
      segmentBytesMax: 8_000,
      now: () => Date.now(),
      straight: () => Promise.reject(new Error('nobody is there')),
    });

  // fallocate(1) is of Linux; elsewhere it is said that nothing is reserved.
  it('is the file’s, though its size says nothing of it, and is given back when it is not needed', async ({ skip }) => {
    skip(process.platform !== 'linux');
    const reserved = spare();
    await reserved.fill();
    expect(reserved.state).toEqual({ bytes: 2 * SEGMENT, kind: 'ready' });
    expect(await listWriters(folder)).toEqual([]);
    expect(await bytesOf(folder)).toBe(0);
    const journal = journalOf('w');
    await journal.record(recordOf('1'));
    expect(names()).toHaveLength(1);
    const path = segmentFile(folder, 'w', 1);
    const { size, blocks } = statSync(path);
    expect(size).toBeLessThan(2_000);
    expect(blocks * 512, 'all of it is on the disk').toBeGreaterThanOrEqual(SEGMENT);
    expect(readFileSync(path, 'latin1').split('\n')).toHaveLength(3);
    for (let i = 0; i < 30; i += 1) await journal.record(recordOf(`${i}`));
    await journal.close();
    for (const name of readdirSync(join(folder, 'w'))) {
      const file = statSync(join(folder, 'w', name));
      expect(file.blocks * 512, name).toBeLessThan(file.size + 8_192);
    }
    // More segments were begun than there were spare ones: the others have what the disk gives.
    expect(readdirSync(join(folder, 'w')).length).toBeGreaterThan(2);
    expect(names()).toEqual([]);
    await reserved.fill();
    expect(names()).toHaveLength(2);
  });
  it('is for whichever writer comes first, each once', async () => {
    await spare(nothing).fill();
    mkdirSync(join(folder, 'w'));
    expect(['a', 'b', 'c'].map((name) => takeSpare(folder, join(folder, 'w', name)))).toEqual([true, true, false]);
    expect(takeSpare(join(folder, 'none'), join(folder, 'w', 'd'))).toBe(false);
  });
  it('is short where the disk has none, and there again when it has', async () => {
    let full = true;
    const reserved = spare(async () => {
      if (full && names().some((name) => name.endsWith('.spare')))
        throw saying('fallocate failed: No space left on device');
    });
    await reserved.fill();
    expect(reserved.state).toEqual({ bytes: SEGMENT, kind: 'short' });
    expect(names(), 'nothing half made is left').toHaveLength(1);
    full = false;
    await reserved.fill();
    expect(reserved.state).toEqual({ bytes: 2 * SEGMENT, kind: 'ready' });
  });
  it('is not tried again where the system has no such thing', async () => {
    const allocate = vi.fn<Allocate>(() => Promise.reject(saying('fallocate failed: Operation not supported')));
    const reserved = spare(allocate);
    await reserved.fill();
    await reserved.fill();
    expect(reserved.state).toEqual({ bytes: 0, kind: 'unsupported' });
    expect(allocate).toHaveBeenCalledTimes(1);
  });
  it('counts what an earlier keeper made, not what it was about to', async () => {
    mkdirSync(join(folder, '.spare'));
    for (const name of ['one.spare', 'half']) writeFileSync(join(folder, '.spare', name), '');
    const allocate = vi.fn<Allocate>(nothing);
    await spare(allocate).fill();
    expect(allocate).toHaveBeenCalledTimes(1);
    expect(names()).not.toContain('half');
  });
  it('is none where none is asked for', async () => {
    await spare(undefined, 0).fill();
    expect(readdirSync(folder)).toEqual([]);
  });
});
