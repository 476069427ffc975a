import { StoreUnreachable } from './coverage-store/connect-store.js';
import { CommandRefused } from './command-refused.js';
import { readSettings, SettingsRefused, type Settings } from './settings/index.js';

/**
 * One build, several processes: `counter` (check-in) and `office` (enrolment) serve, each with the DATABASE_URL of its own
 * role; the counter starts `keeper` and, where WORKERS is more than one, `worker`s. `migrate` brings the schema up to date; `prepare` does that, makes the keys that are missing and loads the demo
 * population. Those two need the owner's DATABASE_URL, and end. `check-log:verify` reads the record of checks, `check-log:retain` removes what has been kept long enough; both as the counter; `vault:reseal` seals the
 * individual numbers under the current key, as the office. `keys:make` makes the keys that are missing, in earnest, and `keys:rotate` another one to sign tokens with. Each loads only what it needs: loading code is what a start
 * spends its time on.
 */
const commands: Readonly<Record<string, (settings: Settings) => Promise<void>>> = {
  counter: async (settings) => {
    await (await import('./key-commands.js')).refuseGeneratedKeys(settings, 'counter');
    await (await import('./processes.js')).counter(settings);
  },
  worker: async (settings) => (await import('./processes.js')).worker(settings),
  keeper: async (settings) => (await import('./processes.js')).keeper(settings),
  office: async (settings) => {
    await (await import('./key-commands.js')).refuseGeneratedKeys(settings, 'office');
    await (await import('./processes.js')).office(settings);
  },
  migrate: async (settings) => (await import('./prepare.js')).migrate(settings),
  prepare: async (settings) => (await import('./prepare.js')).prepare(settings),
  'keys:make': async (settings) => (await import('./key-commands.js')).makeOwnKeys(settings, process.argv.slice(3)),
  'keys:rotate': async (settings) => (await import('./key-commands.js')).rotateKeys(settings, process.argv.slice(3)),
  'check-log:retain': async (settings) => (await import('./check-log-commands.js')).retainCheckLog(settings),
  'vault:reseal': async (settings) => {
    process.exitCode = await (await import('./vault-commands.js')).resealCommand(settings);
  },
  'check-log:verify': async (settings) => {
    process.exitCode = await (await import('./check-log-commands.js')).verifyCommand(settings, process.argv.slice(3));
  },
};

const main = async (): Promise<void> => {
  const name = process.argv[2] ?? 'counter';
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined)
    throw new SettingsRefused([`no process is called ${name}; there are ${Object.keys(commands).join(', ')}`]);
  await command(readSettings(process.env));
};

/** Runs where a clinic's folder is, which may be far from everything else: it needs none of the other settings. */
const oqsFolder = async (): Promise<void> => {
  const { folderCommand } = await import('./oqs/folder/folder-command.js');
  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort());
  await folderCommand(process.argv.slice(3), process.env, (line) => console.log(line), stopped.signal);
};

try {
  await (process.argv[2] === 'oqs:folder' ? oqsFolder() : main());
} catch (error) {
  const code = (error as { code?: string }).code;
  if (error instanceof SettingsRefused || error instanceof StoreUnreachable || error instanceof CommandRefused)
    console.error(error.message);
  else if (code === 'EADDRINUSE')
    console.error('The port is in use by another program. Choose another with PORT or OFFICE_PORT.');
  else console.error(error);
  process.exitCode = 1;
  if (process.connected) process.disconnect?.();
}
