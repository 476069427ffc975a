import { EventEmitter } from 'node:events';
import { createServer } from 'node:net';

import { type Host, serve } from './serve.js';

/** A process that can be watched. */
class WatchedHost extends EventEmitter {
  readonly said: unknown[] = [];
  errors = '';
  readonly #exit = Promise.withResolvers<number>();
  readonly exited = this.#exit.promise;
  readonly exit = (code: number): void => this.#exit.resolve(code);
  readonly stderr = { write: (text: string): boolean => ((this.errors += text), true) };
  readonly send = (message: unknown): boolean => this.said.push(message) > 0;
}
const run = async (host: WatchedHost): Promise<void> => serve(host as unknown as Host);

beforeEach(() => {
  vi.stubEnv('MOCK_JLIS_PORT', '0');
  vi.stubEnv('POPULATION', '10');
  vi.stubEnv('LOG_LEVEL', 'silent');
});
afterEach(() => vi.unstubAllEnvs());

it.each(['SIGINT', 'SIGTERM', 'disconnect'])('tells its parent when it listens, and stops on %s', async (signal) => {
  const host = new WatchedHost();
  await run(host);
  expect(host.said).toEqual([{ ready: true }]);
  host.emit(signal);
  expect(await host.exited).toBe(0);
  expect(host.errors).toBe('');
});

it('says on one line what is wrong with its settings, and fails', async () => {
  vi.stubEnv('POPULATION', 'many');
  const host = new WatchedHost();
  await run(host);
  expect(host.errors).toBe('mock-jlis: Settings refused: POPULATION must be an integer from 0 to 20000000\n');
  expect(await host.exited).toBe(1);
  expect(host.said).toEqual([]);
});

it('says on one line that its port is occupied, and fails', async () => {
  const occupant = createServer();
  const port = await new Promise<number>((resolve) => {
    occupant.listen(0, '127.0.0.1', () => resolve((occupant.address() as { port: number }).port));
  });
  vi.stubEnv('MOCK_JLIS_PORT', String(port));
  const host = new WatchedHost();
  await run(host);
  expect(host.errors).toBe(`mock-jlis: port ${port} on 127.0.0.1 is already in use (MOCK_JLIS_PORT)\n`);
  expect(await host.exited).toBe(1);
  occupant.close();
});
