import type { BotView, OrderTimes } from '../contracts/bot-view.ts'
import type { Frame } from '../contracts/kernel.ts'
import type { OrdersView } from '../contracts/strategy.ts'
import type { Candle } from '../model/candle.ts'
import type { Intent } from '../model/intent.ts'
import type { Side } from '../model/order.ts'
import type { Environment } from '../model/environment.ts'
import { Few } from '../model/few.ts'
import { TimeRing } from '../model/time-ring.ts'
import type { PositionView } from '../model/position.ts'
import type { Temperature } from '../model/temperature.ts'
import type { EpochMs } from '../model/time.ts'

// Classes, because the engine writes these fields millions of times a second and one shape keeps every reader fast.

const NEVER = Number.NEGATIVE_INFINITY as EpochMs

export class MutableCandle implements Candle {
  openTime = 0 as EpochMs
  open = Number.NaN
  high = Number.NaN
  low = Number.NaN
  close = Number.NaN
  volume = 0
}

export class MutablePosition implements PositionView {
  open = false
  lots = 0
  quantity = 0
  averageEntry = Number.NaN
  cost = 0
  highestPrice = Number.NaN
  lowestPrice = Number.NaN
  peakSinceEntry = Number.NaN
  bought = 0
  oldestTranche = 0
  openedAtMs = NEVER
}

export class MutableOrders implements OrdersView {
  entries = 0
  exits = 0
  lastEntryMs = NEVER
  lastEntryPrice = Number.NaN
}

export class MutableMarket {
  price = Number.NaN
  bid = Number.NaN
  ask = Number.NaN
  dataAgeMs = Number.POSITIVE_INFINITY
  spreadBps = 0
  clockSkewMs = 0
}

class MutableToday {
  loss = 0
  peakLoss = 0
  trades = 0
}

export class MutableCash {
  available = 0
  reserved = 0
}

export class MutablePortfolio {
  openPositions = 0
  exposure = 0
  todayLoss = 0
  todayPeakLoss = 0
  todayTrades = 0
  equity = 0
  peakEquity = Number.NEGATIVE_INFINITY
  tradingState: 0 | 1 | 2 = 0
  emergencyStop = false
  orders: OrderTimes = new TimeRing()
  /** Bots with a position or a working entry, by instrument; refreshed with orders and fills. */
  readonly active = new Few<string, number>()

  /** A member of its own, so that a copy of the view has it too. */
  readonly activeOn = (instrument: string): number => this.active.get(instrument) ?? 0
}

export class MutableView implements BotView {
  nowMs = 0 as EpochMs
  candle: Candle = new MutableCandle()
  previousClose = Number.NaN
  readonly position = new MutablePosition()
  score = 0
  temperature: Temperature = 0
  lastFillMs = NEVER
  lastFillPrice = Number.NaN
  lossStreak = 0
  lastLossMs = NEVER
  orders: OrderTimes = new TimeRing()
  workingOrder = false
  readonly today = new MutableToday()
  readonly cash: MutableCash
  readonly market: MutableMarket
  readonly portfolio: MutablePortfolio
  readonly environment: Environment
  readonly instrument: string

  /** Cash and portfolio are the account's, market is the instrument's: shared by reference, so one write reaches every bot. */
  constructor(cash: MutableCash, market: MutableMarket, portfolio: MutablePortfolio, instrument: string, environment: Environment) {
    this.environment = environment
    this.instrument = instrument
    this.cash = cash
    this.market = market
    this.portfolio = portfolio
  }
}

export class MutableIntent implements Intent {
  kind: Intent['kind'] = 'open'
  origin: Intent['origin'] = 'strategy'
  side: Side = 'buy'
  quoteAmount = 0
  baseFraction = 0
  source = ''
  rest = false
}

export class MutableFrame implements Frame {
  readonly botIndex: number
  readonly view: MutableView
  outcome = 0
  side: -1 | 0 | 1 = 0
  score = 0
  blocker = 0
  margin = 0
  untilMs = Number.NaN
  exit = 0
  hasIntent = false
  /** The bot's judge holds verdicts of this very evaluation. */
  judged = false
  preview = false

  constructor(botIndex: number, view: MutableView) {
    this.botIndex = botIndex
    this.view = view
  }
}
