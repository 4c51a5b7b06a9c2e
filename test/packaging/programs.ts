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
