import type { BotState } from '@millrace/core'

/** What a bot is called where there is no room for more: its instrument, and its id as well where another trades the same. */
export const botName = ({ id, instrument }: Pick<BotState, 'id' | 'instrument'>, bots: readonly Pick<BotState, 'id' | 'instrument'>[]): string =>
  bots.some((other) => other.instrument === instrument && other.id !== id) ? `${instrument} · ${id}` : instrument

/** Whether a trade would leave now. What the strategy itself waits for is no obstacle, and no green light either. */
export function readyText({ outcome, confirmation, readiness }: Pick<BotState, 'outcome' | 'confirmation' | 'readiness'>, halted: boolean): string {
  const { canTrade, blockers } = readiness
  if (!halted && outcome === 'confirming' && confirmation.side === 'sell') return 'sells once confirmed'
  if (!canTrade) return 'no entry now'
  if (blockers[0] === undefined) return 'ready to buy'
  return blockers[0].code === 'CONFIRMATION' ? 'ready once confirmed' : 'ready, waits for a signal'
}
