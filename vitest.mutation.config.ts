import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** A mutant dies by the first test that fails: tables first, a handful of cases each; properties over random facts last. */
class SharpestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const hasProperties = ({ moduleId }: TestSpecification): boolean =>
      readFileSync(moduleId, 'utf8').includes('fast-check');
    return files.toSorted(
      (a, b) => Number(hasProperties(a)) - Number(hasProperties(b)) || a.moduleId.localeCompare(b.moduleId),
    );
  }
}

/**
 * For Stryker: the tests of the domain alone, without the one that holds the hash of its files, which no mutant leaves alone.
 * The domain has no state, so its test files share one load of the modules.
 */
export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    globals: true,
    include: ['libs/domain/src/**/*.spec.ts'],
    exclude: ['libs/domain/src/rule-version.spec.ts'],
    isolate: false,
    sequence: { sequencer: SharpestFirst },
  },
});
