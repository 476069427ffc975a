import { fork, type ChildProcess } from 'node:child_process';
import { join, resolve } from 'node:path';

import { freePort } from '../../scripts/launcher/postgres.mjs';
import { build, isBuilt } from '../../scripts/stage-zero/build.mjs';
import { eventually, type World } from './world.js';

const entry = resolve(import.meta.dirname, '../../dist/apps/eligibility-api/src/main.js');
const killPoints = resolve(import.meta.dirname, 'kill-points.mjs');

/** Statements by some of their words, in their order; `fetch` is one, too. */
export interface KillPoint {
  readonly after: readonly string[];
  readonly when: 'before' | 'after';
}

/** The built office as a process of its own on a world's database and registry, which kills itself where it is told to. */
export class RunningOffice {
  readonly ended: Promise<NodeJS.Signals | number | null>;

  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {
    this.ended = new Promise((done) => child.once('exit', (code, signal) => done(signal ?? code)));
  }

  static async start(world: World): Promise<RunningOffice> {
    if (!isBuilt()) await build(process.execPath);
    const port = await freePort();
    const { settings } = world;
    const child = fork(entry, ['office'], {
      execArgv: ['--import', killPoints],
      env: {
        PATH: process.env['PATH'],
        // The issuer of tokens is named by it.
        PORT: String(settings.PORT),
        OFFICE_PORT: String(port),
        DATABASE_URL: world.database.officeUrl,
        JLIS_URL: world.mockUrl,
        DATA_DIR: world.dataDir,
        SECRETS_DIR: settings.SECRETS_DIR,
        VAULT_SECRETS_DIR: settings.VAULT_SECRETS_DIR,
        NODE_COMPILE_CACHE: join(world.dataDir, 'compile-cache'),
        LOG_LEVEL: 'warn',
      },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const office = new RunningOffice(child, `http://127.0.0.1:${port}`);
    await eventually(
      () =>
        fetch(`${office.url}/health/ready`).then(
          ({ status }) => status === 200,
          () => false,
        ),
      60_000,
    );
    return office;
  }

  /** Resolves when it will. */
  async killAt(point: KillPoint): Promise<void> {
    const armed = new Promise<void>((done) => {
      this.child.once('message', () => done());
    });
    this.child.send({ killAt: point });
    await armed;
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}
