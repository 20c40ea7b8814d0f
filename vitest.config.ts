import { defineConfig } from 'vitest/config';

// One configuration for the layers that vitest runs: `vitest run` is the unit layer, `--mode package`, `openjudge`, `ssh` and `e2e` the others.
const LAYERS = {
  test: {
    include: ['test/unit/**/*.test.ts'],
    testTimeout: 60_000,
    // All cores: the tests spend much of their time in processes that they start.
    maxWorkers: '100%',
    globalSetup: ['test/unit/build-before.ts'],
    setupFiles: ['test/unit/property-seed.ts'],
  },
  openjudge: {
    include: ['test/openjudge/**/*.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    globalSetup: ['test/unit/build-before.ts'],
  },
  ssh: {
    include: ['test/ssh/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    globalSetup: ['test/unit/build-before.ts'],
  },
  package: { include: ['test/package/**/*.test.ts'], testTimeout: 30_000 },
  e2e: {
    include: ['test/e2e/**/*.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Each file starts a server, an extension host and a browser: one set at a time is what two cores carry.
    fileParallelism: false,
  },
};

export default defineConfig(({ mode }) => ({
  test: { pool: 'forks', ...LAYERS[mode as keyof typeof LAYERS] },
}));
