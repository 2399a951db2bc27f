import { defineConfig } from 'vitest/config'

/** One seed for every property test of a run; printed, so that a failure can be run again. */
const seed = process.env['AGENTSVIEW_SEED'] ?? String(Date.now() % 2_147_483_647)

const shared = {
  // A zone with no special days: a test that means another zone names it.
  env: { TZ: 'UTC', AGENTSVIEW_SEED: seed, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  setupFiles: ['test/setup.ts'],
}

export default defineConfig({
  test: {
    globalSetup: ['test/print-seed.ts'],
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: [
            'src/**/*.test.ts',
            'web/src/**/*.test.ts',
            'test/**/*.test.ts',
            'bench/**/*.test.ts',
            'scripts/**/*.test.ts',
          ],
          exclude: ['test/e2e/**', 'test/long/**', 'test/browser/**'],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          ...shared,
          name: 'e2e',
          include: ['test/e2e/**/*.e2e.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        // Kills, faults and rounds of changes: minutes of them, so a project of their own.
        test: {
          ...shared,
          name: 'long',
          include: ['test/long/**/*.e2e.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          ...shared,
          name: 'browser',
          include: ['test/browser/**/*.e2e.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
