import type { BotState, EngineState, PositionRecord } from '../contracts/engine.ts'
import type { RecentLists } from './recent-lists.ts'
import type { MarketSource } from '../contracts/market-source.ts'
import type { BotRuntime } from '../pipeline/bot-runtime.ts'
import type { TradingKernel } from '../engine/kernel.ts'
import { blockerOf, copySignal } from '../engine/materialise.ts'
import { NO_DATA } from '../pipeline/outcome-codes.ts'
import { orderRecord } from '../engine/settle.ts'
import { readiness } from '../engine/readiness.ts'
import { exactPrice, portfolioTotals } from '../engine/portfolio-totals.ts'
import { averageEntry, positionStatus, unrealizedPnl } from '../ledger/position.ts'
import { trancheRecord } from '../ledger/tranches.ts'
import { outcomes } from '../model/decision.ts'
import { add, averagePriceOf, decimalText, stored } from '../model/money.ts'
import { blockerText } from '../safety/blocker-codes.ts'
import { temperatureNames } from '../model/temperature.ts'
import type { EpochMs } from '../model/time.ts'

export interface StateSources {
  readonly kernel: TradingKernel
  readonly market: MarketSource
  readonly startedAtMs: EpochMs
  readonly recent: RecentLists
}

/** Everything a page shows, read from the engine's own slots at this moment. */
export function engineState(sources: StateSources): EngineState {
  const { kernel, market } = sources
  const { state } = kernel
  const { durable, settings } = state
  // Between the events of a paced market time goes on: for the reader only, the kernel knows nothing of it.
  const nowMs = Math.max(state.nowMs, market.nowMs?.() ?? state.nowMs) as EpochMs
  const bots = state.bots.map((bot) => botState(sources, bot, nowMs))
  const totals = portfolioTotals(kernel)
  const description = market.describe()
  return {
    environment: settings.environment,
    tradingState: durable.tradingState,
    tradingStateReason: tradingStateReason(kernel),
    nowMs,
    startedAtMs: sources.startedAtMs,
    market: { id: market.id, text: description.text, notes: description.notes },
    quoteCurrency: settings.quoteCurrency,
    ...totals,
    maxDrawdown: moneyText(state.marks.maxDrawdown),
    today: { loss: state.portfolio.todayLoss, peakLoss: state.portfolio.todayPeakLoss, trades: state.portfolio.todayTrades },
    breakers: [...durable.latches.breakers.values()].map(({ id, code, action, sinceMs, detail }) => {
      const untilMs = state.breakerUntilMs(id)
      return { id, code, action, sinceMs: sinceMs as EpochMs, untilMs: Number.isNaN(untilMs) ? undefined : (untilMs as EpochMs), detail }
    }),
    bots,
    lastFills: sources.recent.lastFills(),
    alerts: sources.recent.lastAlerts(),
    lastSeq: state.journal?.seq ?? 0,
    journalHash: kernel.journalHash,
  }
}

function tradingStateReason(kernel: TradingKernel): string | undefined {
  const { durable } = kernel.state
  const { latches } = durable
  const { haltCode } = kernel.state
  if (haltCode === 'EMERGENCY_STOP') return 'Emergency stop: nothing leaves but cancels and an explicit flatten.'
  if (haltCode !== undefined) return blockerText(haltCode)
  if (latches.lossUntilMs !== undefined) return 'The daily loss limit was reached: exits only until the next UTC day.'
  for (const { code, detail } of latches.breakers.values()) return `${blockerText(code)} (${detail})`
  return latches.paused ? 'Paused: exits only.' : undefined
}

/** A float64 estimate as text with cents. */
const moneyText = (amount: number): string => (Math.round(amount * 100) / 100).toFixed(2)

function botState(sources: StateSources, bot: BotRuntime, nowMs: EpochMs): BotState {
  const { kernel, recent } = sources
  const { state } = kernel
  const { frame, view, config, market, confirmation } = bot
  const price = market.market.price > 0 ? market.market.price : undefined
  const position = positionRecord(kernel, bot.config.id)
  const exact = state.durable.ledger.position(config.id)
  const blocker = bot.level < 0 ? undefined : blockerOf(state, bot)
  const working = state.durable.working.get(config.id)
  const warm = bot.samples >= bot.warmup
  const running = !Number.isNaN(confirmation.sinceMs)
  return {
    id: config.id,
    instrument: config.instrument,
    timeframeMs: config.timeframeMs,
    paused: bot.paused,
    price,
    priceAtMs: price === undefined ? undefined : (market.lastMs as EpochMs),
    priceAgeMs: price === undefined ? undefined : nowMs - market.lastMs,
    priceDecimals: market.instrument.priceIncrement.decimalPlaces(),
    score: warm && bot.level >= 0 ? frame.score : undefined,
    components: warm && bot.level >= 0 ? copySignal(bot).components.map((component) => ({ ...component })) : [],
    temperature: temperatureNames[view.temperature]!,
    action: actionOf(bot),
    outcome: bot.level < 0 || frame.outcome < 0 ? outcomes[NO_DATA]! : outcomes[frame.outcome]!,
    confirmation: {
      side: running ? (confirmation.side > 0 ? 'buy' : 'sell') : undefined,
      sinceMs: running ? (confirmation.sinceMs as EpochMs) : undefined,
      requiredMs: config.confirmMs,
      progress: !running ? 0 : config.confirmMs === 0 ? 1 : Math.min(1, (confirmation.lastMs - confirmation.sinceMs) / config.confirmMs),
    },
    readiness: readiness(state, bot, nowMs),
    blocker,
    position,
    realizedPnl: position.realizedPnl,
    unrealizedPnl: position.unrealizedPnl,
    fees: decimalText(add(exact.realizedFees, exact.fees)),
    workingOrder: working === undefined ? undefined : orderRecord(working),
    lastFill: recent.lastFillOf(config.id),
    tradesToday: view.today.trades,
  }
}

/** What the score asks for, by the bot's own action threshold. */
function actionOf(bot: BotRuntime): 'buy' | 'sell' | 'hold' {
  if (bot.samples < bot.warmup || Math.abs(bot.frame.score) < bot.config.actionThreshold) return 'hold'
  return bot.frame.score > 0 ? 'buy' : 'sell'
}

export function positionRecord(kernel: TradingKernel, botId: string): PositionRecord {
  const bot = kernel.bot(botId)
  const { durable } = kernel.state
  const position = durable.ledger.position(botId)
  const price = exactPrice(bot)
  const working = durable.working.get(botId)
  return {
    botId,
    instrument: bot.config.instrument,
    status: positionStatus({
      quantity: position.quantity,
      entryWorking: working?.side === 'buy',
      tranchesLeft: Math.max(0, (bot.config.tranches?.max ?? 1) - position.tranches),
      exitsSinceEntry: position.exitsSinceEntry,
    }),
    quantity: decimalText(position.quantity),
    averageEntry: averageEntry(position) === undefined ? undefined : decimalText(averagePriceOf(position.cost, position.quantity)),
    cost: decimalText(add(position.cost, position.fees)),
    realizedPnl: decimalText(position.realizedPnl),
    unrealizedPnl: price === undefined ? '0' : decimalText(stored(unrealizedPnl(position, price))),
    tranches: position.lots.map(trancheRecord),
  }
}
