import type { Command } from '../contracts/events.ts'
import { flatten } from './flatten.ts'
import type { BotRuntime } from '../pipeline/bot-runtime.ts'
import type { KernelState } from './kernel-state.ts'
import { money } from '../model/money.ts'
import { DRAWDOWN } from '../safety/drawdown.ts'
import { changeBot } from './change-bot.ts'
import { resetBreaker, scheduleReset } from './breakers.ts'
import { patchLimits } from './limits-in-force.ts'
import { setPeak } from './marking.ts'
import { pay } from './pay.ts'
import { tradeByHand } from './trade-by-hand.ts'
import { recordLatch } from './trading-state.ts'

/** Carries out what a person asked for: written down first, then done. */
export function runCommand(state: KernelState, command: Command): void {
  if (command.kind === 'patchLimits') return patchLimits(state, command.patch)
  if ('history' in command) return changeBot(state, command)
  const botId = 'botId' in command ? command.botId : undefined
  state.record('command', botId, { kind: command.kind, payload: { ...command } })
  switch (command.kind) {
    case 'pause':
      pause(state, botId, true)
      break
    case 'resume':
      pause(state, botId, false)
      break
    case 'emergencyStop':
      emergencyStop(state, command.cancelOpenOrders, command.reason)
      break
    case 'rearm':
      latch(state, 'rearm')
      break
    case 'flatten':
      for (const bot of chosen(state, botId)) flatten(state, bot)
      break
    case 'trade':
      tradeByHand(state, state.botsById.get(command.botId)!, command)
      break
    case 'resetBreaker':
      reset(state, command.breaker)
      break
    case 'deposit':
    case 'withdraw':
      pay(state, {
        kind: command.kind === 'deposit' ? 'deposit' : 'withdrawal',
        currency: command.currency,
        amount: money(command.amount),
        reason: command.reason,
      })
      break
    default:
      command satisfies never
  }
}

function chosen(state: KernelState, botId: string | undefined): readonly BotRuntime[] {
  return botId === undefined ? state.bots : state.bots.filter((bot) => bot.config.id === botId)
}

function pause(state: KernelState, botId: string | undefined, paused: boolean): void {
  if (botId === undefined) return latch(state, paused ? 'pause' : 'resume')
  for (const bot of chosen(state, botId)) bot.paused = paused
}

function latch(state: KernelState, reason: 'emergencyStop' | 'rearm' | 'pause' | 'resume'): void {
  recordLatch(state, { reason, untilMs: null })
  scheduleReset(state)
}

/** What halted waits for a re-arm. A drawdown is measured from here on. */
function reset(state: KernelState, id: string): void {
  if (state.durable.latches.breakers.get(id)?.action !== 'reducing') return
  resetBreaker(state, id, 'reset by a person')
  if (id !== DRAWDOWN) return
  setPeak(state, state.portfolio.equity)
  state.keepMarks()
}

function emergencyStop(state: KernelState, cancelOpenOrders: boolean, reason: string): void {
  if (state.durable.latches.haltedBy !== 'emergencyStop') {
    latch(state, 'emergencyStop')
    state.alert('EMERGENCY_STOP', 'critical', reason)
  }
  if (!cancelOpenOrders) return
  for (const order of state.durable.working.values()) state.cancel(order)
}
