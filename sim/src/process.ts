import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { runSeed } from './simulation.js';
import { replaceNode } from './stand-ins.js';

/*
 * A process that runs seeds, one after the other: `process.mjs --from 1 --to 200 [--step 2] [--plant name] [--trace]`. Every seed is a line
 * of JSON on its output; with `--trace` its steps come before it, each on a line of its own.
 */

const { values } = parseArgs({
  options: {
    from: { type: 'string' },
    to: { type: 'string' },
    step: { type: 'string', default: '1' },
    plant: { type: 'string' },
    trace: { type: 'boolean', default: false },
  },
});

replaceNode();
const memory = '/dev/shm';
const folder = mkdtempSync(join(existsSync(memory) ? memory : tmpdir(), 'shikaku-sim-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
process.on('SIGTERM', () => process.exit(1));
// Started by somebody who is gone.
process.once('disconnect', () => process.exit());

for (let seed = Number(values.from); seed <= Number(values.to); seed += Number(values.step)) {
  const outcome = await runSeed(seed, {
    folder,
    ...(values.plant === undefined ? {} : { plant: values.plant }),
    ...(values.trace ? { trace: (line: string) => process.stdout.write(`${line}\n`) } : {}),
  });
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
}
// Whoever started it listens until it ends.
process.disconnect?.();
