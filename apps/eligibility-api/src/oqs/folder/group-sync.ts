import { open, type FileHandle } from 'node:fs/promises';

/** A directory cannot be synced everywhere (Windows, some shares); what is in its files then is all that can be had. */
const CANNOT: ReadonlySet<string> = new Set(['EISDIR', 'EPERM', 'EINVAL', 'ENOTSUP', 'EACCES', 'EBADF']);

interface Waiting {
  readonly file: FileHandle;
  readonly done: (error?: unknown) => void;
}

/**
 * Makes files of one folder durable together: those that come while others are being synced are synced next, all at once, and the
 * folder once for all of them.
 */
export class GroupSync {
  private waiting: Waiting[] = [];
  private running = false;

  constructor(private readonly folder: string) {}

  /** Resolves when the file and its name survive a power cut. The file stays open. */
  durable(file: FileHandle): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ file, done: (error) => (error === undefined ? resolve() : reject(error)) });
      if (!this.running) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.waiting.length > 0) {
      const together = this.waiting;
      this.waiting = [];
      const synced = await Promise.allSettled(together.map(({ file }) => file.sync()));
      const folder = await this.syncFolder().then(
        () => undefined,
        (error: unknown) => error,
      );
      synced.forEach((outcome, i) => together[i]?.done(outcome.status === 'rejected' ? outcome.reason : folder));
    }
    this.running = false;
  }

  private async syncFolder(): Promise<void> {
    try {
      const folder = await open(this.folder, 'r');
      try {
        await folder.sync();
      } finally {
        await folder.close();
      }
    } catch (error) {
      if (!CANNOT.has(String((error as { code?: unknown }).code))) throw error;
    }
  }
}
