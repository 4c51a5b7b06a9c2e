import type { BotConfig } from '../contracts/bot-config.ts'
import type { FillRecord } from '../contracts/engine.ts'
import type { RunSummary } from '../contracts/run-summary.ts'
import type { SafetyRule } from '../contracts/safety-rule.ts'
import { EventLoop } from '../engine/event-loop.ts'
import { canonicalText } from '../engine/canonical.ts'
import { deterministicUuid, sha256Hex } from '../engine/hashing.ts'
import { TradingKernel } from '../engine/kernel.ts'
import { fillRecord } from '../engine/settle.ts'
import { venueState } from '../engine/venue-state.ts'
import { botProblems } from '../config/bot-problems.ts'
import { configOf } from '../config/config-of.ts'
import { accountDefaults } from '../config/defaults.ts'
import { runSummary } from '../engine/run-summary.ts'
import { gradingSchema } from '../ledger/analytics/grade.ts'
import type { GradingOptions } from '../ledger/analytics/grade.ts'
import { parseParams } from '../model/params.ts'
import type { Booking } from '../ledger/lots.ts'
import type { Decision, RecordMode } from '../model/decision.ts'
import { ConfigError } from '../model/errors.ts'
import type { ConfigProblem } from '../model/errors.ts'
import { currenciesOf } from '../model/instrument.ts'
import type { Instrument } from '../model/instrument.ts'
import type { MoneyInput } from '../model/money.ts'
import type { EpochMs } from '../model/time.ts'
import { paper } from '../simulation/paper.ts'
import { coinbaseInstrument } from '../simulation/products.ts'
import type { FillModelOptions } from '../simulation/simulated-venue/venue-options.ts'
import { breakerSettings } from '../safety/circuit-breakers.ts'
import type { BreakerOptions } from '../safety/circuit-breakers.ts'
import { strictSafety } from '../safety/strict-safety.ts'
import { forEachCandle } from './merge-series.ts'
import type { CandleSeries } from './merge-series.ts'

/** What a backtest runs and on which candles. */
export interface BacktestOptions extends FillModelOptions {
  readonly bots: readonly BotConfig[]
  /** Closed candles, one series for each instrument and timeframe that a bot trades; bots start cold. */
  readonly candles: readonly CandleSeries[]
  /** Starting balances by currency. */
  readonly cash: Readonly<Record<string, MoneyInput>>
  /** Which lots a sale takes from; `fifo` when left out. */
  readonly booking?: Booking
  /** Thresholds of the circuit breakers; `breakerDefaults` when left out. */
  readonly breakers?: BreakerOptions
  /** How round trips are graded; what is left out is as in `defaultGrading`. */
  readonly grading?: GradingOptions
  /** Rules for every bot; `strictSafety()` when left out. */
  readonly safety?: readonly (SafetyRule | readonly SafetyRule[])[]
  /** Ids of plugin rules with `appliesTo: 'all'` that may hold back exits as well. */
  readonly mayBlockExits?: readonly string[]
  /** Product rules; those of Coinbase's pairs when left out. */
  readonly instruments?: readonly Instrument[]
  /** Materialise decisions: none when left out, because that costs more than deciding. */
  readonly record?: RecordMode
  /** Tells wall time in ms, for `summary.engineMs`; 0 when left out, because nothing in here reads a clock. */
  readonly wallMs?: () => number
}

/** What a backtest amounts to. */
export interface BacktestResult {
  readonly summary: RunSummary
  /** Every own fill, oldest first. */
  readonly fills: readonly FillRecord[]
  /** As `record` asks. */
  readonly decisions: readonly Decision[]
  /** Fast hash over levels and fills: the same input gives the same hash. */
  readonly hash: string
}

/**
 * Runs bots over recorded candles: the same kernel and venue as paper, synchronously, without a store. Orders fill on the
 * next candle's open, never on the candle that made the signal.
 *
 * @throws ConfigError with every problem found
 * @example
 * ```ts
 * const candles = candleColumns([0, 60000].map((openTime) => ({ openTime, open: 100, high: 101, low: 99, close: 100, volume: 1 })))
 * const { summary } = backtest({
 *   bots: [bot({ id: 'btc', instrument: 'BTC-USD', timeframe: '1m', strategy: weightedSignals() })],
 *   candles: [{ instrument: 'BTC-USD', timeframeMs: MINUTE_MS, columns: candles }],
 *   cash: { USD: '1000' },
 * })
 * summary.candles // => 2
 * ```
 */
