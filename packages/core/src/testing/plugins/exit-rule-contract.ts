import type { BotView } from '../../contracts/bot-view.ts'
import type { ExitRule } from '../../contracts/exit-rule.ts'
import { COUNT, askIn, conduct, inEvery, mustHaveFace, mustRead } from './conduct.ts'
import { must, plainText, promisesOf } from './contract-case.ts'
import type { PluginContractCase } from './contract-case.ts'
import { situationText, situations } from './situations.ts'
import { atPrice, copyOfView, withNumber } from './views.ts'

/**
 * Returns the promises that every exit rule keeps, for any test runner: a share that can be sold, a trigger that fires where the check does, pure, told in words.
 * `make` is called anew for each. The situations are made up, the same each time; no network, no clock.
 *
 * @param make - a configured exit rule
 * @example
 * ```ts
 * const cases = exitRuleContract(() => stopLoss(0.05))
 * for (const each of cases) each.run()
 * cases.length >= 10 // => true
 * ```
 */
export function exitRuleContract(make: () => ExitRule): readonly PluginContractCase[] {
  const promise = promisesOf(make)
  return [
    promise(
      'it names itself, and says how its trigger is reached',
      "an exit rule is { apiVersion: 1, id, check }; triggerKind is 'stop' (reached by falling) or 'profit' (by rising), and needs a trigger.",
      namesItself,
    ),
    promise(
      'it asks for a share of the position: 0 to stay, at most 1',
      'return 0 when there is nothing to do, and guard divisions: NaN stays without a word, more than 1 cannot be sold.',
      (rule) => inEvery(held(), (view) => mustBeShare(rule.check(view.position, view), 'check()')),
    ),
    promise('it sells nothing while the position is flat', 'begin check() with `if (!position.open) return 0`.', (rule) =>
      inEvery(flat, (view) => {
        const share = rule.check(view.position, view)
        must(share === 0, () => `expected 0 without a position, received ${plainText(share)}`)
      }),
    ),
    promise(
      'it fires somewhere, and stays somewhere',
      'a rule that never sells protects nothing, one that always sells ends every position at once: look at the comparison.',
      firesAndStays,
    ),
    promise(
      'its trigger is a price, or NaN',
      'return NaN when there is no price at which it fires (not armed yet, no position); 0, a negative price or Infinity is never reached and hides that.',
      hasTriggers,
    ),
    promise(
      'at its trigger the check fires too',
      'derive both from one function of the position: a backtest on candles sells at the trigger, a live run when check() says so, and both must be the same sale.',
      firesAtTrigger,
    ),
    promise(
      'before its trigger the check does not fire for the price',
      'the trigger must be the first price at which check() fires; with a later one a backtest holds on where a live run has sold.',
      staysBeforeTrigger,
    ),
    promise(
      'what a trigger sells is a share above 0, at most 1',
      'leave triggerFraction out to close the position, or return the share that check() returns there.',
      sellsAtTrigger,
    ),
    promise(
      'it says so when it reads the extremes of the position',
      'set usesExtremes: true: only then are highestPrice, lowestPrice and peakSinceEntry written down as they change, so that a restart goes on with them.',
      declaresExtremes,
    ),
    promise(
      'it tells a person what it waits for',
      'describe() is shown beside the position: words, and no number that is none while a position is open.',
      (rule) => {
        if (rule.describe === undefined) return 'it has no describe()'
        inEvery(held(), (view) => mustRead(rule.describe!(view.position, view), 'describe()'))
        return undefined
      },
    ),
    ...conduct(promise, make, everything),
  ]
}

const views = situations(COUNT, 3)
const flat = views.filter(({ position }) => !position.open)
/** Copies, because a rule may write into them. */
const held = (): BotView[] => views.filter(({ position }) => position.open).map(copyOfView)

function everything(rule: ExitRule, view: BotView): unknown {
  const { position } = view
  return [rule.check(position, view), triggerOf(rule, view), position.open ? [fractionOf(rule, view), rule.describe?.(position, view)] : []]
}

const triggerOf = (rule: ExitRule, view: BotView): number => (rule.trigger === undefined ? Number.NaN : rule.trigger(view.position, view))

function fractionOf(rule: ExitRule, view: BotView): unknown {
  const { triggerFraction = 1 } = rule
  return typeof triggerFraction === 'function' ? triggerFraction(view.position, view) : triggerFraction
}

