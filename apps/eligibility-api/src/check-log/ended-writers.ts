import { open } from 'node:fs/promises';
import { join } from 'node:path';

import { listSegments, listWriters, THIS_HOST } from './journal-files.js';

/** Signal 0 asks whether a process is there; one that is another user's is. */
export const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code !== 'ESRCH';
  }
};

export interface EndedWritersParts {
  readonly folder: string;
  /** Whether a process of that number runs on this machine. */
  readonly runs?: (pid: number) => boolean;
  /** Makes a file, or what a folder names, durable. */
  readonly sync?: (path: string) => Promise<void>;
}

/**
 * A process that dies has written its answers and may not have made the last of them durable: the kernel has them, and takes half
 * a minute. So somebody else does it, within the second that was promised.
 */
export class EndedWriters {
  private readonly runs: (pid: number) => boolean;
  private readonly syncPath: (path: string) => Promise<void>;
  private durable: ReadonlySet<string> = new Set();

  constructor(private readonly parts: EndedWritersParts) {
    this.runs = parts.runs ?? isRunning;
    this.syncPath = parts.sync ?? dataSync;
  }

  /** Looks for writers that do not run any more, and makes durable what they left. Rejects where the disk refuses; then it is tried again. */
  async sync(): Promise<void> {
    const { folder } = this.parts;
    const writers = await listWriters(folder);
    this.durable = new Set(writers.filter((writer) => this.durable.has(writer)));
    for (const writer of writers) {
      if (this.durable.has(writer) || this.isKnownToRun(writer)) continue;
      for (const { path } of await listSegments(folder, writer)) await this.syncPath(path);
      await this.syncPath(join(folder, writer));
      await this.syncPath(folder);
      this.durable = new Set([...this.durable, writer]);
    }
  }

  /** Of another machine or container nobody here can say: what it goes on writing it makes durable itself. */
  private isKnownToRun(writer: string): boolean {
    const [, host, pid] = writer.split('-');
    return host === THIS_HOST && this.runs(Number(pid));
  }
}

/** Of what was shipped and removed meanwhile there is nothing left to do. */
const dataSync = async (path: string): Promise<void> => {
  try {
    const file = await open(path, 'r');
    try {
      await file.datasync();
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') throw error;
  }
};
