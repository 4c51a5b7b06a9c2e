// The model
export { candleColumns } from './model/candle-columns.ts'
export { candleQuality } from './model/candle-quality.ts'
export type { CandleQuality, Outlier } from './model/candle-quality.ts'
export type { Candle, CandleColumns } from './model/candle.ts'
export type { Blocker, Change, Decision, Nearest, Outcome, RecordMode, StuckGate } from './model/decision.ts'
export type { Environment, TradingState } from './model/environment.ts'
export { ConfigError, EngineError } from './model/errors.ts'
export type { ConfigProblem, EngineErrorCode } from './model/errors.ts'
export type { VenueFill } from './model/fill.ts'
export { fillForward, findGaps } from './model/gaps.ts'
export type { Gap, GapPolicy } from './model/gaps.ts'
export { currenciesOf } from './model/instrument.ts'
export type { Instrument, InstrumentState } from './model/instrument.ts'
export type { ApprovedIntent, Intent } from './model/intent.ts'
export { isoDay, isoTime } from './model/iso-time.ts'
export type { Json } from './model/json.ts'
export { add, ceilTo, decimalText, floorTo, greater, isPositive, less, money, multiply, quantityFor, quotientTo, totalOf } from './model/money.ts'
export type { MoneyInput } from './model/money.ts'
export { timesInForce } from './model/order.ts'
export type { OrderRef, OrderReport, OrderRequest, OrderState, OrderType, Side, TimeInForce, VenueTerms } from './model/order.ts'
export type { PositionStatus, PositionView } from './model/position.ts'
export { candleResampler, resample } from './model/resample.ts'
export type { CandleResampler, Coverage } from './model/resample.ts'
export type { Signal, SignalComponent } from './model/signal.ts'
export { suggestion } from './model/suggestion.ts'
export { defaultTemperatureThresholds, temperatureNames, temperatureOf } from './model/temperature.ts'
export type { Temperature, TemperatureName, TemperatureThresholds } from './model/temperature.ts'
export { durationText, parseTime, timeText } from './model/time-text.ts'
export { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, durationMs, utcDayStart } from './model/time.ts'
export type { Duration, EpochMs } from './model/time.ts'
export type { Verdict } from './model/verdict.ts'

// The contracts
export { grades } from './contracts/analytics.ts'
export { adviceCodes } from './contracts/analytics.ts'
export type {
  Advice,
  AdviceCode,
  Analytics,
  BotPnl,
  DayPnl,
  EquityPoint,
  ExecutionRecord,
  ForeignBalance,
  Grade,
  PnlRecord,
  RoundTripEntry,
  RoundTripRecord,
  StrategyPnl,
  SuccessRate,
  TripStatistics,
} from './contracts/analytics.ts'
export type { Adapter, AdapterRequest } from './contracts/adapter.ts'
export { chartCandles } from './contracts/bot-chart.ts'
export type { BotChart, ChartCandle, ChartQuery, ChartSeries } from './contracts/bot-chart.ts'
export type { BotView, OrderTimes } from './contracts/bot-view.ts'
export type { FoldState, JournalCheckpoint } from './contracts/checkpoint.ts'
export type { Clock } from './contracts/clock.ts'
export { crashPoints, straightOn } from './contracts/crash-point.ts'
export type { At, CrashPoint } from './contracts/crash-point.ts'
export type {
  Alert,
  BotState,
  BreakerState,
  EmergencyStopReport,
  Engine,
  EngineEvents,
  EngineState,
  FillRecord,
  LimitsInForce,
  Logger,
  OrderRecord,
  PositionRecord,
  Readiness,
  ReadinessBlocker,
  ReconcileReport,
  TrancheRecord,
} from './contracts/engine.ts'
export type { RunSummary } from './contracts/run-summary.ts'
export type { CandleEvent, Command, Effect, KernelEvent, LimitsPatch, LinkCode, LinkEvent, MarketEvent, OrderEvent, QuoteEvent } from './contracts/events.ts'
export type {
  Balance,
  CancelResult,
  Complete,
  Exchange,
  ExchangeCapabilities,
  FeeRates,
  SentBefore,
  SimulatedExchange,
  SimulatedVenue,
  SubmitResult,
  VenueState,
} from './contracts/exchange.ts'
export type { ExecutionStyle, OrderLimits, PlannedOrder, QuoteView } from './contracts/execution-style.ts'
export type { ExitRule } from './contracts/exit-rule.ts'
export type { AnyIndicator, Indicator, Indicators, Readings } from './contracts/indicator.ts'
export type { EntryType, JournalEntry } from './contracts/journal.ts'
export type { Frame, Kernel, KernelSink, KernelSnapshot } from './contracts/kernel.ts'
export type { CandleQuery, MarketDescription, MarketSource, StreamQuery } from './contracts/market-source.ts'
export type { ProjectionTable, Projector, RowWrite } from './contracts/projection.ts'
export type { RuleLever, SafetyRule, Situation, VerdictBuilder } from './contracts/safety-rule.ts'
export type { Sizer, SizingReadings } from './contracts/sizer.ts'
export type { TranchePlan } from './contracts/tranche-plan.ts'
export type {
  AppendGuard,
  AppendResult,
  CandleStore,
  HaltAsked,
  HaltRequests,
  JournalTail,
  ProjectionRow,
  PutReport,
  ReadQuery,
  Series,
  SeriesInfo,
  PastOrders,
  Store,
  StoreFactory,
  StoreIdentity,
  StoreRequest,
} from './contracts/store.ts'
export type { PlannedTrade, TradePlan, TradeReport, TradeWish } from './contracts/trade-wish.ts'
export type {
  Describe,
  Frozen,
  OrdersView,
  SignalBuilder,
  StateDefinition,
  Strategy,
  StrategyContext,
  StrategyDefinition,
  StrategyFactory,
  StrategyInstance,
  StrategyMemory,
  WindowView,
} from './contracts/strategy.ts'

