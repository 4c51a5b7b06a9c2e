import { describe, expect, test } from 'vitest'
import { bot, createAccount, defineStrategy, paper } from '../../index.ts'
import type { BotConfig, Candle, EpochMs, ExitRule } from '../../index.ts'
import { coinbaseInstrument } from '../../simulation/products.ts'
import { z } from 'zod'
import { markExtremes } from '../mark-extremes.ts'
import { EXIT } from '../outcome-codes.ts'
import { checkExits } from './exits.ts'

const quiet = defineStrategy({ id: 'quiet', params: z.strictObject({}), indicators: () => ({}), components: { none: () => '' }, evaluate: () => undefined })
const T0 = Date.UTC(2026, 0, 1) as EpochMs

const rule = (id: string, fraction: number, changes: Partial<ExitRule> = {}): ExitRule => ({ apiVersion: 1, id, check: () => fraction, ...changes })
const candleOf = (open: number, high: number, low: number, close: number): Candle => ({ openTime: T0, open, high, low, close, volume: 1 })

/** A bot that holds one coin, bought at 100 long ago, unless a test says otherwise. */
function holder(exits: readonly ExitRule[]) {
  const alerts: string[] = []
  const account = createAccount({
    instruments: [coinbaseInstrument('BTC-USD')!],
    exchange: paper({ cash: { USD: '100' } }),
    bots: [bot({ id: 'b', instrument: 'BTC-USD', strategy: quiet() })].map((config): BotConfig => ({ ...config, exits })),
    safety: [],
    startMs: T0,
    onEntry: ({ type, data }) => {
      if (type === 'alert') alerts.push((data as { code: string }).code)
    },
  })
  const { runtime } = account.bots[0]!
  const { position } = runtime.view
  Object.assign(position, { open: true, quantity: 1, averageEntry: 100, highestPrice: 100, lowestPrice: 100, peakSinceEntry: 100 })
  runtime.market.market.price = 100
  runtime.market.lastMs = T0 + 60_000
  const { state } = account.kernel
  return {
    runtime,
    position,
    alerts,
    check(candle: Candle, inside: boolean) {
      checkExits(state, runtime, candle, inside)
      state.endStep()
      account.close()
      return runtime.frame.exit === 0 ? undefined : { source: runtime.intent.source, fraction: runtime.intent.baseFraction, price: runtime.exitPrice }
    },
  }
}

const flat = candleOf(100, 100, 100, 100)

describe('the exits of a held position', () => {
  test('are not asked of a bot that holds nothing', () => {
    const { check, position } = holder([rule('all', 1)])
    position.open = false
    expect(check(flat, true)).toBeUndefined()
  })

  test('let the largest share win, the first of equal ones, and name everyone that fired in the order of who decided', () => {
    expect(holder([rule('a', 0.2), rule('b', 0.5), rule('c', 0.3)]).check(flat, false)).toMatchObject({ source: 'b + a + c', fraction: 0.5 })
    expect(holder([rule('a', 0.5), rule('b', 0.5)]).check(flat, false)).toMatchObject({ source: 'a + b', fraction: 0.5 })
    expect(holder([rule('a', 0), rule('b', 0.5), rule('c', -1)]).check(flat, false)).toMatchObject({ source: 'b', fraction: 0.5 })
    expect(holder([rule('a', 0), rule('b', Number.NaN)]).check(flat, false)).toBeUndefined()
  })

  test('close with a share of one or more and reduce with less; the intent is an exit that sells', () => {
    for (const [fraction, kind, share] of [
      [1.5, 'close', 1],
      [1, 'close', 1],
      [0.999, 'reduce', 0.999],
    ] as const) {
      const { check, runtime } = holder([rule('a', fraction)])
      check(flat, false)
      expect(runtime.intent).toMatchObject({ kind, baseFraction: share, origin: 'exit', side: 'sell', quoteAmount: 0 })
      expect(runtime.frame).toMatchObject({ outcome: EXIT, side: -1, hasIntent: true, blocker: 0 })
    }
  })

  test('want no part that the venue would not take, by its smallest value and its smallest quantity', () => {
    const { check, position, runtime } = holder([rule('part', 0.01)])
    // One per cent of a coin at 100 is the venue's one dollar, exactly.
    expect(check(flat, false)).toMatchObject({ fraction: 0.01 })
    runtime.market.market.price = 99.99
    expect(check(flat, false)).toBeUndefined()
    runtime.market.market.price = 1e12
    position.quantity = (100 * runtime.market.minBase) / 2
    expect(check(flat, false)).toBeUndefined()
  })

  test('go on when one throws, and say so', () => {
    const broken = rule('broken', 0, {
      check: () => {
        throw new Error('no')
      },
    })
    const { check, alerts } = holder([broken, rule('sound', 1)])
    expect(check(flat, false)).toMatchObject({ source: 'sound' })
    expect(alerts).toEqual(['EXIT_RULE_FAILED'])
  })
})

