import { defineConfig } from 'vitest/config'
import { docExamples } from './scripts/docs/vitest-plugin.ts'

// The workspace packages resolve to their sources, so no test needs a build.
const conditions = ['@millrace/source', 'module', 'node', 'development|production']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['@millrace/source', 'node'] } },
  test: {
    passWithNoTests: false,
    setupFiles: ['test/setup.ts'],
    projects: [
      { extends: true, test: { name: 'unit', include: ['packages/*/src/**/*.test.{ts,tsx}'] } },
      { extends: true, test: { name: 'property', include: ['packages/*/{src,test}/**/*.prop.ts'], testTimeout: 60_000 } },
      { extends: true, test: { name: 'scenario', include: ['packages/*/test/**/*.scenario.ts'], testTimeout: 60_000 } },
      { extends: true, test: { name: 'faults', include: ['packages/*/test/**/*.fault.ts'], testTimeout: 45_000 } },
      { extends: true, test: { name: 'browser', include: ['packages/*/test/**/*.browser.ts'], testTimeout: 60_000, hookTimeout: 60_000, fileParallelism: false } },
      { extends: true, test: { name: 'tidy', include: ['test/{tidy,tools}/**/*.test.ts'], testTimeout: 30_000 } },
      { extends: true, plugins: [docExamples()], test: { name: 'docs', include: ['test/docs/**/*.test.ts'], testTimeout: 30_000 } },
      { extends: true, test: { name: 'packaging', include: ['test/packaging/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000, fileParallelism: false } },
    ],
  },
})
