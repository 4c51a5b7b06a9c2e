import type { Problem } from './source.ts'

/** Returns campaigns and benchmarks without a root script, and root scripts without their file. */
export function unmatchedTasks(scripts: Readonly<Record<string, string>>, campaigns: readonly string[], benchmarks: readonly string[]): Problem[] {
  const expected = [...campaigns.map((name) => `campaign:${name}`), ...benchmarks.map((name) => `bench:${name}`)]
  const actual = Object.keys(scripts).filter((name) => /^(campaign|bench):/.test(name))
  const problem = (message: string): Problem => ({ path: 'package.json', line: 1, message })
  return [
    ...expected.filter((name) => !actual.includes(name)).map((name) => problem(`no script "${name}" for what exists`)),
    ...actual.filter((name) => !expected.includes(name)).map((name) => problem(`the script "${name}" has no file`)),
    ...Object.entries(scripts)
      .filter(([name, command]) => command !== `node scripts/bootstrap.mjs ${name}`)
      .map(([name]) => problem(`the script "${name}" must go through scripts/bootstrap.mjs: users have no pnpm`)),
  ]
}
