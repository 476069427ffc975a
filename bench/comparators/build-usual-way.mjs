import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

import { dist } from '../../scripts/stage-zero/paths.mjs';

/**
 * The usual way is written with decorators, as everybody writes it, and decorators have to be built. Beside the rest of what
 * is built, from where its packages are found.
 *
 * @returns {string} path of the program
 */
export function buildUsualWay() {
  const source = new URL('./usual-way.ts', import.meta.url);
  const { outputText } = ts.transpileModule(readFileSync(source, 'utf8'), {
    fileName: source.pathname,
    compilerOptions: {
      target: ts.ScriptTarget.ES2024,
      module: ts.ModuleKind.ESNext,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      useDefineForClassFields: true,
      verbatimModuleSyntax: false,
    },
  });
  const folder = join(dist, 'bench');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'usual-way.mjs');
  writeFileSync(path, outputText);
  return path;
}
