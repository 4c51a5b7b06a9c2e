import type { AnyIndicator } from '../contracts/indicator.ts'
import type { OrdersView, Strategy, StrategyInstance, WindowView } from '../contracts/strategy.ts'
import { canonicalText } from '../engine/canonical.ts'
import type { Candle } from '../model/candle.ts'
import type { Json } from '../model/json.ts'
import type { PositionView } from '../model/position.ts'
import type { EpochMs } from '../model/time.ts'
import { CandleWindow } from '../pipeline/candle-window.ts'
import { MemoryCell } from '../pipeline/memory-cell.ts'
import { SignalSlots } from '../pipeline/signal-slots.ts'
import { MutableOrders, MutablePosition } from '../pipeline/views.ts'

/** What a strategy said of one candle. */
export interface Evaluation {
  readonly score: number
  readonly components: readonly { readonly name: string; readonly score: number; readonly weight: number; readonly reading: number }[]
  /** What it handed over, as canonical text; empty when it handed over nothing. */
  readonly handed: string
}

/** What stands around a candle: the bot's position and its filled orders. */
export interface Surroundings {
  readonly position: PositionView
  readonly orders: OrdersView
}

/** The context of an evaluation before its types are closed over. */
export interface LooseContext extends Surroundings {
  readonly readings: object
  readonly candle: Candle
  readonly window: WindowView
  readonly state: unknown
}

/** How a context is handed to the strategy: as it is, or as something that is spoilt afterwards. */
export type Give = (context: LooseContext, evaluate: (context: LooseContext) => void) => void

const asIs: Give = (context, evaluate) => evaluate(context)

/** Returns the position and orders of a bot that holds `quantity` bought at `price`, or of one that holds nothing. */
export function surroundings(held?: { readonly price: number; readonly quantity?: number; readonly lots?: number }, entries = 0): Surroundings {
  const position = new MutablePosition()
  const orders = new MutableOrders()
  orders.entries = entries
  if (held === undefined) return { position, orders }
  const { price, quantity = 1, lots = 1 } = held
  Object.assign(position, { open: true, lots, quantity, averageEntry: price, cost: price * quantity, highestPrice: price, lowestPrice: price, openedAtMs: 0 })
  orders.lastEntryMs = 0 as EpochMs
  orders.lastEntryPrice = price
  return { position, orders }
}

/** |score| that makes a bot of the kits trade, as by default. */
const ACTION = 0.15

/** What stands around the next candle when a bot does at once what its strategy says, in at most four lots. */
export function afterOrder(around: Surroundings, candle: Candle, score: number): Surroundings {
  const { position, orders } = around
  if (score >= ACTION && position.lots < 4) return surroundings({ price: candle.close, lots: position.lots + 1 }, orders.entries + 1)
  return score <= -ACTION && position.open ? surroundings(undefined, orders.entries) : around
}

/** A strategy fed by hand the way the engine does it: indicators, window, state, one evaluation a candle. */
export class StrategyRun {
  readonly instance: StrategyInstance
  readonly slots: SignalSlots
  readonly window: CandleWindow
  readonly memory: MemoryCell
  /** Candles until the first evaluation. */
  readonly warmup: number
  private samples = 0

  constructor(strategy: Strategy) {
    this.instance = strategy.create()
    this.slots = new SignalSlots(strategy.componentNames)
    this.window = new CandleWindow(strategy.window)
    this.memory = new MemoryCell(this.instance.memory)
    const { memory } = this.instance
    if (memory !== undefined) this.memory.put(copyOf(memory.initial), canonicalText(memory.initial))
    this.warmup = Math.max(1, strategy.window, ...this.instance.indicators.map(([, { warmup, alignment = 0 }]) => warmup + 1 + alignment))
  }

  /** Takes a closed candle; undefined while the strategy warms up. */
  step(candle: Candle, around: Surroundings = surroundings(), give: Give = asIs): Evaluation | undefined {
    for (const [, indicator] of this.instance.indicators) feed(indicator, candle)
    this.window.push(candle)
    if (++this.samples < this.warmup) return undefined
    const evaluation = this.evaluate(candle, around, give)
    if (evaluation.handed !== '') this.memory.put(JSON.parse(evaluation.handed) as Json, evaluation.handed)
    return evaluation
  }

  /** Asks about the candle at hand; what is handed over is not kept. */
  evaluate(candle: Candle, around: Surroundings, give: Give = asIs): Evaluation {
    this.slots.reset()
    give({ readings: this.instance.readings, candle, ...around, window: this.window, state: this.memory.value }, (context) => {
      this.instance.evaluate(context as never, this.slots)
    })
    const { names, scores, weights, readings, handed } = this.slots
    const components = names.flatMap((name, i) => (weights[i]! > 0 ? [{ name, score: scores[i]!, weight: weights[i]!, reading: readings[i]! }] : []))
    return { score: this.slots.score, components, handed: handed === undefined ? '' : canonicalText(handed) }
  }

  /** Everything it carries from candle to candle, as text. */
  get carried(): string {
    return JSON.stringify([this.instance.indicators.map(([, indicator]) => indicator.snapshot()), this.memory.text])
  }

  /** Goes on where another run of the same strategy stands. */
  continueFrom(other: StrategyRun): void {
    this.instance.indicators.forEach(([, indicator], i) => indicator.restore(copyOf(other.instance.indicators[i]![1].snapshot())))
    this.window.restore(copyOf(other.window.snapshot()))
    if (other.memory.text !== '') this.memory.put(JSON.parse(other.memory.text) as Json, other.memory.text)
    this.samples = other.samples
  }
}

export const feed = (indicator: AnyIndicator, candle: Candle): unknown =>
  indicator.input === 'candle' ? indicator.update(candle) : indicator.update(candle.close)

const copyOf = (data: Json): Json => JSON.parse(JSON.stringify(data)) as Json
