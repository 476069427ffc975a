import { execFileSync, fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { request, type Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { verifyCheckLog } from '../../apps/eligibility-api/src/check-log-commands.js';
import { systemClock } from '../../apps/eligibility-api/src/clock/clock.js';
import { prepare } from '../../apps/eligibility-api/src/prepare.js';
import { readSettings } from '../../apps/eligibility-api/src/settings/index.js';
import { createMockJlis, type MockJlis } from '../../apps/mock-jlis/src/create-mock-jlis.js';
import { readSettings as readMockSettings } from '../../apps/mock-jlis/src/settings/settings.js';
import { freePort } from '../../scripts/launcher/postgres.mjs';
import { build, isBuilt } from '../../scripts/stage-zero/build.mjs';
import { freshDatabase, type FreshDatabase } from './fresh-database.js';
import { eventually, type Person } from './world.js';

const POPULATION = '20';
const entry = resolve(import.meta.dirname, '../../dist/apps/eligibility-api/src/main.js');

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly body: Record<string, any>;
}

/** The house as it is run: the built counter as processes of its own, on a real PostgreSQL, the mock registry and the machine's clock. */
export class ProcessHouse {
  private readonly started: RunningCounter[] = [];

  private constructor(
    readonly database: FreshDatabase,
    readonly dataDir: string,
    private readonly mock: MockJlis,
    private readonly environment: Readonly<Record<string, string>>,
    private readonly people: readonly Person[],
  ) {}

  static async start(name: string): Promise<ProcessHouse> {
    if (!isBuilt()) await build(process.execPath);
    const database = await freshDatabase(name);
    const mock = await createMockJlis({
      settings: readMockSettings({ MOCK_JLIS_PORT: '0', POPULATION, LOG_LEVEL: 'silent' }),
      clock: systemClock,
    });
    const dataDir = mkdtempSync(join(tmpdir(), 'shikaku-'));
    const environment = {
      DATABASE_URL: database.counterUrl,
      JLIS_URL: await mock.listen(),
      SECRETS_DIR: join(dataDir, 'secrets'),
      DATA_DIR: dataDir,
      JOURNAL_PREALLOCATED_BYTES: '0',
      // As in world.ts.
      OVERLOAD_DELAY_MS: '10000',
      POPULATION,
      LOG_LEVEL: 'warn',
    };
    const ofPrepare = { DATABASE_URL: database.ownerUrl, VAULT_SECRETS_DIR: join(dataDir, 'vault-secrets') };
    await prepare(readSettings({ ...environment, ...ofPrepare }), { say: () => {} });
    const lines = readFileSync(join(dataDir, 'people.ndjson'), 'utf8').trim().split('\n');
    return new ProcessHouse(
      database,
      dataDir,
      mock,
      environment,
      lines.map((line) => JSON.parse(line) as Person),
    );
  }

  async counter(more: Readonly<Record<string, string>> = {}): Promise<RunningCounter> {
    const environment = { PORT: String(await freePort()), WORKERS: '2', ...this.environment, ...more };
    const counter = new RunningCounter(environment);
    this.started.push(counter);
    return counter;
  }

  /** Sets the fault switches of the mock registry. */
  async faults(faults: object): Promise<void> {
    const response = await fetch(`${this.environment['JLIS_URL']}/faults`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(faults),
    });
    if (!response.ok) throw new Error(`the mock refused the faults: ${await response.text()}`);
  }

  person(id: string): Person {
    const found = this.people.find((person) => person.id === id);
    if (found === undefined) throw new Error(`no scenario person is called ${id}`);
    return found;
  }

  /** The record of what is shipped, as `npm run check-log:verify` sees it. */
  verified(): ReturnType<typeof verifyCheckLog> {
    return verifyCheckLog(readSettings(this.environment), [], () => {});
  }

  async close(): Promise<void> {
    for (const counter of this.started) {
      counter.kill('SIGKILL');
      await counter.ended;
      await counter.nobodyLeft();
    }
    await this.mock.close();
    await this.database.drop();
    await rm(this.dataDir, { recursive: true, force: true });
  }
}