// The ledger
export { advise, defaultAdviceThresholds } from './ledger/analytics/advice.ts'
export type { AdviceThresholds } from './ledger/analytics/advice.ts'
export { dcaImpact } from './ledger/analytics/dca-impact.ts'
export type { DcaImpact } from './ledger/analytics/dca-impact.ts'
export { tripEfficiency } from './ledger/analytics/efficiency.ts'
export type { Efficiency, TripPrices } from './ledger/analytics/efficiency.ts'
export { defaultGrading, gradeOf, gradingSchema } from './ledger/analytics/grade.ts'
export type { GradeInput, Graded, Grading, GradingOptions } from './ledger/analytics/grade.ts'
export { slippageBps } from './ledger/analytics/slippage.ts'
export { trancheSchema } from './ledger/tranches.ts'
export { bookings } from './ledger/lots.ts'
export type { Booking } from './ledger/lots.ts'

// Strategies
export { breakout } from './strategies/breakout.ts'
export { combine } from './strategies/combine/combine.ts'
export type { CombineOptions } from './strategies/combine/combine.ts'
export { defineStrategy } from './strategies/define-strategy.ts'
export { dollarCostAverage } from './strategies/dollar-cost-average.ts'
export { gridLadder } from './strategies/grid-ladder.ts'
export { meanReversion } from './strategies/mean-reversion.ts'
export { trendFollowing } from './strategies/trend-following.ts'
export { presets } from './strategies/weighted-signals/presets.ts'
export type { Preset, PresetName } from './strategies/weighted-signals/presets.ts'
export { weightedSignals } from './strategies/weighted-signals/weighted-signals.ts'

// Exits
export { breakEven } from './exits/break-even.ts'
export { profitLadder } from './exits/profit-ladder.ts'
export { stopLoss } from './exits/stop-loss.ts'
export { takeProfit } from './exits/take-profit.ts'
export { timeStop } from './exits/time-stop.ts'
export { trailingStop } from './exits/trailing-stop.ts'

// Sizing
export { fixedSize } from './sizing/fixed-size.ts'
export { percentOfEquity } from './sizing/percent-of-equity.ts'
export { sizingConstants, temperatureSizing } from './sizing/temperature-sizing.ts'
export { adaptive } from './sizing/tranche-plan/adaptive.ts'
export { equalSize } from './sizing/tranche-plan/equal-size.ts'
export { pyramidDown, pyramidUp } from './sizing/tranche-plan/pyramid.ts'
export { volatilityTarget } from './sizing/volatility-target.ts'

