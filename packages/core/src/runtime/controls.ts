import type { LimitsInForce } from '../contracts/engine.ts'
import type { Command, LimitsPatch } from '../contracts/events.ts'
import type { TradePlan, TradeReport, TradeWish } from '../contracts/trade-wish.ts'
import { orderRecord } from '../engine/settle.ts'
import { checkWish, planTrade } from '../engine/trade-by-hand.ts'
import { refusedPayment } from '../ledger/refused-payment.ts'
import { ConfigError, EngineError } from '../model/errors.ts'
import { limitsJson, patchRules } from '../safety/limits.ts'
import type { EngineShell } from './engine-shell.ts'

/** Pauses, resumes or sells, one bot or all. */
export function control(shell: EngineShell, kind: 'pause' | 'resume' | 'flatten', botId: string | undefined): void {
  shell.assertRunning()
  // An unknown bot is the caller's error and must not reach the queue.
  const command: Command = botId === undefined ? { kind } : { kind, botId: shell.kernel.bot(botId).config.id }
  shell.run(() => shell.command(command))
}

export function limitsInForce(shell: EngineShell): LimitsInForce {
  shell.assertRunning()
  const { rules, limitsHash, configuredLimitsHash, settings } = shell.kernel.state
  return { hash: limitsHash, configuredHash: configuredLimitsHash, limits: limitsJson(rules, settings.breakers) }
}

export async function patchLimits(shell: EngineShell, patch: LimitsPatch): Promise<LimitsInForce> {
  const answer = await shell.ask(() => {
    const read = patchRules(shell.kernel.state.rules, patch)
    shell.command({ kind: 'patchLimits', patch })
    return 'problems' in read ? read.problems : limitsInForce(shell)
  })
  if ('hash' in answer) return answer
  throw new ConfigError(answer)
}

export function resetBreaker(shell: EngineShell, id: string): void {
  shell.assertRunning()
  const { breakers } = shell.kernel.state.durable.latches
  if (breakers.get(id)?.action !== 'reducing') {
    const tripped = [...breakers.values()].filter(({ action }) => action === 'reducing').map((breaker) => breaker.id)
    throw new EngineError('UNKNOWN_BREAKER', `no breaker ${JSON.stringify(id)} is tripped that a reset would end: ${tripped.join(', ') || 'none is'}`)
  }
  shell.run(() => shell.command({ kind: 'resetBreaker', breaker: id }))
}

/** What cannot be paid is the caller's error: the engine goes on. */
export async function pay(shell: EngineShell, command: Extract<Command, { kind: 'deposit' | 'withdraw' }>): Promise<void> {
  if (shell.live !== undefined) throw new RangeError(`${command.kind}: pay at the venue; the next comparison of the books finds it`)
  const problem = await shell.ask(() => {
    const refused = refusedPayment(shell.kernel.state.durable.ledger, command)
    if (refused === undefined) shell.command(command)
    return refused
  })
  if (problem !== undefined) throw problem
}

/** What would come of a trade; nothing is changed. */
export function planned(shell: EngineShell, wish: TradeWish): TradePlan {
  shell.assertRunning()
  checkWish(wish)
  return planTrade(shell.kernel.state, shell.kernel.bot(wish.botId), wish, shell.nowMs())
}

export async function trade(shell: EngineShell, wish: TradeWish): Promise<TradeReport> {
  shell.assertRunning()
  checkWish(wish)
  const bot = shell.kernel.bot(wish.botId)
  return shell.ask(() => {
    const { state } = shell.kernel
    const before = state.durable.intentNo
    const plan = planTrade(state, bot, wish, shell.nowMs())
    shell.command({ kind: 'trade', ...wish })
    const order = [...state.durable.orders.values()].find(({ intentNo, botId }) => intentNo > before && botId === wish.botId)
    return { plan, order: order && orderRecord(order) }
  })
}
