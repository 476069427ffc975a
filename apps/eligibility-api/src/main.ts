import { StoreUnreachable } from './coverage-store/connect-store.js';
import { counter, office } from './processes.js';
import { migrate, prepare } from './prepare.js';
import { readSettings, SettingsRefused } from './settings/index.js';

/**
 * One build, several processes: `counter` (check-in) and `office` (enrolment) serve, each with the DATABASE_URL of its own
 * role. `migrate` brings the schema up to date; `prepare` does that, makes the keys that are missing and loads the demo
 * population. Those two need the owner's DATABASE_URL, and end.
 */
const commands = { counter, office, migrate, prepare } as const;

const main = async (): Promise<void> => {
  const name = process.argv[2] ?? 'counter';
  if (!(name in commands))
    throw new SettingsRefused([`no process is called ${name}; there are ${Object.keys(commands).join(', ')}`]);
  await commands[name as keyof typeof commands](readSettings(process.env));
};

try {
  await main();
} catch (error) {
  const code = (error as { code?: string }).code;
  if (error instanceof SettingsRefused || error instanceof StoreUnreachable) console.error(error.message);
  else if (code === 'EADDRINUSE')
    console.error('The port is in use by another program. Choose another with PORT or OFFICE_PORT.');
  else console.error(error);
  process.exitCode = 1;
  if (process.connected) process.disconnect?.();
}
