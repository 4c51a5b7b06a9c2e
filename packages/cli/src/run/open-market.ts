import { ConfigError, simulatedMarket } from '@millrace/core'
import type { BotConfig, MarketSource } from '@millrace/core'
import { replayMarket } from '@millrace/core/node'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'
import type { RunSettings } from './settings.ts'

const notBuilt = 'the Coinbase adapter is not built yet'

/**
 * Opens the market that the flags name, for the pairs and timeframes of the bots.
 *
 * @throws CliError exit code 3 when it is not available or has nothing for these bots
 */
export async function openMarket(settings: RunSettings, bots: readonly BotConfig[]): Promise<MarketSource> {
  try {
    switch (settings.market) {
      case 'auto':
        return withNote(simulated(settings, bots), `market auto: ${notBuilt}, so Coinbase's public data cannot be had; the simulated market is used instead`)
      case 'simulated':
        return simulated(settings, bots)
      case 'replay':
        return await replay(settings, bots)
      case 'coinbase':
        throw new CliError(exitCodes.refused, `--market coinbase: ${notBuilt}; use --market simulated, or --market replay --data <dir>`)
    }
  } catch (error) {
    if (error instanceof ConfigError)
      throw new CliError(
        exitCodes.refused,
        `--market ${settings.market}: ${error.problems.map((p) => `expected ${p.expected}, received ${p.received}`).join('; ')}`,
        { cause: error },
      )
    // A folder or file that cannot be read. Programmer's errors are subclasses and stay what they are.
    if (error instanceof Error && error.name === 'Error')
      throw new CliError(exitCodes.refused, `--market ${settings.market}: ${error.message}`, { cause: error })
    throw error
  }
}

const instrumentsOf = (bots: readonly BotConfig[]): readonly string[] => [...new Set(bots.map((bot) => bot.instrument))]

function simulated({ seed, speed, untilMs }: RunSettings, bots: readonly BotConfig[]): MarketSource {
  return simulatedMarket({ seed, speed, instruments: instrumentsOf(bots), ...(untilMs === undefined ? {} : { until: untilMs }) })
}

function replay({ data, speed, fromMs, toMs, untilMs, gapPolicy }: RunSettings, bots: readonly BotConfig[]): Promise<MarketSource> {
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
