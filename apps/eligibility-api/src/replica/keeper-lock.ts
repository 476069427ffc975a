import { DatabaseSync } from 'node:sqlite';

/**
 * One keeper to a folder. SQLite's exclusive lock is the operating system's: it ends with the process, however that ends, and
 * whoever waits for it takes over.
 */
export class KeeperLock {
  private held: DatabaseSync | undefined;

  constructor(private readonly path: string) {}

  get isHeld(): boolean {
    return this.held !== undefined;
  }

  /** Whether we are the keeper now. */
  take(): boolean {
    if (this.isHeld) return true;
    const db = new DatabaseSync(this.path, { timeout: 0 });
    try {
      db.exec('begin exclusive');
      this.held = db;
      return true;
    } catch {
      db.close();
      return false;
    }
  }

  release(): void {
    this.held?.close();
    this.held = undefined;
  }
}
