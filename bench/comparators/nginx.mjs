import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';

import { freePort } from '../../scripts/launcher/postgres.mjs';
import { Problem } from '../../scripts/launcher/problem.mjs';
import { withPlace } from '../cores.mjs';

const program = process.env.BENCH_NGINX || 'nginx';

/** Whether there is an nginx. BENCH_NGINX names one that is not on the path. */
export function hasNginx() {
  try {
    execFileSync(program, ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/**
 * nginx with one worker, which sends a file of the answer's bytes to whoever asks with GET (it refuses POST for a file): what a
 * web server written in C does with no work at all.
 *
 * @param {{ folder: string, answerFile: string, place: string }} wanted
 */
export async function startNginx({ folder, answerFile, place }) {
  const port = await freePort();
  for (const name of ['html', 'temp']) mkdirSync(join(folder, name), { recursive: true, mode: 0o755 });
  copyFileSync(answerFile, join(folder, 'html/answer.json'));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${join(folder, 'temp', kind)};`,
  );
  const config = join(folder, 'nginx.conf');
  writeFileSync(
    config,
    `daemon off;
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
pid ${join(folder, 'nginx.pid')};
error_log stderr crit;
events { worker_connections 1024; }
http {
  types { application/json json; }
  access_log off;
  sendfile on;
  tcp_nopush on;
  open_file_cache max=10;
  keepalive_requests 1000000000;
  ${temporary.join('\n  ')}
  server { listen 127.0.0.1:${port}; root ${join(folder, 'html')}; }
}
`,
  );
  const [first, ...args] = withPlace(place, program, '-p', folder, '-c', config);
  const child = spawn(first, args, { stdio: ['ignore', 'ignore', 'inherit'], detached: true });
  const exited = new Promise((done) => child.once('exit', done));
  const limit = Date.now() + 5_000;
  for (;;) {
    try {
      await (await fetch(`http://127.0.0.1:${port}/answer.json`)).arrayBuffer();
      break;
    } catch {
      if (Date.now() > limit || child.exitCode !== null) throw new Problem('nginx did not start.');
      await after(50);
    }
  }
  return {
    name: 'nginx',
    port,
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
