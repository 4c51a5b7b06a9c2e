import type { BotView } from '../../contracts/bot-view.ts'
import type { SafetyRule, Situation } from '../../contracts/safety-rule.ts'
import { defaultTemperatureThresholds } from '../../model/temperature.ts'
import { askIn } from './conduct.ts'
import { must } from './contract-case.ts'
import { entry, isDenied, wordOf } from './rule-words.ts'
import { situationText } from './situations.ts'
import { copyOfView } from './views.ts'

const situationOf = (view: BotView): Situation =>
  ({ view: copyOfView(view), intent: entry(10), temperatureThresholds: defaultTemperatureThresholds }) as unknown as Situation

/** Steps that grow: a lever that releases at all does so within the largest. */
const STEPS = [0.01]
while (STEPS.length < 40) STEPS.push(2 * STEPS.at(-1)!)

export function leverWorks(rule: SafetyRule, views: readonly BotView[]): string | void {
  const { lever } = rule
  if (lever === undefined) return 'it has no lever of its own'
  must(lever.ways.length > 0, () => `expected at least one way to move ${lever.what}`)
  let denials = 0
  for (const view of views) {
    askIn(view, () => readAndMove(lever, view))
    if (!askIn(view, () => isDenied(wordOf(rule, entry(10), view)))) continue
    denials++
    const releases = (by: number): boolean => {
      const situation = situationOf(view)
      lever.move(situation, by)
      return !isDenied(wordOf(rule, situation.intent, situation.view as BotView))
    }
    must(
      askIn(view, () => lever.ways.some((way) => STEPS.some((step) => releases(way * (lever.grid === 'one' || lever.grid === 'ms' ? Math.ceil(step) : step))))),
      () => `moving ${lever.what} by up to ${STEPS.at(-1)} did not release it (${situationText(view)})`,
    )
  }
  return denials === 0 ? 'it denied nothing that a lever could release' : undefined
}

function readAndMove(lever: NonNullable<SafetyRule['lever']>, view: BotView): void {
  const situation = situationOf(view)
  const before = lever.read(situation)
  if (!Number.isFinite(before)) return
  const by = lever.ways[0]!
  lever.move(situation, by)
  const after = lever.read(situation)
  must(
    Math.abs(after - before - by) <= 1e-9 * Math.max(1, Math.abs(before)),
    () => `moved ${lever.what} by ${by}: expected ${before + by} to be read, received ${after}`,
  )
}
