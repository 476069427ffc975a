import crypto from 'node:crypto';
import { EventEmitter } from 'node:events';
import fs from 'node:fs';
import fsPromises from 'node:fs/promises';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import timers from 'node:timers/promises';
import workers from 'node:worker_threads';

import type { Random } from './random.js';
import { Timer, type VirtualTime } from './virtual-time.js';

/*
 * What the code under test takes from Node and would make two runs of one seed differ: clocks, timers, chance, threads, and
 * files that answer when the thread pool likes. It is replaced in Node itself, so that production code needs no opening for it.
 * Only the process of the simulation does this; nothing puts it back.
 */

/** What stands in at the moment: a seed brings its own. */
interface Current {
  time: VirtualTime;
  random: Random;
  /** Takes every call to a registry. */
  fetch: (url: URL, init: RequestInit) => Promise<Response>;
  /** Files that were opened and not closed, by number, with their path and whose they are: several read what one writes. */
  readonly openFiles: Map<number, { readonly path: string; readonly owner: number }>;
  /** Told of a file that was made durable at once. */
  synced?: (fd: number) => void;
  /** When a file was last written to, by the machine's clock. */
  touchedAt?: (path: string) => number;
}

let current: Current | undefined;
const here = (): Current => {
  if (current === undefined) throw new Error('no seed is being run');
  return current;
};

export const useFor = (seed: Omit<Current, 'openFiles'>): Current => {
  current = { ...seed, openFiles: new Map() };
  return current;
};

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const replaceClocks = (): void => {
  const timeout = (run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): Timer =>
    here().time.after(ms, () => run(...args));
  const interval = (run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): Timer =>
    here().time.after(ms, () => run(...args), ms);
  const cancel = (timer: unknown): void => current?.time.cancel(timer);
  const immediate = (run: (...args: unknown[]) => void, ...args: unknown[]): Timer => {
    here().time.soon(() => run(...args));
    return new Timer({ at: 0, order: 0, owner: 0, run: () => {}, everyMs: undefined, cancelled: false });
  };
  Object.assign(globalThis, {
    setTimeout: timeout,
    setInterval: interval,
    setImmediate: immediate,
    clearTimeout: cancel,
    clearInterval: cancel,
    clearImmediate: cancel,
    fetch: (url: URL, init: RequestInit) => here().fetch(url, init),
  });
  Object.assign(timers, {
    setTimeout: <T>(ms: number, value?: T, { signal }: { signal?: AbortSignal } = {}): Promise<T | undefined> =>
      new Promise((resolve, reject) => {
        const timer = here().time.after(ms, () => resolve(value));
        signal?.addEventListener('abort', () => {
          here().time.cancel(timer);
          reject(signal.reason as Error);
        });
      }),
    setImmediate: <T>(value?: T): Promise<T | undefined> =>
      new Promise((resolve) => here().time.soon(() => resolve(value))),
  });
  Date.now = () => here().time.wall();
  performance.now = () => here().time.monotonic();
  AbortSignal.timeout = (ms: number): AbortSignal => {
    const controller = new AbortController();
    here().time.after(ms, () => controller.abort(new DOMException('the deadline has passed', 'TimeoutError')));
    return controller.signal;
  };
};

const replaceChance = (): void => {
  Object.assign(crypto, {
    randomBytes: (size: number): Buffer => {
      const bytes = Buffer.alloc(size);
      here().random.scatter(bytes);
      return bytes;
    },
    randomFillSync: <T extends Uint8Array>(bytes: T): T => {
      here().random.scatter(bytes);
      return bytes;
    },
    randomUUIDv7: (): string => {
      const { time, random } = here();
      const tail = new Uint8Array(10);
      random.scatter(tail);
      const ms = Math.floor(time.wall()).toString(16).padStart(12, '0');
      const t = hex(tail);
      return `${ms.slice(0, 8)}-${ms.slice(8)}-7${t.slice(0, 3)}-8${t.slice(3, 6)}-${t.slice(6, 18)}`;
    },
  });
  // Writers are named by their machine, and hashes begin with a writer's name.
  os.hostname = () => 'simulated';
};

/** Files answer at once: what the thread pool would do in its own time is done in the order in which it was asked for. */
const replaceFiles = (): void => {
  const { openSync, closeSync } = fs;
  Object.assign(fs, {
    openSync: (path: string, ...how: unknown[]): number => {
      const fd = (openSync as (...args: unknown[]) => number)(path, ...how);
      current?.openFiles.set(fd, { path, owner: current.time.owner });
      return fd;
    },
    closeSync: (fd: number): void => {
      current?.openFiles.delete(fd);
      closeSync(fd);
    },
    fdatasyncSync: (fd: number): void => current?.synced?.(fd),
    fsyncSync: (): void => {},
  });
  const opened = (fd: number): object => ({
    fd,
    read: async (buffer: Buffer, offset: number, length: number, position: number) => ({
      bytesRead: fs.readSync(fd, buffer, offset, length, position),
      buffer,
    }),
    stat: async () => fs.fstatSync(fd),
    sync: async () => {},
    datasync: async () => {},
    writeFile: async (data: string) => fs.writeFileSync(fd, data),
    close: async () => fs.closeSync(fd),
  });
  Object.assign(fsPromises, {
    open: async (path: string, flags: string, mode?: number) => opened(fs.openSync(path, flags, mode)),
    readdir: async (path: string) => fs.readdirSync(path),
    stat: async (path: string) => ({ size: fs.statSync(path).size, mtimeMs: current?.touchedAt?.(path) }),
    rename: async (from: string, to: string) => fs.renameSync(from, to),
    rmdir: async (path: string) => fs.rmdirSync(path),
    unlink: async (path: string) => fs.unlinkSync(path),
    readFile: async (path: string, how: never) => fs.readFileSync(path, how),
    mkdir: async (path: string, how: never) => fs.mkdirSync(path, how),
    writeFile: async (path: string, data: string, how: never) => fs.writeFileSync(path, data, how),
    rm: async (path: string, how: never) => fs.rmSync(path, how),
  });
};

/** A thread's own code, run where it was started from, one message at a time. */
class ThreadHere extends EventEmitter {
  private readonly port = new EventEmitter();
  private over = false;

  constructor(code: string, { workerData }: { workerData: unknown }) {
    super();
    const parentPort = {
      on: (event: string, told: (message: unknown) => void) => this.port.on(event, told),
      postMessage: (message: unknown) =>
        here().time.soon(() => {
          if (!this.over) this.emit('message', message);
        }),
    };
    const require = createRequire(import.meta.url);
    // oxlint-disable-next-line no-implied-eval, typescript/no-implied-eval -- the very text that a thread would run
    new Function('require', code)((name: string): unknown =>
      name === 'node:worker_threads' ? { parentPort, workerData } : (require(name) as unknown),
    );
  }

  postMessage(message: unknown): void {
    here().time.soon(() => {
      if (!this.over) this.port.emit('message', message);
    });
  }
  ref(): void {}
  unref(): void {}
  async terminate(): Promise<void> {
    this.over = true;
  }
}

export const replaceNode = (): void => {
  replaceClocks();
  replaceChance();
  replaceFiles();
  Object.assign(workers, { Worker: ThreadHere });
  syncBuiltinESMExports();
};
