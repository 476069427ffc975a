import { createHash } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { systemClock } from '../../clock/clock.js';
import { CommandRefused } from '../../command-refused.js';
import { DropFolder, type FolderEvent } from './drop-folder.js';
import { HttpDesk } from './http-desk.js';

const HOUR_MS = 3_600_000;
const KEPT_HOURS = 24;
const WRITE_AFTER_MS = 200;
const POLL_MS = 500;
const REPORT_EVERY_MS = 1_000;

const STYLES = ['create-then-write', 'rename'] as const;
const CONSUMED = ['remove', 'keep'] as const;

const oneOf = <T extends string>(name: string, value: string, allowed: readonly T[]): T => {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw new CommandRefused(`--${name} must be one of ${allowed.join(', ')}`);
  return found;
};

/** One folder has one place in the data folder, whatever it is called by. */
export const dataFolderOf = async (dataDir: string, root: string): Promise<string> =>
  join(
    resolve(dataDir),
    'oqs',
    createHash('sha256')
      .update(await realpath(root))
      .digest('hex')
      .slice(0, 16),
  );

/**
 * `oqs:folder`: answers what is dropped into a folder by asking a counter over HTTP, so that it runs wherever the folder is. The
 * environment names the counter (OQS_URL) and the client (OQS_CLIENT_ID, OQS_CLIENT_SECRET); DATA_DIR keeps copies of answered requests.
 */
export const folderCommand = async (
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  say: (line: string) => void,
  stopped: AbortSignal,
): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      root: { type: 'string' },
      consumed: { type: 'string', default: 'remove' },
      write: { type: 'string', default: 'create-then-write' },
      'write-after-ms': { type: 'string', default: String(WRITE_AFTER_MS) },
      'poll-ms': { type: 'string', default: String(POLL_MS) },
    },
  });
  const { root } = values;
  const given = (name: string): string => {
    const value = environment[name];
    if (value === undefined || value === '') throw new CommandRefused(`${name} is missing`);
    return value;
  };
  if (root === undefined) throw new CommandRefused('say which folder: --root <folder>');
  if (
    !(await stat(root).then(
      (found) => found.isDirectory(),
      () => false,
    ))
  )
    throw new CommandRefused(`--root: ${root} is no folder`);
  const milliseconds = (name: 'write-after-ms' | 'poll-ms'): number => {
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < 0 || value > 60_000)
      throw new CommandRefused(`--${name} must be an integer from 0 to 60000`);
    return value;
  };
  const tally = new Tally(say);
  const folder = new DropFolder({
    root: resolve(root),
    dataFolder: await dataFolderOf(given('DATA_DIR'), root),
    desk: new HttpDesk({
      url: given('OQS_URL').replace(/\/$/, ''),
      clientId: given('OQS_CLIENT_ID'),
      clientSecret: given('OQS_CLIENT_SECRET'),
      now: () => systemClock.now(),
    }),
    consumed: oneOf('consumed', values.consumed, CONSUMED),
    style: oneOf('write', values.write, STYLES),
    writeAfterMs: milliseconds('write-after-ms'),
    pollMs: milliseconds('poll-ms'),
    keptMs: KEPT_HOURS * HOUR_MS,
    now: () => systemClock.now(),
    onEvent: (event) => tally.note(event),
  });
  stopped.addEventListener('abort', () => folder.stop());
  say(`Answering in ${resolve(root)}: drop requests into req, find results in res. Ctrl-C stops it.`);
  const reporting = setInterval(() => tally.report(), REPORT_EVERY_MS);
  await folder.run();
  clearInterval(reporting);
  tally.report();
};

/** A line a second while there is something to say. */
class Tally {
  private answered = 0;
  private malformed = 0;
  private slowestMs = 0;
  private waiting: string | undefined;

  constructor(private readonly say: (line: string) => void) {}

  note(event: FolderEvent): void {
    if (event.kind === 'answered') {
      this.answered += 1;
      this.slowestMs = Math.max(this.slowestMs, event.tookMs);
    } else if (event.kind === 'malformed') this.malformed += 1;
    else
      this.waiting = `${event.because === 'folder' ? 'the folder' : 'the counter'} cannot be reached (${event.cause})`;
  }

  report(): void {
    if (this.answered + this.malformed > 0)
      this.say(
        `${this.answered} answered, the slowest in ${Math.round(this.slowestMs)} ms${this.malformed > 0 ? `; ${this.malformed} given back with .err` : ''}`,
      );
    if (this.waiting !== undefined) this.say(`Waiting: ${this.waiting}`);
    this.answered = 0;
    this.malformed = 0;
    this.slowestMs = 0;
    this.waiting = undefined;
  }
}
