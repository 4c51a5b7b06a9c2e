import { amount, isZero, mul, nearestTo, toNumber } from '../amount.ts'
import type { Amount } from '../amount.ts'
import type { Candle } from './candles.ts'
import { priceWalk, seededTrades } from './price-walk.ts'
import type { SeededTrade } from './price-walk.ts'
import type { Product } from './products.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
/** Hours of the past kept ready; older ones are computed again. */
const HOURS_KEPT = 20_000

/** A trade that was recorded somewhere, to be told again. */
export interface ReplayRow {
  readonly product: string
  readonly atMs: number
  /** Decimal text. */
  readonly price: string
  readonly size: string
  /** The maker's side; `BUY` when left out. */
  readonly side?: 'BUY' | 'SELL'
}

/**
 * Where prices come from. `seeded`: a random walk that follows from the seed and the clock alone. `still`: the seeded past, and a price that stands where
 * it started until somebody moves it. `replay`: trades handed in, oldest first.
 */
export type MarketChoice =
  /** `volatility`: how far the shortest of the waves moves the price, as a share of it; 0.0004 when left out. */
  { readonly kind: 'seeded'; readonly volatility?: number } | { readonly kind: 'still' } | { readonly kind: 'replay'; readonly rows: readonly ReplayRow[] }

/** What the market itself would trade, before anybody interferes. */
interface MarketTrade {
  readonly atMs: number
  readonly price: Amount
  readonly size: Amount
  readonly makerSide: 'BUY' | 'SELL'
}

/** The market of one product. */
export interface ProductMarket {
  /** Price in the middle, as the market has it; what the book makes of it may be scaled. */
  mid(atMs: number): number
  /** Trades after one moment up to another, oldest first. `scale` is what the price was moved by. */
  trades(afterMs: number, untilMs: number, scale: number): MarketTrade[]
  /** What was traded in some whole minutes before the venue started. */
  past(fromMs: number, lengthMs: number): Candle | undefined
  /** The same for an hour, remembered. */
  pastHour(hourMs: number): Candle | undefined
}

export interface MarketOptions {
  readonly seed: number
  readonly startMs: number
  readonly choice: MarketChoice
  /** Spread in basis points. */
  readonly spreadBps: number
  /** Days of history before the start. */
  readonly historyDays: number
}

/** Returns the market of a product. */
export function productMarket(product: Product, options: MarketOptions): ProductMarket {
  const { startMs, choice } = options
  const seeds = { seed: options.seed, name: product.base, volatility: choice.kind === 'seeded' ? (choice.volatility ?? 0.0004) : 0.0004 }
  const walk = priceWalk(seeds)
  // Between two minutes the level is a straight line.
  const ends = last((minute) => [walk(minute), walk(minute + 1)] as const)
  const level = (atMs: number): number => {
    const minute = Math.floor(atMs / MINUTE_MS)
    const [from, to] = ends(minute)
    return from + (to - from) * (atMs / MINUTE_MS - minute)
  }
  // The walk passes through the start price at the start.
  const base = product.startPrice / Math.exp(level(startMs))
  const minuteTrades = seededTrades({
    ...seeds,
    price: base,
    priceStep: toNumber(product.priceIncrement),
    sizeStep: toNumber(product.baseIncrement),
    halfSpread: options.spreadBps / 20_000,
    quietMinutes: product.quietMinutes,
    typicalValue: 500,
  })
  const firstMs = startMs - options.historyDays * 24 * HOUR_MS
  // The past keeps the increments that it was traded in, whatever becomes of the product's.
  const steps = { price: product.priceIncrement, size: product.baseIncrement }
  const past = (fromMs: number, lengthMs: number): Candle | undefined => {
    if (fromMs < firstMs || fromMs > startMs || choice.kind === 'replay') return undefined
    const trades: SeededTrade[] = []
    for (let atMs = fromMs; atMs < fromMs + lengthMs && atMs <= startMs; atMs += MINUTE_MS) trades.push(...minuteTrades(atMs / MINUTE_MS))
    return candleOf(
      fromMs,
      trades.filter(({ atMs }) => atMs < startMs),
      steps,
    )
  }
  const live = last(minuteTrades)
  const recorded = choice.kind === 'replay' ? replayed(choice.rows, product.id) : undefined
  return {
    mid(atMs) {
      if (recorded) return recorded.mid(atMs) ?? product.startPrice
      return choice.kind === 'still' ? product.startPrice : base * Math.exp(level(atMs))
    },
    trades(afterMs, untilMs, scale) {
      if (recorded) return recorded.trades(afterMs, untilMs)
      return choice.kind === 'still' ? [] : liveTrades(live, product, steps, { afterMs, untilMs, scale })
    },
    past,
    pastHour: remembered((hourMs) => past(hourMs, HOUR_MS)),
  }
}

