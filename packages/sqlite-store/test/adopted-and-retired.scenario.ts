import { cooldown, createEngine, limitOrders, memoryStore, paper, parseConfig, stopLoss, tradeSize } from '@millrace/core'
import type { BotConfig, CandleEvent, EngineState, JournalEntry, StoreFactory } from '@millrace/core'
import { sqliteStore } from '@millrace/sqlite-store'
import { describe, expect, test } from 'vitest'
import { candles, levelBot, levelEngine } from '../../core/test/levels.ts'
import { listMarket } from '../../core/test/random-market.ts'
import { checkedJournal } from '../../core/test/checked-journal.ts'
import { temporaryFiles } from './temporary-folder.ts'

const temporaryFile = temporaryFiles()

async function run(events: readonly CandleEvent[], store: StoreFactory, bots: readonly BotConfig[]): Promise<EngineState> {
  const engine = levelEngine(listMarket(events, ['BTC-USD', 'ETH-USD']), store, bots)
  await engine.start()
  await engine.finished
  return engine.state()
}

const old = (options: Parameters<typeof levelBot>[0] = {}) => levelBot({ id: 'old', ...options })
const heir = (options: Parameters<typeof levelBot>[0] = {}) => levelBot({ id: 'heir', adopt: 'old', ...options })
const bought = candles([105, 99, 97, 97])
const both = { safety: [tradeSize(5, 25)] }
const adoptions = (journal: readonly JournalEntry[]) => journal.filter(({ type }) => type === 'adopted').map(({ botId, data }) => ({ botId, data }))

