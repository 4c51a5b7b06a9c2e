import { bot, cooldown, createEngine, defineStrategy, fixedSize, paper, tradeSize } from '@millrace/core'
import type { BotConfig, CandleEvent, Engine, EngineOptions, EpochMs, MarketEvent, MarketSource, StoreFactory } from '@millrace/core'
import { Subject } from 'rxjs'
import { z } from 'zod'
import { instrumentsOf, listMarket, startMs } from './random-market.ts'

export const MINUTE = 60_000
export { startMs }

/** Buys while the price is under 100, sells over 110: the tests choose prices, not luck. */
export const levels = defineStrategy({
  id: 'levels',
  params: z.strictObject({}),
  indicators: () => ({}),
  components: { level: ({ reading }) => `price ${reading}` },
  evaluate({ candle }, _, signal) {
    signal.add('level', candle.close < 100 ? 0.5 : candle.close > 110 ? -0.5 : 0, 1, candle.close)
  },
})

/** Buys under 100 and never sells: what sells then is an exit rule. */
export const dips = defineStrategy({
  id: 'dips',
  params: z.strictObject({}),
  indicators: () => ({}),
  components: { dip: ({ reading }) => `price ${reading}` },
  evaluate({ candle }, _, signal) {
    signal.add('dip', candle.close < 100 ? 0.5 : 0, 1, candle.close)
  },
})

type Close = number | { readonly close: number; readonly low?: number; readonly high?: number }

/** Closed one-minute candles with these closes, flat inside unless a low or high is given. */
export function candles(closes: readonly Close[], from = 0, instrument = 'BTC-USD'): CandleEvent[] {
  let previous = 105
  return closes.map((item, i) => {
    const { close, low = close, high = close } = typeof item === 'number' ? { close: item } : item
    const openTime = (startMs + (from + i) * MINUTE) as EpochMs
    const candle = { openTime, open: previous, high: Math.max(previous, close, high), low: Math.min(previous, close, low), close, volume: 1_000 }
    previous = close
    return { type: 'candle', instrument, timeframeMs: MINUTE, candle, closed: true, atMs: (openTime + MINUTE) as EpochMs }
  })
}

/** An unfinished candle of the minute that starts at `minute`, with this price after `seconds`. */
export function forming(minute: number, seconds: number, price: number, instrument = 'BTC-USD'): CandleEvent {
  const openTime = (startMs + minute * MINUTE) as EpochMs
  return {
    type: 'candle',
    instrument,
    timeframeMs: MINUTE,
    candle: { openTime, open: price, high: price, low: price, close: price, volume: 10 + seconds },
    closed: false,
    atMs: (openTime + seconds * 1_000) as EpochMs,
  }
}

export const levelBot = (options: Partial<Parameters<typeof bot>[0]> = {}): BotConfig =>
  bot({
    id: 'btc',
    instrument: 'BTC-USD',
    timeframe: '1m',
    strategy: levels(),
    confirm: 0,
    sizing: fixedSize(20),
    safety: [tradeSize(5, 25), cooldown('15m')],
    ...options,
  })

export const levelEngine = (
  market: MarketSource,
  store: StoreFactory,
  bots: readonly BotConfig[] = [levelBot()],
  options: Partial<EngineOptions> = {},
): Engine => createEngine({ market, exchange: paper({ cash: { USD: '1000' }, slippageBps: 0 }), store, bots, environment: 'paper', safety: [], ...options })

/** A market that a test pushes by hand. */
export function handMarket(ids: readonly string[] = ['BTC-USD']): MarketSource & { push(...events: readonly MarketEvent[]): void; end(): void } {
  const events = new Subject<MarketEvent>()
  return {
    ...listMarket([], ids),
    instruments: () => Promise.resolve(instrumentsOf(ids)),
    stream: () => events,
    push: (...list) => {
      for (const event of list) events.next(event)
    },
    end: () => events.complete(),
  }
}

/** One closed candle with its four prices. */
export const bar = (minute: number, [open, high, low, close]: readonly [number, number, number, number], instrument = 'BTC-USD'): CandleEvent => {
  const openTime = (startMs + minute * MINUTE) as EpochMs
  return {
    type: 'candle',
    instrument,
    timeframeMs: MINUTE,
    candle: { openTime, open, high, low, close, volume: 1_000 },
    closed: true,
    atMs: (openTime + MINUTE) as EpochMs,
  }
}
