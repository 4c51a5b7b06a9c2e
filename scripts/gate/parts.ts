import { formatted, linted } from '../lib/targets.ts'
import type { Part } from './run-part.ts'

/** The parts of `npm test` in the order they start, the long ones first; budgets are for two processors. */
export const parts: readonly Part[] = [
  { name: 'unit + property', budgetSeconds: 120, projects: ['unit', 'property'] },
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
  { name: 'scenario + store', budgetSeconds: 75, projects: ['scenario'] },
  { name: 'browser', budgetSeconds: 75, projects: ['browser'] },
  { name: 'packaging', budgetSeconds: 45, projects: ['packaging'] },
  { name: 'venue', budgetSeconds: 90, projects: ['venue'] },
  { name: 'faults', budgetSeconds: 45, projects: ['faults'] },
  { name: 'docs', budgetSeconds: 45, projects: ['docs'] },
]
