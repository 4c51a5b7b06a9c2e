import { describe, expect, test } from 'vitest'
import { breakEven, memoryStore, profitLadder, stopLoss, timeStop, trailingStop } from '@millrace/core'
import type { CandleEvent, EngineState, EpochMs, ExitRule, FillRecord, StoreFactory } from '@millrace/core'
import { MINUTE, candles, dips, handMarket, levelBot, levelEngine, startMs } from './levels.ts'
import { listMarket } from './random-market.ts'

const holder = (exits: readonly ExitRule[]) => levelBot({ strategy: dips(), exits })

interface Outcome {
  readonly fills: readonly Pick<FillRecord, 'side' | 'price' | 'quantity' | 'source' | 'atMs'>[]
  readonly state: EngineState
  readonly equity: number
}

async function run(events: readonly CandleEvent[], exits: readonly ExitRule[], store: StoreFactory = memoryStore()): Promise<Outcome> {
  const engine = levelEngine(listMarket(events, ['BTC-USD']), store, [holder(exits)])
  await engine.start()
  await engine.finished
  const state = engine.state()
  const fills = [...state.lastFills].reverse().map(({ side, price, quantity, source, atMs }) => ({ side, price, quantity, source, atMs }))
  return { fills, state, equity: Number(state.equity) }
}

/** One closed candle with its four prices. */
const bar = (minute: number, [open, high, low, close]: readonly [number, number, number, number]): CandleEvent => {
  const openTime = (startMs + minute * MINUTE) as EpochMs
  const candle = { openTime, open, high, low, close, volume: 1_000 }
  return { type: 'candle', instrument: 'BTC-USD', timeframeMs: MINUTE, candle, closed: true, atMs: (openTime + MINUTE) as EpochMs }
}

const sales = ({ fills }: Outcome) => fills.filter(({ side }) => side === 'sell').map(({ price, source }) => ({ price, source }))

describe('trailingStop', () => {
  const fall = candles([105, 99, 101, 104, 108, 103, 95, 90])
  test('saves money: it sells 5 % below the peak what the same run without it still holds at 90', async () => {
    const [kept, held] = [await run(fall, [trailingStop(0.05)]), await run(fall, [])]
    expect(sales(kept)).toEqual([{ price: '102.6', source: 'trailing-stop' }])
    expect(kept.equity).toBeGreaterThan(held.equity + 2)
  })
  test('stays quiet while the price gives back less than its distance', async () => {
    expect(sales(await run(candles([105, 99, 101, 104, 100, 106, 101, 108]), [trailingStop(0.05)]))).toEqual([])
  })
  test("never sets a candle's own high against its low: nobody knows which came first", async () => {
    const before = [...candles([105, 99]), bar(2, [99, 100, 99, 100])]
    // 5 % below the high of 109 is 103.55, and the low of 99.5 is under it; at its close of 108 the candle is known whole.
    const spike = await run([...before, bar(3, [100, 109, 99.5, 108])], [trailingStop(0.05)])
    expect(sales(spike)).toEqual([])
    const next = await run([...before, bar(3, [100, 109, 99.5, 108]), bar(4, [108, 108, 103, 104]), bar(5, [104, 104, 104, 104])], [trailingStop(0.05)])
    expect(sales(next)).toEqual([{ price: '103.55', source: 'trailing-stop' }])
    const low = await run([...before, bar(3, [100, 109, 99.5, 103]), bar(4, [103, 104, 102, 103]), bar(5, [103, 103, 103, 103])], [trailingStop(0.05)])
    expect(sales(low)).toEqual([{ price: '103', source: 'trailing-stop' }])
  })
  test('goes on after a restart with the peak of before it, from the journal alone', async () => {
    const store = memoryStore()
    await run(fall.slice(0, 5), [trailingStop(0.05)], store)
    const second = await run(fall.slice(5), [trailingStop(0.05)], store)
    expect(second.fills).toEqual((await run(fall, [trailingStop(0.05)])).fills)
  })
  test('writes the extremes down when they change and only where a rule reads them', async () => {
    const entries = async (exits: readonly ExitRule[]) => {
      const store = memoryStore()
      await run(fall.slice(0, 6), exits, store)
      const opened = store.open({ environment: 'paper' })
      const found = opened.read({ limit: 1_000 }).filter(({ type }) => type === 'extremes')
      opened.close()
      return found.map(({ data }) => data)
    }
    expect(await entries([stopLoss(0.5)])).toEqual([])
    expect(await entries([trailingStop(0.5)])).toEqual([
      { highest: 101, lowest: 99, peak: 101 },
      { highest: 104, lowest: 99, peak: 104 },
      { highest: 108, lowest: 99, peak: 108 },
    ])
  })
})

