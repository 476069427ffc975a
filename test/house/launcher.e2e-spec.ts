import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { afterAll, describe, expect, inject, it, vi } from 'vitest';

import { withClient } from '../../scripts/launcher/database.mjs';
import { clusterUrl, freePort } from '../../scripts/launcher/postgres.mjs';
import { freshDatabase } from '../support/fresh-database.js';
import { isRoot, type Launched, processesNaming, StubCheckout } from '../support/stub-checkout.js';

const house = new StubCheckout();
afterAll(() => house.remove());

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);
const who = async (url: string): Promise<unknown> => (await fetch(`${url}/who`)).json();

describe('npm start', () => {
  const data = house.dataDir('first');
  let first: Launched;

  it('brings everything up, each process under a role of its own', async () => {
    first = await house.launch(data);
    await first.ready();
    expect(await who(first.url)).toEqual({ role: 'shikaku_counter_login', kept: 0 });
    const office = await fetch(`http://127.0.0.1:${first.env['OFFICE_PORT']}/who`);
    expect([office.status, await office.text()]).toEqual([503, 'permission denied for table kept']);
  });

  it("tells the office where the vault's keys are, and the counter nothing of it", async () => {
    const told = async (url: string): Promise<string> => (await fetch(`${url}/vault`)).text();
    expect(await told(`http://127.0.0.1:${first.env['OFFICE_PORT']}`)).toBe(join(data, 'vault-secrets'));
    expect(await told(first.url)).toBe('not told');
  });

  it('keeps what it knows to itself, and leaves no password file', () => {
    expect(['', 'secrets', 'logs', 'postgres', 'socket'].map((name) => modeOf(join(data, name)))).toEqual(
      Array.from({ length: 5 }, () => '700'),
    );
    expect(['secrets/database.json', 'running.json'].map((name) => modeOf(join(data, name)))).toEqual(['600', '600']);
    expect(readdirSync(data).filter((name) => name.includes('password') || name.includes('.new'))).toEqual([]);
  });

  it('shows the people and a command that can be pasted', () => {
    expect(first.output).toMatch(/employee +00AB +3割 and ウ/);
    expect(first.output).toContain(`$(DATA_DIR=${data} npm run -s token -- --client demo-clinic)`);
    expect(first.output).toContain(`'{"card":{"certificateSerial":"00AB"},"consent":`);
  });

  it('gives a token to whoever asks for a demo client, by the data folder alone', () => {
    const token = house.run('token.mjs', ['--client', 'demo-clinic'], { DATA_DIR: data });
    const credentials = Buffer.from('demo-clinic:open%20sesame').toString('base64');
    expect(token).toBe(`token-for-${credentials}\n`);
    expect(() => house.run('token.mjs', ['--client', 'nobody'], { DATA_DIR: data })).toThrow(
      'There is no demo client of that name. The demo clients are demo-clinic.',
    );
    expect(house.run('people.mjs', [], { DATA_DIR: data })).toBe(readFileSync(join(data, 'people.ndjson'), 'utf8'));
  });

  it('runs a second copy beside the first, but not on its folder', async () => {
    const beside = await house.launch(house.dataDir('second'));
    const onTop = await house.launch(data);
    await beside.ready();
    expect(await onTop.ended).toBe(1);
    expect(onTop.output).toContain(`${data} is in use by a running copy (process `);
    expect(await who(first.url)).toMatchObject({ kept: 0 });
    beside.signal('SIGTERM');
    expect(await beside.ended).toBe(0);
  });

  it('starts PostgreSQL again when it dies, at the same address', async () => {
    const before = first.running.pids['postgres'] ?? 0;
    process.kill(before, 'SIGKILL');
    await first.says('PostgreSQL is running again.');
    expect(first.output).toContain('PostgreSQL ended (SIGKILL); starting it again.');
    expect(first.running.pids['postgres']).not.toBe(before);
    await vi.waitFor(async () => expect(await who(first.url)).toMatchObject({ kept: 0 }), { timeout: 5_000 });
  });

  it('starts a process again when it crashes', async () => {
    await fetch(`${first.url}/crash`).catch(() => undefined);
    await first.says('counter ended (exit code 7); starting it again.');
    await first.says('counter is running again.');
    expect(await who(first.url)).toMatchObject({ kept: 0 });
  });

  it('stops everything on Ctrl-C and leaves nothing running', async () => {
    first.signal('SIGINT');
    expect(await first.ended).toBe(0);
    expect(first.output.trimEnd()).toMatch(/Stopping…\nStopped\.$/);
    expect(processesNaming(data)).toEqual([]);
    expect(['running.json', 'running.lock'].filter((name) => existsSync(join(data, name)))).toEqual([]);
    expect(() => house.run('token.mjs', ['--client', 'demo-clinic'], { DATA_DIR: data })).toThrow('Nothing is running');
  });

  it('leaves nothing running when it is killed, and starts again afterwards', async () => {
    const killed = await house.launch(data);
    await killed.ready();
    killed.signal('SIGKILL');
    await killed.ended;
    await vi.waitFor(() => expect(processesNaming(data)).toEqual([]), { timeout: 10_000, interval: 50 });
    const again = await house.launch(data);
    await again.ready();
    expect(await who(again.url)).toMatchObject({ kept: 0 });
    again.signal('SIGINT');
    expect(await again.ended).toBe(0);
  });

  it('takes a half-made database for what it is', async () => {
    const folder = house.dataDir('half');
    const drafts = (): string[] => readdirSync(folder).filter((name) => name.startsWith('postgres.new'));
    const interrupted = await house.launch(folder);
    await vi.waitFor(() => expect(drafts()).not.toEqual([]), { interval: 5 });
    interrupted.signal('SIGKILL');
    await interrupted.ended;
    expect(existsSync(join(folder, 'postgres'))).toBe(false);
    // As if initdb had been killed with it, with its work half done.
    mkdirSync(join(folder, 'postgres.new.1'));
    writeFileSync(join(folder, 'postgres.new.1/PG_VERSION'), '18\n');
    writeFileSync(join(folder, 'postgres.new.1.password'), 'in the clear');
    const again = await house.launch(folder);
    await again.ready();
    expect(drafts()).toEqual([]);
    again.signal('SIGINT');
    expect(await again.ended).toBe(0);
  });

  it('can be interrupted while it comes up', async () => {
    const folder = house.dataDir('interrupted');
    const launched = await house.launch(folder);
    await vi.waitFor(() => expect(readdirSync(folder).join(' ')).toContain('postgres.new'), { interval: 5 });
    launched.signal('SIGINT');
    expect(await launched.ended).toBe(0);
    expect(launched.output.trimEnd()).toMatch(/Stopped\.$/);
    expect(processesNaming(folder)).toEqual([]);
  });

  it('listens on the loopback where the path is too long for a socket', async () => {
    const folder = house.dataDir('long'.padEnd(90, '-'));
    const launched = await house.launch(folder);
    await launched.ready();
    expect(readdirSync(join(folder, 'socket'))).toEqual([]);
    expect(await who(launched.url)).toMatchObject({ role: 'shikaku_counter_login' });
    launched.signal('SIGINT');
    expect(await launched.ended).toBe(0);
  });

  // Somebody else can only be had by root; whoever runs the tests as an ordinary user has run all of the above as one.
  it.runIf(isRoot)('runs as an ordinary user', async () => {
    const folder = join(house.dataDir('ordinary'), 'data');
    const launched = await house.launch(folder, { asNobody: true });
    await launched.ready();
    expect(statSync(join(folder, 'postgres')).uid).toBe(65_534);
    launched.signal('SIGKILL');
    await launched.ended;
    await vi.waitFor(() => expect(processesNaming(folder)).toEqual([]), { timeout: 10_000, interval: 50 });
  });
});

