import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { BaseSequencer } from 'vitest/node'
import type { TestSpecification } from 'vitest/node'

const from = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/** The tests that stand beside the code first: most mutants die there, and the long ones are never begun. */
class NearestFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const far = ({ moduleId }: TestSpecification): number => (moduleId.includes('/core/test/') ? 2 : 0) + (moduleId.endsWith('.test.ts') ? 0 : 1)
    return Promise.resolve(files.toSorted((a, b) => far(a) - far(b) || (a.moduleId < b.moduleId ? -1 : 1)))
  }
}

// The tests that a mutant is held against. They run in a copy of the workspace, so the packages are those of the copy, by path: the links in
// node_modules lead to the original. Left out is what takes seconds for every mutant it touches and asks of the whole, not of a line.
export default defineConfig({
  resolve: {
    alias: [
      { find: /^@millrace\/core$/, replacement: from('packages/core/src/index.ts') },
      { find: /^@millrace\/core\/node$/, replacement: from('packages/core/src/node/index.ts') },
      { find: /^@millrace\/core\/testing$/, replacement: from('packages/core/src/testing/index.ts') },
      { find: /^@millrace\/indicators$/, replacement: from('packages/indicators/src/index.ts') },
    ],
  },
  test: {
    setupFiles: ['test/setup.ts'],
    include: [
      'packages/core/src/{safety,ledger,pipeline,engine,sizing,exits}/**/*.{test,prop}.ts',
      'packages/core/test/{engine,day-and-restarts,exits-inside-candles,feed,plugins-in-the-engine,shell,lifecycle,gates,incidents,exits,limit-orders,safety-rules,limits}.scenario.ts',
    ],
    sequence: { sequencer: NearestFirst },
    // One load of the code for all files of a run; no file here leaves anything behind for the next.
    isolate: false,
    testTimeout: 60_000,
  },
})
