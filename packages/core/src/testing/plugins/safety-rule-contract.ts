import type { BotView } from '../../contracts/bot-view.ts'
import type { SafetyRule } from '../../contracts/safety-rule.ts'
import type { Intent } from '../../model/intent.ts'
import type { EpochMs } from '../../model/time.ts'
import { blockerCodes } from '../../safety/blocker-codes.ts'
import { COUNT, askIn, conduct, inEvery, mustHaveFace, mustRead } from './conduct.ts'
import { must, plainText, promisesOf } from './contract-case.ts'
import type { PluginContractCase } from './contract-case.ts'
import { leverWorks } from './lever-case.ts'
import { entry, intentsOf, isDenied, wordAbout, wordOf } from './rule-words.ts'
import { situationText, situations } from './situations.ts'
import { copyOfView, withNumber } from './views.ts'

/** A situation in which a rule has to say no: what made-up ones would hardly meet. */
export interface RuleExample {
  readonly view: BotView
  /** An entry of 10 when left out. */
  readonly intent?: Intent
}

/** What the author of a rule knows of it. */
export interface SafetyRuleSubject {
  /** Where it denies or reduces; needed only for a rule that does so in none of the made-up situations. */
  readonly fires?: readonly RuleExample[]
}

/**
 * Returns the promises that every safety rule keeps, for any test runner: margins with the right sign, no limit that NaN slips through, a reduction that is
 * enough, pure, told in words. `make` is called anew for each. The situations are made up, the same each time; no network, no clock.
 *
 * @param make - a configured rule
 * @param subject - `fires`: situations in which it must say no
 * @example
 * ```ts
 * const cases = safetyRuleContract(() => cooldown('15m'))
 * for (const each of cases) each.run()
 * cases.length >= 10 // => true
 * ```
 */
export function safetyRuleContract(make: () => SafetyRule, { fires = [] }: SafetyRuleSubject = {}): readonly PluginContractCase[] {
  const promise = promisesOf(make)
  const all = [...situations(COUNT, 7), ...fires.map(({ view }) => view)]
  return [
    promise(
      'it names itself, its blocker code and its unit',
      "a safety rule is { apiVersion: 1, id, code, check }; a code of your own starts with `x-`, so that it never means something of the library's.",
      namesItself,
    ),
    promise(
      'it lets something through, and holds something back',
      'pass `fires` with a view in which it has to say no; and look at the direction of the comparison.',
      (rule) => bothHappen(rule, fires, all),
    ),
    promise(
      'margins tell on which side of the limit one is',
      'the margin is the distance to the limit: 0 or more when allowed, negative (or 0 at the limit, or NaN when it cannot be measured) when denied. `verdict.require(limit - value)` gets it right.',
      (rule) => inEvery(all, (view) => marginsHaveSigns(rule, view)),
    ),
    promise(
      'a limit that cannot be measured is not kept',
      '`if (loss > limit) deny` lets NaN through, because every comparison with NaN is false: write `verdict.require(limit - loss)`, or deny unless the value is inside.',
      (rule) => nanDenies(rule, all),
    ),
    promise(
      'a reduction is an amount, and enough: asked again with it, the rule agrees',
      'reduce(maxQuoteAmount, margin) names the largest amount that the rule would allow; nothing is left to reduce at that amount.',
      (rule) => reductionIsEnough(rule, all),
    ),
    promise('a denial that ends by itself ends later than now', 'untilMs is an absolute time after view.nowMs; leave it out when nobody knows.', (rule) =>
      inEvery(all, (view) => {
        for (const intent of intentsOf(rule)) {
          const { deny } = wordOf(rule, intent, view)
          for (const [, untilMs] of deny)
            must(untilMs === undefined || Number.isNaN(untilMs) || untilMs > view.nowMs, () => `expected an end after ${view.nowMs}, received ${untilMs}`)
        }
      }),
    ),
    promise('the rest of an entry counts as let in', 'rules that space or count entries begin with `if (intent.rest === true) return`.', (rule) =>
      restIsIn(rule, all),
    ),
    promise(
      'what trips it is denied as well',
      'trips() is true only in situations in which check() denies: a trip lasts longer than a denial, it does not replace it.',
      (rule) => tripsAreDenied(rule, all),
    ),
    promise('it tells a person what is missing', 'describe(verdict) is the sentence of the blocker: words, and no number that is none.', (rule) =>
      describes(rule, all),
    ),
    promise(
      'its lever reads a number, moves it, and releases the rule',
      'read() and move() are about the same number of the copy; moved far enough in one of its ways, the rule agrees.',
      (rule) => leverWorks(rule, all),
    ),
    ...conduct(promise, make, (rule, view) => [intentsOf(rule).map((intent) => wordAbout(rule, { ...intent }, view)), rule.trips?.(view)], all),
    promise(
      'it changes nothing of the intent',
      'the intent belongs to the engine and to the rules after this one: say reduce(), do not write an amount.',
      (rule) =>
        inEvery(all, (view) => {
          for (const intent of intentsOf(rule)) {
            const given = { ...intent }
            wordAbout(rule, given, view)
            must(plainText(given) === plainText(intent), () => `it turned ${plainText(intent)} into ${plainText(given)}`)
          }
        }),
    ),
  ]
}

