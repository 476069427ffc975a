import { open } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';

import type { ReplicaFolder } from './replica-folder.js';

const READ_BYTES = 1024 * 1024;
/** Between two readings: at most 128 MB a second, a few percent of one core. */
const PAUSE_MS = 8;
/** Of the memory that could be had. A file that is larger would push out of it what it has just read. */
const SHARE_OF_MEMORY = 0.5;

export interface WarmPagesParts {
  readonly folder: Pick<ReplicaFolder, 'current' | 'fileOf'>;
  /** Bytes that could be had without taking them from anybody; pages of files that were read count as such. */
  readonly availableMemory: () => number;
  /** Milliseconds that only go forward. */
  readonly now: () => number;
}

/**
 * Keeps the replica's pages in memory by reading the file through. A page that nobody has asked for in a while is on the disk only:
 * after a restart of the machine all of them are, and some systems (Linux with DAMON, virtual machines that give memory back) put them
 * out within two minutes. Then every check reads the disk, on the event loop, and the others wait with it: a million people were
 * answered 1,500 times a second with the core idle for two thirds of the time. Reading a file that is in memory costs next to nothing.
 */
export class WarmPages {
  private took: number | undefined;

  constructor(private readonly parts: WarmPagesParts) {}

  /** What the last reading took, without its pauses; undefined before the first, and where the file is too large for the memory there is. */
  get readingSeconds(): number | undefined {
    return this.took;
  }

  /** Reads the current generation through, once. Ends early when told to. */
  async read(signal: AbortSignal): Promise<void> {
    const { folder, availableMemory, now } = this.parts;
    const generation = folder.current();
    if (generation === undefined) return;
    const file = await open(folder.fileOf(generation), 'r');
    try {
      const { size } = await file.stat();
      if (size > availableMemory() * SHARE_OF_MEMORY) {
        this.took = undefined;
        return;
      }
      const buffer = Buffer.allocUnsafe(READ_BYTES);
      let took = 0;
      for (let at = 0; at < size; at += READ_BYTES) {
        const began = now();
        await file.read(buffer, 0, READ_BYTES, at);
        took += now() - began;
        await setTimeout(PAUSE_MS, undefined, { signal });
      }
      this.took = took / 1000;
    } finally {
      await file.close();
    }
  }
}
