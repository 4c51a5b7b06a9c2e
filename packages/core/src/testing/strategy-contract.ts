import type { Strategy } from '../contracts/strategy.ts'
import { canonicalText } from '../engine/canonical.ts'
import type { Candle } from '../model/candle.ts'
import type { Json } from '../model/json.ts'
import { must, promisesOf } from './plugins/contract-case.ts'
import type { PluginContractCase } from './plugins/contract-case.ts'
import { withoutClock } from './plugins/without-clock.ts'
import { strategyCandles } from './strategy-candles.ts'
import { StrategyRun, afterOrder, surroundings } from './strategy-run.ts'
import type { Evaluation, Give, LooseContext, Surroundings } from './strategy-run.ts'

/** One promise of a strategy. */
export type StrategyContractCase = PluginContractCase

/** A state is journalled whole at each change: one that holds a history would fill the disk. */
const LARGEST_STATE = 4_096

/**
 * Returns the promises that every strategy keeps, for any test runner: it says the same of the same context, leaves nothing behind and takes nothing along but its
 * declared state, and stays in its range. `make` is called anew for each. The candles are made up: 600 one-minute candles of all kinds of weather.
 *
 * @param make - a configured strategy that is warm within 500 candles
 * @example
 * ```ts
 * const cases = strategyContract(() => weightedSignals())
 * for (const each of cases) each.run()
 * cases.length >= 10 // => true
 * ```
 */
export function strategyContract(make: () => Strategy): readonly StrategyContractCase[] {
  const promiseOf = promisesOf(make)
  // Whatever it does, it does without a clock and without chance.
  const promise = (name: string, fix: string, check: (strategy: Strategy) => void): PluginContractCase =>
    promiseOf(name, fix, (strategy) => withoutClock(() => check(strategy)))
  return [
    promise(
      'it names itself, its version, its parameters and its components',
      'make it with defineStrategy, which gives all of this its form; ids and component names have no spaces and occur once.',
      describesItself,
    ),
    promise(
      'it is warm when its indicators and its window are: from then on every score and every value of an indicator is a number',
      'an indicator must be told honestly by its `warmup`; what evaluate() computes from several of them needs a guard against 0 / 0.',
      isWarm,
    ),
    promise(
      'scores and components lie in -1..+1, weights are above 0',
      'clamp with Math.max(-1, Math.min(1, score)), and leave a component out in place of a weight of 0.',
      staysInRange,
    ),
    promise(
      'two instances say the same of the same candles',
      'remove module variables and randomness: what must be remembered goes into `state` and signal.next().',
      isDeterministic,
    ),
    promise(
      'asked twice of one candle it says the same twice',
      'evaluate() may run again when a record is made: no counter, no last value in a closure. Use `state` and signal.next().',
      isPure,
    ),
    promise(
      'it changes nothing of what it looks at',
      'readings, candle, position and state belong to the engine: hand a new state to signal.next(), never feed or assign.',
      changesNothing,
    ),
    promise(
      'it keeps nothing of what it looked at',
      'the context is overwritten after the call: keep numbers in `state`, never an object of the context.',
      keepsNothing,
    ),
    promise(
      'what it remembers is in its declared state: another instance goes on from there',
      'move variables of a closure into `state`: only that survives a restart.',
      hidesNothing,
    ),
    promise(
      'its state is plain data that its schema reads back, and may be frozen',
      'hand over objects, arrays, strings, booleans and finite numbers that `state.schema` takes; replace the state in place of changing it.',
      statesAreData,
    ),
    promise(
      'its state stays small: at most 4,096 characters after 600 candles',
      'keep sums and extremes in place of histories, or declare an indicator or a `window`.',
      stateStaysSmall,
    ),
    promise('it looks back no further than its window', 'declare `window` as one more than the largest `back` that evaluate() asks for.', staysInWindow),
    promise(
      'it has a text for every component, whatever the reading',
      '`components` gives words for NaN and negative readings, too: they are shown while a bot warms up and after an error.',
      describesComponents,
    ),
  ]
}

