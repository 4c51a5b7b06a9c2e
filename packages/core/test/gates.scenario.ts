import { describe, expect, test } from 'vitest'
import { defineStrategy, fixedSize, maxTranches, memoryStore, stopLoss, tradeSize } from '@millrace/core'
import type { BotConfig, EpochMs } from '@millrace/core'
import { simulatedClock } from '@millrace/core/testing'
import { z } from 'zod'
import { MINUTE, candles, handMarket, levelBot, levelEngine, startMs } from './levels.ts'
import { insideOf } from './inside-engine.ts'

const range = z.tuple([z.number(), z.number()])

/** Buys and sells in ranges of the price that each bot has for itself. */
const ranges = defineStrategy({
  id: 'ranges',
  params: z.strictObject({ buy: range, sell: range }),
  indicators: () => ({}),
  components: { place: ({ reading }) => `price ${reading}` },
  evaluate({ candle: { close } }, { buy, sell }, signal) {
    const within = ([low, high]: readonly [number, number]): boolean => close >= low && close <= high
    signal.add('place', within(buy) ? 0.5 : within(sell) ? -0.5 : 0, 1, close)
  },
})

const free = [tradeSize(5, 25), maxTranches(1)]
/** Sells where the buyer buys. */
const seller = (options: Partial<Parameters<typeof levelBot>[0]> = {}): BotConfig =>
  levelBot({ id: 'seller', strategy: ranges({ buy: [90, 95], sell: [97, 101] }), safety: free, ...options })
const buyer = (): BotConfig => levelBot({ id: 'buyer', strategy: ranges({ buy: [97, 101], sell: [1_000, 2_000] }), sizing: fixedSize(20), safety: free })

describe('two bots on one instrument never trade with each other', () => {
  /** The prices after a purchase at 94, one candle at a time. */
  const holding = async (bots: readonly BotConfig[], after: Parameters<typeof candles>[0] = [99, 99]) => {
    const market = handMarket()
    const engine = levelEngine(market, memoryStore(), bots)
    await engine.start()
    const list = candles([105, 94, 94, ...after])
    market.push(...list.splice(0, 3))
    const next = () => market.push(list.shift()!)
    const shown = (id: string) => engine.state().bots.find((each) => each.id === id)!
    expect(Number(shown('seller').position.quantity)).toBeGreaterThan(0)
    return { next, engine, shown }
  }

  test("a signal's sale waits for another bot's entry, says SELF_TRADE, and leaves with the next candle", async () => {
    const { next, engine, shown } = await holding([buyer(), seller()])
    next()
    expect(shown('buyer').workingOrder?.side).toBe('buy')
    expect(shown('seller')).toMatchObject({ outcome: 'denied', blocker: { code: 'SELF_TRADE' }, workingOrder: undefined })
    next()
    expect(shown('buyer').workingOrder).toBeUndefined()
    expect(shown('seller').workingOrder?.side).toBe('sell')
    await engine.stop()
  })

  test("an entry waits for another bot's sale", async () => {
    const { next, engine, shown } = await holding([seller(), buyer()])
    next()
    expect(shown('seller').workingOrder?.side).toBe('sell')
    expect(shown('buyer')).toMatchObject({ outcome: 'denied', blocker: { code: 'SELF_TRADE' }, workingOrder: undefined })
    next()
    expect(shown('buyer').workingOrder?.side).toBe('buy')
    await engine.stop()
  })

  test("an exit rule's sale and a person's wait for nobody", async () => {
    const byRule = await holding([buyer(), seller({ strategy: ranges({ buy: [90, 95], sell: [1, 2] }), exits: [stopLoss(0.01)] })], [{ close: 97, low: 92 }])
    byRule.next()
    expect([byRule.shown('buyer').workingOrder?.side, byRule.shown('seller').workingOrder?.origin]).toEqual(['buy', 'exit'])
    await byRule.engine.stop()

    const byHand = await holding([buyer(), seller()])
    byHand.next()
    byHand.engine.flatten('seller')
    expect([byHand.shown('buyer').workingOrder?.side, byHand.shown('seller').workingOrder?.origin]).toEqual(['buy', 'manual'])
    await byHand.engine.stop()
  })
})

test('orders$ says that an order was sent before the venue answers, and by then it is written down', async () => {
  const market = handMarket()
  const engine = levelEngine(market, memoryStore())
  const seen: [string, string | undefined, number][] = []
  await engine.start()
  const store = insideOf(engine).store!
  engine.orders$.subscribe(({ state, venueOrderId }) => seen.push([state, venueOrderId, store.read({ types: ['sent'], limit: 9 }).length]))
  const list = candles([105, 99, 99])
  market.push(...list.slice(0, 2))
  expect(seen).toEqual([
    ['intent', undefined, 1],
    ['sent', undefined, 1],
  ])
  market.push(list[2]!)
  expect(seen.slice(2).map(([state]) => state)).toEqual(['open', 'open', 'filled'])
  await engine.stop()
})

test('in wall time a command sets the alarm for what it began: a cancellation is answered without another price', async () => {
  const clock = simulatedClock(startMs)
  const market = { ...handMarket(), timeline: 'wall' as const }
  const engine = levelEngine(market, memoryStore(), [levelBot({ safety: free })], { clock })
  await engine.start()
  for (const [i, event] of candles([105, 99]).entries()) {
    clock.advance((startMs + (i + 1) * MINUTE - clock.nowMs()) as EpochMs)
    market.push(event)
  }
  clock.advance(250)
  expect(engine.state().bots[0]!.workingOrder?.state).toBe('open')
  engine.flatten()
  clock.advance(249)
  expect(engine.state().bots[0]!.workingOrder?.state).toBe('open')
  clock.advance(1)
  expect(engine.state()).toMatchObject({ bots: [{ workingOrder: undefined }], cash: { reserved: '0' } })
  await engine.stop()
})
