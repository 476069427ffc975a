import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { build } from 'vite';

import { checkout } from '../scripts/stage-zero/paths.mjs';

/**
 * The code under test and the simulation as one file, with the decorators' metadata that validation reads: a quarter of a second.
 * Inside the checkout, so that it finds its packages; named after this process, so that two runs do not meet.
 */
export async function buildSimulation() {
  const name = `${process.pid}.mjs`;
  const outDir = join(checkout, 'dist/sim');
  await build({
    configFile: false,
    root: checkout,
    logLevel: 'warn',
    oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
    resolve: { tsconfigPaths: true },
    build: {
      ssr: join(checkout, 'sim/src/process.ts'),
      outDir,
      emptyOutDir: false,
      target: 'node24',
      minify: false,
      rolldownOptions: { output: { entryFileNames: name } },
    },
  });
  const path = join(outDir, name);
  process.once('exit', () => rmSync(path, { force: true }));
  return path;
}