describe('npm start refuses', () => {
  const refused = async (folder: string, env: Record<string, string> = {}): Promise<string> => {
    const launched = await house.launch(folder, { env });
    expect(await launched.ended).toBe(1);
    expect(launched.output).not.toContain('    at ');
    return launched.output;
  };

  it('every bad setting at once, without repeating a value', async () => {
    const output = await refused(house.dataDir('settings'), {
      PORT: '70000',
      OFFICE_PORT: '3001',
      MOCK_JLIS_PORT: '3001',
      POPULATION: 'many',
      DATABASE_URL: 'mysql://root:hunter2@db/x',
      JLIS_URL: 'ftp://registry',
    });
    expect(output).toBe(
      'Settings refused: PORT must be an integer from 1 to 65535; POPULATION must be an integer from 0 to 20000000; ' +
        'DATABASE_URL must have the form postgres://owner:password@host:5432/database; ' +
        'JLIS_URL must be an http:// or https:// address; MOCK_JLIS_PORT and OFFICE_PORT must differ (both are 3001).\n',
    );
  });

  it('an occupied port, and says which setting moves it', async () => {
    const port = await freePort();
    const occupant = createServer().listen(port, '127.0.0.1');
    const folder = house.dataDir('occupied');
    expect(await refused(folder, { PORT: String(await freePort()), OFFICE_PORT: String(port) })).toBe(
      `Port ${port} is taken by another program. OFFICE_PORT=<another port> moves it.\n`,
    );
    expect(existsSync(folder)).toBe(false);
    occupant.close();
  });

  it('a folder that is not ours, and leaves it as it was', async () => {
    const folder = house.dataDir('foreign');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'thesis.txt'), 'three years of work');
    expect(await refused(folder)).toContain(`${folder} holds something that is not ours, so nothing was touched.`);
    expect(readdirSync(folder)).toEqual(['thesis.txt']);
    expect(await refused(join(folder, 'thesis.txt'))).toContain('is not a folder.');
  });

  it('data of another PostgreSQL', async () => {
    const folder = house.dataDir('older');
    mkdirSync(join(folder, 'postgres'), { recursive: true });
    writeFileSync(join(folder, 'shikaku.json'), '{"layout":1}');
    mkdirSync(join(folder, 'secrets'));
    writeFileSync(join(folder, 'secrets/database.json'), '{"superuser":"a","owner":"b","counter":"c","office":"d"}');
    writeFileSync(join(folder, 'postgres/PG_VERSION'), '17\n');
    expect(await refused(folder)).toContain('was written by PostgreSQL 17, and this version brings PostgreSQL 18.');
  });
});