describe('triggers inside of a candle', () => {
  const stop = (price: number, changes: Partial<ExitRule> = {}) => rule('stop', 0, { trigger: () => price, ...changes })
  const profit = (price: number) => rule('profit', 0, { trigger: () => price, triggerKind: 'profit' })

  test('a stop is hit when the low reaches it, at the worse of open and trigger', () => {
    expect(holder([stop(95)]).check(candleOf(100, 101, 95, 99), true)).toMatchObject({ price: 95 })
    expect(holder([stop(95)]).check(candleOf(100, 101, 95.01, 99), true)).toBeUndefined()
    expect(holder([stop(95)]).check(candleOf(93, 99, 92, 98), true)).toMatchObject({ price: 93 })
  })

  test('a profit is hit when the high reaches it, and never pays more than its price', () => {
    expect(holder([profit(104)]).check(candleOf(100, 104, 99, 100), true)).toMatchObject({ price: 104 })
    expect(holder([profit(104)]).check(candleOf(100, 103.99, 99, 100), true)).toBeUndefined()
    expect(holder([profit(104)]).check(candleOf(110, 111, 109, 110), true)).toMatchObject({ price: 104 })
  })

  test.each([0, -5, Number.NaN])('a trigger of %d is none', (price) => {
    expect(holder([stop(price)]).check(candleOf(100, 101, 1, 99), true)).toBeUndefined()
  })

  test('outside of a whole candle no trigger counts', () => {
    expect(holder([stop(95), profit(101)]).check(candleOf(100, 120, 80, 99), false)).toBeUndefined()
  })

  test('sells the share of the trigger: all, a number, or what a function says', () => {
    const low = candleOf(100, 100, 90, 95)
    expect(holder([stop(95)]).check(low, true)).toMatchObject({ fraction: 1 })
    expect(holder([stop(95, { triggerFraction: 0.25 })]).check(low, true)).toMatchObject({ fraction: 0.25 })
    expect(holder([stop(95, { triggerFraction: () => 0.4 })]).check(low, true)).toMatchObject({ fraction: 0.4 })
  })

  test('a fill within the candle hides what came before it: a market purchase both ways, a resting one only the way up', () => {
    const wild = candleOf(100, 120, 80, 100)
    for (const [rested, source] of [
      [false, undefined],
      [true, 'stop'],
    ] as const) {
      const { check, runtime } = holder([stop(95), profit(110)])
      runtime.entryFillMs = runtime.market.lastMs
      runtime.entryRested = rested
      expect(check(wild, true)?.source).toBe(source)
    }
    const { check, runtime } = holder([stop(95), profit(110)])
    runtime.entryFillMs = runtime.market.lastMs - 1
    expect(check(wild, true)?.source).toBe('stop + profit')
  })

  test('a trigger that throws fires nothing and is named', () => {
    const { check, alerts } = holder([
      stop(95, {
        trigger: () => {
          throw new Error('no')
        },
      }),
    ])
    expect(check(candleOf(100, 100, 1, 1), true)).toBeUndefined()
    expect(alerts).toEqual(['EXIT_RULE_FAILED'])
  })

  test('knows the extremes of before the candle; the rules at its close know the candle', () => {
    const seen: number[] = []
    const watching = rule('watching', 0, {
      trigger: ({ highestPrice }) => {
        seen.push(highestPrice)
        return Number.NaN
      },
      check: ({ highestPrice }) => {
        seen.push(highestPrice)
        return 0
      },
    })
    holder([watching]).check(candleOf(100, 107, 99, 101), true)
    expect(seen).toEqual([100, 107])
  })
})

describe('the extremes of a held position', () => {
  const extremes = (candle: Candle, high: boolean, low: boolean) => {
    const { runtime, position } = holder([])
    markExtremes(runtime, candle, high, low)
    return [position.highestPrice, position.peakSinceEntry, position.lowestPrice]
  }

  test('widen by the whole candle, or by its close where the rest may be older than the entry', () => {
    const wild = candleOf(100, 120, 80, 105)
    expect(extremes(wild, true, true)).toEqual([120, 120, 80])
    expect(extremes(wild, false, true)).toEqual([105, 105, 80])
    expect(extremes({ ...wild, close: 95 }, true, false)).toEqual([120, 120, 95])
    expect(extremes({ ...wild, close: 95 }, false, false)).toEqual([100, 100, 95])
  })

  test('never narrow', () => {
    expect(extremes(candleOf(100, 100, 100, 100), true, true)).toEqual([100, 100, 100])
    const { runtime, position } = holder([])
    Object.assign(position, { highestPrice: 150, peakSinceEntry: 90, lowestPrice: 50 })
    markExtremes(runtime, candleOf(100, 120, 80, 105), true, true)
    expect([position.highestPrice, position.peakSinceEntry, position.lowestPrice]).toEqual([150, 120, 50])
  })
})
