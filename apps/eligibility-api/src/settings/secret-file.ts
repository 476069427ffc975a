import { link, mkdir, readdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';

/**
 * Writes a file that only we may read, unless one of that name is there. Whole or not at all: two processes that start at
 * once agree on the file of whichever came first, and neither can read half of it.
 */
export const createFileOnce = async (path: string, content: string): Promise<void> => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, content, { mode: 0o600, flag: 'wx' });
  try {
    await link(draft, path);
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error;
  } finally {
    await unlink(draft);
  }
};

/** Puts another content in its place, whole: whoever reads finds the one or the other. */
export const replaceFile = async (path: string, content: string): Promise<void> => {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, content, { mode: 0o600, flag: 'wx' });
  await rename(draft, path);
};

/** Whose key it is: one that `prepare` made for a demonstration says so, and is refused in earnest. */
export type KeyMaker = 'prepare' | 'operator';

const MARK = 'made-by-prepare';

/** A key that is a member of JSON, with the mark of who made it. */
export const marked = <Key extends object>(key: Key, maker: KeyMaker): Key =>
  maker === 'prepare' ? { ...key, note: MARK } : key;

/** The same of a key in hexadecimal, which ends where its line does. */
export const markedLine = (hex: string, maker: KeyMaker): string => (maker === 'prepare' ? `${hex}\n# ${MARK}\n` : hex);

/** Names of the files in a folder whose keys `prepare` made, and of what else is for demonstrations only. None where there is no folder. */
export const demonstrationFilesIn = async (folder: string): Promise<readonly string[]> => {
  let names: readonly string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return [];
    throw error;
  }
  const found = await Promise.all(
    names.toSorted().map(async (name) => {
      if (name === 'demo-clients.json') return [name];
      return (await readFile(join(folder, name), 'utf8')).includes(MARK) ? [name] : [];
    }),
  );
  return found.flat();
};