describe.each<[string, () => StoreFactory]>([
  ['in memory', () => memoryStore()],
  ['in SQLite', () => sqliteStore(temporaryFile())],
])('a bot that goes on for another, %s', (_name, newStore) => {
  test('takes its position, its lots under new ids, its P&L and its counters, once, as a fact of the journal', async () => {
    const store = newStore()
    const before = (await run(candles([105, 99, 99, 111, 111, 99, 97, 97]), store, [old(both)])).bots[0]!
    const after = (await run(candles([105], 8), store, [heir(both)])).bots[0]!
    expect(after.position).toMatchObject({
      botId: 'heir',
      quantity: before.position.quantity,
      cost: before.position.cost,
      realizedPnl: before.position.realizedPnl,
    })
    expect(after.position.tranches.map(({ quantity, number }) => ({ quantity, number }))).toEqual(
      before.position.tranches.map(({ quantity, number }) => ({ quantity, number })),
    )
    expect(before.position.tranches.map(({ trancheId }) => trancheId)).toEqual(['old#3', 'old#4'])
    expect(after.position.tranches.map(({ trancheId }) => trancheId)).toEqual(['heir#3', 'heir#4'])
    // The run before ended with an entry on its way, which never reached the venue.
    expect([before.tradesToday, after.tradesToday]).toEqual([5, 4])
    const again = (await run(candles([111, 111], 9), store, [heir(both)])).bots[0]!
    expect(again.position.quantity).toBe('0')
    const journal = checkedJournal(store)
    expect(adoptions(journal)).toEqual([{ botId: 'heir', data: { from: 'old' } }])
    // The option may stay or go: there is nothing left to take.
    await run(candles([105], 11), store, [levelBot({ id: 'heir', ...both })])
  })

  test("keeps the old one's cooldown and stops, and a restart knows no difference", async () => {
    const store = newStore()
    await run(bought, store, [old()])
    const cooling = await run(candles([97, 97], 4), store, [heir()])
    expect(cooling.bots[0]!.blocker?.code).toBe('COOLDOWN')
    const stopped = await run(candles([90, 90], 6), store, [heir({ exits: [stopLoss(0.05)] })])
    expect(stopped.lastFills[0]).toMatchObject({ botId: 'heir', side: 'sell', source: 'stop-loss' })
    expect(stopped.bots[0]!.position.quantity).toBe('0')
    checkedJournal(store)
  })

  test('takes an order that still works: its fill is the new one', async () => {
    const store = newStore()
    const patient = { execution: limitOrders({ offset: '50bps', timeout: '1h' }), safety: [cooldown('1h')] }
    const waiting = await run(candles([105, 99, 99]), store, [old(patient)])
    expect(waiting.bots[0]!.workingOrder?.state).toBe('open')
    const filled = await run(candles([{ close: 99, low: 98 }, 105], 3), store, [heir(patient)])
    expect(filled.bots[0]).toMatchObject({ id: 'heir', workingOrder: undefined, position: { status: 'open' }, tradesToday: 1 })
    expect(filled.lastFills).toMatchObject([{ botId: 'heir', price: '98.5' }])
    expect(filled.cash.reserved).toBe('0')
    checkedJournal(store)
  })

  test('is needed: without it the start is refused, and both ways out are named', async () => {
    const store = newStore()
    await run(bought, store, [old()])
    await expect(run(candles([97], 4), store, [levelBot({ id: 'heir' })])).rejects.toMatchObject({
      code: 'ORPHANED_POSITION',
      message: expect.stringMatching(/bot old holds or orders BTC-USD .* "retire": true .* "adopt": "old"/) as string,
    })
    await run(candles([97], 4), store, [levelBot({ id: 'heir' }), old({ retire: true })])
    checkedJournal(store)
  })

  test('must trade the same instrument and have no past of its own', async () => {
    const store = newStore()
    await run(bought, store, [old()])
    await expect(run(candles([97], 4), store, [heir({ instrument: 'ETH-USD' })])).rejects.toMatchObject({
      code: 'ORPHANED_POSITION',
      message: expect.stringContaining('its adopter heir is configured for ETH-USD') as string,
    })
    const other = newStore()
    await run(candles([105, 99, 99]), other, [old(), levelBot({ id: 'heir' })])
    await expect(run(candles([99], 3), other, [heir()])).rejects.toMatchObject({
      code: 'ORPHANED_POSITION',
      message: expect.stringContaining('bot heir cannot adopt old') as string,
    })
  })

  test('a retired bot sells by signal and by rule and buys nothing', async () => {
    const store = newStore()
    await run(bought, store, [old(both)])
    const holding = await run(candles([97, 95], 4), store, [old({ ...both, retire: true })])
    expect(holding.bots[0]).toMatchObject({ blocker: { code: 'BOT_RETIRED' }, position: { status: expect.not.stringMatching('closed') as string } })
    const sold = await run(candles([111, 111, 97, 97], 6), store, [old({ ...both, retire: true })])
    expect(sold.bots[0]).toMatchObject({ position: { quantity: '0' }, blocker: { code: 'BOT_RETIRED' } })
    const byRule = newStore()
    await run(bought, byRule, [old(both)])
    const stopped = await run(candles([85, 85], 4), byRule, [old({ ...both, retire: true, exits: [stopLoss(0.05)] })])
    expect(stopped.lastFills[0]).toMatchObject({ side: 'sell', source: 'stop-loss' })
    checkedJournal(store)
  })
})

describe('a configuration', () => {
  const file = (...bots: readonly object[]) => ({ bots: bots.map((bot, i) => ({ id: `bot-${i}`, instrument: 'BTC-USD', preset: 'balanced', ...bot })) })
  test('cannot adopt a bot that it names itself, nor one bot twice', () => {
    expect(() => parseConfig(file({ adopt: 'bot-1' }, {}))).toThrow(/bots\[0\]\.adopt: expected the id of a bot that is not configured, received bot-1/)
    expect(() => parseConfig(file({ adopt: 'bot-0' }))).toThrow(/bots\[0\]\.adopt/)
    expect(() => parseConfig(file({ adopt: 'gone' }, { adopt: 'gone' }))).toThrow(
      /bots\[1\]\.adopt: expected an id that bots\[0\] does not adopt, received gone/,
    )
    const bots = [heir(), levelBot({ id: 'old' })]
    expect(() => createEngine({ market: listMarket([], ['BTC-USD']), exchange: paper({ cash: { USD: '1' } }), store: memoryStore(), bots })).toThrow(
      /bots\[0\]\.adopt/,
    )
  })
  test('may name a bot that never was: there is nothing to take', async () => {
    const store = memoryStore()
    await run(bought, store, [heir()])
    expect(adoptions(checkedJournal(store))).toEqual([])
    expect(parseConfig(file({ adopt: 'gone' })).bots[0]!.adopt).toBe('gone')
  })
})
