// Starts an engine on a file, in a process of its own, and says how long that took.
import { createEngine, paper, simulatedMarket } from '../../packages/core/src/index.ts'
import { sqliteStore } from '../../packages/sqlite-store/src/index.ts'
import { bundledConfig } from './long-journal.ts'

const config = bundledConfig()
const began = performance.now()
const engine = createEngine({
  market: simulatedMarket({ seed: 7, instruments: config.bots.map((bot) => bot.instrument), speed: 60 }),
  exchange: paper({ cash: config.account.cash, fees: config.account.fees }),
  store: sqliteStore(process.argv[2]!),
  bots: config.bots,
  safety: config.account.safety,
  environment: 'paper',
  config: config.json,
})
await engine.start()
const startMs = performance.now() - began
const { length: fills } = engine.rows('fills')
await engine.stop()
console.log(JSON.stringify({ startMs, fills, heapMb: process.memoryUsage().heapUsed / 1e6 }))
