import { ClientSecrets } from './client-secrets.js';
import type { Client } from './clients.js';

const client = (secretHash = 'hash of right', clientId = 'clinic'): Client =>
  ({ clientId, secretHash }) as unknown as Client;

/** Verifies when it is told to; what was given to it is kept. */
const slow = () => {
  const asked: string[] = [];
  const finish: (() => void)[] = [];
  const matches = vi.fn(async (secret: string, hash: string): Promise<boolean> => {
    asked.push(secret);
    await new Promise<void>((resolve) => void finish.push(resolve));
    return hash === `hash of ${secret}`;
  });
  return { asked, finish, secrets: new ClientSecrets(matches) };
};

const quick = () => {
  const matches = vi.fn(async (secret: string, hash: string) => hash === `hash of ${secret}`);
  return { matches, secrets: new ClientSecrets(matches) };
};

it('a secret that was verified is recognised, and is not verified again', async () => {
  const { matches, secrets } = quick();
  expect([await secrets.match('right', client()), await secrets.match('right', client())]).toEqual([true, true]);
  expect(matches).toHaveBeenCalledOnce();
});

it.each([
  ['another secret', 'wrong', client(), false],
  ['the same secret of another client', 'right', client('hash of right', 'pharmacy'), true],
  ['the old secret of a client that has a new one', 'right', client('hash of new'), false],
  ['the secret of a client that is gone', 'right', undefined, false],
])('%s is verified in full', async (_what, secret, whose, expected) => {
  const { matches, secrets } = quick();
  await secrets.match('right', client());
  expect(await secrets.match(secret, whose)).toBe(expected);
  expect(matches).toHaveBeenCalledTimes(2);
});

it('a wrong secret is never recognised, however often it comes', async () => {
  const { matches, secrets } = quick();
  for (let i = 0; i < 3; i += 1) expect(await secrets.match('wrong', client())).toBe(false);
  expect(matches).toHaveBeenCalledTimes(3);
});

it('two are verified at a time, the others in the order in which they came; who is recognised waits for nobody', async () => {
  const { asked, finish, secrets } = slow();
  const known = secrets.match('right', client());
  finish.shift()?.();
  expect(await known).toBe(true);
  asked.length = 0;
  const all = ['a', 'b', 'c', 'd'].map((secret) => secrets.match(secret, client(`hash of ${secret}`, secret)));
  expect(asked).toEqual(['a', 'b']);
  expect(await secrets.match('right', client())).toBe(true);
  finish.shift()?.();
  await all[0];
  expect(asked).toEqual(['a', 'b', 'c']);
  while (finish.length > 0) {
    finish.shift()?.();
    await new Promise(setImmediate);
  }
  expect(await Promise.all(all)).toEqual([true, true, true, true]);
});

it('one that fails leaves its place to the next', async () => {
  const secrets = new ClientSecrets(() => Promise.reject(new Error('no memory')));
  for (let i = 0; i < 5; i += 1) await expect(secrets.match('right', client())).rejects.toThrow('no memory');
});
