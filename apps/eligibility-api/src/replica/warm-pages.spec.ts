import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { WarmPages } from './warm-pages.js';

const MEGABYTE = 1024 * 1024;

let path: string;
let available: number;
let clock: number;
let generation: string | undefined;
let warm: WarmPages;
const signal = new AbortController().signal;

beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'warm-'));
  available = 100 * MEGABYTE;
  clock = 0;
  generation = 'one';
  await writeFile(join(path, 'one.db'), Buffer.alloc(2.5 * MEGABYTE));
  warm = new WarmPages({
    folder: { current: () => generation, fileOf: (name) => join(path, `${name}.db`) },
    availableMemory: () => available,
    now: () => (clock += 100),
  });
});
afterEach(() => rm(path, { recursive: true }));

it('reads all of it, to its last part, and tells what that took', async () => {
  expect(warm.readingSeconds).toBeUndefined();
  await warm.read(signal);
  // Three parts, each of a hundred milliseconds by this clock.
  expect(warm.readingSeconds).toBeCloseTo(0.3);
});

it('takes half of the memory there is, and not more', async () => {
  available = 5 * MEGABYTE;
  await warm.read(signal);
  expect(warm.readingSeconds).toBeCloseTo(0.3);
  available = 5 * MEGABYTE - 2;
  await warm.read(signal);
  expect(warm.readingSeconds).toBeUndefined();
});

it('has nothing to do where there is no generation', async () => {
  generation = undefined;
  await warm.read(signal);
  expect(warm.readingSeconds).toBeUndefined();
});

it('ends when it is told to', async () => {
  const stop = new AbortController();
  stop.abort();
  await expect(warm.read(stop.signal)).rejects.toThrow(/aborted/);
  expect(warm.readingSeconds).toBeUndefined();
});
