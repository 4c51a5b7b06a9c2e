import { dirname, resolve } from 'node:path'
import {
  ConfigError,
  configHash,
  datasetIdentity,
  durationMs,
  foldsOf,
  gridSearch,
  parameterSpace,
  parseConfig,
  pointValues,
  randomSearch,
  sequentialSearch,
  timeText,
  withParameters,
} from '@millrace/core'
import type { BotConfig, Duration, Json, OptimizeOptions, Parameter, SearchPlan, TrialTask, TrialWindow } from '@millrace/core'
import { readConfig, readConfigData } from '../config/read-config.ts'
import type { ReadConfig } from '../config/read-config.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'
import { backtestSource } from '../run/backtest-source.ts'
import type { BacktestSource } from '../run/backtest-source.ts'
import { codeVersion } from './code-version.ts'
import { loadObjective } from './load-objective.ts'
import type { OptimizeSettings } from './optimize-settings.ts'
import { trialsOf } from './trial-work.ts'
import type { TrialWork } from './trial-work.ts'

/** A search that is ready to run: what it does, and what threads and other machines need for it. */
export interface PreparedSweep {
  readonly options: OptimizeOptions
  readonly work: TrialWork
  readonly bot: BotConfig
  /** Modules that the configuration names, with the hash of each. */
  readonly modules: readonly { readonly specifier: string; readonly sha256: string }[]
  /** What a person should know of the data. */
  readonly notes: readonly string[]
}

/**
 * Reads configuration and candles, and puts a search together.
 *
 * @throws CliError with the exit code of what is wrong
 */
export async function prepareSweep(settings: OptimizeSettings): Promise<PreparedSweep> {
  const override = settings.timeframeMs === undefined ? {} : { timeframeMs: settings.timeframeMs }
  const config = await readConfig(settings.config, override)
  if (config.environment === 'live') throw new CliError(exitCodes.refused, 'the configuration says environment live: set it to paper or backtest')
  const bot = chosenBot(config, settings.bot)
  const task: TrialTask = {
    config: readConfigData(settings.config, override) as Json,
    bot: bot.id,
    parameters: settings.parameters,
    seed: settings.seed,
    gapPolicy: settings.gapPolicy,
    ...(settings.detailMs === undefined ? {} : { detailMs: settings.detailMs }),
  }
  const space = asConfig(settings, () => parameterSpace(settings.parameters))
  mustHavePlaces(task, config)
  const timeframes = timeframesOf(bot, settings.parameters)
  const source = await backtestSource(
    settings,
    timeframes.map((timeframeMs) => ({ ...bot, timeframeMs })),
  )
  const work: TrialWork = { task, series: source.candles, folder: dirname(resolve(settings.config)) }
  const range = rangeOf(settings, source)
  const modules = config.modules.map(({ specifier, sha256 }) => ({ specifier, sha256 }))
  const options: OptimizeOptions = {
    space,
    evaluator: await trialsOf(work),
    search: searchOf(settings),
    objective: await loadObjective(settings.objective),
    folds: asConfig(settings, () => foldsOf(range, Math.max(...timeframes), settings)),
    minRoundTrips: settings.minRoundTrips,
    seed: settings.seed,
    datasets: source.candles.map(datasetIdentity),
    configHash: configHash({ task: task as unknown as Json, modules }),
    codeVersion: codeVersion(),
  }
  return { options, work, bot, modules, notes: [`market: ${source.text}`, ...range.notes.map((note) => `  ${note}`)] }
}

function chosenBot({ bots }: ReadConfig, id: string | undefined): BotConfig {
  if (id === undefined && bots.length === 1) return bots[0]!
  const found = bots.find((bot) => bot.id === id)
  if (found !== undefined) return found
  const known = bots.map((bot) => bot.id).join(', ')
  throw new CliError(exitCodes.usage, id === undefined ? `--bot <id> is needed: one of ${known}` : `--bot: expected one of ${known}, received ${id}`)
}

/** A parameter without a place would refuse every trial: that is a wrong command, not a search without a winner. */
function mustHavePlaces(task: TrialTask, { plugins }: ReadConfig): void {
  const space = parameterSpace(task.parameters)
  try {
    parseConfig(withParameters(task.config, task.bot, pointValues(space, 0)), plugins)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const missing = error.problems.filter(({ path, expected }) => expected.startsWith('no such key') || path.startsWith('param '))
    if (missing.length > 0)
      throw new CliError(
        exitCodes.usage,
        missing.map(({ path, expected, received }) => `--param: ${path}: expected ${expected}, received ${received}`).join('\n'),
      )
  }
}

function timeframesOf(bot: BotConfig, parameters: readonly Parameter[]): readonly number[] {
  const tried = parameters.find(({ name }) => name === 'timeframe')
  if (tried === undefined) return [bot.timeframeMs]
  try {
    return tried.values.map((value) => durationMs(value as Duration))
  } catch (error) {
    if (error instanceof RangeError) throw new CliError(exitCodes.usage, `--param timeframe: ${error.message}`, { cause: error })
    throw error
  }
}

function searchOf({ search, trials, seed }: OptimizeSettings): SearchPlan {
  switch (search) {
    case 'grid':
      return gridSearch()
    case 'random':
      return randomSearch({ trials, seed })
    case 'sequential':
      return sequentialSearch({ trials, seed })
  }
}

interface Range extends TrialWindow {
  readonly notes: readonly string[]
}

/** The time asked for, as far as there are candles: what lies outside of them can be neither trained on nor judged. */
function rangeOf({ fromMs = -Infinity, toMs = Infinity, data }: OptimizeSettings, { candles, notes }: Pick<BacktestSource, 'candles' | 'notes'>): Range {
  const ends = candles.flatMap(({ columns, timeframeMs, completeToMs }) =>
    columns.length === 0 ? [] : [{ from: columns.openTime[0]!, to: completeToMs ?? columns.openTime[columns.length - 1]! + timeframeMs }],
  )
  const [first, last] = [Math.min(...ends.map(({ from }) => from)), Math.max(...ends.map(({ to }) => to))]
  const range = { fromMs: Math.max(fromMs, first), toMs: Math.min(toMs, last) }
  if (!(range.fromMs < range.toMs)) throw new CliError(exitCodes.refused, `${data}: there are no candles for this bot in the time asked for`)
  const cut = (fromMs > -Infinity && fromMs < first) || (toMs < Infinity && toMs > last)
  const note = `the candles go from ${timeText(first)} to ${timeText(last)}: the rest of the time asked for is left out`
  return { ...range, notes: cut ? [...notes, note] : notes }
}

function asConfig<T>({ data }: OptimizeSettings, make: () => T): T {
  try {
    return make()
  } catch (error) {
    if (error instanceof ConfigError)
      throw new CliError(
        exitCodes.usage,
        error.problems.map(({ path, expected, received }) => `${path}: expected ${expected}, received ${received} (${data})`).join('\n'),
        { cause: error },
      )
    throw error
  }
}
