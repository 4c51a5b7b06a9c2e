import type { ReadinessBlocker } from '../contracts/engine.ts'
import type { TradePlan, TradeWish } from '../contracts/trade-wish.ts'
import type { Verdict } from '../model/verdict.ts'
import { decimalText, money, toFloat } from '../model/money.ts'
import type { EpochMs } from '../model/time.ts'
import type { BotRuntime } from '../pipeline/bot-runtime.ts'
import { DENIED } from '../pipeline/outcome-codes.ts'
import type { MutableIntent } from '../pipeline/views.ts'
import { entryGates, exitGate } from '../pipeline/stages/guard.ts'
import { sizeEntry } from '../pipeline/stages/size.ts'
import type { BlockerCode } from '../safety/blocker-codes.ts'
import { stepCommand } from './bot-pipeline.ts'
import type { KernelState } from './kernel-state.ts'
import { blocker, gateBlocker, lookAt, ruleBlocker } from './readiness.ts'
import { recordLevel } from './record-level.ts'
import { translate } from './submit.ts'

/** `source` of an order that a person asked for. */
const MANUAL_SOURCE = 'manual'

/** Refuses what is no wish at all: the asker's error, so nothing is written down. @throws RangeError */
export function checkWish({ side, quoteAmount, share }: TradeWish): void {
  if (side === 'buy' && share !== undefined) throw new RangeError('share: expected none for a buy, received one; a buy has a quoteAmount')
  if (side === 'sell' && quoteAmount !== undefined)
    throw new RangeError('quoteAmount: expected none for a sale, received one; a sale has a share of the position')
  if (share !== undefined && !(share > 0 && share <= 1)) throw new RangeError(`share: expected a share above 0 to 1, received ${share}`)
  if (quoteAmount !== undefined && !/^(?=.*[1-9])\d{1,12}(\.\d{1,8})?$/.test(quoteAmount))
    throw new RangeError(`quoteAmount: expected decimal text above 0, received ${JSON.stringify(quoteAmount)}`)
}

/** Makes the intent of a wish in one of the bot's own; what stops it before any rule is asked, if something does. */
function makeIntent(bot: BotRuntime, wish: TradeWish, intent: MutableIntent): BlockerCode | undefined {
  intent.origin = 'manual'
  intent.source = MANUAL_SOURCE
  if (wish.side === 'sell') {
    const share = wish.share ?? 1
    intent.kind = share < 1 ? 'reduce' : 'close'
    intent.side = 'sell'
    intent.quoteAmount = 0
    intent.baseFraction = share
    intent.rest = false
    return bot.view.position.open ? undefined : 'NO_POSITION'
  }
  if (wish.quoteAmount === undefined) {
    try {
      sizeEntry(bot, intent)
    } catch {
      intent.quoteAmount = 0
      return 'PLUGIN_FAILED'
    }
    return intent.quoteAmount > 0 ? undefined : 'SIZE_ZERO'
  }
  intent.rest = false
  intent.kind = bot.view.position.open ? 'add' : 'open'
  intent.side = 'buy'
  intent.baseFraction = 0
  intent.quoteAmount = toFloat(money(wish.quoteAmount))
  return undefined
}

/** A working order of the bot is left alone: unlike a flatten, a wish does not wait until it is gone. */
const workingCode = ({ working }: BotRuntime): BlockerCode | undefined =>
  working === undefined ? undefined : working.state === 'unknown' ? 'UNKNOWN_ORDER' : 'ORDER_OPEN'

/** Carries out a wish as a manual intent: no confirmation, the same gates and rules. */
export function tradeByHand(state: KernelState, bot: BotRuntime, wish: TradeWish): void {
  const { intent, frame, view } = bot
  view.nowMs = state.nowMs
  const stopped = workingCode(bot) ?? makeIntent(bot, wish, intent)
  if (stopped === undefined) return stepCommand(state, bot)
  frame.exit = 0
  frame.hasIntent = false
  frame.judged = false
  frame.outcome = DENIED
  frame.blocker = state.blockers.of(stopped)
  frame.margin = 0
  frame.untilMs = Number.NaN
  recordLevel(state, bot)
}

/** Says what would come of a wish at a moment, from the gates, rules, sizer and order translation that trading asks; the look leaves no trace. */
export function planTrade(state: KernelState, bot: BotRuntime, wish: TradeWish, nowMs: EpochMs): TradePlan {
  return lookAt(state, bot, nowMs, () => {
    const { probe, probeJudge, view, market } = bot
    const stopped = makeIntent(bot, wish, probe)
    const working = workingCode(bot)
    const gates = wish.side === 'buy' ? shutEntryGates(state, bot, nowMs) : shutExitGate(state, bot, working)
    let rules: readonly ReadinessBlocker[] = []
    let verdicts: readonly Verdict[] = []
    let order: TradePlan['order']
    if (stopped === undefined) {
      probeJudge.judge(probe, view)
      rules = probeJudge.blocking().map((held) => ruleBlocker(bot, held))
      verdicts = probeJudge.complete()
      const { approved } = probeJudge
      const translation = approved === undefined || rules.length > 0 ? undefined : translate(state, bot, approved)
      if (translation !== undefined && 'refused' in translation) rules = [blocker('engine', translation.refused)]
      else if (translation !== undefined) {
        const { type, size, limitPrice } = translation.order
        order = {
          type,
          quoteSize: 'quote' in size ? decimalText(size.quote) : undefined,
          baseSize: 'base' in size ? decimalText(size.base) : undefined,
          limitPrice: limitPrice === undefined ? undefined : decimalText(limitPrice),
        }
      }
    }
    const blockers = [...gates, ...(stopped === undefined ? [] : [blocker('sizing', stopped)]), ...rules]
    return {
      botId: bot.config.id,
      instrument: bot.config.instrument,
      side: wish.side,
      kind: probe.kind,
      atMs: nowMs,
      allowed: blockers.length === 0 && order !== undefined,
      sizedBy: wish.side === 'sell' ? 'position' : wish.quoteAmount === undefined ? 'sizer' : 'asker',
      wantedQuote: wish.side === 'sell' ? undefined : probe.quoteAmount,
      blockers,
      verdicts,
      order: blockers.length === 0 ? order : undefined,
      price: market.market.price > 0 ? market.market.price : undefined,
    }
  })
}

const shutEntryGates = (state: KernelState, bot: BotRuntime, nowMs: EpochMs): readonly ReadinessBlocker[] =>
  entryGates.flatMap((gate) => (gate.holds(state, bot) ? [gateBlocker(state, bot, gate, nowMs)] : []))

function shutExitGate(state: KernelState, bot: BotRuntime, working: BlockerCode | undefined): readonly ReadinessBlocker[] {
  const shut = exitGate(state, bot, bot.probe)
  return [...(working === undefined ? [] : [blocker('engine', working)]), ...(shut === undefined ? [] : [blocker('engine', shut.code)])]
}
