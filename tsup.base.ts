import type { Options } from 'tsup'

/** How every package is built: ES modules and CommonJS, each with its own declarations. `scripts/build.ts` empties `dist` first. */
export function packageBuild(entry: Readonly<Record<string, string>>): Options {
  return { entry: { ...entry }, format: ['esm', 'cjs'], dts: true, sourcemap: true, target: 'node22', silent: true, tsconfig: '../../tsconfig.json' }
}