const text = (value: unknown): string => JSON.stringify(value, (_key, member: unknown) => (typeof member === 'number' ? String(member) : member))

interface Moment {
  readonly run: StrategyRun
  readonly candle: Candle
  readonly around: Surroundings
  readonly said: Evaluation
}

/** Candle after candle with a bot around that buys and sells what the strategy says. */
function moments(strategy: Strategy, each: (moment: Moment) => void, give?: Give): void {
  const run = new StrategyRun(strategy)
  let around = surroundings()
  for (const candle of strategyCandles(600)) {
    const said = run.step(candle, around, give)
    if (said === undefined) continue
    each({ run, candle, around, said })
    around = afterOrder(around, candle, said.score)
  }
}

function describesItself(strategy: Strategy): void {
  const { id, apiVersion, params, componentNames, window } = strategy
  must(apiVersion === 1, () => `expected apiVersion 1, received ${String(apiVersion)}`)
  must(/^\S+$/.test(id), () => `expected an id without white space, received ${text(id)}`)
  must(
    componentNames.length > 0 && new Set(componentNames).size === componentNames.length,
    () => `expected different components, received ${text(componentNames)}`,
  )
  must(Number.isInteger(window) && window >= 0, () => `expected a window of whole candles from 0, received ${window}`)
  canonicalText(params)
  const keys = strategy.create().indicators.map(([key]) => key)
  must(new Set(keys).size === keys.length, () => `expected different keys of indicators, received ${text(keys)}`)
}

function isWarm(strategy: Strategy): void {
  let evaluations = 0
  moments(strategy, ({ run, said }) => {
    evaluations++
    for (const [key, { value }] of run.instance.indicators) {
      const numbers: readonly unknown[] = typeof value === 'object' && value !== null ? Object.values(value) : [value]
      must(!numbers.includes(Number.NaN), () => `expected numbers of ${key} after ${run.warmup} candles, received ${text(value)}`)
    }
    must(!Number.isNaN(said.score), () => `expected a score after ${run.warmup} candles, received NaN`)
  })
  must(evaluations >= 100, () => `expected a strategy that is warm within 500 candles, received a warm-up of ${new StrategyRun(strategy).warmup}`)
}

function staysInRange(strategy: Strategy): void {
  const inRange = ({ score }: { readonly score: number }): boolean => score >= -1 && score <= 1
  moments(strategy, ({ said }) =>
    must(inRange(said) && said.components.every((component) => inRange(component) && component.weight > 0), () => `expected -1..+1, received ${text(said)}`),
  )
}

/** Everything that was said, and everything carried along, as text. */
function saidBy(strategy: Strategy, give?: Give): string[] {
  const list: string[] = []
  moments(strategy, ({ said, run }) => list.push(`${text(said)} ${run.carried}`), give)
  return list
}

function mustAgree(wanted: readonly string[], received: readonly string[], why: string): void {
  const at = wanted.findIndex((line, i) => line !== received[i])
  must(at === -1, () => `evaluation ${at}: expected ${wanted[at]}, received ${received[at] ?? 'none'}: ${why}`)
}

const isDeterministic = (strategy: Strategy): void => mustAgree(saidBy(strategy), saidBy(strategy), 'the same candles gave something else')

function isPure(strategy: Strategy): void {
  moments(strategy, ({ run, candle, around }) => {
    const first = text(run.evaluate(candle, around))
    const second = text(run.evaluate(candle, around))
    must(first === second, () => `expected ${first} again, received ${second}`)
  })
}

function changesNothing(strategy: Strategy): void {
  moments(strategy, ({ run, candle, around }) => {
    const look = (): string => `${run.carried} ${text([run.window.snapshot(), candle, around])}`
    const before = look()
    run.evaluate(candle, around)
    const after = look()
    must(before === after, () => `expected ${before} unchanged, received ${after}`)
  })
}