// Execution
export { limitOrders } from './pipeline/execution/limit-orders.ts'
export { marketOrders } from './pipeline/execution/market-orders.ts'

// Safety
export { balance } from './safety/balance.ts'
export { blockerCodes, blockerNeeds, blockerText, blockerUnit } from './safety/blocker-codes.ts'
export type { BlockerCode } from './safety/blocker-codes.ts'
export { botLossLimit } from './safety/bot-loss.ts'
export { breakerDefaults, breakerSettings } from './safety/circuit-breakers.ts'
export type { BreakerId, BreakerOptions, BreakerSettings } from './safety/circuit-breakers.ts'
export { clockSkew } from './safety/clock-skew.ts'
export { consecutiveLosses } from './safety/consecutive-losses.ts'
export { cooldown } from './safety/cooldown.ts'
export { correlationGroup } from './safety/correlation-group.ts'
export { dailyLossLimit } from './safety/daily-loss.ts'
export { dailyTrades } from './safety/daily-trades.ts'
export { drawdownLimit } from './safety/drawdown.ts'
export { emergencyLatch } from './safety/emergency-latch.ts'
export { environmentGate } from './safety/environment-gate.ts'
export { Judge } from './safety/judge.ts'
export type { BlockingRule, JudgeOptions } from './safety/judge.ts'
export { limitPolicy } from './safety/configured-rule.ts'
export type { ConfiguredRule, LimitPolicy, Tighter } from './safety/configured-rule.ts'
export { maxExposure } from './safety/max-exposure.ts'
export { maxOpenPositions } from './safety/max-open-positions.ts'
export { maxPosition } from './safety/max-position.ts'
export { maxTranches } from './safety/max-tranches.ts'
export { minTemperature } from './safety/min-temperature.ts'
export { orderRate } from './safety/order-rate.ts'
export { priceBand } from './safety/price-band.ts'
export { priceStep } from './safety/price-step.ts'
export { spreadLimit } from './safety/spread-limit.ts'
export { staleData } from './safety/stale-data.ts'
export { strictLimits, strictSafety } from './safety/strict-safety.ts'
export { tradeSize } from './safety/trade-size.ts'
export { tradingStateGate } from './safety/trading-state-gate.ts'
export { tradingWindow } from './safety/trading-window.ts'

// Configuration
export { bot } from './config/bot.ts'
export type { BotConfig, BotOptions } from './config/bot.ts'
export { exitBlockingProblems } from './config/bot-config.ts'
export { builtIns } from './config/built-ins.ts'
export type { PluginRegistry } from './config/built-ins.ts'
export { definePlugin } from './config/define-plugin.ts'
export type { PluginDefinition } from './config/define-plugin.ts'
export { isModule } from './config/module-ref.ts'
export type { PluginEntry } from './config/plugin-entry.ts'
export { API_VERSION } from './config/plugin-kinds.ts'
export type { PluginKind, Plugins } from './config/plugin-kinds.ts'
export type { BotChangeReport, BotInForce, BotsInForce } from './contracts/bot-change.ts'
export type { EngineTimings, Timing } from './contracts/timings.ts'
export type { Difference } from './model/differences.ts'
export { accountDefaults, botDefaults } from './config/defaults.ts'
export { botJson, configHash, configJson } from './config/config-json.ts'
export { parseConfig } from './config/parse-config.ts'
export type { AccountConfig, ParsedConfig } from './config/parse-config.ts'

export { checkFeasibility } from './config/feasibility/check-feasibility.ts'
export type { FeasibilityInput, FeasibilityNumbers, FeasibilityOptions, FeasibilityReport } from './config/feasibility/check-feasibility.ts'
export type { BotNumbers } from './config/feasibility/bot-feasibility.ts'
export type { RoundTrip } from './config/feasibility/costs.ts'
export { requestLimits } from './config/feasibility/request-budget.ts'
export type { RequestBudget } from './config/feasibility/request-budget.ts'

