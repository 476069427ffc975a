import { copyFile, lstat, mkdir, readdir, readFile, rename, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';

import { sameState, stampOf, type Stamp } from './settled-file.js';

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code);

/** Requests that have been answered, in the data folder: what a request said can be looked up, and one left in `req` is known again. */
export class TakenRequests {
  constructor(private readonly folder: string) {}

  async prepare(): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
  }

  /**
   * Moves an answered request here. False where something else lies under its name by now: that has not been answered, and stays.
   */
  async take(path: string, name: string, answered: Stamp): Promise<boolean> {
    const kept = join(this.folder, name);
    try {
      await rename(path, kept);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return true;
      if (codeOf(error) !== 'EXDEV') throw error;
      return this.takeAcross(path, kept, answered);
    }
    if (sameState(await stampOf(kept), answered)) return true;
    await rename(kept, path);
    return false;
  }

  private async takeAcross(path: string, kept: string, answered: Stamp): Promise<boolean> {
    await copyFile(path, kept);
    if (!sameState(await stampOf(path), answered)) return false;
    await unlink(path);
    return true;
  }

  /** Keeps a copy of a request that stays where it is. */
  async note(path: string, name: string): Promise<void> {
    await copyFile(path, join(this.folder, name));
  }

  /** Whether exactly this was answered under this name before. */
  async has(name: string, bytes: Buffer): Promise<boolean> {
    try {
      return (await readFile(join(this.folder, name))).equals(bytes);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return false;
      throw error;
    }
  }

  /** Deletes copies older than this instant (epoch milliseconds), but of requests that still lie in `req`. */
  async forget(before: number, stillThere: ReadonlySet<string>): Promise<void> {
    for (const name of await readdir(this.folder)) {
      if (stillThere.has(name)) continue;
      const path = join(this.folder, name);
      // When it came here, not when it was written.
      if ((await lstat(path)).ctimeMs < before) await rm(path, { force: true });
    }
  }
}
