import type { BotRuntime } from '../bot-runtime.ts'
import type { PipelineHost } from '../pipeline-host.ts'
import { EXIT } from '../outcome-codes.ts'
import type { Candle } from '../../model/candle.ts'

/**
 * Runs the exit rules of a held position. The largest fraction wins, ties by config order; a rule that throws raises an
 * alert and the others go on.
 *
 * @param inside - true for a closed candle of which no update was seen: rules with a trigger price may fire inside it
 */
export function checkExits(host: PipelineHost, bot: BotRuntime, candle: Candle, inside: boolean): void {
  const { frame, view } = bot
  frame.exit = 0
  bot.exitPrice = Number.NaN
  if (!view.position.open) return
  const rules = bot.config.exits
  let largest = 0
  let others = ''
  for (let i = 0; i < rules.length; i++) {
    const rule = rules[i]!
    let fraction = 0
    let trigger = Number.NaN
    try {
      if (inside && rule.trigger !== undefined) trigger = hitInside(rule.trigger(view.position, view), rule.triggerKind ?? 'stop', candle)
      fraction = Number.isNaN(trigger) ? rule.check(view.position, view) : (rule.triggerFraction ?? 1)
    } catch (error) {
      host.pluginFailed('EXIT_RULE_FAILED', rule.id, error, bot.config.id)
    }
    if (!(fraction > 0)) continue
    if (fraction > largest) {
      if (frame.exit !== 0) others += ` + ${rules[frame.exit - 1]!.id}`
      largest = fraction
      frame.exit = i + 1
      bot.exitPrice = trigger
    } else others += ` + ${rule.id}`
  }
  if (frame.exit === 0) return
  const intent = bot.intent
  intent.kind = largest >= 1 ? 'close' : 'reduce'
  intent.origin = 'exit'
  intent.side = 'sell'
  intent.quoteAmount = 0
  intent.baseFraction = Math.min(1, largest)
  // All that fired are named, the one that decided first.
  intent.source = rules[frame.exit - 1]!.id + others
  frame.preview = false
  frame.blocker = 0
  frame.margin = 0
  frame.untilMs = Number.NaN
  frame.outcome = EXIT
  frame.side = -1
  frame.hasIntent = true
}

/**
 * The price at which the candle, on its way from its open, hit the trigger; NaN when it did not. Falling onto it, a candle
 * that opens below gives its open, the worse of the two; rising to it, never more than the trigger.
 */
function hitInside(trigger: number, kind: 'stop' | 'profit', candle: Candle): number {
  if (!(trigger > 0)) return Number.NaN
  if (kind === 'stop') return candle.low <= trigger ? Math.min(candle.open, trigger) : Number.NaN
  return candle.high >= trigger ? trigger : Number.NaN
}
