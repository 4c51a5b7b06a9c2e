import { fillModelOf } from '../../backtest/backtest-run.ts'
import type { CandleSeries } from '../../backtest/merge-series.ts'
import { prepareCandles } from '../../backtest/prepare-candles.ts'
import type { PreparedCandles } from '../../backtest/prepare-candles.ts'
import { ConfigError } from '../../model/errors.ts'
import type { ConfigProblem } from '../../model/errors.ts'
import type { GapPolicy } from '../../model/gaps.ts'
import { currenciesOf } from '../../model/instrument.ts'
import type { Json } from '../../model/json.ts'
import { decimalText, subtract } from '../../model/money.ts'
import type { MoneyInput } from '../../model/money.ts'
import { timeText } from '../../model/time-text.ts'
import type { Duration } from '../../model/time.ts'
import type { FillModelOptions } from '../../simulation/simulated-venue/venue-options.ts'
import type { ReplayOptions } from '../recording/replay-loop.ts'
import { actualRun } from './actual-run.ts'
import type { ActualRun } from './actual-run.ts'
import { driftCauses } from './causes.ts'
import { compareDecisions } from './decisions.ts'
import { driftPage } from './drift-page.ts'
import type { DriftLine, DriftReport } from './drift-report.ts'
import { madeRun } from './made-run.ts'
import type { RunOutcome } from './made-run.ts'
import { readRecordedRun } from './recorded-run.ts'
import type { RecordedRun } from './recorded-run.ts'

/** What a drift report is made of: a recorded run with its plugins, and a backtest of the same bots. The options of the fill model are the backtest's. */
export interface DriftOptions extends ReplayOptions, FillModelOptions {
  /** Lines of the recording, without their ends. */
  readonly recording: Iterable<string>
  /** Candles of the backtest: as for `backtest()`. Those before the start of the run warm the bots up. */
  readonly candles: readonly CandleSeries[]
  /** Money the backtest begins with, by currency; that of the run at its start when left out. */
  readonly cash?: Readonly<Record<string, MoneyInput>>
  /** As for `backtest()`. */
  readonly detail?: Duration
  /** What missing candles do in the backtest; `skip` when left out. */
  readonly gapPolicy?: Exclude<GapPolicy, 'halt'>
  /** The run is taken as it would have gone with this simulated venue instead of its own. */
  readonly shadow?: FillModelOptions
}

/**
 * Explains why a recorded run did not gain what a backtest of the same time says. The backtest is run again and again, each time with one more thing as it really was, in the order
 * of {@link driftCauses}: each line is what the P&L changes by, and the last run is the recorded one itself. What running the recording again does not give stands in
 * `unexplained`.
 *
 * @throws RangeError when the recording is none, was changed, or needs an `exchange`; ConfigError when the candles cannot be used; EngineError `STORE_MISMATCH` when the bots are others than
 * those of the run
 * @example
 * ```ts
 * const lines: string[] = []
 * const bots = [bot({ id: 'sol', instrument: 'SOL-USD', timeframe: '1m', strategy: weightedSignals(), actionThreshold: 0.1, confirm: '1m' })]
 * const exchange = () => paper({ cash: { USD: '1000' }, slippageBps: 10 })
 * const market = simulatedMarket({ seed: 3, until: '2h', speed: 'max', instruments: ['SOL-USD'] })
 * const recording = { write: (line: string) => void lines.push(line), close: () => undefined }
 * const engine = createEngine({ market, exchange: exchange(), bots, environment: 'backtest', recording })
 * await engine.start()
 * await engine.finished
 * const fromMs = parseTime('2025-12-31T00:00Z')
 * const columns = await market.candles({ instrument: 'SOL-USD', timeframeMs: MINUTE_MS, fromMs, toMs: parseTime('2026-01-01T02:00Z') })
 * const candles = [{ instrument: 'SOL-USD', timeframeMs: MINUTE_MS, columns }]
 * const report = drift({ recording: lines, bots, exchange: exchange(), candles, slippageBps: 2 })
 * totalOf([...report.lines.map(({ amount }) => amount), report.unexplained]) === report.drift // => true
 * report.unexplained // => '0'
 * ```
 */
