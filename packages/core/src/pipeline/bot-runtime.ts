import type { BotConfig } from '../contracts/bot-config.ts'
import type { AnyIndicator, Indicator, Indicators } from '../contracts/indicator.ts'
import type { SizingReadings } from '../contracts/sizer.ts'
import type { StrategyInstance } from '../contracts/strategy.ts'
import type { SafetyRule } from '../contracts/safety-rule.ts'
import type { Candle } from '../model/candle.ts'
import type { Side } from '../model/order.ts'
import type { PositionView } from '../model/position.ts'
import { CandleWindow } from './candle-window.ts'
import { FormingCandle } from './forming-candle.ts'
import { MemoryCell } from './memory-cell.ts'
import { SignalSlots } from './signal-slots.ts'
import { TripMarks } from './trip-marks.ts'
import { MutableFrame, MutableIntent, MutableOrders } from './views.ts'
import type { MutableView } from './views.ts'
import type { Judge } from '../safety/judge.ts'
import type { InstrumentState } from './instrument-state.ts'
import type { WorkingOrder } from './pipeline-host.ts'

/** Candles that a start loads at most for one bot beyond its warm-up, and for one that looks at a longer timeframe. */
const MAX_PRELOAD = 5_000
const MAX_LONGER_PRELOAD = 50_000

interface Preview {
  readonly readings: Record<string, { value: unknown }>
  readonly context: MutableContext
  readonly forming: FormingCandle
}

/** What a strategy gets: plain fields, written once per event. */
class MutableContext {
  readonly readings: object
  candle: Candle
  readonly position: PositionView
  readonly orders: MutableOrders
  readonly window: CandleWindow
  state: unknown

  constructor(readings: object, candle: Candle, position: PositionView, orders: MutableOrders, window: CandleWindow, state: unknown) {
    this.readings = readings
    this.candle = candle
    this.position = position
    this.orders = orders
    this.window = window
    this.state = state
  }
}

/** How long a direction has been wanted, in event time. NaN = nothing runs. */
class ConfirmationState {
  side: -1 | 0 | 1 = 0
  sinceMs = Number.NaN
  lastMs = Number.NaN
  count = 0
  /** When the journal last heard of it. */
  keptMs = Number.NEGATIVE_INFINITY

  clear(): void {
    this.side = 0
    this.sinceMs = Number.NaN
    this.lastMs = Number.NaN
    this.count = 0
  }
}

/** One bot at work: its plugins, slots and soft state. Money stands in the durable state, not here. */
export class BotRuntime {
  readonly index: number
  /** Another one only when the bot retires: every other edit makes a new bot. */
  config: BotConfig
  readonly market: InstrumentState
  readonly strategy: StrategyInstance
  readonly judge: Judge
  /** Judges the entry the bot would make, for records of evaluations that had no intent of their own. */
  readonly probeJudge: Judge
  readonly view: MutableView
  readonly frame: MutableFrame
  readonly intent = new MutableIntent()
  readonly probe = new MutableIntent()
  readonly slots: SignalSlots
  readonly window: CandleWindow
  readonly orders = new MutableOrders()
  readonly memory: MemoryCell
  readonly context: MutableContext
  readonly preview: Preview | undefined
  readonly confirmation = new ConfirmationState()
  /** Those of the strategy, then those of sizer and tranche plan under `sizing.` and `tranches.`. */
  readonly indicators: readonly (readonly [key: string, indicator: AnyIndicator])[]
  readonly sizerReadings: SizingReadings
  readonly planReadings: SizingReadings
  readonly closeIndicators: Indicator<number, unknown>[] = []
  readonly candleIndicators: Indicator<Candle, unknown>[] = []
  /** Closed candles needed for the first evaluation. */
  readonly warmup: number
  /** Closed candles so far. */
  samples = 0
  paused = false
  /** End of the UTC day on which the bot's own loss limit was reached; undefined when it was not. */
  lossUntilMs: number | undefined
  /** Rules that may stop this bot alone. */
  tripRules: readonly SafetyRule[] = []
  /** Realised net of fees in this UTC day, and the unrealised P&L at its start. */
  realizedToday = 0
  dayBaseline = 0
  /** Why the bot does nothing more: its plugin failed. Undefined while it works. */
  frozen: string | undefined
  working: WorkingOrder | undefined
  /** outcome, blocker and side in one integer; -1 before the first evaluation. */
  level = -1
  levelSinceMs = Number.NaN
  levelCount = 0
  /** Close of the last own closed candle; NaN before the first. */
  lastClose = Number.NaN
  /** Open time of the last own closed candle: an older or repeated one is dropped. */
  lastOpenTime = Number.NEGATIVE_INFINITY
  /** Price at which the candle hit the exit that fired; NaN = it fired at the price of the event. */
  exitPrice = Number.NaN
  /** By exit rule: the price at which the candle at hand hit its trigger, NaN = it did not. */
  readonly hits: Float64Array
  /** Venue time of the last entry fill, and whether that order was resting. */
  entryFillMs = Number.NEGATIVE_INFINITY
  entryRested = false
  /** Some exit rule reads the extremes, so they must survive a restart. */
  readonly usesExtremes: boolean
  /** When the journal last heard of the extremes. */
  extremesKeptMs = Number.NEGATIVE_INFINITY
  /** An exit that waits for a cancel: the share to sell (0 = none) and who asked. */
  heldExit = 0
  heldSource = ''
  decisionSeq = 0
  /** The state of the memory that the last evaluation saw. */
  stateSeen: unknown
  /** The order whose cancellation was asked for, so that it is asked once. */
  cancelAsked = ''
  /** A flatten was asked for and the position is not gone yet. */
  flattenWanted = false
  /** What the price did since the first entry of the round trip at work. */
  readonly trip = new TripMarks()

