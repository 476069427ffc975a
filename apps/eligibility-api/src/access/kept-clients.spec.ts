import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Client } from './clients.js';
import { KeptClients } from './kept-clients.js';

const HOUR_MS = 3_600_000;
const clinic: Client = { clientId: 'clinic', kind: 'clinic', secretHash: 'h', scopes: [], revoked: false };

let folder: string;
let now: number;
let clients: readonly Client[] | undefined;
const sealer = {
  seal: (text: string) => Buffer.from(`ours ${text}`),
  open: (bytes: Buffer) => {
    if (!bytes.toString().startsWith('ours ')) throw new Error('not ours');
    return bytes.toString().slice(5);
  },
};
const newProcess = (): KeptClients =>
  new KeptClients(
    { all: async () => clients ?? Promise.reject(new Error('away')) },
    join(folder, 'clients'),
    sealer,
    { now: () => now },
    HOUR_MS,
  );
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shikaku-clients-'));
  now = 0;
  clients = [clinic];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('a process that starts while the store is away goes on with the clients of the one before', async () => {
  await newProcess().all();
  clients = undefined;
  now = HOUR_MS;
  expect(await newProcess().all()).toEqual([clinic]);
});

it('but not with those of too long ago', async () => {
  await newProcess().all();
  clients = undefined;
  now = HOUR_MS + 1;
  await expect(newProcess().all()).rejects.toThrow('away');
});

it('nor with what somebody else wrote', async () => {
  writeFileSync(join(folder, 'clients'), JSON.stringify({ readAt: 0, clients: [clinic] }));
  clients = undefined;
  await expect(newProcess().all()).rejects.toThrow('away');
});

it('without an earlier process there is nobody', async () => {
  clients = undefined;
  await expect(newProcess().all()).rejects.toThrow('away');
});

it('once the store has been read, its silence is told: what is in memory is newer than what was kept', async () => {
  const process = newProcess();
  await process.all();
  clients = undefined;
  await expect(process.all()).rejects.toThrow('away');
});

it('a client that is revoked is so in what is kept, a minute later at the latest', async () => {
  const process = newProcess();
  await process.all();
  clients = [{ ...clinic, revoked: true }];
  now = 60_000;
  await process.all();
  clients = undefined;
  expect(await newProcess().all()).toEqual([{ ...clinic, revoked: true }]);
});