// Engine
export { canonicalText } from './engine/canonical.ts'
export { deterministicUuid, sha256Hex } from './engine/hashing.ts'
export { EMPTY_CHAIN, GENESIS, chainHash, checkLink } from './engine/journal/chain.ts'
export type { ChainHead } from './engine/journal/chain.ts'
export { commitPoint } from './engine/journal/commit-point.ts'
export { parseEntry, storedBatch } from './engine/journal/stored-entry.ts'
export type { StoredEntry } from './engine/journal/stored-entry.ts'
export { projectionTables } from './engine/projection-tables.ts'
export { createProjector } from './engine/projector.ts'
export { createAccount } from './runtime/account.ts'
export type { Account, AccountOptions, BotHandle } from './runtime/account.ts'
export { createEngine } from './runtime/create-engine.ts'
export type { EngineOptions } from './runtime/create-engine.ts'
export { computeIndicators, confirm, evaluate, execute, guard, size } from './runtime/operators.ts'
export type { EventMarket } from './runtime/event-market.ts'
export type { Speed } from './runtime/paced.ts'
export { shadowVenue } from './runtime/shadow/shadow-venue.ts'
export type { ShadowSide, ShadowVenue, ShadowedOrder } from './runtime/shadow/shadow-venue.ts'
export type { RecordingHeader } from './runtime/recording/record-run.ts'
export type { RecordingSink } from './runtime/recording/recording-sink.ts'
export { causeTexts, driftCauses } from './runtime/drift/causes.ts'
export type { DriftCause } from './runtime/drift/causes.ts'
export { drift } from './runtime/drift/drift.ts'
export type { DriftBacktest, DriftOfJournalOptions, DriftOfRecordingOptions, DriftOptions } from './runtime/drift/drift-options.ts'
export type { DriftDecision, DriftLine, DriftReport, DriftTrade } from './runtime/drift/drift-report.ts'
export { recordingHeader } from './runtime/recording/recording-reader.ts'
export { replayRecording } from './runtime/recording/replay-recording.ts'
export type { ReplayReport } from './runtime/recording/replay-recording.ts'
export type { ReplayOptions } from './runtime/recording/replay-loop.ts'
export { systemClock } from './runtime/system-clock.ts'
export { jsonLogger } from './runtime/json-logger.ts'
export type { JsonLoggerOptions } from './runtime/json-logger.ts'
export { createRedact, secretsOf } from './runtime/redact.ts'
export type { Redact } from './runtime/redact.ts'
export { consoleNotifier, webhookNotifier } from './runtime/notify/notifiers.ts'
export type { WebhookOptions } from './runtime/notify/notifiers.ts'
export { notifyAbout } from './runtime/notify/notify-about.ts'
export type { NotifyOptions } from './runtime/notify/notify-about.ts'

// Markets and simulation
export { paper } from './simulation/paper.ts'
export type { PaperOptions } from './simulation/paper.ts'
export type { FillModelOptions } from './simulation/simulated-venue/venue-options.ts'
export { createSimulatedVenue } from './simulation/simulated-venue/simulated-venue.ts'
export { coinbaseInstrument, coinbaseProducts } from './simulation/products.ts'
export type { ProductRules } from './simulation/products.ts'
export { simulatedCoins, simulatedMarketParameters } from './simulation/simulated-market/parameters.ts'
export type { SimulatedCoin } from './simulation/simulated-market/parameters.ts'
export { simulatedMarket } from './simulation/simulated-market/simulated-market.ts'
export type { SimulatedMarketOptions } from './simulation/simulated-market/simulated-market.ts'

