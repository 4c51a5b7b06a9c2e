import { describe, expect, test } from 'vitest'
import {
  bot,
  breakout,
  combine,
  cooldown,
  defineStrategy,
  dollarCostAverage,
  fixedSize,
  gridLadder,
  maxTranches,
  meanReversion,
  memoryStore,
  tradeSize,
  trendFollowing,
} from '@millrace/core'
import type { Decision, FillRecord, StoreFactory, Strategy } from '@millrace/core'
import { z } from 'zod'
import { MINUTE, candles, forming, handMarket, levelEngine, startMs } from './levels.ts'
import { listMarket } from './random-market.ts'

type Bot = Partial<Parameters<typeof bot>[0]>

const botOf = (strategy: Strategy, options: Bot = {}) =>
  bot({ id: 'btc', instrument: 'BTC-USD', timeframe: '1m', strategy, confirm: 0, sizing: fixedSize(20), safety: [tradeSize(5, 25)], ...options })

/** Runs a bot over closes through engine, kernel and venue: what it filled, in minutes after the start. */
async function trades(strategy: Strategy, closes: Parameters<typeof candles>[0], options: Bot = {}, store: StoreFactory = memoryStore(), from = 0) {
  const engine = levelEngine(listMarket(candles(closes, from), ['BTC-USD']), store, [botOf(strategy, options)])
  const fills: FillRecord[] = []
  engine.fills$.subscribe((fill) => fills.push(fill))
  await engine.start()
  await engine.finished
  expect(engine.state().alerts).toEqual([])
  return fills.map(({ side, price, atMs }) => ({ side, price: Number(price), minute: Math.floor((atMs - startMs) / MINUTE) }))
}

const flat = (count: number, price = 100): number[] => Array.from({ length: count }, () => price)
const ramp = (from: number, to: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + ((to - from) * (i + 1)) / count)

describe('through the whole kernel', () => {
  test('[row 50] trend-following buys the rise, holds it and sells after the turn', async () => {
    const closes = [...flat(20), ...ramp(100, 130, 30), ...ramp(130, 100, 30)]
    const [buy, sell, ...more] = await trades(trendFollowing({ fast: 4, slow: 10, atr: 5 }), closes, { safety: [tradeSize(5, 25), cooldown('6h')] })
    expect([buy!.side, sell!.side, more]).toEqual(['buy', 'sell', []])
    // It needs the trend to stand out first, and a turn to see that it is over.
    expect(buy!.minute).toBeGreaterThan(20)
    expect(buy!.minute).toBeLessThan(26)
    expect(sell!.minute).toBeGreaterThan(50)
    expect(sell!.price).toBeGreaterThan(buy!.price)
  })

  test('[row 50] mean-reversion buys the fall and sells the recovery that overshoots', async () => {
    const wave = Array.from({ length: 30 }, (_, i) => 100 + (i % 2))
    const closes = [...wave, 97, 93, 90, 92, 96, 100, 104, 109, 113, 113]
    const fills = await trades(meanReversion({ rsi: 5, period: 10 }), closes, { safety: [tradeSize(5, 25), cooldown('6h')] })
    expect(fills.map(({ side }) => side)).toEqual(['buy', 'sell'])
    expect(fills[0]!.price).toBeLessThanOrEqual(97)
    expect(fills[1]!.price).toBeGreaterThanOrEqual(104)
  })

  test('[row 50] breakout buys the close above the channel on volume, and sells the close under the shorter one', async () => {
    const market = handMarket()
    const engine = levelEngine(market, memoryStore(), [botOf(breakout({ entry: 10, exit: 5, volume: 10 }), { safety: [tradeSize(5, 25), cooldown('6h')] })])
    const fills: FillRecord[] = []
    engine.fills$.subscribe((fill) => fills.push(fill))
    await engine.start()
    const events = candles([...flat(12), 101, 103, 104, 106, 105, 104, 103, 95, 95, 95])
    // The first step above 100 comes without volume, the second with it.
    market.push(...events.map((event, i) => ({ ...event, candle: { ...event.candle, volume: i === 13 ? 5_000 : 1_000 } })))
    expect(fills.map(({ side, price }) => [side, price])).toEqual([
      ['buy', '103'],
      ['sell', '95'],
    ])
    await engine.stop()
  })

  test('[row 50] grid-ladder buys its rungs on the way down, each once, and sells them together above their average', async () => {
    const closes = [100, 99, 98, 97, 96, 95, 94, 96, 98, 100, 101, 101]
    const fills = await trades(gridLadder({ step: 0.02, rungs: 3, profit: 0.02 }), closes, { safety: [tradeSize(5, 25), maxTranches(3)] })
    expect(fills.map(({ side, minute }) => [side, minute])).toEqual([
      ['buy', 3],
      ['buy', 5],
      ['buy', 7],
      ['sell', 9],
    ])
    const entries = fills.filter(({ side }) => side === 'buy')
    const average = entries.length / entries.reduce((sum, { price }) => sum + 1 / price, 0)
    expect(fills[3]!.price).toBeGreaterThanOrEqual(average * 1.02)
  })

  test('an entry that a rule denied is not lost: the ladder asks for the same rung until it is bought', async () => {
    const closes = [100, 98, 98, 98, 98, 98, 96.5, 96.5, 96, 96, 96]
    // The second rung is reached in the seventh minute; the cooldown denies it until the ninth is over.
    const fills = await trades(gridLadder({ step: 0.02, rungs: 2, profit: 0.5 }), closes, { safety: [tradeSize(5, 25), cooldown('7m')] })
    expect(fills.map(({ side, minute }) => [side, minute])).toEqual([
      ['buy', 2],
      ['buy', 10],
    ])
  })

  test('[row 50] dollar-cost-average buys once a slot in event time, also across gaps and a restart', async () => {
    const store = memoryStore()
    const every = dollarCostAverage({ every: '10m' })
    const first = await trades(every, flat(25), {}, store)
    expect(first.map(({ minute }) => minute)).toEqual([11, 21])
    // Down for half an hour: one purchase for all the slots that passed, then again one a slot.
    const second = await trades(every, flat(20), {}, store, 55)
    expect(second.map(({ minute }) => minute)).toEqual([56, 61, 71])
  })

  test('a purchase that was denied at the start of its slot is made later in it', async () => {
    const fills = await trades(dollarCostAverage({ every: '10m' }), flat(32), { safety: [tradeSize(5, 25), cooldown('14m')] })
    expect(fills.map(({ minute }) => minute)).toEqual([11, 26])
  })
})

