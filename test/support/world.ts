import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { callbackify } from 'node:util';

import request, { type Response } from 'supertest';

import { verifyCheckLog } from '../../apps/eligibility-api/src/check-log-commands.js';
import { CertificateStatus } from '../../apps/eligibility-api/src/certificate-status/certificate-status.js';
import { JournalShipper } from '../../apps/eligibility-api/src/check-log/journal-shipper.js';
import { CounterModule } from '../../apps/eligibility-api/src/counter.module.js';
import { createHttpApp, type HttpApp } from '../../apps/eligibility-api/src/http/create-http-app.js';
import { OfficeModule } from '../../apps/eligibility-api/src/office.module.js';
import { prepare } from '../../apps/eligibility-api/src/prepare.js';
import { readSettings, type Settings } from '../../apps/eligibility-api/src/settings/index.js';
import { Keeper } from '../../apps/eligibility-api/src/replica/keeper.js';
import { ReplicaReader } from '../../apps/eligibility-api/src/replica/replica-reader.js';
import { createMockJlis, type MockJlis } from '../../apps/mock-jlis/src/create-mock-jlis.js';
import { readSettings as readMockSettings } from '../../apps/mock-jlis/src/settings/settings.js';
import { freshDatabase, type FreshDatabase } from './fresh-database.js';
import { SettableClock } from './settable-clock.js';
import type { PostgresAddress } from './throwaway-cluster.js';

/** A line of people.ndjson. */
export interface Person {
  readonly id: string;
  readonly story: string;
  readonly certificateSerial?: string;
  readonly insured?: Record<string, string>;
  readonly serviceDate?: string;
  readonly consent?: Record<string, boolean>;
  readonly expected: Record<string, unknown>;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Record<string, any>;
}

export interface WorldOptions {
  readonly name: string;
  readonly now?: string;
  readonly population?: number;
  /** People the registry has; as many as we have when left out. */
  readonly residents?: number;
  readonly settings?: Readonly<Record<string, string>>;
  /** A cluster of the test's own; the run's common one when left out. */
  readonly postgres?: PostgresAddress;
  /** One application answers and another keeps, as the processes of a counter do; without it, one does both. */
  readonly apart?: boolean;
}

/** The whole house in this process: a real PostgreSQL, the real mock registry over HTTP, the counter, and a clock to set. */
export class World {
  private readonly tokens = new Map<string, string>();
  private machines = 1;

  private constructor(
    readonly clock: SettableClock,
    readonly database: FreshDatabase,
    readonly mock: MockJlis,
    readonly mockUrl: string,
    readonly dataDir: string,
    readonly settings: Settings,
    readonly counter: HttpApp,
    readonly keeper: HttpApp,
    readonly url: string,
    readonly people: readonly Person[],
    private readonly secrets: Readonly<Record<string, string>>,
  ) {}

