import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

import { EndedWriters } from './ended-writers.js';
import { segmentFile, THIS_HOST } from './journal-files.js';

const ENDED = `20261122T000000Z-${THIS_HOST}-4001-0000aaaa`;
const RUNNING = `20261122T000000Z-${THIS_HOST}-4002-0000bbbb`;
const ELSEWHERE = '20261122T000000Z-00000000-4002-0000cccc';

describe('what a process that died had written is made durable by another', () => {
  let folder: string;
  let running: Set<number>;
  let synced: string[];
  let refusing: boolean;
  let writers: EndedWriters;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ended-'));
    running = new Set([4002]);
    synced = [];
    refusing = false;
    writers = new EndedWriters({
      folder,
      runs: (pid) => running.has(pid),
      sync: async (path) => {
        if (refusing) throw new Error('the disk refuses');
        synced.push(path);
      },
    });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (writer: string, segment: number): string => {
    const path = segmentFile(folder, writer, segment);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '{"n":1}\n');
    return path;
  };

  it('all its segments, and the folders that name them; once, and not those of a process that runs', async () => {
    const left = [write(ENDED, 1), write(ENDED, 2)];
    write(RUNNING, 1);
    await writers.sync();
    expect(synced).toEqual([...left, join(folder, ENDED), folder]);
    await writers.sync();
    expect(synced).toHaveLength(4);
  });

  it('as soon as it has ended', async () => {
    const path = write(RUNNING, 1);
    await writers.sync();
    expect(synced).toEqual([]);
    running.delete(4002);
    await writers.sync();
    expect(synced).toContain(path);
  });

  it('of another machine too, of whose processes nothing is known here', async () => {
    write(ELSEWHERE, 1);
    await writers.sync();
    expect(synced.map((path) => basename(path))).toEqual(['000001.ndjson', ELSEWHERE, basename(folder)]);
  });

  it('is tried again where the disk refuses', async () => {
    write(ENDED, 1);
    refusing = true;
    await expect(writers.sync()).rejects.toThrow('the disk refuses');
    refusing = false;
    await writers.sync();
    expect(synced).toHaveLength(3);
  });

  it('with the real calls, also when it is shipped and removed meanwhile', async () => {
    write(ENDED, 1);
    const real = new EndedWriters({ folder, runs: () => false });
    await expect(real.sync()).resolves.toBeUndefined();
    rmSync(join(folder, ENDED), { recursive: true });
    await expect(real.sync()).resolves.toBeUndefined();
    await expect(
      new EndedWriters({ folder: join(folder, 'nowhere'), runs: () => false }).sync(),
    ).resolves.toBeUndefined();
  });
});