// Backtest
export { backtest } from './backtest/backtest.ts'
export { accountReport, accountStatistics } from './backtest/report/account-report.ts'
export type { AccountHistory, AccountStatistics } from './backtest/report/account-report.ts'
export { csvText } from './backtest/csv.ts'
export type { EquitySample } from './backtest/equity-recorder.ts'
export type { BacktestOptions, BacktestProgress } from './backtest/options.ts'
export type { SeriesGaps } from './backtest/prepare-candles.ts'
export { rangeMeasuredText } from './backtest/range-measured.ts'
export type { BacktestRange, RangeRun } from './backtest/range.ts'
export type { BacktestResult, ReportOptions } from './backtest/backtest-result.ts'
export type { Breakdown, Slice } from './backtest/statistics/breakdown.ts'
export { drawdownStatistics } from './backtest/statistics/drawdown.ts'
export type { Drawdown, DrawdownStatistics } from './backtest/statistics/drawdown.ts'
export { cagrPercent, periodStatistics } from './backtest/statistics/period-statistics.ts'
export type { PeriodStatistics } from './backtest/statistics/period-statistics.ts'
export type { BacktestStatistics, MonthReturn } from './backtest/statistics/statistics.ts'
export { tradeStatistics } from './backtest/statistics/trade-statistics.ts'
export type { TradeFigures, TradeStatistics } from './backtest/statistics/trade-statistics.ts'
export { runBacktest } from './runtime/run-backtest.ts'
export type { RunBacktestOptions } from './runtime/run-backtest.ts'
export type { CandleSeries } from './backtest/merge-series.ts'

// Search
export { ChunkPacer } from './optimize/chunk-pacer.ts'
export { configTrials, trialConfig } from './optimize/config-trials.ts'
export type { TrialTask } from './optimize/config-trials.ts'
export { datasetIdentity, datasetText } from './optimize/dataset.ts'
export type { DatasetIdentity } from './optimize/dataset.ts'
export { deflatedSharpe } from './optimize/deflated-sharpe.ts'
export type { DeflatedSharpe, DeflatedSharpeInput } from './optimize/deflated-sharpe.ts'
export { foldsOf } from './optimize/folds.ts'
export type { Fold, SplitOptions, TrialWindow } from './optimize/folds.ts'
export { heatMaps } from './optimize/heat-map.ts'
export type { HeatCell, HeatMap } from './optimize/heat-map.ts'
export { inProcessRunner } from './optimize/in-process-runner.ts'
export { monteCarlo } from './optimize/monte-carlo.ts'
export type { MonteCarlo, MonteCarloOptions, Quantiles } from './optimize/monte-carlo.ts'
export { normalProbability, normalQuantile } from './optimize/normal-distribution.ts'
export { objectives, ownObjective } from './optimize/objective.ts'
export type { Objective, ObjectiveName } from './optimize/objective.ts'
export { optimize, sweepIdentity } from './optimize/optimize.ts'
export type { OptimizeOptions, OptimizeProgress } from './optimize/optimize.ts'
export type { FoldResult, OptimizeResult, Verdict as OptimizeVerdict, OutOfSample, RankedTrial, SweepIdentity } from './optimize/optimize-result.ts'
export { optimizeReport } from './optimize/report/optimize-report.ts'
export { parameterRange, parameterSpace, pointValues, valuesText } from './optimize/parameter-space.ts'
export type { Parameter, ParameterSpace, ParameterValue, ParameterValues } from './optimize/parameter-space.ts'
export { gridSearch } from './optimize/search/grid-search.ts'
export { randomSearch } from './optimize/search/random-search.ts'
export type { DrawOptions } from './optimize/search/random-search.ts'
export type { ScoredPoint, Search, SearchPlan } from './optimize/search/search.ts'
export { sequentialSearch } from './optimize/search/sequential-search.ts'
export { screen } from './optimize/screen.ts'
export type { Line, ScreenOptions, ScreenRule, Screened } from './optimize/screen.ts'
export type { SweepHooks, SweepRunner, TrialEvaluator, TrialTrades } from './optimize/sweep-runner.ts'
export type { TrialLog } from './optimize/trial-log.ts'
export { trialMetrics } from './optimize/trial-metrics.ts'
export type { TrialMetrics, TrialOutcome } from './optimize/trial-metrics.ts'
export { withParameters } from './optimize/with-parameters.ts'

// Stores
export { memoryStore } from './stores/memory-store.ts'
export type { MemoryStoreOptions } from './stores/memory-store.ts'
export { createProjectionRows, findTable, sortedByKey, storedRow } from './stores/projection-rows.ts'
export type { ProjectionRows } from './stores/projection-rows.ts'
export { appendFailed, checkIdentity, checkLimit } from './stores/store-rules.ts'
