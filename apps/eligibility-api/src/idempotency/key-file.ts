import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';

import type { Clock } from '../clock/clock.js';

/** How long a key is kept after what it led to is known. */
export const KEPT_FOR_MS = 10 * 60_000;
/** A process that said nothing of a key for this long is taken to be gone, and another may begin anew. */
export const HELD_FOR_MS = 3_000;
/** After the file has refused something it is left alone for this long. */
const RETRY_AFTER_MS = 5_000;
/** Whoever holds the file holds it for microseconds. */
const BUSY_MS = 100;
/** Each new key takes these many old ones away, so that there is never much to take away at once. */
const REMOVED_AT_ONCE = 4;

/** While another process makes the file SQLite does not wait by itself. Done once in a process, so that it may stand still for it. */
const OPEN_TRIES = 40;
const OPEN_AGAIN_MS = 5;

/** SQLite's codes: another process has the file. */
const BUSY = 5;
/** SQLite's codes for a file that is damaged, and for one that is no database. */
const BROKEN: ReadonlySet<number> = new Set([11, 26]);

/**
 * `key` and `request` are keyed hashes; `check_id` is null while the first is under way. A row is nobody's any more from
 * `until` on, or when that is further ahead than anybody could have written it: then the clock was set back.
 */
const TABLE = `
  create table if not exists idempotency_key (
    key text primary key, request text not null, holder text not null, check_id text, until integer not null
  ) strict, without rowid;
  create index if not exists idempotency_key_until on idempotency_key (until)`;
const LAPSED = `(until <= :now or until > :now + iif(check_id is null, ${HELD_FOR_MS}, ${KEPT_FOR_MS}))`;
const BEGIN = `
  insert into idempotency_key (key, request, holder, until) values (:key, :request, :holder, :now + ${HELD_FOR_MS})
  on conflict (key) do update
    set request = excluded.request, holder = excluded.holder, check_id = null, until = excluded.until where ${LAPSED}
  returning key`;
const LOOK = `select request, check_id as checkId, until from idempotency_key where key = :key and not ${LAPSED}`;
const HOLD = `update idempotency_key set until = :now + ${HELD_FOR_MS} where key = :key and holder = :holder and check_id is null`;
/** Whoever is first to know wins, also against one who took it for gone. */
const FINISH = `
  insert into idempotency_key (key, request, holder, check_id, until)
  values (:key, :request, :holder, :checkId, :now + ${KEPT_FOR_MS})
  on conflict (key) do update set holder = excluded.holder, check_id = excluded.check_id, until = excluded.until,
    request = excluded.request
  where holder = excluded.holder or (check_id is null and request = excluded.request) or ${LAPSED}
  returning key`;
const FORGET = `delete from idempotency_key where key = :key and holder = :holder`;
const LOSE = `delete from idempotency_key where key = :key and check_id = :checkId`;
const REMOVE = `
  delete from idempotency_key where key in (select key from idempotency_key where until <= :now limit ${REMOVED_AT_ONCE})`;

const STATEMENTS = { begin: BEGIN, look: LOOK, hold: HOLD, finish: FINISH, forget: FORGET, lose: LOSE, remove: REMOVE };
type Statements = Readonly<Record<keyof typeof STATEMENTS, StatementSync>>;

/** Who works on what under a key. */
export interface Claim {
  readonly key: string;
  readonly request: string;
  /** Of this one attempt. */
  readonly holder: string;
}

/** What the processes of this machine know of a key: begun now by who asks, under way elsewhere, or done. */
export type Known =
  | { readonly state: 'begun' }
  | { readonly state: 'under-way'; readonly request: string }
  | { readonly state: 'done'; readonly request: string; readonly checkId: string; readonly until: number };

/**
 * Idempotency keys of all processes of this machine, in a file of SQLite: keyed hashes and ids of checks, and nothing that was
 * asked or answered. Worth ten minutes, so that nothing waits for the disk and a damaged file is made anew. While it cannot be
 * used every method says undefined, and each process has its own memory.
 */
export class KeyFile implements OnApplicationShutdown {
  private readonly logger = new Logger('IdempotencyKeys');
  private opened: { db: DatabaseSync; statements: Statements; inode: number | undefined } | undefined;
  private failedAt = Number.NEGATIVE_INFINITY;
  private failing = false;
  private closed = false;

