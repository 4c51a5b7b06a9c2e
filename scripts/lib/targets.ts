/** What lint and format look at, relative to the workspace. */
export const linted = ['packages', 'benchmarks', 'examples', 'scripts', 'test', 'vitest.config.ts', 'tsup.base.ts'] as const
export const formatted = linted