  static async start({
    name,
    now,
    population = 20,
    residents = population,
    settings: more = {},
    postgres,
    apart = false,
  }: WorldOptions): Promise<World> {
    const clock = new SettableClock(now);
    const database = await freshDatabase(name, postgres);
    const mock = await createMockJlis({
      settings: readMockSettings({ MOCK_JLIS_PORT: '0', POPULATION: String(residents), LOG_LEVEL: 'silent' }),
      clock,
    });
    const mockUrl = await mock.listen();
    const dataDir = await mkdtemp(join(tmpdir(), 'shikaku-'));
    const environment = {
      PORT: '0',
      DATABASE_URL: database.counterUrl,
      JLIS_URL: mockUrl,
      DATA_DIR: dataDir,
      SECRETS_DIR: join(dataDir, 'secrets'),
      VAULT_SECRETS_DIR: join(dataDir, 'vault-secrets'),
      POPULATION: String(population),
      LOG_LEVEL: 'silent',
      REGISTRY_FEED_INTERVAL_MS: '50',
      JOURNAL_PREALLOCATED_BYTES: '0',
      // A machine that runs several tests is late all the time, and nobody is to be turned away for that.
      OVERLOAD_DELAY_MS: '10000',
      REGISTRY_FAULTS_URL: `${mockUrl}/faults`,
      ...more,
    };
    await prepare(readSettings({ ...environment, DATABASE_URL: database.ownerUrl }), { say: () => {} }, clock);
    const settings = readSettings(environment);
    const keeper = apart ? await createHttpApp(CounterModule.with(settings, clock, 'keeper'), 'counter') : undefined;
    const counter = await createHttpApp(CounterModule.with(settings, clock, apart ? 'worker' : 'whole'), 'counter');
    await counter.app.listen(0, '127.0.0.1');
    const url = (await counter.app.getUrl()).replace('[::1]', '127.0.0.1');
    const lines = (await readFile(join(dataDir, 'people.ndjson'), 'utf8')).trim().split('\n');
    const secrets = JSON.parse(await readFile(join(dataDir, 'secrets', 'demo-clients.json'), 'utf8')) as Record<
      string,
      string
    >;
    const world = new World(
      clock,
      database,
      mock,
      mockUrl,
      dataDir,
      settings,
      counter,
      keeper ?? counter,
      url,
      lines.map((line) => JSON.parse(line) as Person),
      secrets,
    );
    await untilReady(url);
    await world.heard();
    return world;
  }

  /** A second counter on the same database: on another machine, or beside the first on its disk. */
  async anotherCounter(where: 'elsewhere' | 'beside' = 'elsewhere'): Promise<HttpApp & { url: string }> {
    const DATA_DIR = where === 'beside' ? this.dataDir : join(this.dataDir, `machine-${(this.machines += 1)}`);
    const counter = await createHttpApp(CounterModule.with({ ...this.settings, DATA_DIR }, this.clock), 'counter');
    await counter.app.listen(0, '127.0.0.1');
    const url = await counter.app.getUrl();
    await untilReady(url);
    return { ...counter, url };
  }

  /** Resolves when everything answered so far is in PostgreSQL. */
  async shipped(): Promise<void> {
    await this.counter.app.get(JournalShipper).ship();
    await this.counter.app.get(JournalShipper).ship();
  }

  /** The record of everything answered so far, as `npm run check-log:verify` sees it. */
  async verified(...args: string[]): ReturnType<typeof verifyCheckLog> {
    await this.shipped();
    return verifyCheckLog(this.settings, args, () => {});
  }

  async office(more: Readonly<Record<string, string>> = {}): Promise<HttpApp & { url: string }> {
    const settings = readSettings({ ...this.settings, DATABASE_URL: this.database.officeUrl, ...more } as never);
    const office = await createHttpApp(OfficeModule.with(settings, this.clock), 'office');
    await office.app.listen(0, '127.0.0.1');
    const url = await office.app.getUrl();
    await untilReady(url);
    return { ...office, url };
  }

  person(id: string): Person {
    const found = this.people.find((person) => person.id === id);
    if (found === undefined) throw new Error(`no scenario person is called ${id}`);
    return found;
  }

  secret(client: string): string {
    return this.secrets[client] ?? '';
  }

