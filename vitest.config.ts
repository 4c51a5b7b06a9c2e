import { defineConfig } from 'vitest/config'

// The workspace packages resolve to their sources, so no test needs a build.
const conditions = ['@millrace/source', 'module', 'node', 'development|production']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['@millrace/source', 'node'] } },
  test: {
    passWithNoTests: false,
    projects: [
      { extends: true, test: { name: 'unit', include: ['packages/*/src/**/*.test.ts'] } },
      { extends: true, test: { name: 'property', include: ['packages/*/{src,test}/**/*.prop.ts'] } },
      { extends: true, test: { name: 'scenario', include: ['packages/*/test/**/*.scenario.ts'], testTimeout: 60_000 } },
    ],
  },
})
