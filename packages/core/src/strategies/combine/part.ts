import type { AnyIndicator } from '../../contracts/indicator.ts'
import type { SignalBuilder, Strategy, StrategyContext, StrategyInstance, StrategyMemory, WindowView } from '../../contracts/strategy.ts'
import type { Json } from '../../model/json.ts'
import { SignalSlots } from '../../pipeline/signal-slots.ts'
import { WindowSlice } from './window-slice.ts'

type Outer = Omit<StrategyContext, 'readings' | 'state'> & { readonly readings: object }

type Values = Readonly<Record<string, { readonly value: unknown }>>

/** What the combination has for all. */
interface Whole {
  readonly timeframeMs: number | undefined
  readonly window: number
}

/** One strategy of a combination: asked in its own terms, its answer kept apart until it is weighed. */
export class Part {
  readonly prefix: string
  readonly slots: SignalSlots
  readonly memory: StrategyMemory | undefined
  private readonly instance: StrategyInstance
  private readonly weight: number
  /** Where each of its readings stands among those of the combination. */
  private readonly places: readonly (readonly [own: string, merged: string])[]
  private readonly committed: Values
  private readonly names: readonly string[]
  private readonly slice: WindowSlice | undefined

  /** @param merged - the indicators of the combination so far; those of this strategy are added, unless an equal one is there */
  constructor(strategy: Strategy, prefix: string, weight: number, whole: Whole, merged: [string, AnyIndicator][]) {
    this.prefix = prefix
    this.weight = weight
    this.instance = strategy.create(whole.timeframeMs)
    this.memory = this.instance.memory
    this.slots = new SignalSlots(strategy.componentNames)
    this.names = strategy.componentNames.map((name) => `${prefix}.${name}`)
    this.slice = strategy.window < whole.window ? new WindowSlice(strategy.window) : undefined
    const places: [string, string][] = []
    const committed: Record<string, { readonly value: unknown }> = {}
    for (const [key, indicator] of this.instance.indicators) {
      const [place, shared] = placeOf(indicator, `${prefix}.${key}`, merged)
      places.push([key, place])
      committed[key] = shared
    }
    this.places = places
    this.committed = committed
  }

  get hasMemory(): boolean {
    return this.memory !== undefined
  }

  /** @param own - the readings are the combination's committed ones, not a preview's */
  ask(outer: Outer, own: boolean, state: unknown): void {
    const { candle, position, orders } = outer
    const readings = own ? this.committed : this.readingsOf(outer.readings as Values)
    let window: WindowView = outer.window
    if (this.slice !== undefined) {
      this.slice.whole = outer.window
      window = this.slice
    }
    this.slots.reset()
    try {
      this.instance.evaluate({ readings, candle, position, orders, window, state } as never, this.slots)
    } catch (error) {
      throw new Error(`${this.prefix}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
    }
  }

  /** True when it says nothing that counts. NaN is not nothing. */
  isSilent(atLeast: number): boolean {
    const { score } = this.slots
    return score === 0 || Math.abs(score) < atLeast
  }

  /** Its components as they are, weighing together what the strategy weighs. */
  repeat(signal: SignalBuilder<string, Json>): void {
    this.pass(signal, undefined)
  }

  /** Its components, each saying what the strategy was reduced to: its vote, or nothing. */
  speak(signal: SignalBuilder<string, Json>, score: number): void {
    this.pass(signal, score)
  }

  /** Undefined when the component is another strategy's. */
  describe(name: string, component: { readonly score: number; readonly reading: number }): string | undefined {
    if (name === this.prefix) return `${name} says nothing`
    const place = this.names.indexOf(name)
    return place === -1 ? undefined : this.instance.describe(this.slots.names[place]!, component)
  }

  private pass(signal: SignalBuilder<string, Json>, instead: number | undefined): void {
    const { scores, weights, readings } = this.slots
    let sum = 0
    for (let i = 0; i < weights.length; i++) sum += weights[i]!
    // One that added no component has its weight in the sum all the same.
    if (sum === 0) return signal.add(this.prefix, 0, this.weight)
    for (let i = 0; i < weights.length; i++)
      if (weights[i]! > 0) signal.add(this.names[i]!, instead ?? scores[i]!, (this.weight * weights[i]!) / sum, readings[i]!)
  }

  private readingsOf(merged: Values): Values {
    const readings: Record<string, { readonly value: unknown }> = {}
    for (const [own, place] of this.places) readings[own] = merged[place]!
    return readings
  }
}

/** An indicator of the same kind with the same id computes the same: the id names its parameters. */
function placeOf(indicator: AnyIndicator, place: string, merged: [string, AnyIndicator][]): readonly [string, AnyIndicator] {
  for (const entry of merged) if (isEqual(entry[1], indicator)) return entry
  merged.push([place, indicator])
  return [place, indicator]
}

const isEqual = (a: AnyIndicator, b: AnyIndicator): boolean => a.id === b.id && a.constructor === b.constructor && a.input === b.input && a.warmup === b.warmup
