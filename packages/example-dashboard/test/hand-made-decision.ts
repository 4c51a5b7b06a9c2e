import { blockerNeeds } from '@millrace/core'
import type { BotState, Decision, EpochMs } from '@millrace/core'
import { startMs, at } from './hand-made-facts.ts'

/** What the engine would say of a bot: an RSI that would have to be lower, 9 minutes of cooldown, 3.10 of balance. */
export function handMadeDecision(bot: BotState, timeMs: EpochMs): Decision {
  const change = (gate: string, code: string, what: string, from: number, to: number, unit: string) => ({
    gate,
    code,
    what,
    from,
    to,
    by: to - from,
    unit,
    relative: 0.1,
  })
  const strategy = change('strategy', 'HOLD', 'readings.rsi', 41.2, 30, 'reading')
  return {
    seq: 71,
    botId: bot.id,
    timeMs,
    outcome: bot.outcome,
    side: undefined,
    preview: false,
    configHash: 'c0ffee',
    score: bot.score ?? 0,
    temperature: bot.temperature,
    readings: { rsi: 41.2, macd: { macd: 1, signal: 2, histogram: -1 } },
    confirmation: { count: 0, required: 6, sinceMs: undefined },
    verdicts: [
      { ruleId: 'cooldown', kind: 'deny', code: 'COOLDOWN', margin: -540_000, untilMs: at(540), detail: '9 min of 15 min since the last fill are left' },
      { ruleId: 'balance', kind: 'reduce', code: 'BALANCE', margin: -3.1, maxQuoteAmount: 1.9, detail: '3.1 more cash would be needed; 1.9 is available' },
      { ruleId: 'trade-size', kind: 'allow', margin: 2.83 },
    ],
    blocker: bot.blocker,
    signal: { score: bot.score ?? 0, components: bot.components, reason: bot.components.map(({ reason }) => reason).join(' · ') },
    candles: 3,
    nearest: {
      changes: [strategy, change('cooldown', 'COOLDOWN', 'time', startMs, at(540), 'ms'), change('balance', 'BALANCE', 'available cash', 1.9, 5, 'quote')],
      others: [change('strategy', 'HOLD', 'readings.macd.histogram', -1, 2.5, 'reading')],
      stuck: bot.paused ? [{ gate: 'engine', code: 'BOT_PAUSED', needs: blockerNeeds('BOT_PAUSED') }] : [],
      flips: !bot.paused,
    },
  }
}