function namesItself(rule: SafetyRule): void {
  mustHaveFace(rule, (rule as { readonly params?: unknown }).params)
  const { code, appliesTo, stops } = rule
  must(
    typeof code === 'string' && (/^x-\S+$/.test(code) || Object.hasOwn(blockerCodes, code)),
    () => `expected a code that starts with x-, received ${plainText(code)}`,
  )
  must(appliesTo === undefined || appliesTo === 'entries' || appliesTo === 'all', () => `expected appliesTo entries or all, received ${plainText(appliesTo)}`)
  must(stops === undefined || ['day', 'bot', 'untilReset'].includes(stops), () => `expected stops day, bot or untilReset, received ${plainText(stops)}`)
  must(stops === undefined || rule.trips !== undefined, () => 'it says what its trip stops, but has no trips()')
}

function bothHappen(rule: SafetyRule, fires: readonly RuleExample[], all: readonly BotView[]): void {
  for (const { view, intent = entry(10) } of fires) {
    const word = askIn(view, () => wordOf(rule, intent, view))
    must(word.deny.length + word.reduce.length > 0, () => `expected it to say no, as \`fires\` promises (${situationText(view)})`)
  }
  const said = all.flatMap((view) => intentsOf(rule).map((intent) => askIn(view, () => wordOf(rule, intent, view))))
  const noes = said.filter((word) => word.deny.length + word.reduce.length > 0).length
  must(noes > 0, () => `it held nothing back in ${said.length} questions`)
  must(noes < said.length, () => `it held everything back in ${said.length} questions`)
}

function marginsHaveSigns(rule: SafetyRule, view: BotView): void {
  for (const intent of intentsOf(rule)) {
    const { allow, deny, reduce } = wordOf(rule, intent, view)
    for (const margin of allow) must(margin >= 0, () => `allow(${margin}): expected 0 or more of what is allowed`)
    for (const [margin] of deny) must(!(margin > 0), () => `deny(${margin}): expected a margin of at most 0 of what is denied`)
    for (const [, margin] of reduce) must(!(margin > 0), () => `reduce(…, ${margin}): expected a margin of at most 0 of what is too much`)
  }
}

/** Numbers that are always known when they are asked for: NaN there is a fault, and never "there was none". */
const measured = [
  'market.price',
  'market.dataAgeMs',
  'market.clockSkewMs',
  'today.loss',
  'today.peakLoss',
  'today.trades',
  'cash.available',
  'portfolio.exposure',
  'portfolio.equity',
  'portfolio.todayLoss',
  'portfolio.todayPeakLoss',
  'portfolio.todayTrades',
  'portfolio.openPositions',
  'position.cost',
  'lossStreak',
  'score',
]

