import { bot } from '../config/bot.ts'
import type { BotConfig } from '../contracts/bot-config.ts'
import type { SafetyRule } from '../contracts/safety-rule.ts'
import { stopLoss } from '../exits/stop-loss.ts'
import { takeProfit } from '../exits/take-profit.ts'
import { weightedSignals } from '../strategies/weighted-signals/weighted-signals.ts'

/** A bot that makes some trades an hour on the simulated market: quick to confirm, quick to leave. */
export const solBot = (safety: readonly SafetyRule[] = []): BotConfig =>
  bot({
    id: 'sol',
    instrument: 'SOL-USD',
    timeframe: '1m',
    strategy: weightedSignals(),
    actionThreshold: 0.1,
    confirm: '1m',
    exits: [stopLoss(0.004), takeProfit(0.004)],
    safety,
  })