interface RunningProcess {
  readonly pid: number;
  readonly role: string;
}

/** A counter with its keeper and its workers. */
export class RunningCounter {
  readonly ended: Promise<number | null>;
  readonly url: string;
  private readonly child: ChildProcess;
  private readonly isReady = Promise.withResolvers<void>();
  private token: Promise<string> | undefined;
  private said = '';
  /** Everybody that was ever seen. */
  private readonly seen = new Set<number>();

  constructor(private readonly environment: Readonly<Record<string, string>>) {
    this.url = `http://127.0.0.1:${environment['PORT']}`;
    this.child = fork(entry, ['counter'], {
      execArgv: [],
      env: { PATH: process.env['PATH'], ...environment },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (chunk: Buffer) => (this.said += chunk.toString('utf8')));
    this.child.on('message', (message) => {
      if (typeof message === 'object' && message !== null && 'ready' in message) this.isReady.resolve();
    });
    // Output may be held open by processes it left behind, and that is what is looked for.
    this.ended = new Promise((done) => {
      this.child.once('exit', (code) => {
        this.isReady.reject(new Error(`the counter ended before it was ready:\n${this.said}`));
        done(code);
      });
    });
    this.isReady.promise.catch(() => {});
  }

  get output(): string {
    return this.said;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** All processes listen and answer from the replica. */
  async ready(): Promise<this> {
    await this.isReady.promise;
    await eventually(async () => (await fetch(`${this.url}/health/ready`)).status === 200);
    return this;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** The processes it has started, by what they do. */
  processes(role?: 'worker' | 'keeper'): RunningProcess[] {
    const found = execFileSync('ps', ['-eo', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' })
      .split('\n')
      .flatMap((line) => {
        const [pid, parent, stat = '', ...args] = line.trim().split(/\s+/);
        return Number(parent) !== this.pid || stat.startsWith('Z')
          ? []
          : [{ pid: Number(pid), role: args.at(-1) as string }];
      });
    for (const { pid } of found) this.seen.add(pid);
    return role === undefined ? found : found.filter((one) => one.role === role);
  }

  /** Resolves when none of the processes that were seen is there any more, nor the one that started them. */
  nobodyLeft(): Promise<void> {
    return eventually(async () => [this.pid, ...this.seen].every((pid) => !isRunning(pid)));
  }

  /** Asks on a connection of its own, so that the workers take turns, or on one of an agent's. Rejects when the connection ends without a reply. */
  async ask(
    body: object,
    headers: Readonly<Record<string, string>> = {},
    agent: Agent | false = false,
  ): Promise<Answer> {
    this.token ??= this.fetchToken();
    const authorization = `Bearer ${await this.token}`;
    return new Promise((done, fail) => {
      const asked = request(
        `${this.url}/v1/eligibility-checks`,
        {
          method: 'POST',
          agent,
          headers: { authorization, 'content-type': 'application/json', ...headers },
        },
        (reply) => {
          const chunks: Buffer[] = [];
          reply.on('data', (chunk: Buffer) => chunks.push(chunk));
          reply.once('error', fail);
          reply.once('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            done({ status: reply.statusCode ?? 0, text, body: JSON.parse(text) as Record<string, any> });
          });
        },
      );
      asked.once('error', fail);
      asked.end(JSON.stringify(body));
    });
  }

  private async fetchToken(): Promise<string> {
    const secrets = JSON.parse(
      readFileSync(join(this.environment['SECRETS_DIR'] ?? '', 'demo-clients.json'), 'utf8'),
    ) as Record<string, string>;
    const credentials = Buffer.from(`demo-clinic:${secrets['demo-clinic']}`).toString('base64');
    const response = await fetch(`${this.url}/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${credentials}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=client_credentials',
    });
    return ((await response.json()) as { access_token: string }).access_token;
  }
}

const isRunning = (pid: number): boolean => {
  try {
    // One that has ended and was not yet asked for is gone as well.
    return !execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).startsWith('Z');
  } catch {
    return false;
  }
};
