import { basename } from 'node:path'
import { ConfigError, currenciesOf, durationText, runBacktest } from '@millrace/core'
import { tuneForLongRuns } from '@millrace/core/node'
import type { BacktestResult, BotConfig, CandleSeries, ParsedConfig, RunBacktestOptions } from '@millrace/core'
import { warningLines } from '../config/feasibility-text.ts'
import { possible } from '../config/possible.ts'
import { moduleLines, readConfig } from '../config/read-config.ts'
import { exitCodes } from '../exit-codes.ts'
import type { ExitCode } from '../exit-codes.ts'
import { CliError } from '../failures.ts'
import { sayLine } from '../terminal.ts'
import type { Terminal } from '../terminal.ts'
import { backtestReport, backtestText } from './backtest-report.ts'
import type { BacktestSettings } from './backtest-settings.ts'
import { backtestSource } from './backtest-source.ts'
import type { BacktestSource } from './backtest-source.ts'
import { showProgress } from './progress.ts'
import { startWatchdog } from '../watchdog/watchdog.ts'
import type { StartWatchdog } from '../watchdog/watchdog.ts'
import { abortOnStop, onStopSignals } from './stop-signals.ts'
import type { StopParts } from './stop-signals.ts'
import { mustBeWritable, writeAtomically } from './write-atomically.ts'

/** Up to so many evaluations a report holds every decision; beyond, those that changed something. */
const ALL_DECISIONS = 12_000
/** From so many on the compiler's longer work is worth it. */
const LONG_RUN = 5_000_000

/** What a backtest is made with; tests put others in. */
export interface BacktestParts extends StopParts {
  readonly startWatchdog: StartWatchdog
}

const realParts: BacktestParts = { listenForStop: (exit) => onStopSignals(process, exit), exit: (code) => process.exit(code), startWatchdog }

/** Runs the bots of a configuration through recorded candles and writes the results; resolves to the exit code. */
export async function executeBacktest(settings: BacktestSettings, terminal: Terminal, others: Partial<BacktestParts> = {}): Promise<ExitCode> {
  const parts = { ...realParts, ...others }
  const startedMs = performance.now()
  const say = (line: string): void => sayLine(terminal.err, line)
  for (const flag of ['json', 'html', 'trades', 'equity'] as const) {
    const path = settings[flag]
    if (typeof path === 'string') mustBeWritable(path, `--${flag}`)
  }
  const config = await readConfig(settings.config, settings.timeframeMs === undefined ? {} : { timeframeMs: settings.timeframeMs })
  if (config.environment === 'live') throw new CliError(exitCodes.refused, 'the configuration says environment live: set it to paper or backtest')
  const source = await backtestSource(settings, config.bots)
  for (const warning of warningLines(possible(settings.config, config, source.instruments).warnings)) say(warning)
  say(`${config.bots.length} ${config.bots.length === 1 ? 'bot' : 'bots'} from ${basename(settings.config)}; environment backtest: as fast as possible`)
  for (const line of moduleLines(config.modules)) say(line)
  say(`market: ${source.text}`)
  for (const note of source.notes) say(`  ${note}`)
  if (evaluationsOf(source.candles, config.bots, settings) >= LONG_RUN) tuneForLongRuns()
  const result = await runStoppable(settings, config, optionsOf(settings, config, source), terminal, parts)
  if (result === undefined) return exitCodes.refused
  const report = backtestReport(result, { settings, wallMs: performance.now() - startedMs })
  const quote = currenciesOf(config.bots[0]!.instrument).quote
  if (settings.html !== undefined) writeAtomically(settings.html, result.toHtml({ title: `Backtest of ${basename(settings.config)}` }))
  if (settings.trades !== undefined) writeAtomically(settings.trades, result.toCsv('trades'))
  if (settings.equity !== undefined) writeAtomically(settings.equity, result.toCsv('equity'))
  const line = `${JSON.stringify(report)}\n`
  if (typeof settings.json === 'string') writeAtomically(settings.json, line)
  const people = `\n${backtestText(report, quote)}\n`
  ;(settings.json === false ? terminal.out : terminal.err).write(people)
  if (settings.json === true) terminal.out.write(line)
  if (settings.html !== undefined) say(`report: ${settings.html}`)
  if (result.halted === undefined) return exitCodes.ok
  say(`the market ended early, so the result covers only a part: ${result.halted}`)
  return exitCodes.refused
}

function optionsOf(settings: BacktestSettings, { bots, account }: ParsedConfig, { candles, instruments }: BacktestSource): RunBacktestOptions {
  return {
    bots,
    candles,
    instruments,
    ...account,
    seed: settings.seed,
    gapPolicy: settings.gapPolicy,
    detail: playedDetail(settings.detailMs, bots),
    ...settings.fillModel,
    range: settings.range,
    ...(settings.html === undefined ? {} : { record: evaluationsOf(candles, bots, settings) <= ALL_DECISIONS ? 'all' : 'changes' }),
    ...(settings.fromMs === undefined ? {} : { from: settings.fromMs }),
    ...(settings.toMs === undefined ? {} : { to: settings.toMs }),
  }
}

/** Evaluations to be expected, without looking at gaps. */
function evaluationsOf(candles: readonly CandleSeries[], bots: readonly BotConfig[], { fromMs = -Infinity, toMs = Infinity }: BacktestSettings): number {
  let count = 0
  for (const bot of bots) {
    const { columns, timeframeMs } = candles.find(({ instrument }) => instrument === bot.instrument)!
    const rows = columns.openTime.filter((ms) => ms >= fromMs && ms < toMs).length
    count += (rows * timeframeMs) / bot.timeframeMs
  }
  return count
}

/** What fills and exits look at: the longest candles that every bot's own can be made from, unless others are wanted. */
export const playedDetail = (wantedMs: number | undefined, bots: readonly BotConfig[]): number =>
  wantedMs ?? bots.map(({ timeframeMs }) => timeframeMs).reduce(greatestDivisor)

const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b))

/** Runs until the end or until somebody stops it; then there is no result, because a part of one would pass for the whole. */
async function runStoppable(
  settings: BacktestSettings,
  { bots }: ParsedConfig,
  options: RunBacktestOptions,
  terminal: Terminal,
  parts: BacktestParts,
): Promise<BacktestResult | undefined> {
  const say = (line: string): void => sayLine(terminal.err, line)
  const stop = abortOnStop(parts, say)
  const watchdog = parts.startWatchdog(settings.watchdogMs)
  let progress: ReturnType<typeof showProgress> | undefined
  try {
    return await runBacktest({
      ...options,
      signal: stop.signal,
      onProgress({ atMs, share, candleBotsPerSecond = 0, leftMs = 0 }) {
        progress ??= showProgress(terminal.err, {})
        progress.show({ nowMs: atMs, share, candleBotsPerSecond, leftMs })
      },
    })
  } catch (error) {
    if (stop.signal.aborted) {
      say(`${String(stop.signal.reason)}: stopped, there is no result`)
      return undefined
    }
    if (error instanceof ConfigError && settings.detailMs !== undefined && error.problems.some(({ path }) => path === 'detail' || path === 'candles'))
      throw new CliError(exitCodes.refused, `--detail ${durationText(settings.detailMs)}: ${error.message}`, { cause: error })
    if (error instanceof ConfigError) throw new CliError(exitCodes.refused, `${settings.data}: ${error.message} (${bots.length} bots)`, { cause: error })
    throw error
  } finally {
    progress?.end()
    stop.dispose()
    await watchdog.stop()
  }
}