describe('npm start with a database of somebody else', () => {
  it('makes its roles there, and says which SQL is missing where it may not', async () => {
    const address = inject('postgres');
    const { name, adminUrl, drop } = await freshDatabase('given');
    await withClient(adminUrl, async (client) => {
      await client.query(`CREATE ROLE ${name}_boss LOGIN PASSWORD 'boss'`);
      await client.query(`ALTER DATABASE ${name} OWNER TO ${name}_boss`);
      await client.query(`DROP ROLE ${name}_counter_login, ${name}_office_login`).catch(async () => {
        await client.query(`DROP OWNED BY ${name}_counter_login, ${name}_office_login`);
        await client.query(`DROP ROLE ${name}_counter_login, ${name}_office_login`);
      });
    });
    const env = { DATABASE_URL: clusterUrl(address, `${name}_boss`, 'boss', name) };

    const refused = await house.launch(house.dataDir('given'), { env });
    expect(await refused.ended).toBe(1);
    expect(refused.output).toContain(`As a superuser run:  ALTER ROLE "${name}_boss" CREATEROLE;`);

    await withClient(adminUrl, (client) => client.query(`ALTER ROLE ${name}_boss CREATEROLE`));
    const stillRefused = await house.launch(house.dataDir('given'), { env });
    expect(await stillRefused.ended).toBe(1);
    expect(stillRefused.output).toContain(`GRANT shikaku_counter, shikaku_office TO "${name}_boss" WITH ADMIN OPTION;`);

    await withClient(adminUrl, (client) =>
      client.query(`GRANT shikaku_counter, shikaku_office TO ${name}_boss WITH ADMIN OPTION`),
    );
    const launched = await house.launch(house.dataDir('given'), { env });
    await launched.ready();
    expect(await who(launched.url)).toEqual({ role: `${name}_counter_login`, kept: 0 });
    expect(existsSync(join(launched.dataDir, 'postgres'))).toBe(false);
    launched.signal('SIGINT');
    expect(await launched.ended).toBe(0);
    await drop();
  });
});