describe('a combination through the whole kernel', () => {
  test('[row 9] trades what its strategies say together, each remembering its own across a restart', async () => {
    const store = memoryStore()
    const both = () => combine([gridLadder({ step: 0.02, rungs: 3, profit: 0.02 }), dollarCostAverage({ every: '10m' })], { mode: 'first' })
    const first = await trades(both(), [100, 100, 98, 98, 98, 98], { safety: [tradeSize(5, 25)] }, store)
    expect(first.map(({ minute }) => minute)).toEqual([3])
    // The slot of the tenth minute is bought, the first rung is not bought again.
    const second = await trades(both(), flat(10, 98), { safety: [tradeSize(5, 25)] }, store, 6)
    expect(second.map(({ minute }) => minute)).toEqual([11])
  })

  test('[row 9] previews what its strategies preview', async () => {
    const market = handMarket()
    const params = { fast: 3, slow: 6, atr: 3, filter: 0 }
    const alone = trendFollowing(params)
    const strategies = [alone, combine([alone], { mode: 'weights' }), combine([combine([mute(), alone], { mode: 'first' })], { mode: 'weights' })]
    const bots = strategies.map((strategy, i) => botOf(strategy, { id: `bot-${i}`, on: 'update', confirm: '1h' }))
    const engine = levelEngine(market, memoryStore(), bots, { record: 'all' })
    const seen: Decision[] = []
    engine.decisions$.subscribe((decision) => seen.push(decision))
    await engine.start()
    const closed = candles([100, 101, 102, 104, 103, 105, 108, 107, 109, 111])
    closed.forEach((event, minute) => {
      market.push(...[6, 11, 16, 21].map((second) => forming(minute, second, event.candle.close + second / 7)))
      market.push(event)
    })
    await engine.stop()
    const of = (id: string) => seen.filter(({ botId }) => botId === id).map(({ timeMs, preview, score }) => [timeMs, preview, Math.round(score * 1e12)])
    expect(of('bot-0').filter(([, preview]) => preview === true).length).toBeGreaterThan(10)
    expect(new Set(of('bot-0').map(([, , score]) => score)).size).toBeGreaterThan(10)
    expect(of('bot-1')).toEqual(of('bot-0'))
    expect(of('bot-2')).toEqual(of('bot-0'))
    const last = seen.filter(({ botId }) => botId === 'bot-2').at(-1)!
    expect(last.readings).toHaveProperty(['combine.trend-following.fast'])
    expect(last.signal!.reason).toMatch(/true ranges above the slow one/)
  })
})

/** Has nothing to say. */
const mute = defineStrategy({
  id: 'mute',
  params: z.strictObject({}),
  indicators: () => ({}),
  components: { never: () => 'never said' },
  evaluate: (_context, _params, signal) => signal.add('never', 0),
})
