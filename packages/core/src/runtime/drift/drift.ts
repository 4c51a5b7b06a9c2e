import { fillModelOf } from '../../backtest/backtest-run.ts'
import type { PreparedCandles } from '../../backtest/prepare-candles.ts'
import { currenciesOf } from '../../model/instrument.ts'
import { timeText } from '../../model/time-text.ts'
import { actualRun } from './actual-run.ts'
import type { ActualRun } from './actual-run.ts'
import { driftOfJournal } from './drift-of-journal.ts'
import type { DriftOfRecordingOptions, DriftOptions } from './drift-options.ts'
import type { DriftReport } from './drift-report.ts'
import { madeRun } from './made-run.ts'
import type { RunOutcome } from './made-run.ts'
import { makeReport } from './make-report.ts'
import { dataNotes, preparedFor } from './prepared-for.ts'
import { readRecordedRun } from './recorded-run.ts'
import type { RecordedRun } from './recorded-run.ts'

/**
 * Explains why a run did not gain what a backtest of the same time says. The backtest is run again and again, each time with one more thing as it really was, in the order
 * of {@link driftCauses}: each line is what the P&L changes by, and the last run is the recorded one itself. What running the recording again does not give stands in
 * `unexplained`. A journal holds neither prices nor when they came: with one in the place of a recording, orders, commands and money are put in, and `unexplained` is what that leaves.
 *
 * @throws RangeError when the recording is none, was changed, or needs an `exchange`, or the journal has no two valuations; ConfigError when the candles cannot be used; EngineError `STORE_MISMATCH` when the bots are others than
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
export const drift = (options: DriftOptions): DriftReport => ('journal' in options ? driftOfJournal(options) : driftOfRecording(options))

function driftOfRecording(options: DriftOfRecordingOptions): DriftReport {
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
  return makeReport({
    startMs: recorded.startMs,
    endMs: recorded.endMs,
    quote,
    against: shadow === undefined ? 'recording' : 'shadow',
    runs,
    actual: { pnl: own.recordedPnl, orders: own.decisions.size, fills: own.fills },
    undecided: [],
    differsAfter: own.differsAfter,
    complete: recorded.end !== undefined,
    notes: notesOf(options, recorded, own, prepared),
  })
}

function notesOf(options: DriftOfRecordingOptions, recorded: RecordedRun, own: ActualRun, prepared: PreparedCandles): readonly string[] {
  const notes = [...dataNotes(options, prepared, own.preload)]
  for (const instrument of new Set(options.bots.map((bot) => bot.instrument)))
    if (!own.prices.has(instrument))
      notes.push(`${instrument}: the run saw no price of it; its coins count for nothing, so what was bought or sold of it looks lost or won`)
  if (recorded.end === undefined) notes.push(`the recording was cut off at ${timeText(recorded.endMs)}: what was gained is taken from running it again`)
  if (own.differsAfter !== undefined)
    notes.push(
      `running the recording again went another way after event ${own.differsAfter} of ${recorded.inputs.length}: with another version, another plugin, or chance in a plugin, only the P&L in its last line is sure`,
    )
  return notes
}
