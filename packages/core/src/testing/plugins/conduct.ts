import type { BotView } from '../../contracts/bot-view.ts'
import { messageOf, must, plainText } from './contract-case.ts'
import type { PluginContractCase, promisesOf } from './contract-case.ts'
import { situationText, situations } from './situations.ts'
import { copyOfView, overwrite, spoil } from './views.ts'
import { withoutClock } from './without-clock.ts'

/** Situations of each check. */
export const COUNT = 240

/** Asks a plugin about one situation; what it returns is compared, so it holds everything that the plugin said. */
export type Ask<T> = (subject: T, view: BotView) => unknown

/** Asks, and says in which situation something went wrong. */
export function askIn<R>(view: BotView, ask: () => R): R {
  try {
    return withoutClock(ask)
  } catch (error) {
    throw new Error(`${messageOf(error)} (${situationText(view)})`, { cause: error })
  }
}

/** Checks copies of every situation: what a plugin does to one shows where that is asked, and nowhere else. */
export function inEvery(views: readonly BotView[], check: (view: BotView) => void): void {
  for (const view of views) askIn(view, () => check(copyOfView(view)))
}

/** What every plugin that looks at a bot's view promises of its conduct, whatever it says. */
export function conduct<T>(promise: ReturnType<typeof promisesOf<T>>, make: () => T, ask: Ask<T>, views = situations(COUNT)): readonly PluginContractCase[] {
  const texts = (subject: T, list: readonly BotView[]): string[] => list.map((view) => askIn(view, () => plainText(ask(subject, copyOfView(view)))))
  const agree = (first: readonly string[], second: readonly string[], why: string): void => {
    const at = first.findIndex((text, i) => text !== second[i])
    must(at === -1, () => `it said ${first[at]} and then ${second[at]} ${why} (${situationText(views[at]!)})`)
  }
  return [
    promise(
      'it answers in every situation, without a clock and without chance',
      'a plugin must not throw and must not call Date or Math.random; what can be NaN (a price before the first one, an average while flat) is said in BotView and PositionView.',
      (subject) => void texts(subject, views),
    ),
    promise(
      'it says the same of the same situation, whatever it was asked before',
      'keep no counter and no last value in a closure: the engine asks again when it makes a record, and one plugin may serve several bots. What must be remembered is in the view.',
      (subject) => {
        const first = texts(subject, views)
        agree(first, texts(subject, [...views].reverse()).reverse(), 'of the same situation, asked in another order')
        agree(first, texts(make(), views), 'as another instance')
      },
    ),
    promise(
      'it changes nothing of what it looks at',
      "the view is the engine's own object, shared with other plugins: compute with copies of its numbers.",
      (subject) => {
        for (const view of views) {
          const given = copyOfView(view)
          const before = plainText(given)
          askIn(view, () => ask(subject, given))
          must(plainText(given) === before, () => `it turned ${before} into ${plainText(given)} (${situationText(view)})`)
        }
      },
    ),
    promise(
      'it keeps nothing of what it looked at',
      'the view is overwritten after the call: take numbers out of it, never the view, its position or its candle.',
      (subject) => {
        const reused = copyOfView(views[0]!)
        const said = views.map((view) => {
          overwrite(reused, view)
          const text = askIn(view, () => plainText(ask(subject, reused)))
          spoil(reused)
          return text
        })
        agree(texts(make(), views), said, 'when the view was used again, as the engine does')
      },
    ),
  ]
}

/** The face that all plugins have. */
export function mustHaveFace({ apiVersion, id }: { readonly apiVersion: unknown; readonly id: unknown }, params: unknown): void {
  must(apiVersion === 1, () => `expected apiVersion 1, received ${String(apiVersion)}`)
  must(typeof id === 'string' && /^\S+$/.test(id), () => `expected an id without white space, received ${plainText(id)}`)
  if (params !== undefined) must(isPlain(params), () => `expected params of plain data, received ${plainText(params)}`)
}

/** Printed and hashed: what JSON would drop or change is no parameter. */
function isPlain(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (Array.isArray(value)) return value.every(isPlain)
  return typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype && Object.values(value as Branch).every(isPlain)
}

type Branch = Record<string, unknown>

/** A text that a person can read: no numbers that are none. */
export function mustRead(words: unknown, what: string): void {
  must(typeof words === 'string' && words.trim() !== '', () => `expected words of ${what}, received ${plainText(words)}`)
  must(!/\b(?:NaN|undefined|Infinity|\[object)\b/.test(words), () => `expected words of ${what} for a person, received ${plainText(words)}`)
}
