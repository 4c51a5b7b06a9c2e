import { createEngine, parseConfig, paper, simulatedMarket } from '@millrace/core'
import type { Analytics, Engine, StoreFactory } from '@millrace/core'
import { sqliteStore } from '@millrace/sqlite-store'
import { expect, test } from 'vitest'
import type { DurableState } from '../../core/src/engine/durable-state.ts'
import { busyConfig, permissive } from '../../example-dashboard/test/configs.ts'
import { inMemory, temporaryFiles } from './temporary-folder.ts'

const newFile = temporaryFiles(inMemory)
const config = parseConfig(busyConfig(permissive, { exitAt: 0.001 }))

/** The same store id each time: order ids follow from it. Without `past` the engine remembers everything itself. */
const factory = (path: string, asked: boolean): StoreFactory => ({
  open(request) {
    const store = sqliteStore(path).open({ ...request, storeId: 'one and the same' })
    if (asked) return store
    const { past: _, ...rest } = Object.getOwnPropertyDescriptors(store)
    return Object.defineProperties({}, rest) as typeof store
  },
})

function engineOn(store: StoreFactory, until: string): Engine {
  return createEngine({
    market: simulatedMarket({ seed: 11, instruments: config.bots.map((bot) => bot.instrument), speed: 'max', until }),
    exchange: paper({ cash: config.account.cash, fees: config.account.fees }),
    store,
    bots: config.bots,
    safety: config.account.safety,
    environment: 'paper',
    config: config.json,
  })
}

interface Inside {
  readonly run: { readonly kernel: { readonly state: { readonly durable: DurableState } } }
}

interface Run {
  readonly hash: string
  readonly fills: number
  readonly analytics: readonly Analytics[]
  /** Orders, fills and round trips in memory. */
  readonly held: readonly number[]
}

/** @param untils - one run after the other on the same file */
async function run(store: StoreFactory, untils: readonly string[]): Promise<Run> {
  const analytics: Analytics[] = []
  let [hash, fills, held]: [string, number, readonly number[]] = ['', 0, []]
  for (const until of untils) {
    const engine = engineOn(store, until)
    engine.on('state', ({ journalHash }) => (hash = journalHash))
    await engine.start()
    fills += (await engine.finished).fills
    analytics.push(engine.analytics())
    const { orders, ledger, analytics: fold } = (engine as unknown as Inside).run.kernel.state.durable
    held = [orders.size, ledger.fillIds.held, fold.trips.closed.length]
  }
  return { hash, fills, analytics, held }
}

test('[row 96] an engine on a file holds no more orders, fills and round trips after a long run than after a short one, and tells of all of them', async () => {
  const untils = ['30m', '3h']
  const all = await run(factory(newFile(), false), untils)
  const asking = await run(factory(newFile(), true), untils)
  expect(asking.hash).toBe(all.hash)
  expect(asking.analytics).toEqual(all.analytics)
  // It was no small run: the engine that remembers everything holds all of it, the other one a bounded part.
  expect(all.held[0]).toBeGreaterThan(400)
  expect(asking.held[0]).toBeLessThanOrEqual(2 * 100 + config.bots.length)
  expect(asking.held[1]).toBeLessThanOrEqual(2 * 500)
  expect(asking.held[2]).toBeLessThan(2 * 100)
  expect(asking.analytics.at(-1)!.executions.length).toBe(all.held[0])
})