export function backtest(options: BacktestOptions): BacktestResult {
  const instruments = options.instruments ?? instrumentsOf(options.bots)
  const safety = (options.safety ?? [strictSafety()]).flat()
  const problems = [...botProblems(options.bots, safety, options.mayBlockExits ?? []), ...candleProblems(options, instruments)]
  if (problems.length > 0) throw new ConfigError(problems)
  const grading = parseParams(gradingSchema, options.grading ?? {}, 'grading')
  const breakers = breakerSettings(options.breakers)
  const config = configOf(options.bots, safety, { booking: options.booking, grading, breakers })
  const configHash = sha256Hex(canonicalText(config))
  const kernel = new TradingKernel({
    environment: 'backtest',
    bots: options.bots,
    quoteCurrency: currenciesOf(options.bots[0]!.instrument).quote,
    accountSafety: safety,
    storeId: deterministicUuid('backtest', configHash),
    configHash,
    booking: options.booking ?? accountDefaults.booking,
    grading,
    record: options.record ?? 'changes',
    staleMs: 30_000,
    breakers,
    instruments,
    journal: false,
  })
  const {
    bots: _bots,
    candles,
    safety: _safety,
    instruments: _instruments,
    mayBlockExits: _mayBlockExits,
    booking: _booking,
    breakers: _breakers,
    grading: _grading,
    record,
    wallMs: _wallMs,
    ...exchangeOptions
  } = options
  const exchange = paper(exchangeOptions)
  const venue = exchange.venue(instruments)
  const fills: FillRecord[] = []
  const decisions: Decision[] = []
  let orders = 0
  const loop = new EventLoop(kernel, venue, {
    commit: () => true,
    order: (order) => {
      if (order.state === 'intent') orders++
    },
    fill: (result, order) => {
      fills.push(fillRecord(result, order))
    },
  })
  if (record !== undefined)
    loop.decision = (decision) => {
      decisions.push(decision)
    }
  open(kernel, loop, exchange.startingCash, startOf(candles))
  venue.resume(venueState(kernel))
  let taken = 0
  const { wallMs = () => 0 } = options
  const startedAt = wallMs()
  forEachCandle(candles, (event) => {
    taken++
    loop.market(event, event.atMs)
  })
  kernel.close(loop)
  const engineMs = wallMs() - startedAt
  return { summary: runSummary(kernel, { candles: taken, orders, fills: fills.length, engineMs }), fills, decisions, hash: kernel.hash }
}

function open(kernel: TradingKernel, loop: EventLoop, cash: ReturnType<typeof paper>['startingCash'], startMs: EpochMs): void {
  kernel.begin(startMs, loop)
  for (const [currency, amount] of Object.entries(cash)) kernel.record('adjustment', undefined, { kind: 'deposit', currency, amount, reason: 'starting cash' })
  kernel.openDay()
  kernel.refresh()
  kernel.state.gateOpen = true
  loop.finishStep(startMs)
}

const startOf = (candles: readonly CandleSeries[]): EpochMs =>
  Math.min(...candles.map(({ columns }) => (columns.length > 0 ? columns.openTime[0]! : Number.POSITIVE_INFINITY))) as EpochMs

const instrumentsOf = (bots: readonly BotConfig[]): readonly Instrument[] =>
  [...new Set(bots.map((bot) => bot.instrument))].flatMap((id) => coinbaseInstrument(id) ?? [])

function candleProblems(options: BacktestOptions, instruments: readonly Instrument[]): ConfigProblem[] {
  const problems: ConfigProblem[] = []
  if (options.candles.every(({ columns }) => columns.length === 0)) problems.push({ path: 'candles', expected: 'at least one candle', received: 'none' })
  options.bots.forEach((bot, i) => {
    if (!instruments.some(({ id }) => id === bot.instrument))
      problems.push({ path: `bots[${i}].instrument`, expected: "an instrument whose rules are known; give others in 'instruments'", received: bot.instrument })
    if (!options.candles.some(({ instrument, timeframeMs }) => instrument === bot.instrument && timeframeMs === bot.timeframeMs))
      problems.push({
        path: 'candles',
        expected: `a series of ${bot.instrument} with timeframe ${bot.timeframeMs} ms for bot ${bot.id}`,
        received: options.candles.map(({ instrument, timeframeMs }) => `${instrument} ${timeframeMs} ms`).join(', ') || 'none',
      })
  })
  for (const { instrument, timeframeMs, columns } of options.candles) {
    for (let row = 1; row < columns.length; row++) {
      if (columns.openTime[row]! > columns.openTime[row - 1]!) continue
      problems.push({
        path: `candles ${instrument} ${timeframeMs} ms, row ${row}`,
        expected: 'a time after the row before',
        received: String(columns.openTime[row]),
      })
      break
    }
  }
  return problems
}
