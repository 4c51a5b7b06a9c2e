import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { expect, test } from 'vitest'

const entry = fileURLToPath(new URL('../src/index.ts', import.meta.url))

/** Bytes of a minified and gzipped bundle that uses these names only. */
const bundled = async (names: string): Promise<number> => {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { ${names} } from ${JSON.stringify(entry)}\nglobalThis.used = [${names}]`,
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
    },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  })
  return gzipSync(outputFiles[0]!.contents, { level: 9 }).length
}

test('a bundle holds what it uses: sma, rsi and macd in 2.5 KiB', async () => {
  expect(await bundled('sma, rsi, macd')).toBeLessThanOrEqual(2560)
})

// The aim of 1 KiB is missed; DECISIONS.md says what each part costs. What could go is what tells a wrong option and carries a restart.
test('sma alone stays small', async () => {
  expect(await bundled('sma')).toBeLessThanOrEqual(1340)
})