  /** An access token of a demo client, good for ten minutes of the settable clock. */
  async token(client = 'demo-clinic'): Promise<string> {
    const known = this.tokens.get(client);
    if (known !== undefined) return known;
    const response = await fetch(`${this.url}/oauth/token`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${client}:${this.secret(client)}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: 'grant_type=client_credentials',
    });
    const { access_token: token } = (await response.json()) as { access_token: string };
    this.tokens.set(client, token);
    return token;
  }

  /** Moves the clock, and forgets the tokens that may have ended by it. */
  async moveTo(now: string): Promise<void> {
    this.clock.set(now);
    this.tokens.clear();
  }

  /** Resolves when everything committed before has reached the replica, as of the instant the clock shows. */
  async heard({ app }: Pick<HttpApp, 'app'> = this.counter): Promise<void> {
    await (app === this.counter.app ? this.keeper.app : app).get(Keeper).hear();
    app.get(ReplicaReader).refresh();
  }

  /** Resolves when the registry's feed has been read at the instant the clock shows: after a leap, cards are as of before it until then. */
  async caughtUp(): Promise<void> {
    const certificates = this.keeper.app.get(CertificateStatus);
    await eventually(async () => certificates.confirmedAt === this.clock.now());
    await this.heard();
  }

  /** Resolves when everybody has the answer of today ready, and the feed has been read. */
  async allReady(): Promise<void> {
    await this.caughtUp();
    await this.keeper.app.get(Keeper).buildReady();
    this.counter.app.get(ReplicaReader).refresh();
  }

  async call(
    method: string,
    path: string,
    { client = 'demo-clinic', headers = {}, body, at = this.url }: CallOptions = {},
  ): Promise<Reply> {
    const agent = request(at);
    const asked = agent[verbOf(method)](path)
      .set({
        ...(client === null ? {} : { authorization: `Bearer ${await this.token(client)}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      })
      // The bytes as they came: what is read out of them is the test's to say.
      .buffer(true)
      .parse(textOf)
      .serialize((bytes: unknown) => bytes as string);
    const response = await (body === undefined ? asked : asked.send(bytesOf(body)));
    // Without a body (HEAD, 304) there is nothing to read, and superagent gives an object.
    const whole = typeof response.body === 'string' ? response.body : '';
    let parsed: Record<string, any> = {};
    if (whole !== '' && /[/+]json\b/.test(response.headers['content-type'] ?? ''))
      parsed = JSON.parse(whole) as Record<string, any>;
    return {
      status: response.status,
      headers: new Headers(response.headers),
      text: whole,
      body: parsed,
    };
  }

  check(body: unknown, options: Omit<CallOptions, 'body'> = {}): Promise<Reply> {
    return this.call('POST', '/v1/eligibility-checks', { ...options, body });
  }

  /** Asks the question of a scenario person. */
  ask(id: string, more: object = {}, options: Omit<CallOptions, 'body'> = {}): Promise<Reply> {
    return this.check({ ...questionOf(this.person(id)), ...more }, options);
  }

  async faults(faults: object): Promise<void> {
    const response = await fetch(`${this.mockUrl}/faults`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(faults),
    });
    if (!response.ok) throw new Error(`the mock refused the faults: ${await response.text()}`);
  }

  async close(): Promise<void> {
    await this.counter.app.close();
    if (this.keeper !== this.counter) await this.keeper.app.close();
    await this.mock.close();
    await this.database.drop();
    await rm(this.dataDir, { recursive: true, force: true });
  }
}

/** Text and bytes are sent as they are, anything else as JSON. */
const bytesOf = (body: unknown): string | Buffer => {
  if (body instanceof Uint8Array) return Buffer.from(body);
  return typeof body === 'string' ? body : JSON.stringify(body);
};

type Verb = 'get' | 'post' | 'put' | 'patch' | 'delete' | 'head' | 'options';
const verbOf = (method: string): Verb => method.toLowerCase() as Verb;

const textOf = callbackify((response: Response) => text(response as unknown as NodeJS.ReadableStream));

interface CallOptions {
  /** A demo client; null calls without a token. */
  readonly client?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Another address than the counter's. */
  readonly at?: string;
}

/** The request of a scenario person, by card or by number. */
export const questionOf = (person: Person): object => ({
  ...(person.certificateSerial === undefined
    ? { insured: person.insured }
    : { card: { certificateSerial: person.certificateSerial } }),
  ...(person.serviceDate === undefined ? {} : { serviceDate: person.serviceDate }),
  ...(person.consent === undefined ? {} : { consent: person.consent }),
});

/** Asks again until it holds; the deadline is for a machine that is very slow, not for the thing itself. */
export const eventually = async (holds: () => Promise<boolean>, withinMs = 15_000): Promise<void> => {
  const deadline = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error('it did not come to hold');
    await new Promise((resolve) => setImmediate(resolve));
  }
};

const untilReady = (url: string): Promise<void> =>
  eventually(async () => (await fetch(`${url}/health/ready`)).status === 200);
