import type { BotView } from '../../contracts/bot-view.ts'
import type { PositionView } from '../../model/position.ts'
import { isoTime } from '../../model/iso-time.ts'
import { TimeRing } from '../../model/time-ring.ts'
import { temperatureOf } from '../../model/temperature.ts'
import { DAY_MS, MINUTE_MS } from '../../model/time.ts'
import type { EpochMs } from '../../model/time.ts'
import { MutablePosition } from '../../pipeline/views.ts'
import { NOON_MS } from './bot-view.ts'
import { chanceOf } from './chance.ts'

const NEVER = Number.NEGATIVE_INFINITY as EpochMs

type Draw = ReturnType<typeof drawing>

/** Ways to draw a number. */
function drawing(chance: () => number) {
  const between = (low: number, high: number): number => low + (high - low) * chance()
  return {
    between,
    whole: (below: number): number => Math.floor(chance() * below),
    one: <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)]!,
    often: (share: number): boolean => chance() < share,
    cents: (high: number): number => Math.round(100 * between(0, high)) / 100,
  }
}

/**
 * Returns made-up situations of a bot, as different as its life is: flat and holding up to four lots, far up and far down, on every hour of the week, rich and
 * poor, with losses, old data and wide spreads. Each is what a bot could really see: extremes enclose the price, cost includes fees. The same for the same seed.
 */
export function situations(count: number, seed = 1): BotView[] {
  const draw = drawing(chanceOf(seed))
  return Array.from({ length: count }, (_, i) => situationOf(draw, i))
}

function situationOf(draw: Draw, i: number): BotView {
  const nowMs = (NOON_MS + draw.whole(28 * 24 * 60) * MINUTE_MS) as EpochMs
  const price = draw.one([0.000_012_3, 0.07, 3, 100, 100, 100, 2_345.67, 91_234.5])
  const score = draw.one([0, -1, 1, draw.between(-1, 1), draw.between(-1, 1), draw.between(0, 0.4)])
  const position = i % 3 === 0 ? flat : held(draw, price, nowMs)
  const move = draw.one([0, 0.001, 0.01, 0.2])
  const previousClose = price * (1 + draw.between(-move, move))
  const quoted = draw.often(0.8)
  const spread = draw.one([0.0001, 0.001, 0.02])
  const orders = ordersBefore(draw, nowMs)
  const filled = position.open || draw.often(0.5)
  return {
    environment: draw.one(['backtest', 'paper', 'live'] as const),
    instrument: draw.one(['BTC-USD', 'ETH-USD', 'SOL-USD']),
    nowMs,
    candle: {
      openTime: (nowMs - MINUTE_MS) as EpochMs,
      open: previousClose,
      high: Math.max(previousClose, price) * 1.001,
      low: Math.min(previousClose, price) / 1.001,
      close: price,
      volume: draw.cents(100),
    },
    previousClose,
    position,
    score,
    temperature: temperatureOf(score),
    lastFillMs: filled ? ((nowMs - draw.one([0, 1, 10_000, 60_000, 3_600_000, DAY_MS])) as EpochMs) : NEVER,
    lastFillPrice: filled ? price * draw.one([1, 0.9999, draw.between(0.7, 1.4)]) : Number.NaN,
    ...lossesOf(draw, nowMs),
    orders,
    workingOrder: draw.often(0.1),
    today: { loss: draw.cents(150), peakLoss: 150 + draw.cents(100) * draw.one([0, 1]) - draw.one([0, 150]), trades: draw.whole(12) },
    cash: { available: draw.one([0, 3, draw.cents(50), draw.cents(10_000)]), reserved: draw.one([0, draw.cents(50)]) },
    market: {
      price,
      bid: quoted ? price * (1 - spread / 2) : Number.NaN,
      ask: quoted ? price * (1 + spread / 2) : Number.NaN,
      dataAgeMs: draw.one([0, 500, 30_000, 3_600_000]),
      spreadBps: quoted ? 10_000 * spread : 0,
      clockSkewMs: draw.one([0, 20, -2_000, 60_000]),
    },
    portfolio: portfolioOf(draw, orders),
  }
}

const flat: PositionView = new MutablePosition()

function held(draw: Draw, price: number, nowMs: EpochMs): PositionView {
  const lots = 1 + draw.whole(4)
  const averageEntry = price / draw.one([1, 1.000_5, 0.999_5, draw.between(0.5, 1), draw.between(0.85, 1.15), draw.between(1, 1.6)])
  const quantity = (lots * draw.between(5, 25)) / averageEntry
  const peakSinceEntry = Math.max(price, averageEntry) * draw.one([1, 1, draw.between(1, 1.3)])
  return {
    open: true,
    lots,
    quantity,
    averageEntry,
    cost: quantity * averageEntry * 1.009,
    highestPrice: peakSinceEntry * draw.one([1, draw.between(1, 1.2)]),
    lowestPrice: Math.min(price, averageEntry) / draw.one([1, draw.between(1, 1.3)]),
    peakSinceEntry,
    bought: quantity / draw.one([1, 1, 0.75, draw.between(0.2, 1)]),
    oldestTranche: quantity / lots,
    openedAtMs: (nowMs - draw.one([0, MINUTE_MS, 3_600_000, 6 * 3_600_000, 3 * DAY_MS])) as EpochMs,
  }
}

function lossesOf(draw: Draw, nowMs: EpochMs): Pick<BotView, 'lossStreak' | 'lastLossMs'> {
  const lossStreak = draw.one([0, 0, 1, 2, 3, 5])
  return { lossStreak, lastLossMs: lossStreak === 0 ? NEVER : ((nowMs - draw.one([0, 60_000, 3_600_000, DAY_MS])) as EpochMs) }
}

function ordersBefore(draw: Draw, nowMs: EpochMs): TimeRing {
  const ring = new TimeRing()
  const count = draw.one([0, 1, 4, 40])
  for (let n = count; n > 0; n--) ring.push(nowMs - n * draw.one([1, 5_000, 600_000]))
  return ring
}

function portfolioOf(draw: Draw, orders: TimeRing): BotView['portfolio'] {
  const equity = draw.one([50, 900, 1_000, 1_000, 25_000])
  const active = draw.whole(3)
  return {
    openPositions: draw.whole(14),
    exposure: draw.cents(1_000),
    todayLoss: draw.cents(90),
    todayPeakLoss: 90 + draw.cents(100) * draw.one([0, 1]) - draw.one([0, 90]),
    todayTrades: draw.whole(40),
    equity,
    peakEquity: equity * draw.one([1, 1, 1.05, 1.4]),
    orders,
    activeOn: (instrument) => (instrument === 'BTC-USD' ? active : 0),
    tradingState: draw.one([0, 0, 0, 1, 2] as const),
    emergencyStop: draw.often(0.1),
  }
}

/** The part of a situation that a person needs to picture it. */
export function situationText({ position, market, nowMs, score }: BotView): string {
  const day = isoTime(nowMs).slice(0, 16)
  const has = position.open
    ? `${position.lots} lot${position.lots === 1 ? '' : 's'} of ${position.quantity.toPrecision(4)} bought at ${position.averageEntry.toPrecision(6)} on average`
    : 'no position'
  return `with ${has}, the price at ${market.price.toPrecision(6)}, score ${score.toFixed(3)}, at ${day}Z`
}
