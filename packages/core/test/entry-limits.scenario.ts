import { describe, expect, test } from 'vitest'
import { cooldown, dailyTrades, maxExposure, maxOpenPositions, maxPosition, maxTranches, memoryStore, stopLoss, tradeSize } from '@millrace/core'
import type { BotConfig, EngineOptions, JournalEntry, SafetyRule, Sizer } from '@millrace/core'
import { MINUTE, candles, handMarket, levelBot, levelEngine, startMs } from './levels.ts'

// The limits of the contract as they hold in a running engine, entries and exits apart, and over a restart.

/** Sound on a fresh account, so that a start has nothing against it; at 99 it wants what it is told. */
const sizerOf = (quote: number): Sizer => ({ apiVersion: 1, id: 'x-size', size: (_, { candle }) => (candle.close === 99 ? quote : 10) })

const only = (safety: readonly SafetyRule[], more: Parameters<typeof levelBot>[0] = {}): BotConfig => levelBot({ sizing: sizerOf(20), ...more, safety })

async function running(bots: readonly BotConfig[], options: Partial<EngineOptions> = {}, store = memoryStore(), ids: readonly string[] = ['BTC-USD']) {
  const market = handMarket(ids)
  const engine = levelEngine(market, store, bots, options)
  await engine.start()
  return { market, engine, store, blocker: (i = 0) => engine.state().bots[i]!.blocker }
}

const intentsOf = (store: ReturnType<typeof memoryStore>): readonly JournalEntry[] => {
  const opened = store.open({ environment: 'paper' })
  const entries = opened.read({ types: ['intent'], limit: 10_000 })
  opened.close()
  return entries
}

describe('[row 15] the cooldown', () => {
  test('counts from the fill, is kept over a restart, lets exits pass, and ends at exactly fifteen minutes', async () => {
    const bots = () => [only([tradeSize(5, 25), cooldown('15m')])]
    const first = await running(bots())
    first.market.push(...candles([105, 99, 99, 99, 99]))
    const filledAtMs = first.engine.state().lastFills[0]!.atMs
    expect(first.blocker()).toMatchObject({ code: 'COOLDOWN', untilMs: filledAtMs + 15 * MINUTE })
    await first.engine.stop()
    const second = await running(bots(), {}, first.store)
    // Minute by minute up to the last close before the end: refused; the first close at or after it: made.
    const left = Math.ceil((filledAtMs + 15 * MINUTE - startMs) / MINUTE) - 1
    second.market.push(
      ...candles(
        Array.from({ length: left - 5 }, () => 99),
        5,
      ),
    )
    expect([second.engine.summary().orders, second.blocker()?.code]).toEqual([0, 'COOLDOWN'])
    second.market.push(...candles([99], left))
    expect(second.engine.summary().orders).toBe(1)
    second.market.push(...candles([99, 115, 115], left + 1))
    expect(second.engine.state().lastFills[0]).toMatchObject({ side: 'sell' })
    await second.engine.stop()
  })
})

describe('the trade size', () => {
  test('[row 17] is a hard cap after every sizer, whatever that says', async () => {
    for (const wanted of [25.01, 1_000, 1e12, Number.MAX_VALUE]) {
      const { market, engine, store } = await running([only([tradeSize(5, 25)], { sizing: sizerOf(wanted) })])
      market.push(...candles([105, 99, 99]))
      await engine.stop()
      for (const { data } of intentsOf(store)) expect((data as { quoteSize: string }).quoteSize).toBe('25')
      expect(intentsOf(store).length).toBeGreaterThan(0)
    }
  })

  test('[row 16] denies what is under the minimum, and the minimum of the venue is looked at as well', async () => {
    const { market, engine, blocker } = await running([only([tradeSize(5, 25)], { sizing: sizerOf(4.99) })])
    market.push(...candles([105, 99]))
    expect([blocker()?.code, engine.summary().orders]).toEqual(['TRADE_SIZE', 0])
    await engine.stop()
    const tiny = await running([only([], { sizing: sizerOf(0.5) })])
    tiny.market.push(...candles([105, 99]))
    expect([tiny.blocker()?.code, tiny.engine.summary().orders]).toEqual(['SIZE_TOO_SMALL', 0])
    await tiny.engine.stop()
  })
})

describe('[row 19] the daily trades', () => {
  test('n entries of a day are made, the n + 1st is not, exits go on, and the next UTC day starts at zero; counted over a restart', async () => {
    const bots = () => [only([tradeSize(5, 25), ...dailyTrades({ bot: 2 })], { exits: [stopLoss(0.5)] })]
    const first = await running(bots())
    first.market.push(...candles([105, 99, 99]))
    await first.engine.stop()
    const second = await running(bots(), {}, first.store)
    second.market.push(...candles([99, 99, 99], 3))
    expect(second.engine.state().bots[0]).toMatchObject({ tradesToday: 2, blocker: { code: 'DAILY_TRADES_BOT', untilMs: Date.UTC(2026, 0, 2) } })
    second.market.push(...candles([115, 115], 6))
    expect(second.engine.state().lastFills[0]).toMatchObject({ side: 'sell' })
    second.market.push(...candles([99, 99, 99], 122))
    expect(second.engine.state()).toMatchObject({ lastFills: [{ side: 'buy' }, {}, {}, {}] })
    await second.engine.stop()
  })

  test('of the account, a working entry holds its slot: two bots in one tick do not both take the last', async () => {
    const bots = ['a', 'b', 'c'].map((id) => only([tradeSize(5, 25)], { id }))
    const { market, engine } = await running(bots, { safety: dailyTrades({ account: 2 }) })
    market.push(...candles([105, 99, 99, 99]))
    expect(engine.state().today.trades).toBe(2)
    expect(engine.state().bots[2]!.blocker?.code).toBe('DAILY_TRADES_ACCOUNT')
    await engine.stop()
  })
})

describe('[row 20] the position limits', () => {
  test('tranches, value of the position, exposure and open positions hold over several bots, and an exit always leaves', async () => {
    const ids = ['BTC-USD', 'ETH-USD', 'SOL-USD']
    const bots = ids.map((instrument) =>
      only([tradeSize(5, 25), maxTranches(3), maxPosition(46)], { id: instrument.slice(0, 3).toLowerCase(), instrument, exits: [stopLoss(0.5)] }),
    )
    const { market, engine } = await running(bots, { safety: [maxOpenPositions(2), maxExposure(90)] }, memoryStore(), ids)
    const all = (closes: readonly number[], from = 0) => candles(closes, from).flatMap((_, i) => ids.map((id) => candles(closes, from, id)[i]!))
    market.push(...all([105, 99, 99, 99, 99, 99, 99]))
    const { bots: shown } = engine.state()
    expect(shown.map(({ position }) => position.tranches.length)).toEqual([3, 2, 0])
    expect(shown.map(({ blocker }) => blocker?.code)).toEqual(['MAX_TRANCHES', 'EXPOSURE', 'OPEN_POSITIONS'])
    // The third tranche of the first is the 6 that its position leaves; the 4 that the account then leaves the second are no trade.
    expect(shown.map(({ position }) => Math.round(Number(position.cost) * 100) / 100)).toEqual([46, 40, 0])
    market.push(...all([115, 115], 7))
    expect(engine.state().bots.map(({ position }) => position.quantity)).toEqual(['0', '0', '0'])
    await engine.stop()
  })
})