/** Gives copies, and spoils them after the call: what was kept of them shows in a later answer. */
const spoilt: Give = ({ readings, candle, position, orders, window, state }, evaluate) => {
  const copies = {
    readings: Object.fromEntries(Object.entries(readings).map(([key, { value }]: [string, { readonly value: unknown }]) => [key, { value: copyOf(value) }])),
    candle: { ...candle },
    position: { ...position },
    orders: { ...orders },
  }
  evaluate({ ...copies, window, state })
  for (const reading of Object.values(copies.readings)) {
    if (typeof reading.value === 'object') spoil(reading.value)
    else reading.value = Number.NaN
  }
  spoil(copies.candle)
  spoil(copies.position)
  spoil(copies.orders)
}

const copyOf = (value: unknown): unknown => (typeof value === 'object' && value !== null ? { ...value } : value)

function spoil(record: object | null): void {
  const members = record as Record<string, unknown>
  for (const key of Object.keys(members)) members[key] = typeof members[key] === 'boolean' ? !members[key] : Number.NaN
}

const keepsNothing = (strategy: Strategy): void =>
  mustAgree(saidBy(strategy), saidBy(strategy, spoilt), 'something of an earlier call was kept, and is not what it was')

/** At every fifth candle another instance takes over: indicators, window and state go along, whatever else is remembered does not. */
function hidesNothing(strategy: Strategy): void {
  const whole = new StrategyRun(strategy)
  let relay = new StrategyRun(strategy)
  let around = surroundings()
  strategyCandles(600).forEach((candle, i) => {
    if (i % 5 === 4) {
      const heir = new StrategyRun(strategy)
      heir.continueFrom(relay)
      relay = heir
    }
    const said = whole.step(candle, around)
    const answer = relay.step(candle, around)
    if (said === undefined) return
    must(text(answer) === text(said), () => `expected ${text(said)}, received ${text(answer)}: something is remembered outside of the declared state`)
    around = afterOrder(around, candle, said.score)
  })
}

function statesAreData(strategy: Strategy): void {
  const { memory } = strategy.create()
  moments(strategy, ({ said, run }) => {
    if (said.handed === '') return
    must(memory !== undefined, () => `expected no state without a declaration, received ${said.handed}`)
    // Handed over, written, read: what the strategy sees must not depend on whether there was a restart between.
    const again = text(memory.read(JSON.parse(said.handed) as Json))
    must(again === text(run.memory.value), () => `expected ${text(run.memory.value)} read back, received ${again}`)
  })
}

function stateStaysSmall(strategy: Strategy): void {
  let longest = 0
  moments(strategy, ({ run }) => {
    longest = Math.max(longest, run.memory.text.length)
  })
  must(longest <= LARGEST_STATE, () => `expected a state of at most ${LARGEST_STATE} characters, since each change of it is written down, received ${longest}`)
}

function staysInWindow(strategy: Strategy): void {
  const outOfBounds = (context: LooseContext, back: number): boolean =>
    !(Number.isInteger(back) && back >= 0 && back < strategy.window && back < context.window.length)
  moments(
    strategy,
    () => undefined,
    (context, evaluate) => {
      const bounded = (name: 'open' | 'close' | 'high' | 'low' | 'volume') => (back: number) => {
        must(!outOfBounds(context, back), () => `expected to look back less than the window of ${strategy.window} candles, received ${back}`)
        return context.window[name](back)
      }
      const window = {
        length: context.window.length,
        open: bounded('open'),
        close: bounded('close'),
        high: bounded('high'),
        low: bounded('low'),
        volume: bounded('volume'),
      }
      evaluate({ ...context, window })
    },
  )
}

function describesComponents(strategy: Strategy): void {
  const instance = strategy.create()
  for (const name of strategy.componentNames)
    for (const reading of [0, 1.5, -1.5, 1e12, Number.NaN])
      for (const score of [-1, 0, 1]) {
        const words: unknown = instance.describe(name, { score, reading })
        must(typeof words === 'string' && words !== '', () => `expected a text of ${name} for ${reading}, received ${text(words)}`)
      }
}
