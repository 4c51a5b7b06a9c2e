/**
 * A process of its own that runs the busy bots on paper, with a real engine and a real file, and ends itself without a word at a named place:
 * `node crash-process.ts <options as JSON>`. It says `acked <seq>` after every append that returned, and `lived` when it came to its end.
 */
import { writeSync } from 'node:fs'
import { createEngine, paper, parseConfig, simulatedMarket } from '@millrace/core'
import type { At, StoreFactory } from '@millrace/core'
import { sqliteStore } from '@millrace/sqlite-store'
import { killConfig } from './crash-life.ts'
import type { LifeOptions } from './crash-life.ts'

const { db, point, when, nth, untilMinutes, seed, keepDays } = JSON.parse(process.argv[2]!) as LifeOptions

/** Written at once, past every buffer: what was said before a kill has been said. */
const say = (line: string): void => void writeSync(1, `${line}\n`)

/** Nothing of the process runs after this. */
function die(): never {
  process.kill(process.pid, 'SIGKILL')
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000)
}

let seen = 0
const at: At = (place, action) => {
  const dies = place === point && ++seen === nth
  if (dies && when === 'before') die()
  const result = action()
  if (dies) die()
  return result
}

const factory: StoreFactory = {
  open(request) {
    const store = sqliteStore(db, { at, retention: { keepDays, checkpointEvery: 60 } }).open(request)
    say(`open ${store.lastSeq()}`)
    return Object.assign(Object.create(store, {}) as typeof store, {
      append(...args: Parameters<typeof store.append>) {
        const result = store.append(...args)
        if (result === 'ok' && args[0].length > 0) say(`acked ${args[0].at(-1)!.seq}`)
        return result
      },
    })
  },
}

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
