import type { Candle } from '../../model/candle.ts'
import type { BotRuntime } from '../bot-runtime.ts'
import type { IntrabarOrder, PipelineHost } from '../pipeline-host.ts'

/** In `hits`: the rule has no say in this candle, because the other side was reached before. */
export const LEFT_OUT = -1

/**
 * What is beyond a trigger at the open was reached first, whatever the rest of the candle does: the other side then has no say in it.
 *
 * @returns true when the open has decided
 */
export function openDecides(bot: BotRuntime, candle: Candle): boolean {
  const { hits } = bot
  const rules = bot.config.exits
  for (let i = 0; i < rules.length; i++) {
    const hit = hits[i]!
    // Falling onto a stop fills at the worse of open and trigger, so a hit at the open means that it opened beyond.
    if (rules[i]!.triggerKind === 'profit' ? hit > 0 && hit <= candle.open : hit === candle.open) {
      leaveOut(bot, rules[i]!.triggerKind === 'profit' ? 'stop' : 'profit')
      return true
    }
  }
  return false
}

/**
 * Decides between the rules that a candle hit, where a run assumes which of its extremes came first, and counts the candles in which that matters: those that hold
 * a stop and a target, and those whose own high would have raised a stop above their low.
 *
 * @param whole - the whole way of the candle lies after the entry, so that its high may have come before its low
 */
export function assumeOrder(host: PipelineHost, bot: BotRuntime, candle: Candle, order: IntrabarOrder, whole: boolean): void {
  const { hits } = bot
  const rules = bot.config.exits
  let stop = false
  let profit = false
  let raised = false
  for (let i = 0; i < rules.length; i++) {
    const hit = hits[i]!
    if (rules[i]!.triggerKind === 'profit') profit ||= hit > 0
    else {
      stop ||= hit > 0
      const later = whole ? raisedHit(host, bot, i, candle) : Number.NaN
      if (later > 0 && !(hit >= later)) raised = true
    }
  }
  if (!(stop && profit) && !raised) return
  host.ambiguousCandles++
  if (order === 'lowFirst') {
    if (stop) leaveOut(bot, 'profit')
  } else if (profit) leaveOut(bot, 'stop')
  else for (let i = 0; i < rules.length; i++) if (rules[i]!.triggerKind !== 'profit') hits[i] = raisedHit(host, bot, i, candle)
}

function leaveOut({ hits, config }: BotRuntime, kind: 'stop' | 'profit'): void {
  for (let i = 0; i < hits.length; i++) if (config.exits[i]!.trigger !== undefined && (config.exits[i]!.triggerKind ?? 'stop') === kind) hits[i] = LEFT_OUT
}

/** Where a stop is hit by a candle that first rises to its high and then falls to its low: the extremes hold that high already. NaN when it is not. */
function raisedHit(host: PipelineHost, { config, view }: BotRuntime, index: number, candle: Candle): number {
  const rule = config.exits[index]!
  if (rule.trigger === undefined) return Number.NaN
  try {
    const price = rule.trigger(view.position, view)
    return price > 0 && candle.low <= price ? Math.min(candle.high, price) : Number.NaN
  } catch (error) {
    host.pluginFailed('EXIT_RULE_FAILED', rule.id, error, config.id)
    return Number.NaN
  }
}
