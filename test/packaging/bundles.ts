import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Consumer } from './consumer.ts'

/** What a page might take, and what it weighs at most, minified and gzipped. */
export const bundles = [
  { name: 'three indicators', code: "import { macd, rsi, sma } from '@millrace/indicators'\nglobalThis.used = [macd, rsi, sma]", mostBytes: 2_560 },
  {
    name: 'the engine',
    code: "import { backtest, bot, createEngine, memoryStore, paper, simulatedMarket, weightedSignals } from '@millrace/core'\nglobalThis.used = [backtest, bot, createEngine, memoryStore, paper, simulatedMarket, weightedSignals]",
    mostBytes: 290_000,
  },
] as const

type Bundle = (typeof bundles)[number]

/** What a bundler said and made. */
export interface Weight {
  readonly output: string
  readonly exitCode: number | null
  readonly files: number
  /** Modules of Node that a browser would miss. */
  readonly builtins: readonly string[]
  /** Minified and gzipped. */
  readonly bytes: number
}

/** Bundles with esbuild for a browser: nothing of Node may be needed. */
export async function bundleWithEsbuild(consumer: Consumer, { code }: Bundle): Promise<Weight> {
  consumer.write('page.js', code)
  consumer.write(
    'esbuild.mjs',
    `import { build } from 'esbuild'
const { warnings } = await build({ entryPoints: ['page.js'], bundle: true, minify: true, format: 'esm', platform: 'browser', target: 'es2022', outfile: 'esbuild-out/page.js', logLevel: 'error' })
if (warnings.length > 0) console.log(warnings)`,
  )
  const { output, exitCode } = await consumer.node('esbuild.mjs')
  return { output, exitCode, ...weighed(join(consumer.folder, 'esbuild-out')) }
}

/** Builds a page with vite. */
export async function bundleWithVite(consumer: Consumer, { code }: Bundle): Promise<Weight> {
  consumer.write('page.js', code)
  consumer.write('index.html', '<!doctype html><script type="module" src="./page.js"></script>')
  consumer.write(
    'vite.mjs',
    `import { build } from 'vite'\nawait build({ logLevel: 'warn', build: { outDir: 'vite-out', emptyOutDir: true, modulePreload: false, chunkSizeWarningLimit: 5_000 } })`,
  )
  const { output, exitCode } = await consumer.node('vite.mjs')
  return { output, exitCode, ...weighed(join(consumer.folder, 'vite-out', 'assets')) }
}

function weighed(folder: string): Pick<Weight, 'files' | 'builtins' | 'bytes'> {
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.js')) : []
  const text = files.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n')
  const builtins = builtinModules.filter((name) => text.includes(`from"node:${name}"`) || text.includes(`require("${name}")`))
  return { files: files.length, builtins, bytes: gzipSync(text, { level: 9 }).length }
}
