import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';

import { withClient } from '../scripts/launcher/database.mjs';
import { ProcessHouse, type Answer, type RunningCounter } from './support/processes.js';
import { eventually } from './support/world.js';

const CARD = 'employee-30-u';

/** Three processes are started, and started again, on whatever the machine has to spare. */
const SLOW_MS = 90_000;

describe('a counter of several processes', { timeout: SLOW_MS }, () => {
  let house: ProcessHouse;
  let counter: RunningCounter;
  let question: object;
  beforeAll(async () => {
    house = await ProcessHouse.start('workers');
    question = { card: { certificateSerial: house.person(CARD).certificateSerial } };
    counter = await (await house.counter()).ready();
    await answersFromReplica();
  });
  afterAll(() => house.close());

  const answersFromReplica = (): Promise<void> =>
    eventually(async () => (await counter.ask(question)).body['freshness']?.source === 'replica');
  const pidsOf = (role: 'worker' | 'keeper'): number[] => counter.processes(role).map(({ pid }) => pid);

  /** Who has put checks on record, by process. */
  const writers = (): Map<number, string> => {
    const folder = join(house.dataDir, 'journal');
    return new Map(
      readdirSync(folder).map((writer) => [
        Number(/-(\d+)-[\da-f]+$/.exec(writer)?.[1]),
        readdirSync(join(folder, writer))
          .map((segment) => readFileSync(join(folder, writer, segment), 'latin1'))
          .join(''),
      ]),
    );
  };
  const stored = (ids: readonly string[]): Promise<number> =>
    withClient(house.database.adminUrl, async (db) => {
      const { rows } = await db.query<{ n: string }>(
        'select count(*) as n from eligibility_check where check_id = any($1)',
        [ids],
      );
      return Number(rows[0]?.n);
    });
  const figure = (text: string, name: string): number =>
    text
      .split('\n')
      .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  const metrics = async (): Promise<string> => (await fetch(`${counter.url}/metrics`)).text();

  /** Callers who go on asking until told to stop; each answer, and how many connections ended without one. */
  const callers = (count: number) => {
    const told = new AbortController();
    const answers: Answer[] = [];
    const broken: string[] = [];
    const running = Array.from({ length: count }, async () => {
      while (!told.signal.aborted) {
        try {
          answers.push(await counter.ask(question));
        } catch (error) {
          broken.push((error as { code?: string }).code ?? String(error));
        }
      }
    });
    return {
      answers,
      broken,
      idsOf: (): string[] => answers.map(({ body }) => body['checkId'] as string),
      stop: async (): Promise<void> => {
        told.abort();
        await Promise.all(running);
      },
    };
  };

  it('is a keeper and as many workers as are asked for', () => {
    expect(pidsOf('keeper')).toHaveLength(1);
    expect(pidsOf('worker')).toHaveLength(2);
  });

  it('both workers answer, and the figures of all are one', async () => {
    const before = figure(await metrics(), 'shikaku_eligibility_checks_total');
    for (let i = 0; i < 20; i += 1) expect((await counter.ask(question)).body['verdict']).toBe('valid');
    expect([...writers().keys()]).toEqual(expect.arrayContaining(pidsOf('worker')));
    // Whichever worker is asked.
    for (let i = 0; i < 4; i += 1) {
      const text = await metrics();
      expect(figure(text, 'shikaku_eligibility_checks_total') - before).toBe(20);
      // Of the keeper, who answers nobody.
      expect(figure(text, 'shikaku_replica_current')).toBeGreaterThan(0);
    }
  });

  it('twenty under one Idempotency-Key are one check, whichever worker they reach', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const replies = await Promise.all(Array.from({ length: 20 }, () => counter.ask(question, headers)));
    expect(new Set(replies.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    const id = replies[0]?.body['checkId'] as string;
    const lines = pidsOf('worker').map(
      (pid) =>
        writers()
          .get(pid)
          ?.split('\n')
          .filter((line) => line.includes(id)) ?? [],
    );
    expect(lines.every((own) => own.length > 0)).toBe(true);
    expect(lines.flat()).toHaveLength(20);
    expect(lines.flat().filter((line) => !line.includes(`"repeats":"${id}"`))).toHaveLength(1);
    expect((await counter.ask({ ...question, serviceDate: '2026-11-21' }, headers)).status).toBe(422);
  });

  it('a worker is killed: what is asked meanwhile is answered, or its connection ends, and another comes', async () => {
    const [victim = 0, other = 0] = pidsOf('worker');
    const asking = callers(4);
    await eventually(async () => asking.answers.length > 20);
    process.kill(victim, 'SIGKILL');
    await eventually(async () => {
      const now = pidsOf('worker').filter((pid) => pid !== victim && pid !== other);
      return now.length === 1 && writers().has(now[0] as number);
    });
    await asking.stop();
    for (const { status, body } of asking.answers) {
      expect(status).toBe(200);
      expect(body).toMatchObject({ verdict: 'valid', qualificationValidity: '1' });
    }
    // No more than were in its hands, each once.
    expect(asking.broken.length).toBeLessThanOrEqual(4);
    expect(pidsOf('worker')).toContain(other);
    await eventually(async () => (await stored(asking.idsOf())) === asking.answers.length);
  });

  it('the keeper is killed: answers go on, and a change made meanwhile is seen when another keeps', async () => {
    const [victim = 0] = pidsOf('keeper');
    const asking = callers(2);
    process.kill(victim, 'SIGKILL');
    const name = '改名　花子';
    await withClient(house.database.ownerUrl, (db) =>
      db.query('update person set name = $1 where person_id = (select person_id from credential where serial = $2)', [
        name,
        house.person(CARD).certificateSerial,
      ]),
    );
    await eventually(async () => {
      const { body } = await counter.ask(question);
      return body['results']?.[0].name === name && body['freshness'].source === 'replica';
    });
    await asking.stop();
    expect(asking.broken).toEqual([]);
    expect(new Set(asking.answers.map(({ status, body }) => `${status} ${body['verdict']}`))).toEqual(
      new Set(['200 valid']),
    );
    const now = pidsOf('keeper');
    expect(now).toHaveLength(1);
    expect(now).not.toContain(victim);
  });

  describe('is over', () => {
    it('by SIGTERM, with callers there: every process ends, and every answer is on record', async () => {
      const asking = callers(4);
      await eventually(async () => asking.answers.length > 50);
      expect(counter.processes()).toHaveLength(3);
      counter.kill('SIGTERM');
      expect(await counter.ended).toBe(0);
      await asking.stop();
      await counter.nobodyLeft();
      expect(asking.answers.filter(({ status }) => status !== 200)).toEqual([]);
      expect(await stored(asking.idsOf())).toBe(asking.answers.length);
    });

    it('by a SIGKILL of the first process: no other is left, and what was answered is shipped by the next start', async () => {
      counter = await (await house.counter()).ready();
      await answersFromReplica();
      expect(counter.processes()).toHaveLength(3);
      const asking = callers(4);
      await eventually(async () => asking.answers.length > 50);
      counter.kill('SIGKILL');
      await counter.ended;
      await asking.stop();
      await counter.nobodyLeft();
      counter = await (await house.counter()).ready();
      await eventually(async () => (await stored(asking.idsOf())) === asking.answers.length);
      const { findings, chains } = await house.verified();
      expect(findings, 'of every writer that was killed').toEqual([]);
      expect(chains.records).toBeGreaterThan(asking.answers.length);
    });
  });

  it.each([['1'], ['2']])('of %s that finds its port taken says so, and leaves no process', async (WORKERS) => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    try {
      const { port } = taken.address() as AddressInfo;
      const refused = await house.counter({
        PORT: String(port),
        WORKERS,
        DATA_DIR: join(house.dataDir, `late-${WORKERS}`),
      });
      await eventually(async () => refused.processes().length > 0 || refused.output !== '');
      expect(await refused.ended).toBe(1);
      expect(refused.output).toBe('The port is in use by another program. Choose another with PORT or OFFICE_PORT.\n');
      await refused.nobodyLeft();
    } finally {
      taken.close();
    }
  });
});
