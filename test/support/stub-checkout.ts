import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { freePort } from '../../scripts/launcher/postgres.mjs';

const checkout = resolve(import.meta.dirname, '../..');

/** Whoever runs the tests may be root, and then some of them run the launcher as somebody who is not. */
export const isRoot = process.getuid?.() === 0;
const nobody = 65_534;

/**
 * A checkout of its own with the real launcher and stand-ins for the two apps, so that what is tested is the launcher and
 * no start takes longer than it must.
 */
export class StubCheckout {
  readonly #launched: Launched[] = [];
  readonly folder = mkdtempSync(join(tmpdir(), 'shikaku-house-'));

  constructor() {
    chmodSync(this.folder, 0o755);
    cpSync(join(checkout, 'scripts'), join(this.folder, 'scripts'), { recursive: true });
    symlinkSync(join(checkout, 'node_modules'), join(this.folder, 'node_modules'));
    writeFileSync(join(this.folder, 'package.json'), '{ "type": "module" }');
    for (const app of ['eligibility-api', 'mock-jlis']) {
      mkdirSync(join(this.folder, 'dist/apps', app, 'src'), { recursive: true });
      cpSync(join(import.meta.dirname, `stub-house/${app}.mjs`), join(this.folder, 'dist/apps', app, 'src/main.js'));
    }
    writeFileSync(join(this.folder, 'dist/.built-from'), 'stub');
  }

  /** A place for a data folder, which is not made yet. */
  dataDir(name: string): string {
    return join(this.folder, 'data', name);
  }

  async launch(dataDir: string, { asNobody = false, env = {} }: LaunchOptions = {}): Promise<Launched> {
    mkdirSync(join(dataDir, '..'), { recursive: true });
    const ports = env['PORT'] === undefined ? await freePorts() : {};
    const launched = new Launched(this.folder, dataDir, { ...ports, ...env }, asNobody ? this.#asNobody(dataDir) : []);
    this.#launched.push(launched);
    return launched;
  }

  /** Runs one of the commands beside the launcher to its end. */
  run(script: string, args: string[], env: Record<string, string>): string {
    return execFileSync(process.execPath, [join(this.folder, 'scripts', script), ...args], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  async remove(): Promise<void> {
    for (const launched of this.#launched) {
      launched.signal('SIGKILL');
      await launched.ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  #asNobody(dataDir: string): string[] {
    const parent = join(dataDir, '..');
    execFileSync('chown', [String(nobody), parent]);
    // A checkout below a folder that only root may enter (a fresh clone in root's home) would otherwise be out of reach:
    // he may pass closed folders then, and is still nobody in everything else.
    const mayPass = ['--securebits=+no_setuid_fixup', '--inh-caps=+dac_read_search', '--ambient-caps=+dac_read_search'];
    const become = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'];
    return [...become, ...(isOpenToAll(checkout) ? [] : mayPass)];
  }
}

interface LaunchOptions {
  asNobody?: boolean;
  env?: Record<string, string>;
}

/** A running launcher. */
export class Launched {
  readonly #child: ChildProcess;
  #output = '';
  readonly #heard: (() => void)[] = [];
  readonly ended: Promise<number | null>;

  constructor(
    folder: string,
    readonly dataDir: string,
    readonly env: Record<string, string>,
    become: readonly string[],
  ) {
    const command: string[] = [...become, process.execPath, join(folder, 'scripts/launcher/main.mjs')];
    this.#child = spawn(command[0] ?? '', command.slice(1), {
      cwd: folder,
      env: { PATH: process.env['PATH'], DATA_DIR: dataDir, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const hear = (chunk: Buffer): void => {
      this.#output += chunk.toString('utf8');
      for (const listener of this.#heard) listener();
    };
    this.#child.stdout?.on('data', hear);
    this.#child.stderr?.on('data', hear);
    this.ended = new Promise((done) => {
      this.#child.once('close', (code) => {
        done(code);
        for (const listener of this.#heard) listener();
      });
    });
  }

  get output(): string {
    return this.#output;
  }

  get url(): string {
    return `http://127.0.0.1:${this.env['PORT']}`;
  }

  get running(): { pids: Record<string, number> } {
    return JSON.parse(readFileSync(join(this.dataDir, 'running.json'), 'utf8')) as { pids: Record<string, number> };
  }

  /** Resolves when the launcher has said so; fails when it ends without. */
  says(text: string): Promise<void> {
    return new Promise((done, fail) => {
      const look = (): void => {
        if (this.#output.includes(text)) done();
        else if (this.#child.exitCode !== null || this.#child.signalCode !== null)
          fail(new Error(`The launcher ended without saying "${text}":\n${this.#output}`));
      };
      this.#heard.push(look);
      look();
    });
  }

  ready(): Promise<void> {
    return this.says('Ready. Ctrl-C stops everything.');
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}

/** Processes whose command line names the text: what a stopped copy left behind. */
export function processesNaming(text: string): string[] {
  return execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(text) && !line.includes('ps -eo'));
}

async function freePorts(): Promise<Record<string, string>> {
  const ports = await Promise.all([freePort(), freePort(), freePort()]);
  return { PORT: String(ports[0]), OFFICE_PORT: String(ports[1]), MOCK_JLIS_PORT: String(ports[2]) };
}

function isOpenToAll(folder: string): boolean {
  if (!existsSync(folder)) return false;
  try {
    execFileSync('setpriv', [`--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', 'test', '-r', folder]);
    return true;
  } catch {
    return false;
  }
}
