import type { RuleLever, SafetyRule, Situation } from '../contracts/safety-rule.ts'
import type { BotView } from '../contracts/bot-view.ts'
import type { Change } from '../model/decision.ts'
import type { Intent } from '../model/intent.ts'
import type { TemperatureThresholds } from '../model/temperature.ts'
import { leverOf } from './levers.ts'
import { smallestStep } from './smallest-step.ts'
import { DENY, REDUCE, VerdictSlot } from './verdict-slot.ts'

/** Steps to look at: 34 years of milliseconds, ten billion in cents. */
const MOST_STEPS = 2 ** 40

/** Copies a view and an intent, so that the copy can be moved and nothing else is. */
export function situationOf(intent: Intent, view: BotView, temperatureThresholds: TemperatureThresholds): Situation {
  return {
    intent: { ...intent },
    temperatureThresholds,
    view: {
      ...view,
      candle: { ...view.candle },
      position: { ...view.position },
      today: { ...view.today },
      cash: { ...view.cash },
      market: { ...view.market },
      portfolio: { ...view.portfolio },
    },
  }
}

const copyOf = ({ intent, view, temperatureThresholds }: Situation): Situation => situationOf(intent, view, temperatureThresholds)

/** True when the rule alone lets the intent pass: allowed, or reduced to a trade that is one. */
export function passesAlone(rule: SafetyRule, { intent, view }: Situation, minQuote: number): boolean {
  const slot = new VerdictSlot()
  const isEntry = intent.kind === 'open' || intent.kind === 'add'
  slot.reset(isEntry)
  try {
    rule.check(intent, view, slot)
  } catch (error) {
    slot.fail(error instanceof Error ? error.message : String(error))
  }
  return slot.kind !== DENY && !(slot.kind === REDUCE && slot.maxQuoteAmount < minQuote)
}

/**
 * Returns the smallest change of one number that makes a rule let an intent pass, found by asking the rule itself; undefined when the rule has no such number
 * or none is near enough.
 */
export function ruleChange(
  rule: SafetyRule,
  situation: Situation,
  options: { readonly minQuote: number; readonly priceIncrement: number },
): Change | undefined {
  const lever = leverOf(rule)
  if (lever === undefined) return undefined
  const from = lever.read(situation)
  let nearest: Change | undefined
  for (const way of lever.ways) {
    const moved = (steps: number): Situation => moveBy(lever, situation, way * sizeOf(lever, steps, options.priceIncrement))
    const steps = smallestStep((n) => passesAlone(rule, moved(n), options.minQuote), MOST_STEPS)
    if (steps === undefined || (nearest !== undefined && sizeOf(lever, steps, options.priceIncrement) >= Math.abs(nearest.by))) continue
    const by = way * sizeOf(lever, steps, options.priceIncrement)
    const to = lever.read(moved(steps))
    nearest = { gate: rule.id, code: rule.code, what: lever.what, from, to, by, unit: unitOf(lever), relative: from === 0 ? Infinity : Math.abs(by / from) }
  }
  return nearest
}

/** Returns the situation with a lever moved; the one given stays as it is. */
export function moveBy(lever: RuleLever, situation: Situation, by: number): Situation {
  const copy = copyOf(situation)
  lever.move(copy, by)
  return copy
}

const units = { cent: 'quote', ms: 'ms', one: 'count', millionth: 'score', increment: 'price', bps: 'bps' } as const
const unitOf = (lever: RuleLever): string => units[lever.grid]

/** Whole steps by division where the step is a decimal fraction: 310 cents are exactly what the text 3.1 means. */
function sizeOf(lever: RuleLever, steps: number, priceIncrement: number): number {
  switch (lever.grid) {
    case 'cent':
    case 'bps':
      return steps / 100
    case 'millionth':
      return steps / 1e6
    case 'increment':
      return Number((steps * priceIncrement).toPrecision(15))
    case 'ms':
    case 'one':
      return steps
  }
}