/** Whether a number alone decides is found by trying others in its place; where it does, NaN must not be let through. */
function nanDenies(rule: SafetyRule, all: readonly BotView[]): void {
  const tries = [0, 1e-9, 1, 10, 100, 1_000, 1e6, 1e9, -1e6]
  const few = all.filter((_, i) => i % 4 === 0)
  for (const path of measured)
    for (const view of few) {
      const noAt = (value: number): boolean => {
        const there = withNumber(view, path, value)
        return askIn(view, () => isDenied(wordOf(rule, entry(10), there)))
      }
      const answers = tries.map(noAt)
      if (answers.every((no) => no === answers[0])) continue
      must(
        noAt(Number.NaN),
        () => `${path} decides (${tries.filter((_, i) => answers[i]).join(', ')} are denied), but NaN is let through (${situationText(view)})`,
      )
    }
  for (const view of few) {
    const held = (amount: number): boolean => {
      const { deny, reduce } = askIn(view, () => wordOf(rule, entry(amount), view))
      return deny.length + reduce.length > 0
    }
    const answers = [0.01, 10, 1e9].map(held)
    if (answers.every((no) => no === answers[0])) continue
    must(held(Number.NaN), () => 'intent.quoteAmount decides, but NaN is let through')
  }
}

function reductionIsEnough(rule: SafetyRule, all: readonly BotView[]): string | void {
  let seen = 0
  for (const view of all)
    for (const amount of [10, 200, 1e9]) {
      const { reduce, deny } = askIn(view, () => wordOf(rule, entry(amount), view))
      const most = Math.min(...reduce.map(([max]) => max))
      if (deny.length > 0 || reduce.length === 0 || !(most > 0)) continue
      seen++
      must(most < amount, () => `reduce(${most}) of an amount of ${amount}: expected less (${situationText(view)})`)
      const again = askIn(view, () => wordOf(rule, entry(most), view))
      // A hair less stands for the rounding of a float.
      const hair = askIn(view, () => wordOf(rule, entry(most * (1 - 1e-12)), view))
      must(
        again.deny.length + again.reduce.length === 0 || hair.deny.length + hair.reduce.length === 0,
        () => `it reduced ${amount} to ${most}, and is not content with ${most} either (${situationText(view)})`,
      )
    }
  return seen === 0 ? 'it reduces nothing' : undefined
}

/** Meant are rules that space entries: that deny because of the last fill and would not if it were long ago and far away. */
function restIsIn(rule: SafetyRule, all: readonly BotView[]): string | void {
  let spaces = false
  for (const view of all) {
    const far = { ...view, lastFillMs: Number.NEGATIVE_INFINITY as EpochMs, lastFillPrice: view.lastFillPrice * 3 }
    const denies = (intent: Intent, there = view): boolean => askIn(there, () => isDenied(wordOf(rule, intent, there)))
    if (!denies(entry(10)) || denies(entry(10), far)) continue
    spaces = true
    must(!denies({ ...entry(10), kind: 'add', rest: true }), () => `it denied the rest of an entry that was filled in part (${situationText(view)})`)
  }
  return spaces ? undefined : 'it does not deny because of the last fill'
}

function tripsAreDenied(rule: SafetyRule, all: readonly BotView[]): string | void {
  if (rule.trips === undefined) return 'it trips nothing'
  for (const view of all) {
    const trips: unknown = askIn(view, () => rule.trips!(copyOfView(view)))
    must(typeof trips === 'boolean', () => `expected true or false of trips(), received ${plainText(trips)}`)
    if (trips)
      must(
        askIn(view, () => wordOf(rule, entry(10), view).deny.length > 0),
        () => `trips() is true, and an entry of 10 is let through (${situationText(view)})`,
      )
  }
}

function describes(rule: SafetyRule, all: readonly BotView[]): string | void {
  if (rule.describe === undefined) return 'it has no describe()'
  for (const view of all)
    for (const intent of intentsOf(rule)) {
      const { deny, reduce } = askIn(view, () => wordOf(rule, intent, view))
      const face = { ruleId: rule.id, code: rule.code, detail: '' }
      for (const [margin] of deny) if (!Number.isNaN(margin)) askIn(view, () => mustRead(rule.describe!({ ...face, kind: 'deny', margin }), 'describe()'))
      for (const [maxQuoteAmount, margin] of reduce)
        if (maxQuoteAmount > 0) askIn(view, () => mustRead(rule.describe!({ ...face, kind: 'reduce', margin, maxQuoteAmount }), 'describe()'))
    }
}
