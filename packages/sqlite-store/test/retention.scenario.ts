import { sqliteStore } from '@millrace/sqlite-store'
import type { SqliteStoreOptions } from '@millrace/sqlite-store'
import { HOUR_MS, createEngine, parseConfig, paper, simulatedMarket } from '@millrace/core'
import type { Analytics, Decision, Engine, EngineState, EpochMs, StoreFactory } from '@millrace/core'
import { describe, expect, test } from 'vitest'
import { busyConfig, permissive } from '../../example-dashboard/test/configs.ts'
import { inMemory, temporaryFiles } from './temporary-folder.ts'

const newFile = temporaryFiles(inMemory)

/** The same store id each time: order ids follow from it. */
const factory = (path: string, options: SqliteStoreOptions): StoreFactory => ({
  open: (request) => sqliteStore(path, options).open({ ...request, storeId: 'one and the same' }),
})

const config = parseConfig(busyConfig(permissive, { exitAt: 0.002 }))
const untils = ['1h', '2h', '4h']

function engineUntil(store: StoreFactory, until: string): Engine {
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

interface Ends {
  readonly states: readonly EngineState[]
  readonly analytics: Analytics
  readonly hash: string
}

/** Runs in several processes, one after the other. */
async function run(store: StoreFactory): Promise<Ends> {
  const states: EngineState[] = []
  let analytics: Analytics | undefined
  for (const until of untils) {
    const engine = engineUntil(store, until)
    engine.on('state', (state) => states.splice(untils.indexOf(until), 1, state))
    await engine.start()
    await engine.finished
    analytics = engine.analytics()
  }
  return { states, analytics: analytics!, hash: states.at(-1)!.journalHash }
}

describe('a run whose journal lets old entries go', () => {
  test('is byte for byte the run whose journal keeps them, over every restart', async () => {
    const [kept, tidied] = [newFile(), newFile()]
    const everything = await run(factory(kept, { retention: { checkpointEvery: 1_000_000 } }))
    const bounded = await run(factory(tidied, { retention: { keepDays: 1 / 48, checkpointEvery: 100 } }))
    expect(bounded.hash).toBe(everything.hash)
    expect(bounded.states).toEqual(everything.states)
    expect(bounded.analytics).toEqual(everything.analytics)
    // It was no small run, and most of its beginning is gone.
    expect(bounded.analytics.executions.length).toBeGreaterThan(20)
    const store = sqliteStore(tidied, { verify: 'everything' }).open({ environment: 'paper' })
    expect(store.completeFrom).toBeGreaterThan(store.lastSeq() / 2)
    expect(store.checkpoint!()!.seq).toBeGreaterThan(store.lastSeq() - 1_000)
    store.close()
  })

  test('says what it can no longer explain, and explains the rest', async () => {
    const path = newFile()
    const store = factory(path, { retention: { keepDays: 3 / 24, checkpointEvery: 100 } })
    await run(store)
    const engine = engineUntil(store, '5h')
    const asked: Promise<PromiseSettledResult<Decision>[]>[] = []
    engine.on('fill', () => {
      const { startedAtMs } = engine.state()
      const explain = (hoursAgo: number): Promise<Decision> => engine.explain(config.bots[0]!.id, { at: (startedAtMs - hoursAgo * HOUR_MS) as EpochMs })
      if (asked.length === 0) asked.push(Promise.allSettled([explain(1), explain(3.5)]))
    })
    await engine.start()
    await engine.finished
    const [recent, old] = await asked[0]!
    expect(recent).toMatchObject({ status: 'fulfilled', value: { botId: config.bots[0]!.id } })
    expect(old).toMatchObject({
      status: 'rejected',
      reason: { code: 'NOT_EXPLAINABLE', message: expect.stringMatching(/was let go; all is kept from entry \d+ on/) as string },
    })
  })
})
