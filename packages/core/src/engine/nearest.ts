import type { RuleLever, SafetyRule, Situation } from '../contracts/safety-rule.ts'
import type { Sizer } from '../contracts/sizer.ts'
import type { Change, Nearest, StuckGate } from '../model/decision.ts'
import { temperatureOf } from '../model/temperature.ts'
import { blockerNeeds } from '../safety/blocker-codes.ts'
import { leverOf } from '../safety/levers.ts'
import { passesAlone, ruleChange, situationOf } from '../safety/rule-change.ts'
import { readingChanges } from './reading-changes.ts'
import type { StrategyMoment } from './reading-changes.ts'

/** What a decision was made from, copied when it was: enough to ask what else would have been. */
export interface Moment {
  /** Gates that no rule is: what was waited for, in order. Each says the number that would open it, or what it needs. */
  readonly waiting: readonly (Change | StuckGate)[]
  /** Asked only when the strategy itself was in the way. */
  readonly strategy: StrategyMoment | undefined
  readonly situation: Situation
  readonly rules: readonly SafetyRule[]
  readonly minQuote: number
  readonly priceIncrement: number
  readonly sizer: Sizer
}

/** Gates that hold sales back as well. */
const forSales: readonly string[] = ['EMERGENCY_STOP', 'BREAKER_LEDGER_MISMATCH', 'BREAKER_ORDER_STORM', 'RECONCILING']

/** Finds the smallest change that would have made a decision trade. Costs some thousand calls of pure functions: done when somebody reads it. */
export function nearestOf(moment: Moment): Nearest {
  const { strategy } = moment
  const readings = strategy === undefined ? [] : readingChanges(strategy)
  const first = readings[0]
  const sells = strategy !== undefined && first !== undefined && strategy.scoreAt(first.what, first.to) < 0
  const rules = sells ? moment.rules.filter(({ appliesTo }) => appliesTo === 'all') : moment.rules
  const waiting = sells ? moment.waiting.filter(({ gate, code }) => (gate !== 'engine' && gate !== 'sizing') || forSales.includes(code)) : moment.waiting
  // A reading that brings a buy brings a score and a size with it: it is those that the rules would have seen.
  const situation = first === undefined || sells || strategy === undefined ? moment.situation : wantedSituation(moment, strategy.scoreAt(first.what, first.to))
  const changes: Change[] = []
  const stuck: StuckGate[] = []
  const put = (found: Change | StuckGate): void => {
    if ('needs' in found) stuck.push(found)
    else changes.push(found)
  }
  if (strategy !== undefined) put(first ?? { gate: 'strategy', code: strategy.code, needs: 'More than one reading would have to be another.' })
  waiting.forEach(put)
  for (const rule of rules) {
    if (passesAlone(rule, situation, moment.minQuote)) continue
    put(ruleChange(rule, situation, moment) ?? { gate: rule.id, code: rule.code, needs: blockerNeeds(rule.code) })
  }
  return { changes, others: readings.slice(1), stuck, flips: stuck.length === 0 && (sells || passesTogether(moment, situation, changes)) }
}

function wantedSituation({ situation, sizer }: Moment, score: number): Situation {
  const copy = situationOf(situation.intent, situation.view, situation.temperatureThresholds)
  copy.view.score = score
  copy.view.temperature = temperatureOf(score, situation.temperatureThresholds)
  copy.intent.quoteAmount = sizeOf(sizer, copy)
  return copy
}

/** All changes at once, with the entry sized anew: does every rule let it pass? */
function passesTogether(moment: Moment, situation: Situation, changes: readonly Change[]): boolean {
  const copy = situationOf(situation.intent, situation.view, situation.temperatureThresholds)
  let asked = 0
  for (const rule of moment.rules) {
    const change = changes.find(({ gate }) => gate === rule.id)
    const lever = change === undefined ? undefined : leverOf(rule)
    if (change === undefined || lever === undefined) continue
    if (change.code === 'TRADE_SIZE') asked = change.to
    else reach(lever, copy, change)
  }
  const isEntry = copy.intent.kind === 'open' || copy.intent.kind === 'add'
  if (isEntry) copy.intent.quoteAmount = Math.max(asked, sizeOf(moment.sizer, copy))
  return moment.rules.every((rule) => passesAlone(rule, copy, moment.minQuote))
}

/** Two rules may turn the same number: it goes as far as the one that asks for more. */
function reach(lever: RuleLever, copy: Situation, change: Change): void {
  const missing = change.to - lever.read(copy)
  if (missing * Math.sign(change.by) > 0) lever.move(copy, missing)
}

function sizeOf(sizer: Sizer, { view }: Situation): number {
  try {
    const amount = sizer.size(view.score, view)
    return amount > 0 && amount < Number.POSITIVE_INFINITY ? amount : 0
  } catch {
    return 0
  }
}
