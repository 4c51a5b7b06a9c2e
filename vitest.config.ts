import { defineConfig } from 'vitest/config'
import { docExamples } from './scripts/docs/vitest-plugin.ts'

// The workspace packages resolve to their sources, so no test needs a build.
const conditions = ['@millrace/source', 'module', 'node', 'development|production']

// `npm run test:full` asks much more of each test.
const patience = process.env.MILLRACE_WIDE === '1' ? 10 : 1

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['@millrace/source', 'node'] } },
  test: {
    passWithNoTests: false,
    // No module of ours keeps state, so the files of a worker share what they import: a third of the processor time of a new world for each.
    isolate: false,
    setupFiles: ['test/setup.ts'],
    projects: [
      { extends: true, test: { name: 'unit', include: ['packages/*/src/**/*.test.{ts,tsx}', 'examples/**/*.test.ts'], testTimeout: 10_000 * patience } },
      { extends: true, test: { name: 'property', include: ['packages/*/{src,test}/**/*.prop.ts'], testTimeout: 60_000 * patience } },
      { extends: true, test: { name: 'scenario', include: ['{packages/*/,}test/**/*.scenario.ts'], testTimeout: 60_000 * patience } },
      {
        extends: true,
        test: {
          name: 'types',
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            include: ['{packages/*/,}{src,test}/**/*.test-d.ts'],
            checker: 'node_modules/typescript-7/bin/tsc',
            tsconfig: 'tsconfig.json',
          },
        },
      },
      // Real sockets in virtual time: each test is a day at the venue simulator.
      { extends: true, test: { name: 'venue', include: ['packages/*/test/**/*.venue.ts'], testTimeout: 60_000 * patience } },
      { extends: true, test: { name: 'faults', include: ['packages/*/test/**/*.fault.ts'], testTimeout: 45_000 * patience } },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['packages/*/test/**/*.browser.ts'],
          testTimeout: 60_000 * patience,
          hookTimeout: 60_000 * patience,
          fileParallelism: false,
          // What a browser draws is waited for, on a busy machine as well.
          expect: { poll: { timeout: 10_000 } },
        },
      },
      { extends: true, test: { name: 'tidy', include: ['test/{tidy,tools}/**/*.test.ts'], testTimeout: 30_000 * patience } },
      {
        extends: true,
        plugins: [docExamples()],
        test: { name: 'docs', include: ['test/docs/**/*.test.ts', ...(patience > 1 ? ['test/docs/**/*.wide.ts'] : [])], testTimeout: 90_000 * patience },
      },
      {
        extends: true,
        test: {
          name: 'packaging',
          include: ['test/packaging/**/*.test.ts', ...(patience > 1 ? ['test/packaging/**/*.wide.ts'] : [])],
          testTimeout: 120_000 * patience,
          hookTimeout: 120_000 * patience,
          fileParallelism: false,
        },
      },
    ],
  },
})
