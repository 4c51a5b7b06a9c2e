import { availableParallelism } from 'node:os'
import { basename } from 'node:path'
import { inProcessRunner, optimize, optimizeReport, sweepIdentity, trialConfig } from '@millrace/core'
import type { OptimizeProgress, OptimizeResult, SweepRunner } from '@millrace/core'
import { tuneForLongRuns } from '@millrace/core/node'
import { exitCodes } from '../exit-codes.ts'
import type { ExitCode } from '../exit-codes.ts'
import { showProgress } from '../run/progress.ts'
import { abortOnStop, onStopSignals } from '../run/stop-signals.ts'
import type { StopParts } from '../run/stop-signals.ts'
import { mustBeWritable, writeAtomically } from '../run/write-atomically.ts'
import { sayLine } from '../terminal.ts'
import type { Terminal } from '../terminal.ts'
import { countText, rateText, waitText } from '../text/format.ts'
import { optimizeText } from './optimize-text.ts'
import type { OptimizeSettings } from './optimize-settings.ts'
import { prepareSweep } from './prepare-sweep.ts'
import type { PreparedSweep } from './prepare-sweep.ts'
import { openSweepFile } from './sweep-file.ts'
import type { SweepFile } from './sweep-file.ts'
import { startWatchdog } from '../watchdog/watchdog.ts'
import { threadRunner } from './thread-runner.ts'
import { TRIAL_LIMIT_MS } from './trial-threads.ts'

/** Makes what runs the trials. */
export type OpenRunner = (prepared: PreparedSweep, say: (line: string) => void) => Promise<SweepRunner>

/** What a search is run with; tests put others in. */
export interface OptimizeParts extends StopParts {
  readonly runner: OpenRunner
}

/** From so many candles of all trials on, telling V8 of a long run pays. */
const LONG_RUN = 5_000_000

/** Candles that all trials together will step, at most. */
function stepsOf({ search, space, folds }: PreparedSweep['options'], { series }: PreparedSweep['work']): number {
  const rows = Math.max(...series.map(({ columns }) => columns.length))
  return folds.reduce((sum, _fold, i) => sum + search.create(space, i).total * rows, 0)
}

/** This process for one thread, else threads: as many as cores when nobody says otherwise, and never more than there are. */
const localRunner =
  ({ threads, trialLimitMs = TRIAL_LIMIT_MS }: Pick<OptimizeSettings, 'threads' | 'trialLimitMs'>): OpenRunner =>
  async ({ options, work, modules }) => {
    if (stepsOf(options, work) >= LONG_RUN) tuneForLongRuns()
    const count = Math.min(threads ?? availableParallelism(), availableParallelism())
    if (count > 1) return threadRunner(work, count, trialLimitMs)
    const runner = inProcessRunner(options.evaluator)
    if (modules.length === 0) return runner
    // Nothing can interrupt a module of one's own in this process: it ends, and says where that was.
    const watchdog = startWatchdog(trialLimitMs)
    return { ...runner, close: () => watchdog.stop() }
  }

/** Searches parameters and writes the results; resolves to the exit code: 3 when there is no winner, when it failed out of sample, and when trials could not be run. */
export async function executeOptimize(settings: OptimizeSettings, terminal: Terminal, others: Partial<OptimizeParts> = {}): Promise<ExitCode> {
  const parts: OptimizeParts = {
    runner: localRunner(settings),
    listenForStop: (exit) => onStopSignals(process, exit),
    exit: (code) => process.exit(code),
    ...others,
  }
  const say = (line: string): void => sayLine(terminal.err, line)
  for (const flag of ['json', 'out', 'html', 'winner'] as const) {
    const path = settings[flag]
    if (typeof path === 'string') mustBeWritable(path, `--${flag}`)
  }
  const prepared = await prepareSweep(settings)
  for (const note of prepared.notes) say(note)
  const file = settings.out === undefined ? undefined : openSweepFile(settings.out, sweepIdentity(prepared.options))
  try {
    if (file !== undefined && file.stored > 0) say(`${settings.out}: going on with ${countText(file.stored)} trials that are done`)
    const result = await stoppable(prepared, file, terminal, parts)
    if (result === undefined) {
      say(
        settings.out === undefined
          ? 'stopped: there is no result, and nothing was kept (--out <file> keeps it)'
          : `stopped: what is done is kept in ${settings.out}; the same command goes on`,
      )
      return exitCodes.refused
    }
    writeResults(settings, prepared, result, terminal)
    const { kind } = result.verdict
    if (kind === 'incomplete' && settings.out !== undefined)
      say(`${settings.out} ends before the first trial that was not run: the same command tries it again`)
    return kind === 'fails' || kind === 'noWinner' || kind === 'incomplete' ? exitCodes.refused : exitCodes.ok
  } finally {
    file?.close()
  }
}

function writeResults(settings: OptimizeSettings, { work }: PreparedSweep, result: OptimizeResult, terminal: Terminal): void {
  const say = (line: string): void => sayLine(terminal.err, line)
  const line = `${JSON.stringify(result)}\n`
  const people = `${optimizeText(result)}\n`
  ;(settings.json === true ? terminal.err : terminal.out).write(people)
  if (typeof settings.json === 'string') writeAtomically(settings.json, line)
  if (settings.json === true) terminal.out.write(line)
  if (settings.html !== undefined) {
    writeAtomically(settings.html, optimizeReport(result, { title: `Search on ${basename(settings.config)}` }))
    say(`report: ${settings.html}`)
  }
  if (settings.winner === undefined) return
  if (result.winner === null) say(`${settings.winner} was not written: there is no winner`)
  else {
    writeAtomically(settings.winner, `${JSON.stringify(trialConfig(work.task, result.winner.values), undefined, 2)}\n`)
    say(`configuration with the winner's parameters: ${settings.winner}`)
  }
}

/** Runs until the end or until somebody stops it. */
async function stoppable(prepared: PreparedSweep, file: SweepFile | undefined, terminal: Terminal, parts: OptimizeParts): Promise<OptimizeResult | undefined> {
  const say = (line: string): void => sayLine(terminal.err, line)
  const stop = abortOnStop(parts, say)
  const progress = showProgress(terminal.err, {})
  const line = progressLine()
  const runner = await parts.runner(prepared, say)
  try {
    const { options, bot } = prepared
    say(`${bot.id}: ${countText(options.space.size)} combinations, ${options.search.id}, by ${options.objective.id}, on ${runner.name}`)
    return await optimize({
      ...options,
      runner,
      ...(file === undefined ? {} : { log: file }),
      signal: stop.signal,
      onProgress: (point) => progress.count(() => line(point)),
    })
  } catch (error) {
    if (stop.signal.aborted) return undefined
    throw error
  } finally {
    progress.end()
    stop.dispose()
    await runner.close()
  }
}

/** Rate and time left, by the trials of this run alone: those of an earlier one took no time. */
function progressLine(nowMs: () => number = () => performance.now()): (point: OptimizeProgress) => string {
  const startedMs = nowMs()
  return ({ done, total, resumed }) => {
    const perSecond = ((done - resumed) * 1000) / Math.max(1, nowMs() - startedMs)
    const left = perSecond > 0 ? `${waitText(((total - done) * 1000) / perSecond)} left` : ''
    return [`${countText(done)} of ${countText(total)} trials`, `${((100 * done) / total).toFixed(0).padStart(3)} %`, `${rateText(perSecond)} trials/s`, left]
      .filter((part) => part !== '')
      .join('  ')
  }
}
