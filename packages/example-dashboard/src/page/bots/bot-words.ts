import type { BotState } from '@millrace/core'

/** What a bot is called where there is no room for more: its instrument, and its id as well where another trades the same. */
export const botName = ({ id, instrument }: Pick<BotState, 'id' | 'instrument'>, bots: readonly Pick<BotState, 'id' | 'instrument'>[]): string =>
  bots.some((other) => other.instrument === instrument && other.id !== id) ? `${instrument} · ${id}` : instrument

/** Whether an entry would leave now. What the strategy itself waits for is no obstacle, and no green light either. */
export function readyText({ canTrade, blockers: [first] }: Pick<BotState['readiness'], 'canTrade' | 'blockers'>): string {
  if (!canTrade) return 'no entry now'
  if (first === undefined) return 'ready to buy'
  return first.code === 'CONFIRMATION' ? 'ready once confirmed' : 'ready, waits for a signal'
}
