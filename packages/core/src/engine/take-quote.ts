import type { QuoteEvent } from '../contracts/events.ts'
import type { EpochMs } from '../model/time.ts'
import type { BotRuntime } from '../pipeline/bot-runtime.ts'
import type { InstrumentState } from '../pipeline/instrument-state.ts'
import type { Candle } from '../model/candle.ts'
import { stepForming } from './bot-pipeline.ts'
import { keepFlattening } from './flatten.ts'
import type { KernelState } from './kernel-state.ts'

/**
 * Takes a usable quote. Exits run on it at the bid, because that is what a sale would get; entries and valuations wait for a price that was
 * traded.
 */
export function takeQuote(state: KernelState, taken: InstrumentState<BotRuntime>, { bid, ask, atMs }: QuoteEvent): void {
  const { market, bots } = taken
  market.bid = bid
  market.ask = ask
  market.spreadBps = (10_000 * (ask - bid)) / ((ask + bid) / 2)
  // By the venue's clock, as candles are: ours is ahead of it, and the next candle would seem to be older than the quote.
  if (atMs > taken.lastMs) taken.lastMs = atMs
  market.dataAgeMs = state.nowMs - taken.lastMs
  taken.stale = false
  for (const bot of bots) {
    bot.view.nowMs = state.nowMs
    if (bot.flattenWanted) keepFlattening(state, bot)
    if (bot.view.position.open && bot.config.exits.length > 0) stepBid(state, bot, bid)
  }
}

function stepBid(state: KernelState, bot: BotRuntime, bid: number): void {
  const { market } = bot.market
  const last = market.price
  const openTime = state.nowMs as EpochMs
  const point: Candle = { openTime, open: bid, high: bid, low: bid, close: bid, volume: 0 }
  market.price = bid
  stepForming(state, bot, point, false)
  market.price = last
}
