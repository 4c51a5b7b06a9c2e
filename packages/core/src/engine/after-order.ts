import { add, atLeast, isPositive, subtract, toFloat } from '../model/money.ts'
import type { BotRuntime } from '../pipeline/bot-runtime.ts'
import { PENDING } from '../pipeline/outcome-codes.ts'
import { wantExit } from '../pipeline/stages/exits.ts'
import { stepWish } from './bot-pipeline.ts'
import { keepFlattening } from './flatten.ts'
import type { KernelState } from './kernel-state.ts'
import type { Order } from './order-machine.ts'

/** What waited for an order of the bot to end: a flatten, else an exit, else the rest of the order itself. */
export function afterOrder(state: KernelState, bot: BotRuntime, order: Order): void {
  if (bot.flattenWanted) keepFlattening(state, bot)
  else if (bot.heldExit > 0) sellHeld(state, bot)
  else if (order.onExpiry === 'market' && gaveUp(state, order)) takeRest(state, bot, order)
}

/** The exit that had to wait for a cancel. Its price was reached, so it is not asked again whether it still is. */
function sellHeld(state: KernelState, bot: BotRuntime): void {
  const fraction = bot.heldExit
  bot.heldExit = 0
  if (!bot.view.position.open) return
  bot.view.nowMs = state.nowMs
  wantExit(bot, fraction, bot.heldSource)
  stepWish(state, bot)
}

/** True for a refusal because a post-only order would have traded at once, by this venue's name for it or another's. */
export const isPostOnlyRefusal = (order: Order): boolean => order.state === 'rejected' && order.reason?.includes('POST_ONLY') === true

/** It waited as long as it was to wait. An order cancelled before its time was cancelled for another reason. */
function gaveUp(state: KernelState, order: Order): boolean {
  if (isPostOnlyRefusal(order)) return true
  return (order.state === 'expired' || order.state === 'cancelled') && order.expireAtMs !== undefined && state.nowMs >= order.expireAtMs
}

/** The same wish at market, for what is left of it: judged again, because prices, limits and states have moved on. */
function takeRest(state: KernelState, bot: BotRuntime, order: Order): void {
  const { intent, frame, view } = bot
  const left = order.side === 'buy' ? buyRest(state, bot, order) : sellRest(bot, order)
  if (!left) return
  view.nowMs = state.nowMs
  // Between messages nobody else moves the age of the price on.
  bot.market.market.dataAgeMs = state.nowMs - bot.market.lastMs
  intent.side = order.side
  intent.origin = order.origin
  intent.source = order.source
  frame.exit = 0
  frame.side = order.side === 'buy' ? 1 : -1
  frame.hasIntent = true
  frame.preview = false
  frame.outcome = PENDING
  frame.blocker = 0
  stepWish(state, bot, order)
  intent.rest = false
}

/** Quote that the order was to take and its tranche did not cost; false when nothing is left. */
function buyRest(state: KernelState, bot: BotRuntime, order: Order): boolean {
  const { intent } = bot
  const lot = state.durable.ledger.position(order.botId).lots.find(({ clientOrderId }) => clientOrderId === order.clientOrderId)
  if (order.quoteSize === undefined) return false
  const left = lot === undefined ? order.quoteSize : subtract(order.quoteSize, add(lot.cost, lot.fees))
  if (!isPositive(left)) return false
  intent.kind = bot.view.position.open ? 'add' : 'open'
  intent.quoteAmount = toFloat(left)
  intent.baseFraction = 0
  intent.rest = lot !== undefined
  return true
}

function sellRest(bot: BotRuntime, order: Order): boolean {
  const { intent, view } = bot
  if (!view.position.open || order.baseSize === undefined || atLeast(order.bookedQuantity, order.baseSize)) return false
  intent.kind = order.kind
  intent.quoteAmount = 0
  intent.baseFraction = order.kind === 'close' ? 1 : Math.min(1, toFloat(subtract(order.baseSize, order.bookedQuantity)) / view.position.quantity)
  return true
}
