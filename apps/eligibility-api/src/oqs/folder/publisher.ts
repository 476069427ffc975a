import { randomUUID } from 'node:crypto';
import { constants, open, readFile, rename, utimes, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { GroupSync } from './group-sync.js';
import { NOT_THROUGH_LINKS } from './settled-file.js';

/**
 * - `create-then-write`: under its final name, empty, and a moment later with everything in it, as the national system's program
 *   seems to do: of the receipt computers in use some notice only the creation of a file and some only a later change.
 * - `rename`: appears whole, for clients that would read the empty file.
 */
export type WriteStyle = 'create-then-write' | 'rename';

export interface PublisherOptions {
  readonly style: WriteStyle;
  /** Between the creation of a file and its content: long enough that a client which polls has seen it empty. */
  readonly writeAfterMs: number;
  /** A folder on the same volume that no client watches. */
  readonly asideFolder: string;
}

/** Puts results where clients look for them. Never deletes one. */
export class Publisher {
  private readonly sync: GroupSync;

  constructor(
    private readonly folder: string,
    private readonly options: PublisherOptions,
  ) {
    this.sync = new GroupSync(folder);
  }

  /**
   * `begin` resolves when the file is there for a watcher to see, which keeps results in order; what it gives resolves when the
   * content is durable. What lies there already with the same content is touched and left.
   */
  async begin(name: string, bytes: Buffer): Promise<{ readonly durable: Promise<void> }> {
    const path = join(this.folder, name);
    if (await holds(path, bytes)) {
      const now = new Date();
      await utimes(path, now, now);
      return { durable: Promise.resolve() };
    }
    if (this.options.style === 'rename') return { durable: this.appear(path, bytes) };
    const file = await create(path);
    return { durable: this.fill(path, file, bytes) };
  }

  private async fill(path: string, created: FileHandle, bytes: Buffer): Promise<void> {
    let file = created;
    try {
      await setTimeout(this.options.writeAfterMs);
      // A client that consumes whatever it sees has taken the empty one.
      if ((await file.stat()).nlink === 0) {
        await file.close();
        file = await create(path);
      }
      await file.writeFile(bytes);
      await this.sync.durable(file);
    } finally {
      await file.close();
    }
  }

  private async appear(path: string, bytes: Buffer): Promise<void> {
    const aside = join(this.options.asideFolder, `.shikaku-${randomUUID()}`);
    const file = await open(aside, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
      await rename(aside, path);
      await this.sync.durable(file);
    } finally {
      await file.close();
    }
  }
}

/** Empty, whatever was there. */
const create = (path: string): Promise<FileHandle> =>
  open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | NOT_THROUGH_LINKS);

const holds = async (path: string, bytes: Buffer): Promise<boolean> => {
  try {
    return (await readFile(path)).equals(bytes);
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return false;
    throw error;
  }
};
