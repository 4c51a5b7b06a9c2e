import { z } from 'zod'
import type { ExecutionStyle } from '../contracts/execution-style.ts'
import type { ExitRule } from '../contracts/exit-rule.ts'
import type { SafetyRule } from '../contracts/safety-rule.ts'
import type { Sizer } from '../contracts/sizer.ts'
import type { TranchePlan } from '../contracts/tranche-plan.ts'
import type { Strategy } from '../contracts/strategy.ts'
import { breakEven, breakEvenParams } from '../exits/break-even.ts'
import { profitLadder, profitLadderParams } from '../exits/profit-ladder.ts'
import { stopLoss, stopLossParams } from '../exits/stop-loss.ts'
import { takeProfit, takeProfitParams } from '../exits/take-profit.ts'
import { timeStop, timeStopParams } from '../exits/time-stop.ts'
import { trailingStop, trailingStopParams } from '../exits/trailing-stop.ts'
import { limitOrders, limitOrdersParams } from '../pipeline/execution/limit-orders.ts'
import { marketOrders } from '../pipeline/execution/market-orders.ts'
import { balance } from '../safety/balance.ts'
import { botLossLimit, botLossParams } from '../safety/bot-loss.ts'
import { clockSkew, clockSkewParams } from '../safety/clock-skew.ts'
import { consecutiveLosses, consecutiveLossesParams } from '../safety/consecutive-losses.ts'
import { cooldown, cooldownParams } from '../safety/cooldown.ts'
import { correlationGroup, correlationGroupParams } from '../safety/correlation-group.ts'
import { dailyLossLimit, dailyLossParams } from '../safety/daily-loss.ts'
import { dailyTrades, dailyTradesParams } from '../safety/daily-trades.ts'
import { drawdownLimit, drawdownParams } from '../safety/drawdown.ts'
import { environmentGate, environmentGateParams } from '../safety/environment-gate.ts'
import { maxExposure, maxExposureParams } from '../safety/max-exposure.ts'
import { maxOpenPositions, maxOpenPositionsParams } from '../safety/max-open-positions.ts'
import { maxPosition, maxPositionParams } from '../safety/max-position.ts'
import { maxTranches, maxTranchesParams } from '../safety/max-tranches.ts'
import { minTemperature, minTemperatureParams } from '../safety/min-temperature.ts'
import { orderRate, orderRateParams } from '../safety/order-rate.ts'
import { priceBand, priceBandParams } from '../safety/price-band.ts'
import { priceStep, priceStepParams } from '../safety/price-step.ts'
import { spreadLimit, spreadParams } from '../safety/spread-limit.ts'
import { staleData, staleDataParams } from '../safety/stale-data.ts'
import { tradeSize, tradeSizeParams } from '../safety/trade-size.ts'
import { tradingWindow, tradingWindowParams } from '../safety/trading-window.ts'
import { fixedSize, fixedSizeParams } from '../sizing/fixed-size.ts'
import { percentOfEquity, percentOfEquityParams } from '../sizing/percent-of-equity.ts'
import { temperatureSizing, temperatureSizingParams } from '../sizing/temperature-sizing.ts'
import { combineEntry } from './combine-entry.ts'
import type { PluginEntry } from './plugin-entry.ts'
import { adaptive, adaptiveParams } from '../sizing/tranche-plan/adaptive.ts'
import { equalSize } from '../sizing/tranche-plan/equal-size.ts'
import { pyramidDown, pyramidParams, pyramidUp } from '../sizing/tranche-plan/pyramid.ts'
import { volatilityTarget, volatilityTargetParams } from '../sizing/volatility-target.ts'
import { breakout, breakoutParams } from '../strategies/breakout.ts'
import { dollarCostAverage, dollarCostAverageParams } from '../strategies/dollar-cost-average.ts'
import { gridLadder, gridLadderParams } from '../strategies/grid-ladder.ts'
import { meanReversion, meanReversionParams } from '../strategies/mean-reversion.ts'
import { trendFollowing, trendFollowingParams } from '../strategies/trend-following.ts'
import { weightedSignalsParams } from '../strategies/weighted-signals/params.ts'
import { weightedSignals } from '../strategies/weighted-signals/weighted-signals.ts'

/** All plugins that a configuration file can name, by kind. */
export interface PluginRegistry {
  readonly strategies: Readonly<Record<string, PluginEntry<Strategy>>>
  readonly exits: Readonly<Record<string, PluginEntry<ExitRule>>>
  readonly sizing: Readonly<Record<string, PluginEntry<Sizer>>>
  readonly tranchePlans: Readonly<Record<string, PluginEntry<TranchePlan>>>
  readonly safety: Readonly<Record<string, PluginEntry<readonly SafetyRule[]>>>
  readonly execution: Readonly<Record<string, PluginEntry<ExecutionStyle>>>
}

