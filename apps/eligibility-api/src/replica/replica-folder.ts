import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

const POINTER = 'current';
const GENERATION = /^[0-9a-f]{32}$/;
const PARTS = ['', '-wal', '-shm', '-journal'] as const;

/** The replica's folder: a file for every generation, and a pointer to the one that is answered from. Keeper and readers meet here and nowhere else. */
export class ReplicaFolder {
  constructor(readonly path: string) {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  }

  newGeneration(): string {
    return randomBytes(16).toString('hex');
  }

  fileOf(generation: string): string {
    return join(this.path, `${generation}.db`);
  }

  get lockFile(): string {
    return join(this.path, 'keeper.lock');
  }

  /** The generation to answer from; undefined when there is none, or the pointer is not one. */
  current(): string | undefined {
    let text: string;
    try {
      text = readFileSync(join(this.path, POINTER), 'utf8').trim();
    } catch {
      return undefined;
    }
    return GENERATION.test(text) && existsSync(this.fileOf(text)) ? text : undefined;
  }

  /** Whole or not at all: a reader finds the old generation or the new one. */
  makeCurrent(generation: string): void {
    const draft = join(this.path, `${POINTER}.${generation}`);
    const file = openSync(draft, 'w', 0o600);
    try {
      writeFileSync(file, `${generation}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, join(this.path, POINTER));
    const folder = openSync(this.path, 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  }

  /** A reader found what it must not answer from: the keeper makes a new generation. */
  reportBroken(generation: string): void {
    writeFileSync(join(this.path, `${generation}.broken`), '', { mode: 0o600 });
  }

  isReportedBroken(generation: string): boolean {
    return existsSync(join(this.path, `${generation}.broken`));
  }

  /** Removes every generation but these. Who still reads one keeps it until it looks at the pointer again. */
  keepOnly(...generations: readonly (string | undefined)[]): void {
    for (const name of readdirSync(this.path)) {
      const [generation = ''] = name.replace(`${POINTER}.`, '').split('.');
      if (GENERATION.test(generation) && !generations.includes(generation))
        rmSync(join(this.path, name), { force: true });
    }
  }

  remove(generation: string): void {
    for (const part of PARTS) rmSync(`${this.fileOf(generation)}${part}`, { force: true });
  }
}
