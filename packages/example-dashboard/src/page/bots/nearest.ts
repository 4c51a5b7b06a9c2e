import type { BotState, EngineState } from '@millrace/core'

/** A trade of it could leave if its signal holds: what keeps entries back keeps no sale back. */
const couldLeave = ({ readiness, confirmation }: Pick<BotState, 'readiness' | 'confirmation'>): boolean => readiness.canTrade || confirmation.side === 'sell'

/** An order at work; a confirmation that can end in a trade; nothing in the way; a wish with something in the way; no wish; a wish to sell what is not held. */
function rankOf(bot: BotState): number {
  const {
    outcome,
    workingOrder,
    readiness: { canTrade, blockers },
  } = bot
  if (workingOrder !== undefined) return 0
  const code = blockers[0]?.code
  if (code === 'NO_POSITION') return 5
  if (code === 'HOLD') return 4
  if (outcome === 'confirming' && couldLeave(bot)) return 1
  if (canTrade) return 2
  return outcome === 'confirming' || outcome === 'denied' ? 3 : 4
}

const confirmedMs = ({ readiness }: BotState): number => readiness.blockers.find(({ code }) => code === 'CONFIRMATION')?.untilMs ?? Infinity

/** The bots, the nearest to a trade first: by what the engine says of each, then by when its confirmation ends, then by the strength of its score. */
export const nearest = (bots: readonly BotState[]): readonly BotState[] =>
  [...bots].sort((a, b) => {
    const rank = rankOf(a)
    if (rank !== rankOf(b)) return rank - rankOf(b)
    const byTime = rank === 1 ? confirmedMs(a) - confirmedMs(b) : 0
    return byTime || Math.abs(b.score ?? 0) - Math.abs(a.score ?? 0)
  })

/**
 * The bots that confirm a trade which could leave, as the engine sees it, with when each is confirmed, the first one first. A halt holds everything.
 */
export const confirming = ({
  bots,
  tradingState,
}: Pick<EngineState, 'bots' | 'tradingState'>): readonly { readonly bot: BotState; readonly untilMs: number }[] =>
  tradingState === 'halted'
    ? []
    : bots
        .filter((bot) => bot.outcome === 'confirming' && couldLeave(bot))
        .map((bot) => ({ bot, untilMs: confirmedMs(bot) }))
        .filter(({ untilMs }) => untilMs < Infinity)
        .sort((a, b) => a.untilMs - b.untilMs)