const entry = <S extends z.ZodType, T>(params: S, make: (params: z.output<S>) => T): PluginEntry<T> => ({ params, make: (input) => make(input as z.output<S>) })

const none = z.strictObject({})

/** The plugins of this library by the names that configuration files use. */
export const builtIns: PluginRegistry = {
  strategies: {
    'weighted-signals': entry(weightedSignalsParams, (p) => weightedSignals(p)),
    'trend-following': entry(trendFollowingParams, (p) => trendFollowing(p)),
    'mean-reversion': entry(meanReversionParams, (p) => meanReversion(p)),
    breakout: entry(breakoutParams, (p) => breakout(p)),
    'grid-ladder': entry(gridLadderParams, (p) => gridLadder(p)),
    combine: combineEntry(() => builtIns.strategies),
    'dollar-cost-average': entry(dollarCostAverageParams, (p) => dollarCostAverage(p)),
  },
  exits: {
    'break-even': entry(breakEvenParams, (p) => breakEven(p.after, { exitFee: p.exitFee })),
    'profit-ladder': entry(profitLadderParams, (p) => profitLadder(p)),
    'stop-loss': entry(stopLossParams, (p) => stopLoss(p.fraction)),
    'take-profit': entry(takeProfitParams, (p) => takeProfit(p.fraction)),
    'time-stop': entry(timeStopParams, (p) => timeStop(p.duration)),
    'trailing-stop': entry(trailingStopParams, (p) => trailingStop(p.fraction, p.activateAt === undefined ? {} : { activateAt: p.activateAt })),
  },
  sizing: {
    fixed: entry(fixedSizeParams, (p) => fixedSize(p.quote)),
    'percent-of-equity': entry(percentOfEquityParams, (p) => percentOfEquity(p.percent)),
    temperature: entry(temperatureSizingParams, (p) => temperatureSizing(p)),
    'volatility-target': entry(volatilityTargetParams, (p) => volatilityTarget(p)),
  },
  tranchePlans: {
    adaptive: entry(adaptiveParams, (p) => adaptive(p)),
    'equal-size': entry(none, () => equalSize()),
    'pyramid-down': entry(pyramidParams, (p) => pyramidDown(p)),
    'pyramid-up': entry(pyramidParams, (p) => pyramidUp(p)),
  },
  safety: {
    balance: entry(none, () => [balance()]),
    'bot-loss': entry(botLossParams, (p) => [botLossLimit(p.limit)]),
    'clock-skew': entry(clockSkewParams, (p) => [clockSkew(p.max)]),
    'consecutive-losses': entry(consecutiveLossesParams, (p) => [consecutiveLosses(p)]),
    cooldown: entry(cooldownParams, (p) => [cooldown(p.duration)]),
    'correlation-group': entry(correlationGroupParams, (p) => [correlationGroup(p)]),
    'daily-loss': entry(dailyLossParams, (p) => [dailyLossLimit(p.limit)]),
    'daily-trades': entry(dailyTradesParams, (p) => dailyTrades(p)),
    drawdown: entry(drawdownParams, (p) => [drawdownLimit(p.fraction)]),
    environment: entry(environmentGateParams, (p) => [environmentGate(p.allow)]),
    'max-exposure': entry(maxExposureParams, (p) => [maxExposure(p.limit)]),
    'max-open-positions': entry(maxOpenPositionsParams, (p) => [maxOpenPositions(p.max)]),
    'max-position': entry(maxPositionParams, (p) => [maxPosition(p.limit)]),
    'max-tranches': entry(maxTranchesParams, (p) => [maxTranches(p.max)]),
    'min-temperature': entry(minTemperatureParams, (p) => [minTemperature(p.atLeast)]),
    'order-rate': entry(orderRateParams, (p) => orderRate(p)),
    'price-band': entry(priceBandParams, (p) => [priceBand(p.fraction)]),
    'price-step': entry(priceStepParams, (p) => [priceStep(p.fraction)]),
    spread: entry(spreadParams, (p) => [spreadLimit(p)]),
    'stale-data': entry(staleDataParams, (p) => [staleData(p.maxAge)]),
    'trade-size': entry(tradeSizeParams, (p) => [tradeSize(p.min, p.max)]),
    'trading-window': entry(tradingWindowParams, (p) => [tradingWindow(p)]),
  },
  execution: { limit: entry(limitOrdersParams, (p) => limitOrders(p)), market: entry(none, () => marketOrders()) },
}
