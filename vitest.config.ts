import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Nest and TypeORM read decorator metadata, which Vite's transformer writes only when told to.
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  resolve: { tsconfigPaths: true },
  test: {
    globals: true,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{apps,libs}/**/*.spec.ts', 'test/house/**/*.spec.ts', '{bench,sim}/**/*.spec.mjs'],
          // npm test gives them only what the e2e tests leave of the processors.
          testTimeout: 60_000,
          // They share nothing that one file could leave to the next, and half the processor time is reading modules anew.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/**/*.e2e-spec.ts'],
          globalSetup: ['test/support/global-setup.ts'],
          fileParallelism: false,
          testTimeout: 30_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
