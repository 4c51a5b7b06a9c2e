import { join } from 'node:path'
import type { CommandResult } from '../../scripts/lib/command.ts'
import { root } from '../../scripts/lib/repo.ts'
import type { Consumer } from './consumer.ts'

/** An indicator by hand, and an hour of paper trading. */
const names = 'bot, createEngine, durationMs, memoryStore, paper, simulatedMarket, weightedSignals'
const program = `
async function main() {
  const average = sma(3)
  for (const close of [1, 2, 6]) average.update(close)
  const engine = createEngine({
    market: simulatedMarket({ seed: 7, until: '1h', speed: 'max' }),
    exchange: paper({ cash: { USD: '1000' } }),
    store: memoryStore(),
    bots: [bot({ id: 'btc', instrument: 'BTC-USD', timeframe: '1m', strategy: weightedSignals() })],
  })
  await engine.start()
  const { candles, environment } = await engine.finished
  console.log(JSON.stringify({ average: average.value, environment, candles, seconds: durationMs('5m') / 1000 }))
}
main()
`
export const esModule = `import { ${names} } from '@millrace/core'\nimport { sma } from '@millrace/indicators'\n${program}`
export const commonJs = `const { ${names} } = require('@millrace/core')\nconst { sma } = require('@millrace/indicators')\n${program}`
/** What both print. */
export const expected = { output: '{"average":3,"environment":"paper","candles":60,"seconds":300}\n', exitCode: 0 }

/** Compiles a program against the declarations of the packages, all of them checked, as an ES module and as CommonJS. */
export function compileUnder(consumer: Consumer, version: 6 | 7): Promise<CommandResult> {
  const source = `import { durationMs } from '@millrace/core'\nimport * as node from '@millrace/core/node'\nimport * as testing from '@millrace/core/testing'\nimport { sma } from '@millrace/indicators'\nexport const ms: number = durationMs('5m')\nexport const value: number = sma(3).value\nexport const all = [node, testing]\n`
  consumer.write(`ts${version}/esm.mts`, source)
  consumer.write(`ts${version}/cjs.cts`, source)
  consumer.write(
    `ts${version}/tsconfig.json`,
    JSON.stringify({
      compilerOptions: { target: 'es2023', module: 'nodenext', strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, noEmit: true, types: [] },
      files: ['esm.mts', 'cjs.cts'],
    }),
  )
  const compiler = join(root, 'node_modules', version === 7 ? 'typescript-7' : 'typescript', 'bin', 'tsc')
  return consumer.node(compiler, '-p', `ts${version}`)
}
