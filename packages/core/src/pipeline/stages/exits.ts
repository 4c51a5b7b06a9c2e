import type { ExitRule } from '../../contracts/exit-rule.ts'
import type { Candle } from '../../model/candle.ts'
import type { BotRuntime } from '../bot-runtime.ts'
import { markExtremes } from '../mark-extremes.ts'
import { LEFT_OUT, assumeOrder, openDecides } from './assume-order.ts'
import { EXIT } from '../outcome-codes.ts'
import type { PipelineHost } from '../pipeline-host.ts'

/**
 * Runs the exit rules of a held position. The largest fraction wins, ties by config order; a rule that throws raises an
 * alert and the others go on.
 *
 * Inside a candle a trigger knows only the extremes of before it, because nobody knows whether its high or its low came first; at the close
 * the rules know the whole candle.
 *
 * @param inside - true for a closed candle of which no update was seen: rules with a trigger price may fire inside it
 */
export function checkExits(host: PipelineHost, bot: BotRuntime, candle: Candle, inside: boolean): void {
  bot.frame.exit = 0
  bot.exitPrice = Number.NaN
  if (bot.view.position.open) checkPosition(host, bot, candle, inside)
}

function checkPosition(host: PipelineHost, bot: BotRuntime, candle: Candle, inside: boolean): void {
  const { frame } = bot
  // A fill stamped with the candle's end came somewhere inside it. A resting purchase came on the way down, so the low is later; the high may not be.
  const fresh = bot.entryFillMs >= bot.market.lastMs
  const low = inside && (!fresh || bot.entryRested)
  const high = inside && !fresh
  const hit = inside && findHits(host, bot, candle, high, low)
  markExtremes(bot, candle, high, low)
  if (inside && !(hit && openDecides(bot, candle)) && host.intrabar !== undefined) assumeOrder(host, bot, candle, host.intrabar, high && low)
  const rules = bot.config.exits
  let largest = 0
  let others = ''
  for (let i = 0; i < rules.length; i++) {
    const rule = rules[i]!
    const trigger = inside ? bot.hits[i]! : Number.NaN
    if (trigger === LEFT_OUT) continue
    const fraction = fractionOf(host, bot, rule, trigger)
    if (!(fraction > 0)) continue
    if (fraction > largest) {
      if (frame.exit !== 0) others += ` + ${rules[frame.exit - 1]!.id}`
      largest = fraction
      frame.exit = i + 1
      bot.exitPrice = trigger
    } else others += ` + ${rule.id}`
  }
  // All that fired are named, the one that decided first.
  if (frame.exit !== 0) wantExit(bot, largest, rules[frame.exit - 1]!.id + others)
}

/** Fills the bot's intent with an exit. */
export function wantExit(bot: BotRuntime, fraction: number, source: string): void {
  const { frame, intent } = bot
  intent.kind = fraction >= 1 ? 'close' : 'reduce'
  intent.origin = 'exit'
  intent.side = 'sell'
  intent.quoteAmount = 0
  intent.baseFraction = Math.min(1, fraction)
  intent.source = source
  frame.preview = false
  frame.blocker = 0
  frame.margin = 0
  frame.untilMs = Number.NaN
  frame.outcome = EXIT
  frame.side = -1
  frame.hasIntent = true
}

/** The share that a rule wants to sell; 0 when it wants nothing, or a part that the venue would not take. */
function fractionOf(host: PipelineHost, bot: BotRuntime, rule: ExitRule, trigger: number): number {
  const { view } = bot
  let fraction = 0
  try {
    if (Number.isNaN(trigger)) fraction = rule.check(view.position, view)
    else if (typeof rule.triggerFraction === 'function') fraction = rule.triggerFraction(view.position, view)
    else fraction = rule.triggerFraction ?? 1
  } catch (error) {
    host.pluginFailed('EXIT_RULE_FAILED', rule.id, error, bot.config.id)
    return 0
  }
  if (fraction >= 1 || !(fraction > 0)) return fraction
  const part = view.position.quantity * fraction
  const price = Number.isNaN(trigger) ? view.market.price : trigger
  return part < bot.market.minBase || part * price < bot.market.minQuote ? 0 : fraction
}

/** Writes to `hits` where the candle hit each trigger; true when it hit one. */
function findHits(host: PipelineHost, bot: BotRuntime, candle: Candle, high: boolean, low: boolean): boolean {
  const { view, hits } = bot
  const rules = bot.config.exits
  let any = false
  for (let i = 0; i < rules.length; i++) {
    hits[i] = Number.NaN
    const rule = rules[i]!
    if (rule.trigger === undefined) continue
    const kind = rule.triggerKind ?? 'stop'
    if (!(kind === 'stop' ? low : high)) continue
    try {
      const hit = hitInside(rule.trigger(view.position, view), kind, candle)
      hits[i] = hit
      if (hit > 0) any = true
    } catch (error) {
      host.pluginFailed('EXIT_RULE_FAILED', rule.id, error, bot.config.id)
    }
  }
  return any
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
