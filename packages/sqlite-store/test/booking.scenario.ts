import { createAccount, createProjectionRows, createProjector, memoryStore, paper, parseConfig, projectionTables, tradeSize } from '@millrace/core'
import type { Booking, CandleEvent, EngineState, JournalEntry, StoreFactory } from '@millrace/core'
import { sqliteStore } from '@millrace/sqlite-store'
import { describe, expect, test } from 'vitest'
import { candles, levelBot, levelEngine, startMs } from '../../core/test/levels.ts'
import { instrumentsOf, listMarket } from '../../core/test/random-market.ts'
import { temporaryFiles } from './temporary-folder.ts'

const temporaryFile = temporaryFiles()

/** Buys at 99 and, after a fall, at 90; sells half above 110. */
const bot = () => levelBot({ exit: 0.5, tranches: { max: 3 }, safety: [tradeSize(5, 25)] })
const upAndDown = candles([105, 99, 90, 105, 111, 105])
const later = candles([105, 105], 6)

async function run(events: readonly CandleEvent[], store: StoreFactory, booking: Booking | undefined): Promise<EngineState> {
  const engine = levelEngine(listMarket(events, ['BTC-USD']), store, [bot()], booking === undefined ? {} : { booking })
  await engine.start()
  await engine.finished
  return engine.state()
}

const held = (state: EngineState) => state.bots[0]!.position

describe('the booking of an account', () => {
  test('decides which lots a sale takes: the oldest ones, or the same share of each with the average entry unchanged [row 41]', async () => {
    const fifo = held(await run(upAndDown, memoryStore(), 'fifo'))
    const average = held(await run(upAndDown, memoryStore(), 'average'))
    const before = held(await run(upAndDown.slice(0, 4), memoryStore(), 'average'))
    expect(average.averageEntry).toBe(before.averageEntry)
    expect(average.tranches.map(({ trancheId }) => trancheId)).toEqual(before.tranches.map(({ trancheId }) => trancheId))
    expect(fifo.quantity).toBe(average.quantity)
    expect(fifo.averageEntry).not.toBe(average.averageEntry)
    expect(fifo.realizedPnl).not.toBe(average.realizedPnl)
  })

  test('is fifo when nobody says, in code and in a file', async () => {
    expect(held(await run(upAndDown, memoryStore(), undefined))).toEqual(held(await run(upAndDown, memoryStore(), 'fifo')))
    expect(parseConfig({ bots: [{ id: 'btc', instrument: 'BTC-USD', preset: 'balanced' }] }).account.booking).toBe('fifo')
  })

  test('stands in the journal, so that a restart and the tables of a file are booked alike', async () => {
    const store = sqliteStore(temporaryFile())
    const first = await run(upAndDown, store, 'average')
    // Opening checks every row against a fold of the journal, which knows the booking from nowhere else.
    const again = await run(later, store, 'average')
    expect({ ...held(again), unrealizedPnl: '' }).toEqual({ ...held(first), unrealizedPnl: '' })
    const opened = store.open({ environment: 'paper' })
    expect(opened.read({ types: ['configInForce'], limit: 9 }).map(({ data }) => (data as { booking: string }).booking)).toEqual(['average'])
    expect(opened.rows('positions')[0]).toMatchObject({ average_entry: held(first).averageEntry, realized_pnl: held(first).realizedPnl })
    opened.close()
  })

  test('cannot be changed while a bot holds something', async () => {
    const store = memoryStore()
    await run(upAndDown, store, 'average')
    await expect(run(later, store, 'fifo')).rejects.toMatchObject({
      code: 'STORE_MISMATCH',
      message: expect.stringMatching(/account\.booking: expected 'average', .* bot btc holds 0\.\d+ BTC; received 'fifo'/) as string,
    })
    await run(later, store, 'average')
  })

  test('can be changed when every bot is flat, also when the configuration says nothing else new', async () => {
    const store = memoryStore()
    const flat = candles([105, 105])
    const config = { one: 'text for both' }
    for (const booking of ['fifo', 'average'] as const) {
      const engine = levelEngine(listMarket(flat, ['BTC-USD']), store, [bot()], { booking, config })
      await engine.start()
      await engine.finished
    }
    const opened = store.open({ environment: 'paper' })
    expect(opened.read({ types: ['configInForce'], limit: 9 }).map(({ data }) => (data as { booking: string }).booking)).toEqual(['fifo', 'average'])
    opened.close()
    const average = held(
      await run(
        upAndDown.map((event) => shifted(event, 2)),
        store,
        'average',
      ),
    )
    expect(average.tranches.length).toBeGreaterThan(1)
  })

  test('a pipeline put together by hand journals it too', () => {
    const entries: JournalEntry[] = []
    const account = createAccount({
      instruments: instrumentsOf(['BTC-USD']),
      exchange: paper({ cash: { USD: '1000' }, slippageBps: 0 }),
      bots: [bot()],
      safety: [],
      startMs,
      booking: 'average',
      onEntry: (entry) => entries.push(entry),
    })
    for (const event of upAndDown) account.step(event)
    account.close()
    const projector = createProjector()
    const rows = createProjectionRows(projectionTables)
    for (const entry of entries) rows.write(projector.apply(entry))
    const { realizedPnl } = account.kernel.state.durable.ledger.position('btc')
    expect(realizedPnl.isZero()).toBe(false)
    expect(rows.sorted('positions')[0]!['realized_pnl']).toBe(realizedPnl.toFixed())
  })
})

/** The same candle some minutes later. */
function shifted(event: CandleEvent, minutes: number): CandleEvent {
  const by = minutes * event.timeframeMs
  return { ...event, candle: { ...event.candle, openTime: (event.candle.openTime + by) as typeof event.atMs }, atMs: (event.atMs + by) as typeof event.atMs }
}
