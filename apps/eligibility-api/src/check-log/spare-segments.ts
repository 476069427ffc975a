import { Logger } from '@nestjs/common';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, renameSync } from 'node:fs';
import { mkdir, readdir, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Beside the writers, and under a name that no writer has. */
const FOLDER = '.spare';
const SPARE = /\.spare$/;
/** The first after a disk was full; it is tried again each time, as room may come. */
const NO_SPACE = /no space left/i;

/** Gives a file blocks of its own without changing its size. Rejects with what the program said. */
export type Allocate = (path: string, bytes: number) => Promise<void>;

/** Of util-linux. Node has no fallocate(2), and zeros written ahead would be read as a journal's end. */
const byProgram: Allocate = async (path, bytes) => {
  await promisify(execFile)('fallocate', ['--keep-size', '--length', String(bytes), path], {
    env: { ...process.env, LC_ALL: 'C' },
  });
};

export interface SpareParts {
  /** Folder of all writers. */
  readonly folder: string;
  /** What there shall be, together; 0 for none. */
  readonly bytes: number;
  readonly segmentBytes: number;
  readonly allocate?: Allocate;
}

export interface SpareState {
  /** What there is. */
  readonly bytes: number;
  /** `short`: the disk has no room for what there shall be. `unsupported`: not on this system or file system. */
  readonly kind: 'ready' | 'short' | 'unsupported';
}

/**
 * Segments whose room on the disk is theirs already, for whichever writer of this machine needs the next: the disk cannot be full
 * in the middle of one. The keeper makes them, since starting a program is no matter for a process that answers.
 */
export class SpareSegments {
  private readonly logger = new Logger('Journal');
  private readonly folder: string;
  private readonly allocate: Allocate;
  private count = 0;
  private kind: SpareState['kind'] = 'ready';

  constructor(private readonly parts: SpareParts) {
    this.folder = join(parts.folder, FOLDER);
    this.allocate = parts.allocate ?? byProgram;
  }

  get state(): SpareState {
    return { bytes: this.count * this.parts.segmentBytes, kind: this.kind };
  }

  /** Makes as many as there shall be. */
  async fill(): Promise<void> {
    const { bytes, segmentBytes } = this.parts;
    const wanted = Math.ceil(bytes / segmentBytes);
    if (wanted === 0 || this.kind === 'unsupported') return;
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const names = await readdir(this.folder);
    // Only one keeper makes them: what is half made is of one that has ended.
    for (const name of names) if (!SPARE.test(name)) await unlink(join(this.folder, name));
    this.count = names.filter((name) => SPARE.test(name)).length;
    while (this.count < wanted) if (!(await this.makeOne())) return;
    this.become('ready');
  }

  private async makeOne(): Promise<boolean> {
    const path = join(this.folder, randomUUID());
    try {
      await writeFile(path, '', { mode: 0o600, flag: 'wx' });
      await this.allocate(path, this.parts.segmentBytes);
      await rename(path, `${path}.spare`);
      this.count += 1;
      return true;
    } catch (error) {
      await unlink(path).catch(() => {});
      const { code, stderr = '' } = error as { code?: string | number; stderr?: string };
      this.become(code === 'ENOSPC' || NO_SPACE.test(stderr) ? 'short' : 'unsupported');
      return false;
    }
  }

  private become(kind: SpareState['kind']): void {
    if (kind === this.kind) return;
    this.kind = kind;
    if (kind === 'ready') this.logger.log({ event: 'journal-space-reserved' });
    else this.logger.warn({ event: kind === 'short' ? 'journal-space-short' : 'journal-space-not-reserved' });
  }
}

/** Gives the next segment a file with room; false where there is none, or another writer was faster with the last. */
export const takeSpare = (folder: string, path: string): boolean => {
  let names: string[];
  try {
    names = readdirSync(join(folder, FOLDER)).filter((name) => SPARE.test(name));
  } catch {
    return false;
  }
  for (const name of names) {
    try {
      renameSync(join(folder, FOLDER, name), path);
      return true;
    } catch {
      // Somebody else's by now.
    }
  }
  return false;
};
