import { z } from 'zod'
import type { AnyIndicator } from '../../contracts/indicator.ts'
import type { SignalBuilder, Strategy, StrategyContext, StrategyInstance } from '../../contracts/strategy.ts'
import type { Json } from '../../model/json.ts'
import { parseParams } from '../../model/params.ts'
import { checkWeights, combineShape } from './combine-params.ts'
import type { CombineMode } from './combine-params.ts'
import { combinedMemory } from './combined-memory.ts'
import type { CombinedState } from './combined-memory.ts'
import { Part } from './part.ts'

/** How several opinions become one. */
export interface CombineOptions {
  /** `weights`: the weighted mean of the scores. `vote`: the weighted mean of their signs. `first`: the first that says anything, in order. */
  readonly mode: CombineMode
  /** One for each strategy, above 0; all 1 when left out. Not with `first`. */
  readonly weights?: readonly number[]
  /** Smallest |score| that counts, 0..1: under it a strategy says nothing. Default 0: everything but 0 counts. */
  readonly atLeast?: number
}

const schema = z
  .strictObject({
    ...combineShape,
    of: z
      .array(z.custom<Strategy>(isStrategy, { error: 'a strategy with apiVersion 1 (call its factory first)' }))
      .min(1)
      .max(20),
  })
  .superRefine((p, context) => {
    const problem = checkWeights(p)
    if (problem !== undefined) context.addIssue({ code: 'custom', path: ['weights'], message: problem, input: p.weights })
  })

function isStrategy(value: unknown): boolean {
  const { apiVersion, id, create } = (value ?? {}) as Partial<Strategy>
  return apiVersion === 1 && typeof id === 'string' && typeof create === 'function'
}

/**
 * Makes one strategy of several. Every one of them is asked at every candle, with its own window, state and texts; equal indicators are computed once.
 *
 * Formula: with o = score where |score| >= atLeast, else 0: `weights`: sum(w * o) / sum(w); `vote`: sum(w * sign(o)) / sum(w); `first`: the first o that is not 0
 *
 * Components carry the name of their strategy (`breakout.volume`; the second `breakout` is `breakout#2`) and what they add to the sum: with `vote` the vote of their
 * strategy, and the reading and text that are their own.
 *
 * @throws ConfigError with every problem: no strategies, weights that are not one for each, an unknown mode
 * @example
 * ```ts
 * const both = combine([trendFollowing(), breakout()], { mode: 'weights', weights: [2, 1] })
 * both.componentNames // => ['trend-following', 'trend-following.trend', 'breakout', 'breakout.channel', 'breakout.volume']
 * ```
 */
export function combine(strategies: readonly Strategy[], options: CombineOptions): Strategy {
  const { of, mode, atLeast, weights: given } = parseParams(schema, { ...options, of: strategies }, 'combine')
  const weights: readonly number[] = given ?? of.map(() => 1)
  const prefixes = prefixesOf(of)
  const window = Math.max(...of.map((strategy) => strategy.window))
  return {
    apiVersion: 1,
    id: 'combine',
    params: { mode, of: of.map(({ id, params }) => ({ use: id, params })), ...(mode === 'first' ? {} : { weights }), atLeast },
    componentNames: of.flatMap(({ componentNames }, i) => [prefixes[i]!, ...componentNames.map((name) => `${prefixes[i]!}.${name}`)]),
    window,
    create(timeframeMs) {
      const indicators: [string, AnyIndicator][] = []
      const parts = of.map((strategy, i) => new Part(strategy, prefixes[i]!, weights[i]!, { timeframeMs, window }, indicators))
      return new Combined(parts, indicators, mode, atLeast)
    },
  }
}

/** The id of each strategy; from its second appearance on with a number. */
function prefixesOf(strategies: readonly Strategy[]): readonly string[] {
  const seen = new Map<string, number>()
  return strategies.map(({ id }) => {
    const count = (seen.get(id) ?? 0) + 1
    seen.set(id, count)
    return count === 1 ? id : `${id}#${count}`
  })
}

class Combined implements StrategyInstance {
  readonly indicators: readonly (readonly [string, AnyIndicator])[]
  readonly readings: object
  readonly memory: StrategyInstance['memory']
  private readonly parts: readonly Part[]
  private readonly mode: CombineOptions['mode']
  private readonly atLeast: number

  constructor(parts: readonly Part[], indicators: readonly (readonly [string, AnyIndicator])[], mode: CombineOptions['mode'], atLeast: number) {
    this.parts = parts
    this.indicators = indicators
    this.readings = Object.fromEntries(indicators)
    this.memory = combinedMemory(parts)
    this.mode = mode
    this.atLeast = atLeast
  }

  // Methods as fields: the engine and the tests take them off the object.
  readonly evaluate = (context: StrategyContext<never, never>, signal: SignalBuilder<string, Json>): void => {
    const outer = context as unknown as StrategyContext & { readonly state: unknown }
    const state = outer.state as CombinedState | undefined
    const own = outer.readings === this.readings
    for (const part of this.parts) part.ask(outer, own, state?.read[part.prefix])
    this.handOver(state, signal)
    if (this.mode === 'first') {
      const speaker = this.firstSpeaker()
      if (speaker !== undefined) speaker.repeat(signal)
      return
    }
    for (const part of this.parts) {
      const silent = part.isSilent(this.atLeast)
      if (this.mode === 'weights' && !silent) part.repeat(signal)
      else part.speak(signal, silent ? 0 : Math.sign(part.slots.score))
    }
  }

  readonly describe = (name: string, component: { readonly score: number; readonly reading: number }): string => {
    for (const part of this.parts) {
      const text = part.describe(name, component)
      if (text !== undefined) return text
    }
    throw new RangeError(`unknown signal component ${JSON.stringify(name)}`)
  }

  /** One that fails to say a number is not passed over. */
  private firstSpeaker(): Part | undefined {
    let first: Part | undefined
    for (const part of this.parts) {
      if (Number.isNaN(part.slots.score)) return part
      if (first === undefined && !part.isSilent(this.atLeast)) first = part
    }
    return first
  }

  /** The states of all, when one of them has another one. */
  private handOver(state: CombinedState | undefined, signal: SignalBuilder<string, Json>): void {
    let next: Record<string, Json> | undefined
    for (const { prefix, slots, hasMemory } of this.parts) {
      if (slots.handed === undefined) continue
      if (!hasMemory) throw new TypeError(`${prefix}: a state was handed over, but the strategy declares none: add 'state' to its definition`)
      next ??= { ...state!.plain }
      next[prefix] = slots.handed
    }
    if (next !== undefined) signal.next(next)
  }
}
