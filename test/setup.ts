import fc from 'fast-check'
import { DEFAULT_SEED } from '../scripts/gate/seed.ts'

const seed = Number(process.env.MILLRACE_SEED ?? DEFAULT_SEED)
const wide = process.env.MILLRACE_WIDE === '1'

// An interrupted property would count as passed with fewer runs than it says, so there is no time limit here: vitest's own limit fails the test.
fc.configureGlobal({ seed, ...(wide ? { numRuns: 1000 } : {}) })