  constructor(index: number, config: BotConfig, market: InstrumentState, view: MutableView, makeJudge: () => Judge) {
    this.index = index
    this.config = config
    this.market = market
    this.view = view
    this.judge = makeJudge()
    this.probeJudge = makeJudge()
    this.frame = new MutableFrame(index, view)
    this.hits = new Float64Array(config.exits.length).fill(Number.NaN)
    this.usesExtremes = config.exits.some((rule) => rule.usesExtremes === true)
    this.strategy = config.strategy.create(config.timeframeMs)
    this.slots = new SignalSlots(config.strategy.componentNames)
    this.window = new CandleWindow(config.strategy.window)
    this.memory = new MemoryCell(this.strategy.memory)
    this.context = new MutableContext(this.strategy.readings, view.candle, view.position, this.orders, this.window, this.memory.value)
    const { plan } = config.tranches ?? {}
    const sizing = config.sizing.indicators?.() ?? {}
    const planned = plan?.indicators?.() ?? {}
    this.sizerReadings = sizing
    this.planReadings = planned
    this.indicators = [...this.strategy.indicators, ...named('sizing', sizing), ...named('tranches', planned)]
    let warmup = Math.max(1, config.strategy.window)
    for (const [, indicator] of this.indicators) {
      warmup = Math.max(warmup, indicator.warmup + 1 + (indicator.alignment ?? 0))
      if (indicator.input === 'candle') this.candleIndicators.push(indicator)
      else this.closeIndicators.push(indicator)
    }
    this.warmup = warmup
    this.preview = config.on === 'update' ? makePreview(this.strategy.indicators, config.timeframeMs, this.context) : undefined
  }

  /** Candles that make the readings independent of where they started, to 1e-9: what a start loads, within a bound, because a running sum never forgets its start, and never less than the warm-up. */
  get preloadCandles(): number {
    let candles = this.warmup
    for (const [, indicator] of this.indicators) {
      const bound = indicator.forTimeframe === undefined ? MAX_PRELOAD : MAX_LONGER_PRELOAD
      candles = Math.max(candles, Math.min(indicator.stableAfter?.(1e-9) ?? 0, bound))
    }
    return candles
  }

  /** Puts the state of the memory before the strategy: after each change of it. */
  showState(): void {
    this.context.state = this.memory.value
    if (this.preview !== undefined) this.preview.context.state = this.memory.value
  }

  get sideName(): Side | undefined {
    return this.frame.side === 0 ? undefined : this.frame.side > 0 ? 'buy' : 'sell'
  }
}

const named = (prefix: string, indicators: Indicators): (readonly [string, AnyIndicator])[] =>
  Object.entries(indicators).map(([key, indicator]) => [`${prefix}.${key}`, indicator])

function makePreview(indicators: readonly (readonly [string, AnyIndicator])[], timeframeMs: number, context: MutableContext): Preview {
  const readings: Record<string, { value: unknown }> = {}
  for (const [key, indicator] of indicators) readings[key] = { value: indicator.value }
  const forming = new FormingCandle(timeframeMs)
  return { readings, forming, context: new MutableContext(readings, forming.candle, context.position, context.orders, context.window, context.state) }
}
