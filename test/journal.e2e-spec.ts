import { spawn } from 'node:child_process';
import { hash, randomUUIDv7 } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { Journal } from '../apps/eligibility-api/src/check-log/journal.js';
import { JournalShipper } from '../apps/eligibility-api/src/check-log/journal-shipper.js';
import { SETTINGS, type Settings } from '../apps/eligibility-api/src/settings/index.js';
import { withClient } from '../scripts/launcher/database.mjs';
import { startThrowawayCluster, type ThrowawayCluster } from './support/throwaway-cluster.js';
import { eventually, World, type Reply } from './support/world.js';

const CHECKS = '/v1/eligibility-checks';
const KILLS = 6;

describe('the journal', () => {
  let cluster: ThrowawayCluster;
  let world: World;
  beforeAll(async () => {
    cluster = await startThrowawayCluster();
    world = await World.start({ name: 'journal', postgres: cluster.address });
  });
  afterAll(async () => {
    await world.close();
    await cluster.remove();
  });

  const folder = (): string => join(world.dataDir, 'journal');
  const stored = (ids: readonly string[]): Promise<string[]> =>
    withClient(world.database.adminUrl, async (db) => {
      const { rows } = await db.query<{ id: string }>(
        'select check_id::text as id from eligibility_check where check_id = any($1) order by writer, n',
        [ids],
      );
      return rows.map(({ id }) => id);
    });
  const idOf = ({ body }: Reply): string => body['checkId'] as string;

  it(`of a process killed -9 while it answers: every answer that left is on record (${KILLS} times)`, async () => {
    const key = readFileSync(join(world.dataDir, 'secrets', 'journal-key'), 'utf8').trim();
    const killed = async (afterMs: number): Promise<{ given: string[]; pid: number }> => {
      const child = spawn(process.execPath, ['test/support/journal-writer.mjs', folder(), key], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let said = '';
      const ended = new Promise((resolve) => child.once('close', resolve));
      await new Promise<void>((resolve) => {
        child.stdout.on('data', (bytes: Buffer) => {
          said += bytes.toString();
          resolve();
        });
      });
      await setTimeout(afterMs);
      child.kill('SIGKILL');
      await ended;
      return { given: said.split('\n').slice(0, -1), pid: child.pid ?? 0 };
    };
    let answers = 0;
    for (let i = 0; i < KILLS; i += 1) {
      const { given, pid } = await killed(5 * i);
      answers += given.length;
      expect(given).not.toContain('refused');
      await world.shipped();
      expect(await stored(given), 'each once, in order').toEqual(given);
      await eventually(async () => !readdirSync(folder()).some((name) => name.includes(`-${pid}-`)));
    }
    expect(answers).toBeGreaterThan(KILLS * 20);
    expect(world.counter.app.get(JournalShipper).state.damaged).toBe(0);
  }, 120_000);

  it('while PostgreSQL is killed and comes back: answers given are answers on record', async () => {
    const given: Reply[] = [];
    const over = new AbortController();
    const asking = (async () => {
      while (!over.signal.aborted) {
        given.push(await world.ask('employee-30-u'));
        await setTimeout(5);
      }
    })();
    await setTimeout(300);
    await cluster.stop('hurried');
    const before = given.length;
    await setTimeout(1_500);
    const during = given.length - before;
    await cluster.start();
    await eventually(async () =>
      world.shipped().then(
        () => true,
        () => false,
      ),
    );
    await setTimeout(300);
    over.abort();
    await asking;
    await world.shipped();
    expect(during).toBeGreaterThan(20);
    const answered = given.filter(({ status }) => status === 200);
    expect(await stored(answered.map(idOf))).toEqual(answered.map(idOf));
    expect(answered).toHaveLength(given.length);
    for (const { text, body } of [answered[0], answered[before + 5], answered.at(-1)] as Reply[])
      expect((await world.call('GET', `${CHECKS}/${body['checkId']}`)).text).toBe(text);
  });

  it('a chain can be followed in PostgreSQL alone: every line up to its hash follows from its row', async () => {
    const headers = {
      'Shikaku-Operator': 'staff"1"\\2',
      'Shikaku-Terminal': 'desk"3"\\4',
      'Shikaku-Purpose': 'claim',
      'Idempotency-Key': randomUUIDv7(),
    };
    const consent = { diagnosis: true, limitApplicationCertificate: true };
    await world.ask('employee-30-u', { consent }, { headers });
    await world.ask('employee-30-u', { consent }, { headers: { ...headers, 'Shikaku-Operator': 'staff-2' } });
    const { body } = await world.ask('coverage-lost');
    await world.ask('coverage-lost', { ifVersion: body['answerVersion'] });
    await world.shipped();
    await withClient(world.database.adminUrl, async (db) => {
      const { rows } = await db.query(
        `select writer, n::int, check_id as id, (extract(epoch from checked_at) * 1000)::float8 as at, client_id as client, institution_code as institution,
                operator, purpose, service_date::text as date, subject_hash as subject, verdict, credential_state as credential, answer_version as version,
                degraded, unchanged, repeats, consented, spliced, digest, chain_hash as chained
         from eligibility_check where writer = $1 order by n`,
        [world.counter.app.get(Journal).writer],
      );
      expect(rows.length).toBeGreaterThan(10);
      expect(rows.filter(({ repeats }) => repeats !== null).length).toBeGreaterThan(0);
      const terminals = rows.map((row) => (JSON.parse(row.spliced as string) as { terminal?: string }).terminal);
      expect(terminals.filter((terminal) => terminal === 'desk"3"\\4')).toHaveLength(2);
      let previous = rows[0].writer as string;
      rows.forEach(({ writer: _writer, spliced, digest, chained, subject, ...row }, i) => {
        const said = Object.entries({ ...row, subject: subject.toString('base64url') }).filter(
          ([, value]) => value !== null && value !== false,
        );
        const order = [
          'n',
          'id',
          'at',
          'client',
          'institution',
          'operator',
          'purpose',
          'date',
          'subject',
          'verdict',
          'credential',
          'version',
          'degraded',
          'unchanged',
          'repeats',
          'consented',
        ];
        const fields = said
          .toSorted(([a], [c]) => order.indexOf(a) - order.indexOf(c))
          .map(([name, value]) => `"${name}":${JSON.stringify(value)}`);
        const head = `{${fields.join(',')},"spliced":${spliced},"digest":"${digest.toString('base64url')}"`;
        previous = hash('sha256', `${previous}\n${head}`, 'base64url');
        expect(chained.toString('base64url'), `check ${i + 1}`).toBe(previous);
        expect(row.n).toBe(i + 1);
      });
    });
  });

  it('two processes of one machine: each writes its own, and all of it is shipped', async () => {
    const beside = await world.anotherCounter('beside');
    try {
      const headers = { authorization: `Bearer ${await world.token()}`, 'content-type': 'application/json' };
      const body = JSON.stringify({ insured: world.person('employee-30-u').insured });
      const there = async (): Promise<string> => {
        const reply = await fetch(`${beside.url}${CHECKS}`, { method: 'POST', headers, body });
        return ((await reply.json()) as { checkId: string }).checkId;
      };
      const ids = await Promise.all(
        Array.from({ length: 40 }, async (_, i) => (i % 2 === 0 ? idOf(await world.ask('employee-30-u')) : there())),
      );
      await eventually(async () => (await stored(ids)).length === ids.length);
      await withClient(world.database.adminUrl, async (db) => {
        const { rows } = await db.query(
          'select count(distinct writer)::int as writers from eligibility_check where check_id = any($1)',
          [ids],
        );
        expect(rows).toEqual([{ writers: 2 }]);
      });
    } finally {
      await beside.app.close();
    }
  });

  it('a counter that is told to stop ships what it answered and leaves nothing behind', async () => {
    const other = await world.anotherCounter();
    const reply = await fetch(`${other.url}${CHECKS}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await world.token()}`, 'content-type': 'application/json' },
      body: JSON.stringify({ insured: world.person('employee-30-u').insured }),
    });
    const { checkId } = (await reply.json()) as { checkId: string };
    const own = readdirSync(world.dataDir)
      .map((name) => join(world.dataDir, name, 'journal'))
      .filter((path) => existsSync(path));
    expect(own.flatMap((path) => readdirSync(path))).toHaveLength(1);
    await other.app.close();
    expect(await stored([checkId])).toEqual([checkId]);
    expect(own.flatMap((path) => readdirSync(path))).toEqual([]);
  });

  it('on a disk that takes nothing, a check is in PostgreSQL before its reply; with that away as well it is refused', async () => {
    const other = await world.anotherCounter();
    const { DATA_DIR } = other.app.get<Settings>(SETTINGS);
    // A file where the folder would be.
    await writeFile(join(DATA_DIR, 'journal'), '');
    const headers = { authorization: `Bearer ${await world.token()}`, 'content-type': 'application/json' };
    const { certificateSerial } = world.person('employee-30-u');
    const ask = (more: object = {}) =>
      fetch(`${other.url}${CHECKS}`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ card: { certificateSerial }, consent: { diagnosis: true }, ...more }),
      });
    try {
      const reply = await ask();
      expect(reply.status).toBe(200);
      const text = await reply.text();
      const { checkId } = JSON.parse(text) as { checkId: string };
      await withClient(world.database.adminUrl, async (db) => {
        const { rows } = await db.query(
          'select writer, n::int, kind from eligibility_check join consent using (check_id) where check_id = $1',
          [checkId],
        );
        const { writer } = other.app.get(Journal);
        expect(rows, 'in a chain of its own').toEqual([{ writer: `${writer}-s1`, n: 1, kind: 'diagnosis' }]);
      });
      expect(await (await fetch(`${other.url}${CHECKS}/${checkId}`, { headers })).text()).toBe(text);

      await cluster.stop('hurried');
      const refused = await ask();
      expect(refused.status).toBe(503);
      expect(await refused.json()).toMatchObject({ code: 'answer-unavailable', retryable: true });
      await cluster.start();
      await rm(join(DATA_DIR, 'journal'));
      await eventually(async () => (await ask()).status === 200 && existsSync(join(DATA_DIR, 'journal')));
    } finally {
      await other.app.close();
    }
  });

  it('a check that PostgreSQL refuses holds up nobody, and is told', async () => {
    const journal = world.counter.app.get(Journal);
    const recorded = vi.spyOn(journal, 'append');
    const first = await world.ask('employee-30-u');
    const [check] = recorded.mock.calls[0] ?? [];
    recorded.mockRestore();
    if (check === undefined) throw new Error('nothing was recorded');
    const checkId = randomUUIDv7();
    await journal.record({ ...check, checkId, verdict: 'covered' as never });
    const after = await world.ask('employee-30-u');
    await world.shipped();
    expect(await stored([idOf(first), checkId, idOf(after)])).toEqual([idOf(first), idOf(after)]);
    expect(world.counter.app.get(JournalShipper).state.damaged).toBe(1);
  });

  it('whose room is used up: batches stop at four fifths, check-in goes on, then straight to PostgreSQL, and never without a record', async () => {
    const small = await World.start({
      name: 'journal_full',
      postgres: cluster.address,
      apart: true,
      settings: { JOURNAL_BYTES_MAX: '1048576' },
    });
    try {
      await small.allReady();
      // Nobody ships any more.
      await small.keeper.app.close();
      const journal = small.counter.app.get(Journal);
      const submit = () =>
        small.call('POST', '/v1/eligibility-batches', {
          body: {
            people: [{ itemId: '1', card: { certificateSerial: small.person('employee-30-u').certificateSerial } }],
          },
        });
      const asked: Reply[] = [];
      const askUntil = async (fraction: number): Promise<void> => {
        while (journal.state.bytes < fraction * journal.state.bytesMax) asked.push(await small.ask('employee-30-u'));
      };
      const figure = async (name: string): Promise<number> => {
        const { text } = await small.call('GET', '/metrics', { client: null });
        return Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1]);
      };
      expect((await submit()).status).toBe(202);
      await askUntil(0.8);
      const refused = await submit();
      expect(refused.body).toMatchObject({
        status: 503,
        code: 'batches-unavailable',
        detail: 'The local record of checks has room for check-in only.',
      });
      expect(refused.headers.get('retry-after')).toBe('60');
      expect(await figure('shikaku_journal_batches_stopped')).toBe(1);
      expect(await figure('shikaku_journal_fraction')).toBeGreaterThanOrEqual(0.8);
      await askUntil(1);
      expect(journal.state.straight).toBe(0);
      const straight = await small.ask('employee-30-u');
      expect(journal.state).toMatchObject({ straight: 1, failing: true });
      await withClient(small.database.adminUrl, async (db) => {
        const { rows } = await db.query('select writer from eligibility_check where check_id = $1', [idOf(straight)]);
        expect(rows).toEqual([{ writer: `${journal.writer}-s1` }]);
      });
      await cluster.stop('hurried');
      const nowhere = await small.ask('employee-30-u');
      expect(nowhere.body).toMatchObject({ status: 503, code: 'answer-unavailable' });
      await cluster.start();
      expect(asked.filter(({ status }) => status !== 200)).toEqual([]);
      // Whoever ships makes room again.
      const beside = await small.anotherCounter('beside');
      await beside.app.get(JournalShipper).ship();
      await journal.measure();
      await withClient(small.database.adminUrl, async (db) => {
        const { rows } = await db.query<{ stored: number }>(
          'select count(*)::int as stored from eligibility_check where check_id = any($1)',
          [[...asked, straight].map(idOf)],
        );
        expect(rows).toEqual([{ stored: asked.length + 1 }]);
      });
      await beside.app.close();
    } finally {
      await small.close();
    }
  }, 60_000);

  it('holds nothing of a person in clear', async () => {
    await cluster.stop('hurried');
    try {
      for (const { id } of world.people) await world.ask(id);
      const bytes = readdirSync(folder(), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
        .join('');
      expect(bytes.split('\n').length).toBeGreaterThan(10);
      expect(bytes).toMatch(/^[\x20-\x7e\n]*$/);
      for (const { id, certificateSerial, insured } of world.people) {
        const { insurerNumber, birthdate: _birthdate, ...personal } = insured ?? {};
        expect(bytes, id).not.toContain(insurerNumber ?? certificateSerial);
        for (const value of [certificateSerial, ...Object.values(personal)])
          if (value !== undefined && value.length > 4) expect(bytes, id).not.toContain(value);
      }
    } finally {
      await cluster.start();
    }
  });
});