interface Steps {
  readonly price: Amount
  readonly size: Amount
}

function liveTrades(
  minuteTrades: (minute: number) => readonly SeededTrade[],
  product: Product,
  steps: Steps,
  { afterMs, untilMs, scale }: { readonly afterMs: number; readonly untilMs: number; readonly scale: number },
): MarketTrade[] {
  const trades: MarketTrade[] = []
  for (let minute = Math.floor((afterMs + 1) / MINUTE_MS); minute <= Math.floor(untilMs / MINUTE_MS); minute++) {
    for (const { atMs, ticks, lots, makerSide } of minuteTrades(minute)) {
      if (atMs <= afterMs || atMs > untilMs) continue
      const price = scale === 1 && product.priceIncrement === steps.price ? mul(amount(ticks), steps.price) : scaled(ticks, steps, product, scale)
      trades.push({ atMs, price, size: mul(amount(lots), steps.size), makerSide })
    }
  }
  return trades
}

/** A price of the walk after somebody moved the market, on the increments of today. */
function scaled(ticks: number, steps: Steps, product: Product, scale: number): Amount {
  const price = nearestTo(ticks * toNumber(steps.price) * scale, product.priceIncrement)
  return isZero(price) ? product.priceIncrement : price
}

function candleOf(startMs: number, trades: readonly SeededTrade[], steps: Steps): Candle | undefined {
  const [first] = trades
  if (first === undefined) return undefined
  let [high, low, lots] = [first.ticks, first.ticks, 0]
  for (const trade of trades) {
    high = Math.max(high, trade.ticks)
    low = Math.min(low, trade.ticks)
    lots += trade.lots
  }
  const price = (value: number): Amount => mul(amount(value), steps.price)
  return {
    startMs,
    open: price(first.ticks),
    high: price(high),
    low: price(low),
    close: price(trades.at(-1)!.ticks),
    volume: mul(amount(lots), steps.size),
  }
}

function replayed(
  rows: readonly ReplayRow[],
  product: string,
): { mid(atMs: number): number | undefined; trades(afterMs: number, untilMs: number): MarketTrade[] } {
  const own = rows
    .filter((row) => row.product === product)
    .map(({ atMs, price, size, side }): MarketTrade => ({ atMs, price: amount(price), size: amount(size), makerSide: side ?? 'BUY' }))
    .toSorted((a, b) => a.atMs - b.atMs)
  /** How many rows lie at or before a moment. */
  const countUntil = (atMs: number): number => {
    let [low, high] = [0, own.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (own[middle]!.atMs <= atMs) low = middle + 1
      else high = middle
    }
    return low
  }
  return {
    mid: (atMs) => {
      const row = own[Math.max(0, countUntil(atMs) - 1)]
      return row && toNumber(row.price)
    },
    trades: (afterMs, untilMs) => own.slice(countUntil(afterMs), countUntil(untilMs)),
  }
}

/** Remembers the last answer. */
function last<T>(compute: (key: number) => T): (key: number) => T {
  let known: { readonly key: number; readonly value: T } | undefined
  return (key) => {
    if (known?.key !== key) known = { key, value: compute(key) }
    return known.value
  }
}

function remembered<T>(compute: (key: number) => T): (key: number) => T {
  const known = new Map<number, T>()
  return (key) => {
    if (!known.has(key)) {
      if (known.size >= HOURS_KEPT) known.clear()
      known.set(key, compute(key))
    }
    return known.get(key)!
  }
}
