/**
 * A process of its own that runs the busy bots on paper, with a real engine and a real file, and ends itself without a word at a named place:
 * `node crash-process.ts <options as JSON>`. It says `acked <seq>` after every append that returned, and `lived` when it came to its end.
 */
import { createEngine, paper, parseConfig, simulatedMarket } from '@millrace/core'
import { sqliteStore } from '@millrace/sqlite-store'
import { dyingAt, say, tellingStore } from '../../sqlite-store/test/mortal-process.ts'
import { killConfig } from './crash-life.ts'
import type { LifeOptions } from './crash-life.ts'

const { db, point, when, nth, untilMinutes, seed, keepDays } = JSON.parse(process.argv[2]!) as LifeOptions

let seen = 0
const at = dyingAt((place) => place === point && ++seen === nth, when)
const factory = tellingStore(sqliteStore(db, { at, retention: { keepDays, checkpointEvery: 60 } }))

const config = parseConfig(killConfig())
const engine = createEngine({
  market: simulatedMarket({ seed, instruments: config.bots.map((bot) => bot.instrument), speed: 'max', until: `${untilMinutes}m` }),
  exchange: paper({ cash: config.account.cash, fees: config.account.fees }),
  store: factory,
  bots: config.bots,
  safety: config.account.safety,
  environment: 'paper',
  config: config.json,
  at,
})
await engine.start()
// A stop from outside that was there at the start is answered by now; it was only asked for to see that it is.
if (engine.state().tradingState === 'halted') await engine.rearm()
await engine.finished
say('lived')
