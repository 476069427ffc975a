import { makeWorkerUtils } from 'graphile-worker';
import { Client, type Pool } from 'pg';

/** Held by whoever starts, shared, and by whoever looks for the dead, alone: what a pool has taken before it said that it lives is nobody's to free. */
const STARTING = `hashtextextended('shikaku look-ups start', 0)`;
const ID = `hashtextextended('shikaku look-ups ' || id, 0)`;

/** A host that went away without a word is found out by the kernel of the server's, after this long without an answer. */
const SILENT_HOST_S = { idle: 10, interval: 5, count: 4 } as const;

/**
 * Who of those that work on the queue is alive. Each pool of workers has a session lock of PostgreSQL under its id, which goes with its process,
 * however that ends; what a pool has taken whose lock is nobody's is freed, so that others go on with it. By graphile-worker's own rule
 * it would stay locked for four hours.
 */
export class LivingPools {
  private readonly client: Client;
  private readonly own: string[] = [];
  /** Rejects when the session is lost, and with it the locks. */
  readonly lost: Promise<never>;

  constructor(
    databaseUrl: string,
    timeoutMs: number,
    private readonly pool: Pool,
  ) {
    const { idle, interval, count } = SILENT_HOST_S;
    this.client = new Client({
      connectionString: databaseUrl,
      application_name: 'shikaku-look-ups-alive',
      keepAlive: true,
      connectionTimeoutMillis: timeoutMs,
      query_timeout: timeoutMs,
      options: `-c tcp_keepalives_idle=${idle} -c tcp_keepalives_interval=${interval} -c tcp_keepalives_count=${count}`,
    });
    this.lost = new Promise<never>((_resolve, reject) => {
      this.client.on('error', reject);
    });
    this.lost.catch(() => {});
  }

  async connect(): Promise<void> {
    await this.client.connect();
  }

  /** Takes the pools that are started into those that live, before anybody could take them for dead. */
  async start<T>(start: (named: (id: string) => void) => Promise<T>): Promise<T> {
    await this.client.query(`select pg_advisory_lock_shared(${STARTING})`);
    const started = await start((id) => void this.own.push(id));
    await this.client.query(`select pg_advisory_lock(${ID}) from unnest($1::text[]) as id`, [this.own]);
    await this.client.query(`select pg_advisory_unlock_shared(${STARTING})`);
    return started;
  }

  /** Frees what the dead have taken. While somebody starts it is left for the next time. */
  async freeWhatNobodyHas(): Promise<void> {
    const { rows } = await this.client.query<{ mine: boolean }>(`select pg_try_advisory_lock(${STARTING}) as mine`);
    if (rows[0]?.mine !== true) return;
    try {
      await this.freeOfDead();
    } finally {
      await this.client.query(`select pg_advisory_unlock(${STARTING})`);
    }
  }

  private async freeOfDead(): Promise<void> {
    const dead = await this.client.query<{ id: string }>(
      `with taken as materialized (
         select distinct locked_by as id from graphile_worker.jobs where locked_by is not null and locked_by <> all($1::text[])),
       tried as materialized (select id, pg_try_advisory_lock(${ID}) as free from taken)
       select id, pg_advisory_unlock(${ID}) from tried where free`,
      [this.own],
    );
    if (dead.rows.length === 0) return;
    const utils = await makeWorkerUtils({ pgPool: this.pool });
    try {
      await utils.forceUnlockWorkers(dead.rows.map(({ id }) => id));
    } finally {
      await utils.release();
    }
  }

  async end(): Promise<void> {
    await this.client.end().catch(() => {});
  }
}
