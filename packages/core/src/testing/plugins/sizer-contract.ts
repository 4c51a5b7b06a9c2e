import type { BotView } from '../../contracts/bot-view.ts'
import type { Indicators } from '../../contracts/indicator.ts'
import type { Sizer, SizingReadings } from '../../contracts/sizer.ts'
import { strategyCandles } from '../strategy-candles.ts'
import { feed } from '../strategy-run.ts'
import { COUNT, askIn, conduct, inEvery, mustHaveFace, mustRead } from './conduct.ts'
import { must, plainText, promisesOf } from './contract-case.ts'
import type { PluginContractCase } from './contract-case.ts'
import { situations } from './situations.ts'
import { copyOfView } from './views.ts'

/** What a sizer promises beyond the contract. */
export interface SizerPromise {
  /** The smallest and the largest quote amount of an entry that it asks for, as its parameters say. */
  readonly between?: readonly [min: number, max: number]
}

/**
 * Returns the promises that every sizer keeps, for any test runner: a quote amount that can be spent, pure, from declared indicators only, told in words. `make`
 * is called anew for each. The situations are made up, the same each time; no network, no clock.
 *
 * @param make - a configured sizer whose indicators are warm within 500 candles
 * @param promise - what its parameters promise, to be checked as well
 * @example
 * ```ts
 * const cases = sizerContract(() => fixedSize(10), { between: [10, 10] })
 * for (const each of cases) each.run()
 * cases.length >= 10 // => true
 * ```
 */
export function sizerContract(make: () => Sizer, { between }: SizerPromise = {}): readonly PluginContractCase[] {
  const promise = promisesOf(make)
  return [
    promise('it names itself', 'a sizer is { apiVersion: 1, id, size }, with its params as plain data.', (sizer) =>
      mustHaveFace(sizer, (sizer as { readonly params?: unknown }).params),
    ),
    promise(
      'it asks for a finite amount, or for none',
      'return a quote amount, fee included; 0 or NaN means no trade. Infinity is dropped without an order: bound what a division can give.',
      (sizer) =>
        inEvery(views, (view) => {
          const amount = sizer.size(view.score, view, readingsOf(sizer, 'warm'))
          must(typeof amount === 'number' && Math.abs(amount) !== Infinity, () => `expected a finite quote amount, 0 or NaN, received ${plainText(amount)}`)
        }),
    ),
    promise('it trades somewhere', 'with indicators that are warm and money in the account a sizer must ask for something.', tradesSomewhere),
    promise(
      'it stays between what it promises',
      'clamp the amount at the end, after every factor; or promise what it really asks for. Limits that hold whatever a sizer says are safety rules.',
      (sizer) => (between === undefined ? 'no bounds were promised' : staysBetween(sizer, between)),
    ),
    promise(
      'its indicators are fresh for every bot, warm in time and its own',
      'make them inside indicators(), under different keys; an indicator that two bots share would be fed by both.',
      freshIndicators,
    ),
    promise(
      'it reads only the indicators that it declares',
      'declare in indicators() what size() and describe() read: nothing else is fed, is part of the warm-up or survives a restart.',
      readsWhatItDeclares,
    ),
    promise(
      'before its indicators are warm it throws nothing and asks for nothing infinite',
      'readings are NaN then, and the third argument may be missing altogether: `readings?.x?.value ?? NaN`, and NaN means no trade.',
      (sizer) =>
        inEvery(views, (view) => {
          for (const readings of [undefined, readingsOf(sizer, 'cold')]) {
            const amount = sizer.size(view.score, view, readings)
            must(Math.abs(amount) !== Infinity, () => `expected no infinite amount, received ${amount}`)
          }
        }),
    ),
    promise('it tells a person how the amount comes about', 'describe() is shown with every entry: words, and no number that is none.', (sizer) => {
      if (sizer.describe === undefined) return 'it has no describe()'
      inEvery(views, (view) => mustRead(sizer.describe!(view.score, view, readingsOf(sizer, 'warm')), 'describe()'))
      return undefined
    }),
    ...conduct(promise, make, (sizer, view) => {
      const readings = readingsOf(sizer, 'warm')
      return [sizer.size(view.score, view, readings), sizer.describe?.(view.score, view, readings), readings]
    }),
  ]
}

const views = situations(COUNT, 5)
const warm = strategyCandles(500, 2)
const kept = new WeakMap<Sizer, Record<'warm' | 'cold', SizingReadings | undefined>>()

/** The readings that the engine would give: of its own indicators after 500 candles, or before any. */
function readingsOf(sizer: Sizer, state: 'warm' | 'cold'): SizingReadings | undefined {
  const both = kept.get(sizer) ?? { cold: sizer.indicators?.() as SizingReadings | undefined, warm: fed(sizer.indicators?.()) }
  kept.set(sizer, both)
  return both[state]
}

function fed(indicators: Indicators | undefined): SizingReadings | undefined {
  if (indicators === undefined) return undefined
  for (const candle of warm) for (const indicator of Object.values(indicators)) feed(indicator, candle)
  return indicators as unknown as SizingReadings
}

const sizeOf = (sizer: Sizer, view: BotView): number => askIn(view, () => sizer.size(view.score, copyOfView(view), readingsOf(sizer, 'warm')))

function tradesSomewhere(sizer: Sizer): void {
  must(
    views.some((view) => sizeOf(sizer, view) > 0),
    () => `it asked for no amount in any of ${views.length} situations, with warm indicators, cash and equity`,
  )
}

function staysBetween(sizer: Sizer, [min, max]: readonly [number, number]): void {
  inEvery(views, (view) => {
    const amount = sizer.size(view.score, view, readingsOf(sizer, 'warm'))
    must(!(amount > 0) || (amount >= min && amount <= max), () => `expected ${min} to ${max}, received ${amount}`)
  })
}

function freshIndicators(sizer: Sizer): string | void {
  if (sizer.indicators === undefined) return 'it has no indicators'
  const [first, second] = [Object.entries(sizer.indicators()), Object.entries(sizer.indicators())]
  for (const [i, [key, indicator]] of first.entries()) {
    must(second[i]?.[0] === key, () => `expected the same keys each time, received ${key} and then ${String(second[i]?.[0])}`)
    must(second[i][1] !== indicator, () => `expected a fresh indicator ${key} for every bot, received the same object twice`)
    must(indicator.warmup < 500, () => `expected ${key} to be warm within 500 candles, received a warm-up of ${indicator.warmup}`)
    for (const candle of warm) feed(indicator, candle)
    const numbers: readonly unknown[] = typeof indicator.value === 'object' && indicator.value !== null ? Object.values(indicator.value) : [indicator.value]
    must(!numbers.includes(Number.NaN), () => `expected numbers of ${key} after 500 candles, received ${plainText(indicator.value)}`)
  }
}

function readsWhatItDeclares(sizer: Sizer): void {
  const declared = readingsOf(sizer, 'warm') ?? {}
  const watched = new Proxy(declared, {
    get(target, key): unknown {
      if (typeof key === 'string' && !Object.hasOwn(target, key))
        throw new Error(`it reads "${key}", which indicators() does not declare (it declares ${Object.keys(target).join(', ') || 'nothing'})`)
      return Reflect.get(target, key) as unknown
    },
  })
  inEvery(views, (view) => {
    sizer.size(view.score, view, watched)
    sizer.describe?.(view.score, view, watched)
  })
}
