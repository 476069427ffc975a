import { Agent } from 'node:http';

import { ProcessHouse, type Answer, type RunningCounter } from './support/processes.js';
import { eventually } from './support/world.js';

const CARD = 'employee-30-u';
/** By Fastify, since the front door looks at no key. */
const ORDINARY_WAY = (n: number): Record<string, string> => (n % 4 === 0 ? { 'idempotency-key': `restart-${n}` } : {});

/** Six processes are started, on whatever the machine has to spare. */
const SLOW_MS = 90_000;

describe('processes that answer are replaced, and leave', { timeout: SLOW_MS }, () => {
  let house: ProcessHouse;
  let counter: RunningCounter;
  let question: object;
  beforeAll(async () => {
    house = await ProcessHouse.start('rolling');
    question = { card: { certificateSerial: house.person(CARD).certificateSerial } };
  });
  afterAll(() => house.close());

  const start = async (more: Readonly<Record<string, string>> = {}): Promise<void> => {
    counter = await (await house.counter(more)).ready();
    await eventually(async () => (await counter.ask(question)).body['freshness']?.source === 'replica');
  };
  const pidsOf = (role: 'worker' | 'keeper'): number[] => counter.processes(role).map(({ pid }) => pid);

  /** Callers who never stop asking, each on a connection kept alive for as long as the other side keeps it. */
  const callers = (count: number) => {
    const agent = new Agent({ keepAlive: true, maxSockets: count });
    const told = new AbortController();
    const answers: Answer[] = [];
    const broken: string[] = [];
    const running = Array.from({ length: count }, async (_, caller) => {
      for (let n = caller; !told.signal.aborted; n += count)
        try {
          answers.push(await counter.ask(question, ORDINARY_WAY(n), agent));
        } catch (error) {
          broken.push((error as { code?: string }).code ?? String(error));
        }
    });
    return {
      answers,
      broken,
      more: async (): Promise<void> => {
        const before = answers.length;
        await eventually(async () => answers.length > before + 20);
      },
      stop: async (): Promise<void> => {
        told.abort();
        await Promise.all(running);
        agent.destroy();
      },
    };
  };

  it('R-10: by SIGHUP one after the other, with callers on connections kept alive, and not one request fails', async () => {
    await start();
    const [workers, keepers] = [pidsOf('worker'), pidsOf('keeper')];
    const asking = callers(6);
    await asking.more();
    counter.kill('SIGHUP');
    await eventually(async () => {
      const now = [...pidsOf('worker'), ...pidsOf('keeper')];
      return now.length === 3 && now.every((pid) => !workers.includes(pid) && !keepers.includes(pid));
    }, SLOW_MS);
    await asking.more();
    await asking.stop();
    expect(asking.broken).toEqual([]);
    expect(new Set(asking.answers.map(({ status, body }) => `${status} ${body['verdict']}`))).toEqual(
      new Set(['200 valid']),
    );
    counter.kill('SIGINT');
    expect(await counter.ended).toBe(0);
    await counter.nobodyLeft();
  });

  it.each([['1'], ['2']])(
    'of %s: by SIGTERM it says that it stops, goes on answering until the grace is over, and no request fails',
    async (WORKERS) => {
      await start({ WORKERS, SHUTDOWN_GRACE_MS: '1500' });
      const asking = callers(3);
      await asking.more();
      counter.kill('SIGTERM');
      // As a balancer sees it, on a connection of its own: every worker says so.
      const ready = async (): Promise<string> => {
        const response = await fetch(`${counter.url}/health/ready`, { headers: { connection: 'close' } });
        return `${response.status} ${((await response.json()) as { status: string }).status}`;
      };
      await eventually(async () => (await ready()) === '503 stopping' && (await ready()) === '503 stopping');
      await asking.more();
      await asking.stop();
      expect(asking.broken).toEqual([]);
      expect(asking.answers.filter(({ status }) => status !== 200)).toEqual([]);
      expect(await counter.ended).toBe(0);
      await counter.nobodyLeft();
    },
  );
});
