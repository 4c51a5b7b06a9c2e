import { statSync } from 'node:fs'
import type { CoinbaseMarketOptions } from '@millrace/coinbase-adapter'
import { ConfigError, simulatedMarket } from '@millrace/core'
import type { BotConfig, MarketSource, ParsedConfig } from '@millrace/core'
import { replayMarket } from '@millrace/core/node'
import type { ReplayMarket } from '@millrace/core/node'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'
import { openModuleMarket } from './open-adapter.ts'
import { isModuleName } from './settings.ts'
import type { RunSettings } from './settings.ts'

/** Makes Coinbase's market; tests put another one in. */
export type OpenCoinbase = (options: CoinbaseMarketOptions) => MarketSource

/** `auto` waits this long for Coinbase before it takes the simulated market. */
const PATIENCE_MS = 5_000

/**
 * Opens the market that the flags name, for the pairs and timeframes of the bots.
 *
 * @throws CliError exit code 3 when it is not available or has nothing for these bots
 */
export async function openMarket(settings: RunSettings, config: ParsedConfig, openCoinbase: OpenCoinbase): Promise<MarketSource> {
  const { market } = settings
  const { bots } = config
  if (isModuleName(market)) return openModuleMarket(market, settings, config)
  return refusing(`--market ${market}`, async () => {
    switch (market) {
      case 'auto':
        return coinbaseOrSimulated(settings, bots, openCoinbase)
      case 'simulated':
        return simulated(settings)
      case 'replay':
        return replay(settings, bots)
      case 'coinbase':
        return coinbase(settings, openCoinbase)
    }
  })
}

/**
 * Opens the recorded candles of a backtest.
 *
 * @throws CliError exit code 3 when there are none for these bots
 */
export const openReplay = (
  { data, fromMs, toMs, gapPolicy }: Pick<RunSettings, 'fromMs' | 'toMs' | 'gapPolicy'> & { readonly data: string },
  bots: readonly Pick<BotConfig, 'instrument' | 'timeframeMs'>[],
  detailMs: number | undefined,
): Promise<ReplayMarket> =>
  refusing('--data', async () => {
    mustBeFolder(data)
    const timeframes = [...new Set([...bots.map((bot) => bot.timeframeMs), ...(detailMs === undefined ? [] : [detailMs])])]
    return replayMarket({
      dir: data,
      instruments: instrumentsOf(bots),
      timeframes,
      gapPolicy,
      ...(fromMs === undefined ? {} : { from: fromMs }),
      ...(toMs === undefined ? {} : { to: toMs }),
    })
  })

function mustBeFolder(data: string): void {
  const found = statSync(data, { throwIfNoEntry: false })
  if (found?.isDirectory() !== true)
    throw new CliError(exitCodes.refused, `--data: expected a folder of candle files, received ${found === undefined ? 'nothing at' : 'a file:'} ${data}`)
}

/** Says of an expected failure which market it was. */
async function refusing<T>(what: string, open: () => Promise<T>): Promise<T> {
  try {
    return await open()
  } catch (error) {
    if (error instanceof ConfigError)
      throw new CliError(exitCodes.refused, `${what}: ${error.problems.map((p) => `expected ${p.expected}, received ${p.received}`).join('; ')}`, {
        cause: error,
      })
    // A folder, a file or a venue that cannot be read. Programmer's errors are subclasses and stay what they are.
    if (error instanceof Error && (error.name === 'Error' || error.name === 'CoinbaseError'))
      throw new CliError(exitCodes.refused, `${what}: ${error.message}`, { cause: error })
    throw error
  }
}

const instrumentsOf = (bots: readonly Pick<BotConfig, 'instrument'>[]): readonly string[] => [...new Set(bots.map((bot) => bot.instrument))]

/** With every coin there is: a bot may be added while it runs. */
function simulated({ seed, speed, untilMs }: RunSettings): MarketSource {
  return simulatedMarket({ seed, speed, ...(untilMs === undefined ? {} : { until: untilMs }) })
}

/** Opens Coinbase and asks it for its products once, so that a venue that is away is known before anything starts. */
async function coinbase({ venueUrl, untilMs }: RunSettings, open: OpenCoinbase): Promise<MarketSource> {
  const market = open({
    ...(untilMs === undefined ? {} : { until: untilMs }),
    ...(venueUrl === undefined ? {} : { baseUrl: venueUrl, socketUrl: venueUrl.replace(/^http/, 'ws') }),
  })
  try {
    await market.instruments()
    return market
  } catch (error) {
    await market.close()
    throw error
  }
}

async function coinbaseOrSimulated(settings: RunSettings, bots: readonly BotConfig[], open: OpenCoinbase): Promise<MarketSource> {
  if (settings.speed !== 1) return withNote(simulated(settings), `market auto: Coinbase has no --speed ${settings.speed}; the simulated market is used instead`)
  let opened: MarketSource | undefined
  const attempt = coinbase(settings, (options) => (opened = open(options)))
  const { promise: tooLong, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    // What the attempt says to its end has been said already.
    attempt.catch(() => undefined)
    void opened?.close()
    reject(new Error(`no answer within ${PATIENCE_MS / 1000} s`))
  }, PATIENCE_MS)
  try {
    return await Promise.race([attempt, tooLong])
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return withNote(simulated(settings), `market auto: Coinbase's public data cannot be had (${reason}); the simulated market is used instead`)
  } finally {
    clearTimeout(timer)
  }
}

function replay({ data, speed, fromMs, toMs, untilMs, gapPolicy }: RunSettings, bots: readonly BotConfig[]): Promise<MarketSource> {
  mustBeFolder(data ?? '')
  const endMs = Math.min(toMs ?? Infinity, fromMs !== undefined && untilMs !== undefined ? fromMs + untilMs : Infinity)
  return replayMarket({
    dir: data ?? '',
    instruments: instrumentsOf(bots),
    timeframes: [...new Set(bots.map((bot) => bot.timeframeMs))],
    speed,
    gapPolicy,
    ...(fromMs === undefined ? {} : { from: fromMs }),
    ...(endMs === Infinity ? {} : { to: endMs }),
  })
}

/** The same market, with one more thing that a person should know of it. */
const withNote = (market: MarketSource, note: string): MarketSource => ({
  ...market,
  describe() {
    const description = market.describe()
    return { ...description, notes: [note, ...description.notes] }
  },
})