  constructor(
    private readonly path: string,
    private readonly clock: Clock,
  ) {}

  /** Begins work under a key, or says how far another's is. */
  begin({ key, request, holder }: Claim): Known | undefined {
    return this.use(({ begin, look, remove }) => {
      const now = this.clock.now();
      // A repeat writes nothing. Twice, as it may lapse or be forgotten in between.
      for (let i = 0; i < 2; i += 1) {
        const row = look.get({ key, now }) as { request: string; checkId: string | null; until: number } | undefined;
        if (row !== undefined)
          return row.checkId === null
            ? { state: 'under-way', request: row.request }
            : { state: 'done', request: row.request, checkId: row.checkId, until: row.until };
        if (begin.get({ key, request, holder, now }) !== undefined) {
          remove.run({ now });
          return { state: 'begun' };
        }
      }
      return { state: 'under-way', request };
    });
  }

  /** Says that it is still being worked on. */
  hold({ key, holder }: Claim): void {
    this.use(({ hold }) => hold.run({ key, holder, now: this.clock.now() }));
  }

  /** Says what it led to. False where another was first. */
  finish({ key, request, holder }: Claim, checkId: string): boolean | undefined {
    return this.use(({ finish }) => finish.get({ key, request, holder, checkId, now: this.clock.now() }) !== undefined);
  }

  /** It led to nothing: the next may begin anew. */
  forget({ key, holder }: Claim): void {
    this.use(({ forget }) => forget.run({ key, holder }));
  }

  /** What it led to is not to be found any more. */
  lose({ key }: Claim, checkId: string): void {
    this.use(({ lose }) => lose.run({ key, checkId }));
  }

  onApplicationShutdown(): void {
    this.closed = true;
    this.close();
  }

  private use<T>(work: (statements: Statements) => T): T | undefined {
    const now = performance.now();
    if (this.closed || now - this.failedAt < RETRY_AFTER_MS) return undefined;
    try {
      // Another process found it damaged, or somebody took it away: those who share it share what is there now.
      if (this.opened !== undefined && this.opened.inode !== inodeOf(this.path)) this.close();
      this.opened ??= this.openWithOthers();
      const result = work(this.opened.statements);
      if (this.failing) this.logger.log({ event: 'idempotency-keys-shared-again' });
      this.failing = false;
      return result;
    } catch (error) {
      this.failedAt = now;
      const { code, errcode } = error as { code?: string; errcode?: number };
      if (!this.failing) this.logger.warn({ event: 'idempotency-keys-not-shared', code, errcode });
      this.failing = true;
      if (BROKEN.has(plainCode(error))) this.discard();
      this.close();
      return undefined;
    }
  }

  private openWithOthers(): NonNullable<typeof this.opened> {
    for (let tries = 1; ; tries += 1) {
      try {
        return this.open();
      } catch (error) {
        if (plainCode(error) !== BUSY || tries === OPEN_TRIES) throw error;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, OPEN_AGAIN_MS);
      }
    }
  }

  private open(): NonNullable<typeof this.opened> {
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
    const db = new DatabaseSync(this.path, { timeout: BUSY_MS });
    try {
      db.exec('pragma journal_mode = wal; pragma synchronous = off; pragma cache_size = -2048');
      db.exec(TABLE);
      const statements = Object.fromEntries(
        Object.entries(STATEMENTS).map(([name, sql]) => [name, db.prepare(sql)]),
      ) as unknown as Statements;
      return { db, statements, inode: inodeOf(this.path) };
    } catch (error) {
      db.close();
      throw error;
    }
  }

  /** Takes a damaged file away, unless another process has put a new one into its place. */
  private discard(): void {
    try {
      if (this.opened !== undefined && inodeOf(this.path) !== this.opened.inode) return;
      for (const part of ['', '-wal', '-shm']) rmSync(`${this.path}${part}`, { force: true });
    } catch {
      // Tried again with the next one that finds it damaged.
    }
  }

  private close(): void {
    try {
      this.opened?.db.close();
    } catch {
      // A file that is damaged may not even close.
    }
    this.opened = undefined;
  }
}

/** Extended codes have the plain one in their last byte. */
const plainCode = (error: unknown): number => ((error as { errcode?: number }).errcode ?? 0) & 0xff;

const inodeOf = (path: string): number | undefined => statSync(path, { throwIfNoEntry: false })?.ino;
