import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** Pages in the log, and how many of them have been moved into the file. */
export interface LogState {
  readonly inLog: number;
  readonly moved: number;
}

/** A connection of its own: SQLite lets anybody move the log while others read and write. As text, because a thread needs a file otherwise, and sources and build have different ones. */
const THREAD = `
const { parentPort, workerData } = require('node:worker_threads');
const { DatabaseSync } = require('node:sqlite');
const db = new DatabaseSync(workerData, { timeout: 1000 });
db.exec('pragma synchronous = normal; pragma wal_autocheckpoint = 0; pragma cache_size = -512');
parentPort.on('message', () => {
  try {
    const { log, checkpointed } = db.prepare('pragma wal_checkpoint(passive)').get();
    parentPort.postMessage({ inLog: log, moved: checkpointed });
  } catch {
    parentPort.postMessage({ inLog: 0, moved: 0 });
  }
});`;

const NOTHING: LogState = { inLog: 0, moved: 0 };

/**
 * Moves the log into the file, on a thread of its own: it waits for the disk twice each time, and on the event loop every
 * check would wait with it. The thread is made when it is first needed.
 */
export class Checkpointer {
  private worker: Worker | undefined;
  private readonly closed = new AbortController();

  constructor(private readonly path: string) {}

  async checkpoint(): Promise<LogState> {
    if (this.closed.signal.aborted) return NOTHING;
    this.worker ??= this.start();
    const { worker } = this;
    const said = once(worker, 'message', { signal: this.closed.signal });
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    worker.postMessage('checkpoint');
    // While one is awaited the thread is what the process waits for; not otherwise.
    worker.ref();
    try {
      const [state] = (await said) as [LogState];
      return state;
    } catch {
      // Closed meanwhile, or fallen over: the next time finds another.
      this.worker = undefined;
      return NOTHING;
    } finally {
      worker.unref();
    }
  }

  close(): void {
    void this.worker?.terminate();
    this.worker = undefined;
    this.closed.abort();
  }

  private start(): Worker {
    const worker = new Worker(THREAD, {
      eval: true,
      workerData: this.path,
      resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 },
    });
    // Told to whoever awaits it; nobody else is to fall over it.
    worker.on('error', () => {});
    worker.unref();
    return worker;
  }
}