describe('breakEven', () => {
  const back = candles([105, 99, 101, 103, 101, 95, 90])
  test('saves money: after a gain the sale returns what was paid, fees of both ways included', async () => {
    const [kept, held] = [await run(back, [breakEven(0.03)]), await run(back, [])]
    expect(sales(kept)).toEqual([{ price: '100.79', source: 'break-even' }])
    // 20 USD left and came back, but for the rounding of a price to cents.
    expect(Math.abs(kept.equity - 1_000)).toBeLessThan(0.005)
    expect(held.equity).toBeLessThan(998.1)
  })
  test('stays quiet before its gain was there', async () => {
    expect(sales(await run(candles([105, 99, 101, 101.9, 100, 95]), [breakEven(0.03)]))).toEqual([])
  })
  test('goes on after a restart armed', async () => {
    const store = memoryStore()
    await run(back.slice(0, 4), [breakEven(0.03)], store)
    expect((await run(back.slice(4), [breakEven(0.03)], store)).fills).toEqual((await run(back, [breakEven(0.03)])).fills)
  })
})

describe('timeStop', () => {
  const slide = candles([105, 99, 99, 99, 99, 98, 97, 90, 80])
  test('saves money: what did not move is sold after its time, before it slides', async () => {
    const [kept, held] = [await run(slide, [timeStop('3m')]), await run(slide, [])]
    // Filled 250 ms after the third candle opened: the first update three minutes later is the end of the sixth.
    expect(sales(kept)).toEqual([{ price: '98', source: 'time-stop' }])
    expect(kept.equity).toBeGreaterThan(held.equity + 2)
  })
  test('stays quiet before its time', async () => {
    expect(sales(await run(slide, [timeStop('1h')]))).toEqual([])
  })
  test('counts through a restart', async () => {
    const store = memoryStore()
    await run(slide.slice(0, 4), [timeStop('3m')], store)
    expect((await run(slide.slice(4), [timeStop('3m')], store)).fills).toEqual((await run(slide, [timeStop('3m')])).fills)
  })
})

describe('profitLadder', () => {
  const rise = candles([105, 99, 101, 110, 115, 121, 125, 130, 120, 105])
  test('saves money: it sells a quarter at +10 %, half at +20 % and the rest at +30 %, each once', async () => {
    const [kept, held] = [await run(rise, [profitLadder()]), await run(rise, [])]
    expect(sales(kept).map(({ price }) => price)).toEqual(['108.9', '118.8', '128.7'])
    const [bought, ...sold] = kept.fills.map(({ quantity }) => Number(quantity))
    expect(sold.map((quantity) => quantity / bought!)).toEqual([0.25, 0.5, 0.25].map((share) => expect.closeTo(share, 4) as number))
    expect(kept.state.bots[0]!.position.quantity).toBe('0')
    expect(kept.equity).toBeGreaterThan(held.equity + 2)
  })
  test('stays quiet below its first rung', async () => {
    expect(sales(await run(candles([105, 99, 101, 108, 105, 108.8]), [profitLadder()]))).toEqual([])
  })
  test.each([4, 5, 6, 7])('sells no rung twice over a restart after %d candles', async (cut) => {
    const store = memoryStore()
    await run(rise.slice(0, cut), [profitLadder()], store)
    // A sale that was on its way when the run ended never reached the venue; the rung is sold later, once.
    const parts = ({ fills }: Outcome) => fills.map(({ side, quantity, source }) => ({ side, quantity, source }))
    expect(parts(await run(rise.slice(cut), [profitLadder()], store))).toEqual(parts(await run(rise, [profitLadder()])))
  })
})

describe('a quote', () => {
  const quote = (minute: number, bid: number) => ({
    type: 'quote' as const,
    instrument: 'BTC-USD',
    bid,
    ask: bid + 0.1,
    atMs: (startMs + minute * MINUTE) as EpochMs,
  })
  const held = async (exits: readonly ExitRule[]) => {
    const market = handMarket()
    const engine = levelEngine(market, memoryStore(), [holder(exits)])
    await engine.start()
    market.push(...candles([105, 99, 101]))
    return { market, engine, orders: () => engine.summary().orders }
  }

  test('runs the exits at its bid', async () => {
    const { market, engine, orders } = await held([stopLoss(0.05)])
    market.push(quote(3.2, 94.06))
    expect(orders()).toBe(1)
    market.push(quote(3.4, 94.05))
    expect(orders()).toBe(2)
    expect(engine.state().bots[0]!.workingOrder).toMatchObject({ side: 'sell', source: 'stop-loss' })
    // A quote is no trade: positions are valued at the last price.
    expect(engine.state().bots[0]!.price).toBe(101)
    await engine.stop()
  })
  test('raises the peak of a trailing stop, and a candle after it goes on from there', async () => {
    const { market, engine, orders } = await held([trailingStop(0.03)])
    market.push(quote(3.2, 108))
    expect(orders()).toBe(1)
    market.push(...candles([104.8], 3))
    expect(orders()).toBe(1)
    market.push(...candles([104.7], 4))
    expect(orders()).toBe(2)
    await engine.stop()
  })
  test('makes no entry', async () => {
    const market = handMarket()
    const engine = levelEngine(market, memoryStore(), [holder([])])
    await engine.start()
    market.push(...candles([105]), quote(1.5, 90))
    expect(engine.summary().orders).toBe(0)
    await engine.stop()
  })
})
