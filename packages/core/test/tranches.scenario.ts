import { describe, expect, test } from 'vitest'
import {
  adaptive,
  createAccount,
  equalSize,
  fixedSize,
  maxPosition,
  memoryStore,
  paper,
  parseConfig,
  priceStep,
  pyramidDown,
  pyramidUp,
  temperatureSizing,
  tradeSize,
  volatilityTarget,
} from '@millrace/core'
import type { BotConfig, CandleEvent, EngineState, EpochMs, FillRecord, TranchePlan } from '@millrace/core'
import { MINUTE, candles, levelBot, levelEngine, startMs } from './levels.ts'
import { instrumentsOf, listMarket } from './random-market.ts'

interface Outcome {
  readonly fills: readonly FillRecord[]
  readonly state: EngineState
}

async function run(events: readonly CandleEvent[], bot: BotConfig, store = memoryStore()): Promise<Outcome> {
  const engine = levelEngine(listMarket(events, ['BTC-USD']), store, [bot])
  await engine.start()
  await engine.finished
  const state = engine.state()
  return { fills: [...state.lastFills].reverse(), state }
}

/** What each entry cost, fee included. */
const costs = ({ fills }: Outcome): number[] =>
  fills.filter(({ side }) => side === 'buy').map(({ value, feeAmount }) => Number((Number(value) + Number(feeAmount)).toFixed(2)))

const planned = (plan: TranchePlan, options: Partial<Parameters<typeof levelBot>[0]> = {}) =>
  levelBot({ sizing: fixedSize(60), tranches: { max: 3, plan }, safety: [tradeSize(5, 30), priceStep(0.01)], ...options })

describe('a tranche plan', () => {
  /** Each candle is more than 1 % under the last fill, so that every one of them may enter. */
  const slide = candles([105, 99, 97, 95, 93, 91, 89])

  test('[row 37] equalSize: three entries of a third, together the budget of the sizer, then no more', async () => {
    const outcome = await run(slide, planned(equalSize()))
    expect(costs(outcome)).toEqual([20, 20, 20])
    expect(outcome.state.bots[0]).toMatchObject({ blocker: { code: 'MAX_TRANCHES' }, position: { status: 'open' } })
  })
  test('[row 38] pyramidUp: entries rise 1 : 1.5 : 2', async () => {
    expect(costs(await run(slide, planned(pyramidUp())))).toEqual([13.33, 20, 26.66])
  })
  test('[row 39] pyramidDown: entries fall 2 : 1.5 : 1', async () => {
    expect(costs(await run(slide, planned(pyramidDown())))).toEqual([26.66, 20, 13.33])
  })
  test('[row 40] adaptive: more the further the price is below the average, less in a falling trend, never more than the budget', async () => {
    const plan = () => planned(adaptive({ fast: 1, slow: 2 }))
    // Warm with the third candle. Bought at 97; at 95: 20 x (1 + 10 x 2/97); then what is left of 60.
    expect(costs(await run(slide, plan()))).toEqual([20, 24.12, 15.88])
    // The candle of a cross down is a falling trend: half of 20.
    expect(costs(await run(candles([105, 105, 99, 99]), plan()))).toEqual([10])
  })
  test('keeps within the largest trade and the largest position, whatever the sizer gives it', async () => {
    const outcome = await run(slide, planned(equalSize(), { sizing: fixedSize(300), safety: [tradeSize(5, 25), maxPosition(75), priceStep(0.01)] }))
    expect(costs(outcome)).toEqual([25, 25, 25])
  })
  test('goes on after a restart with the next tranche', async () => {
    const store = memoryStore()
    await run(slide.slice(0, 4), planned(pyramidUp()), store)
    const second = await run(slide.slice(4), planned(pyramidUp()), store)
    expect(costs(second)).toEqual([13.33, 20, 26.66])
  })
  test('is named in a configuration file beside any sizer', () => {
    const file = (tranches: unknown) => ({
      bots: [{ id: 'btc', instrument: 'BTC-USD', preset: 'balanced', sizing: { use: 'percent-of-equity', params: { percent: 6 } }, tranches }],
    })
    const [bot] = parseConfig(file({ max: 3, plan: { use: 'pyramid-up', params: { step: 1 } } })).bots
    expect(bot!.tranches).toMatchObject({ max: 3, plan: { id: 'pyramid-up', params: { step: 1 } } })
    expect(() => parseConfig(file({ max: 3, plan: 'pyramid-sideways' }))).toThrow(/bots\[0\]\.tranches\.plan/)
  })
})

