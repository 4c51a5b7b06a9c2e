import { backtest } from '../backtest/backtest.ts'
import type { BacktestResult } from '../backtest/backtest-result.ts'
import type { CandleSeries } from '../backtest/merge-series.ts'
import type { BacktestOptions } from '../backtest/options.ts'
import { parseConfig } from '../config/parse-config.ts'
import type { PluginRegistry } from '../config/built-ins.ts'
import { ConfigError } from '../model/errors.ts'
import type { GapPolicy } from '../model/gaps.ts'
import type { Json } from '../model/json.ts'
import { resample } from '../model/resample.ts'
import type { TrialWindow } from './folds.ts'
import { parameterSpace, pointValues } from './parameter-space.ts'
import type { Parameter, ParameterSpace, ParameterValues } from './parameter-space.ts'
import type { TrialEvaluator } from './sweep-runner.ts'
import { trialMetrics } from './trial-metrics.ts'
import type { TrialOutcome } from './trial-metrics.ts'
import { withParameters } from './with-parameters.ts'

/** Everything that determines what a trial does, but the candles: plain data that can be sent to another thread or machine. */
export interface TrialTask {
  /** Data of a configuration file. */
  readonly config: Json
  /** Id of the bot whose parameters are searched; it trades alone. */
  readonly bot: string
  readonly parameters: readonly Parameter[]
  readonly seed: number
  readonly gapPolicy: GapPolicy
  /** Length of the candles that orders fill on; the bot's own when left out. */
  readonly detailMs?: number
}

/** Words of a refusal at most. */
const MOST_WORDS = 300

/**
 * Makes trials out of a configuration: each is a backtest of one bot with its parameters set. Starts flat, with the account's cash; the candles before its window warm
 * it up. Combinations that the configuration refuses (a fast period above the slow one) are refused trials.
 *
 * @param series - candles of the bot's instrument, as recorded; longer ones are made of them once
 * @param options - `plugins`: what the configuration can name, the library's own when left out; `instruments`: their rules, those of Coinbase's pairs when left out
 * @throws ConfigError when the parameters make no space
 * @example
 * ```ts
 * const openTimes = Array.from({ length: 200 }, (_, i) => i * MINUTE_MS)
 * const columns = candleColumns(openTimes.map((openTime) => ({ openTime, open: 100, high: 101, low: 99, close: 100, volume: 1 })))
 * const trials = configTrials({
 *   config: { account: { cash: { USD: '1000' } }, bots: [{ id: 'btc', instrument: 'BTC-USD', strategy: 'trend-following' }] },
 *   bot: 'btc',
 *   parameters: [parameterRange('fast', 10, 60, 10)],
 *   seed: 7,
 *   gapPolicy: 'skip',
 * }, [{ instrument: 'BTC-USD', timeframeMs: MINUTE_MS, columns }])
 * const outcome = trials.evaluate(0, { fromMs: 0, toMs: 200 * MINUTE_MS })
 * 'metrics' in outcome && outcome.metrics.returnPercent // => 0
 * 'refused' in trials.evaluate(4, { fromMs: 0, toMs: 200 * MINUTE_MS }) // => true
 * ```
 */
export function configTrials(
  task: TrialTask,
  series: readonly CandleSeries[],
  { plugins, instruments }: { readonly plugins?: PluginRegistry; readonly instruments?: BacktestOptions['instruments'] } = {},
): TrialEvaluator {
  const space = parameterSpace(task.parameters)
  const candlesOf = candleCache(series)
  const run = (point: number, window: TrialWindow): BacktestResult =>
    backtest({
      ...trialOptions(task, space, point, plugins, candlesOf),
      from: window.fromMs,
      to: window.toMs,
      ...(instruments === undefined ? {} : { instruments }),
    })
  return {
    evaluate(point, window): TrialOutcome {
      try {
        return { metrics: trialMetrics(run(point, window)) }
      } catch (error) {
        if (!(error instanceof ConfigError)) throw new Error(`trial ${point}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
        const words = error.problems.map(({ path, expected, received }) => `${path}: expected ${expected}, received ${received}`).join('; ')
        return { refused: words.slice(0, MOST_WORDS) }
      }
    },
    trades(point, window) {
      const { trades, statistics } = run(point, window)
      return { startEquity: statistics.startEquity, pnls: trades.map(({ pnl }) => Number(pnl)) }
    },
  }
}

/**
 * Returns the data of a configuration in which a bot has the parameters of a trial: what to save when one is chosen.
 *
 * @throws ConfigError as {@link withParameters}
 * @example
 * ```ts
 * const config = { bots: [{ id: 'btc', instrument: 'BTC-USD', strategy: 'trend-following' }] }
 * const { bots } = trialConfig({ config, bot: 'btc', parameters: [parameterRange('fast', 10, 30, 10)] }, { fast: 20 })
 * bots.length // => 1
 * ```
 */
export const trialConfig = ({ config, bot }: Pick<TrialTask, 'config' | 'bot' | 'parameters'>, values: ParameterValues) => withParameters(config, bot, values)

function trialOptions(
  task: TrialTask,
  space: ParameterSpace,
  point: number,
  plugins: PluginRegistry | undefined,
  candlesOf: (instrument: string, timeframeMs: number) => CandleSeries,
): BacktestOptions {
  const { bots, account } = parseConfig(withParameters(task.config, task.bot, pointValues(space, point)), plugins)
  const [bot] = bots as [(typeof bots)[number]]
  return {
    bots: [bot],
    candles: [candlesOf(bot.instrument, task.detailMs ?? bot.timeframeMs)],
    ...account,
    seed: task.seed,
    gapPolicy: task.gapPolicy,
  }
}

/** Candles of the length a trial needs, made once from what is given. */
function candleCache(series: readonly CandleSeries[]): (instrument: string, timeframeMs: number) => CandleSeries {
  const made = new Map<string, CandleSeries>()
  return (instrument, timeframeMs) => {
    const name = `${instrument} ${timeframeMs}`
    const known = made.get(name)
    if (known !== undefined) return known
    const source = series.filter((one) => one.instrument === instrument && timeframeMs % one.timeframeMs === 0).sort((a, b) => b.timeframeMs - a.timeframeMs)[0]
    if (source === undefined)
      throw new ConfigError([
        {
          path: 'candles',
          expected: `a series of ${instrument} that candles of ${timeframeMs} ms can be made from`,
          received: series.map((one) => `${one.instrument} ${one.timeframeMs} ms`).join(', '),
        },
      ])
    const { completeToMs } = source
    const candles =
      source.timeframeMs === timeframeMs
        ? source
        : {
            instrument,
            timeframeMs,
            columns: resample(source.columns, source.timeframeMs, timeframeMs, completeToMs === undefined ? {} : { toMs: completeToMs }),
            ...(completeToMs === undefined ? {} : { completeToMs }),
          }
    made.set(name, candles)
    return candles
  }
}
