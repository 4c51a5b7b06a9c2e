import type { BotView } from '../contracts/bot-view.ts'
import type { SafetyRule } from '../contracts/safety-rule.ts'
import type { Intent } from '../model/intent.ts'
import { VerdictSlot } from './verdict-slot.ts'

// Shared by the tests of rules, sizers and exits; nothing in the library imports it.

export { botView as testView, ordersAt } from '../testing/plugins/bot-view.ts'

export const entryOf = (quoteAmount: number, changes: Partial<Intent> = {}): Intent => ({
  kind: 'open',
  origin: 'strategy',
  side: 'buy',
  quoteAmount,
  baseFraction: 0,
  source: 'test',
  ...changes,
})

export const exitOf = (baseFraction: number, changes: Partial<Intent> = {}): Intent => ({
  kind: baseFraction >= 1 ? 'close' : 'reduce',
  origin: 'exit',
  side: 'sell',
  quoteAmount: 0,
  baseFraction,
  source: 'test',
  ...changes,
})

/** What one rule says of one intent. */
export function slotOf(rule: SafetyRule, view: BotView, intent: Intent = entryOf(10)): VerdictSlot {
  const slot = new VerdictSlot()
  rule.check(intent, view, slot)
  return slot
}

/** A rule of a test's own, with a code of its own. */
export const ruleOf = (id: string, check: SafetyRule['check'], changes: Partial<SafetyRule> = {}): SafetyRule => ({
  apiVersion: 1,
  id,
  code: `x-${id}`,
  check,
  ...changes,
})
