import { formatted, linted } from '../lib/targets.ts'
import type { Part } from './run-part.ts'

/** The parts of `npm test` in the order they start, the long ones first; budgets are for two processors. */
export const parts: readonly Part[] = [
  { name: 'unit + property', budgetSeconds: 120, wide: 'every property with 1,000 draws', projects: ['unit', 'property'] },
  {
    name: 'static',
    budgetSeconds: 45,
    projects: ['tidy', 'types'],
    checks: [
      { name: 'types under TypeScript 7', command: ['node', 'node_modules/typescript-7/bin/tsc', '-p', '.'] },
      { name: 'types under TypeScript 6', command: ['node', 'node_modules/typescript/bin/tsc', '-p', '.'] },
      { name: 'types of the page', command: ['node', 'node_modules/typescript-7/bin/tsc', '-p', 'packages/example-dashboard/src/page'] },
      { name: 'lint', command: ['oxlint', '--type-aware', ...linted] },
      { name: 'format', command: ['oxfmt', '--check', ...formatted] },
      { name: 'unused files, exports and dependencies', command: ['knip', '--no-progress', '--no-config-hints'] },
    ],
  },
  {
    name: 'scenario + store',
    budgetSeconds: 75,
    wide: '10,000 schedules of bad days, 14,000 emergency stops, 21 broken engines with up to 1,000 fresh seeds each, 100 bad days of the adapter, the same bytes on Node 22, 24 and 26',
    projects: ['scenario'],
  },
  { name: 'browser', budgetSeconds: 75, projects: ['browser'] },
  {
    name: 'packaging',
    budgetSeconds: 45,
    wide: 'bundled by esbuild and vite, compiled under TypeScript 6, run on Node 22, 24 and 26',
    projects: ['packaging'],
  },
  { name: 'venue', budgetSeconds: 90, wide: '200 days of eleven bots at the venue, soaks of an hour', projects: ['venue'] },
  { name: 'faults', budgetSeconds: 45, projects: ['faults'] },
  { name: 'docs', budgetSeconds: 45, wide: 'the reference of every public export is made', projects: ['docs'] },
]