test('[row 48] an entry is sized by temperature and by what is held, and its decision says how', async () => {
  const sizing = temperatureSizing({ base: 10, min: 5, max: 25 })
  const store = memoryStore()
  // A score of 0.5 is hot: 10 x 1.8 x (0.8 + 0.4 x 0.5) x 0.7, then x 1.0 for the second tranche.
  const outcome = await run(candles([105, 99, 97, 97]), levelBot({ sizing, safety: [tradeSize(5, 25)] }), store)
  expect(costs(outcome)).toEqual([12.6, 18])
  const opened = store.open({ environment: 'paper' })
  const told = opened.read({ types: ['decision'], limit: 9 }).map(({ data }) => (data as { readonly sizing?: string }).sizing)
  opened.close()
  expect(told.slice(0, 2)).toEqual(['10 x hot 1.8 x strength 1 x progression 0.7, at most 25', '10 x hot 1.8 x strength 1 x progression 1, at most 25'])
  const planned3 = memoryStore()
  await run(
    candles([105, 99, 97]),
    levelBot({ sizing: temperatureSizing({ base: 40, min: 5, max: 75 }), tranches: { max: 3, plan: equalSize() }, safety: [tradeSize(5, 25)] }),
    planned3,
  )
  const again = planned3.open({ environment: 'paper' })
  const [first] = again.read({ types: ['decision'], limit: 9 })
  again.close()
  expect((first!.data as { readonly sizing?: string }).sizing).toContain('; tranche 1 of 3 by equal-size')
})

describe('priceStep spaces entries', () => {
  /** The second entry's candle; the first one filled at 99. */
  const after = (close: number) => run(candles([105, 99, 99, close, close]), levelBot({ sizing: fixedSize(10), safety: [tradeSize(5, 25), priceStep(0.01)] }))
  test('at exactly the step from the last fill, on either side, and not a hair nearer', async () => {
    expect((await after(98.02)).state.bots[0]!.blocker?.code).toBe('PRICE_STEP')
    expect((await after(98.01)).fills).toHaveLength(2)
    expect((await after(99.98)).state.bots[0]!.blocker?.code).toBe('PRICE_STEP')
    expect((await after(99.99)).fills).toHaveLength(2)
  })
  test('never the first one of a position, and never a sale', async () => {
    const bot = levelBot({ sizing: fixedSize(10), safety: [tradeSize(5, 25), priceStep(0.2)] })
    const { fills } = await run(candles([105, 99, 99, 111, 111, 99, 99]), bot)
    expect(fills.map(({ side }) => side)).toEqual(['buy', 'sell', 'buy'])
  })
})

describe('a sizer with a reading of its own', () => {
  const bot = () => levelBot({ sizing: volatilityTarget({ riskPercent: 0.1, period: 3, min: 5, max: 25 }), safety: [tradeSize(5, 25)] })
  /** Candles around 105 with this range each, then one under 100. */
  const market = (range: number): CandleEvent[] => {
    const rows = Array.from({ length: 6 }, (_, minute) => ({ minute, prices: [105, 105 + range / 2, 105 - range / 2, 105] as const }))
    return [
      ...rows.map(({ minute, prices: [open, high, low, close] }): CandleEvent => {
        const openTime = (startMs + minute * MINUTE) as EpochMs
        return {
          type: 'candle',
          instrument: 'BTC-USD',
          timeframeMs: MINUTE,
          candle: { openTime, open, high, low, close, volume: 1_000 },
          closed: true,
          atMs: (openTime + MINUTE) as EpochMs,
        }
      }),
      ...candles([99, 99], 6),
    ]
  }
  test('trades less in a wild market than in a calm one, by its formula', async () => {
    // Wilder's range over three candles, the last of which is the fall from 105 to 99.
    const expected = (range: number) => 1_000 * 0.001 * (99 / (2 * ((2 * range + 6) / 3)))
    expect(costs(await run(market(3), bot()))[0]).toBeCloseTo(expected(3), 1)
    expect(costs(await run(market(9), bot()))[0]).toBeCloseTo(expected(9), 1)
  })
  test('is part of the warm-up, of the history that a start loads, and of the snapshot', () => {
    const account = () =>
      createAccount({ instruments: instrumentsOf(['BTC-USD']), exchange: paper({ cash: { USD: '1000' } }), safety: [], startMs, bots: [bot()] })
    const one = account()
    const runtime = one.kernel.bot('btc')
    expect(runtime.warmup).toBe(3)
    expect(runtime.preloadCandles).toBeGreaterThan(20)
    for (const event of market(3).slice(0, 5)) one.step(event)
    const other = account().kernel
    other.restore(one.kernel.snapshot())
    const reading = (of: typeof runtime) => of.sizerReadings['atr']!.value
    expect(reading(other.bot('btc'))).toBe(reading(runtime))
    expect(reading(runtime)).toBeCloseTo(3, 12)
  })
})

describe('a signal exit by tranche', () => {
  const bot = () => levelBot({ sizing: fixedSize(10), safety: [tradeSize(5, 25)], exit: { by: 'tranche' } })
  test('[row 41] sells the oldest tranche, whole and alone, and then the next', async () => {
    const { fills, state } = await run(candles([105, 99, 97, 93, 105, 111, 111, 105, 105]), bot())
    const [first, second, third] = fills.filter(({ side }) => side === 'buy').map(({ quantity }) => quantity)
    expect(fills.filter(({ side }) => side === 'sell').map(({ quantity }) => quantity)).toEqual([first, second])
    expect(state.bots[0]!.position.tranches.map(({ number, quantity }) => ({ number, quantity }))).toEqual([{ number: 3, quantity: third }])
  })
  test('[row 41] of the last tranche closes the position', async () => {
    const { state } = await run(candles([105, 99, 105, 111, 111]), bot())
    expect(state.bots[0]!.position).toMatchObject({ status: 'closed', quantity: '0' })
  })
})