function namesItself(rule: ExitRule): void {
  mustHaveFace(rule, (rule as { readonly params?: unknown }).params)
  const { triggerKind, triggerFraction } = rule
  must(
    triggerKind === undefined || triggerKind === 'stop' || triggerKind === 'profit',
    () => `expected triggerKind stop or profit, received ${plainText(triggerKind)}`,
  )
  must(
    rule.trigger !== undefined || (triggerKind === undefined && triggerFraction === undefined),
    () => 'it says how its trigger is reached, or what it sells, but has no trigger',
  )
}

function mustBeShare(share: unknown, what: string): void {
  must(typeof share === 'number' && share >= 0 && share <= 1, () => `expected of ${what} a share of the position from 0 to 1, received ${plainText(share)}`)
}

function firesAndStays(rule: ExitRule): void {
  const all = held()
  const fired = all.filter((view) => askIn(view, () => rule.check(view.position, view)) > 0).length
  must(fired > 0, () => `it fired in none of ${all.length} situations, from half of the average entry to twice of it, held for up to three days`)
  must(fired < all.length, () => `it fired in all of ${all.length} situations`)
}

function hasTriggers(rule: ExitRule): string | void {
  if (rule.trigger === undefined) return 'it has no trigger: it fires at the close only'
  inEvery(views, (view) => {
    const price = rule.trigger!(view.position, view)
    must(
      typeof price === 'number' && (Number.isNaN(price) || (price > 0 && price < Infinity)),
      () => `expected a price or NaN of trigger(), received ${plainText(price)}`,
    )
  })
}

/** Situations with a trigger price. */
function triggered(rule: ExitRule): readonly (readonly [view: BotView, price: number])[] {
  return held().flatMap((view) => {
    const price = askIn(view, () => triggerOf(rule, view))
    return price > 0 ? [[view, price] as const] : []
  })
}

/** Prices before a trigger lie above it for a stop, below it for a profit. */
const signOf = ({ triggerKind }: ExitRule): 1 | -1 => (triggerKind === 'profit' ? -1 : 1)

function firesAtTrigger(rule: ExitRule): string | void {
  const found = triggered(rule)
  if (found.length === 0) return 'it has no trigger price in any situation'
  const sign = signOf(rule)
  for (const [view, price] of found)
    for (const beyond of [1e-9, 0.001, 0.1]) {
      const there = atPrice(view, price * (1 - sign * beyond))
      const share = askIn(there, () => rule.check(there.position, there))
      must(share > 0, () => `trigger() says that it fires at ${price}, check() returns ${share} at ${there.market.price} (${situationText(there)})`)
    }
}

function staysBeforeTrigger(rule: ExitRule): string | void {
  const found = triggered(rule)
  if (found.length === 0) return 'it has no trigger price in any situation'
  const sign = signOf(rule)
  const fires = (view: BotView, price: number): boolean => {
    const there = atPrice(view, price)
    return askIn(there, () => rule.check(there.position, there)) > 0
  }
  for (const [view, trigger] of found)
    for (const before of [0.002, 0.02, 0.2]) {
      const price = trigger * (1 + sign * before)
      // A rule that fires far away from its trigger as well fires for another reason: for time, say.
      if (fires(view, price) && !fires(view, sign > 0 ? price * 3 : price / 3))
        throw new Error(`trigger() says that it fires at ${trigger}, check() fires at ${price} already (${situationText(view)})`)
    }
}

function sellsAtTrigger(rule: ExitRule): string | void {
  const found = triggered(rule)
  if (found.length === 0) return 'it has no trigger price in any situation'
  for (const [view, price] of found) {
    const share = askIn(view, () => fractionOf(rule, view))
    must(
      typeof share === 'number' && share > 0 && share <= 1,
      () => `expected a share above 0 and at most 1 for the trigger ${price}, received ${plainText(share)} (${situationText(view)})`,
    )
  }
}

function declaresExtremes(rule: ExitRule): string | void {
  if (rule.usesExtremes === true) return 'it says that it reads them'
  for (const view of held())
    for (const name of ['highestPrice', 'lowestPrice', 'peakSinceEntry'] as const)
      for (const factor of name === 'lowestPrice' ? [0.5, 0.9] : [1.1, 2]) {
        const other = withNumber(view, `position.${name}`, view.position[name] * factor)
        const [first, second] = [view, other].map((each) => askIn(each, () => plainText(everything(rule, each))))
        must(first === second, () => `it reads position.${name}: with ${view.position[name]} it says ${first}, with ${other.position[name]} ${second}`)
      }
}