export function drift(options: DriftOptions): DriftReport {
  const { shadow, bots } = options
  const recorded = readRecordedRun(options.recording)
  const { quote } = currenciesOf(bots[0]!.instrument)
  const own = actualRun(recorded, options, shadow)
  const cash = options.cash ?? { [quote]: own.startCash }
  const prepared = preparedFor(options, recorded, cash)
  const setup = {
    bots,
    recorded,
    prepared,
    replay: options,
    model: fillModelOf({ ...options, cash }),
    actual: own.actual,
    actualKeys: own.keys,
    answersApart: recorded.header.exchange === 'real' && shadow === undefined,
  }
  const runs: readonly RunOutcome[] = [...([0, 1, 2, 3, 4, 5, 6] as const).map((step) => madeRun(step, setup)), own]
  const { decisions, same, ...compared } = compareDecisions(runs)
  const lines = driftCauses.map((cause, step): DriftLine => {
    const amount = subtract(runs[step + 1]!.pnl, runs[step]!.pnl)
    const noDecision = decimalText(subtract(amount, compared.amounts[cause]))
    return { cause, amount: decimalText(amount), pnl: decimalText(runs[step + 1]!.pnl), noDecision, decisions: compared.changed[cause] }
  })
  const plain = {
    startMs: recorded.startMs,
    endMs: recorded.endMs,
    quote,
    against: shadow === undefined ? ('recording' as const) : ('shadow' as const),
    backtest: shortOf(runs[0]!),
    actual: { ...shortOf(own), pnl: decimalText(own.recordedPnl) },
    drift: decimalText(subtract(own.recordedPnl, runs[0]!.pnl)),
    lines,
    unexplained: decimalText(subtract(own.recordedPnl, own.pnl)),
    differsAfter: own.differsAfter,
    complete: recorded.end !== undefined,
    same,
    decisions,
    notes: notesOf(options, recorded, own, prepared),
  }
  const report: DriftReport = {
    ...plain,
    toJSON: () => JSON.parse(JSON.stringify(plain)) as Json,
    toHtml: (how = {}) => driftPage(plain, how.title ?? 'Drift'),
  }
  return report
}

const shortOf = ({ pnl, decisions, fills }: RunOutcome): DriftReport['backtest'] => ({ pnl: decimalText(pnl), orders: decisions.size, fills })

function preparedFor(options: DriftOptions, { startMs, endMs }: RecordedRun, cash: Readonly<Record<string, MoneyInput>>): PreparedCandles {
  const { bots, candles, detail, gapPolicy } = options
  const problems: ConfigProblem[] = []
  const more = { ...(detail === undefined ? {} : { detail }), ...(gapPolicy === undefined ? {} : { gapPolicy }) }
  const prepared = prepareCandles({ bots, candles, cash, from: startMs, to: endMs, ...more }, problems)
  if (problems.length > 0) throw new ConfigError(problems)
  return prepared
}

function notesOf({ bots }: DriftOptions, recorded: RecordedRun, own: ActualRun, { series, startMs, gaps }: PreparedCandles): readonly string[] {
  const notes: string[] = []
  for (const { id, instrument, timeframeMs } of bots) {
    const { columns } = series.find((one) => one.instrument === instrument && one.timeframeMs === timeframeMs)!
    const before = columns.openTime.findIndex((openTime) => openTime + timeframeMs > startMs)
    const rows = before === -1 ? columns.length : before
    const wanted = own.preload.get(id)!
    if (rows < wanted) notes.push(`bot ${id}: the data has ${rows} candles before the start, a start loads ${wanted}; what that changes is in the line state`)
  }
  for (const { instrument, missing } of gaps) notes.push(`${instrument}: ${missing} candles of the time are missing in the data`)
  if (recorded.end === undefined) notes.push(`the recording was cut off at ${timeText(recorded.endMs)}: what was gained is taken from running it again`)
  if (own.differsAfter !== undefined)
    notes.push(
      `running the recording again went another way after event ${own.differsAfter} of ${recorded.inputs.length}: with another version, another plugin, or chance in a plugin, only the P&L in its last line is sure`,
    )
  return notes
}
