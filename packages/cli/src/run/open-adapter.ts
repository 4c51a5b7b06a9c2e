import { ConfigError } from '@millrace/core'
import type { AdapterRequest, Exchange, MarketSource, ParsedConfig } from '@millrace/core'
import { loadAdapter } from '@millrace/core/node'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'
import { environmentOf } from './settings.ts'
import type { ModuleName, RunSettings } from './settings.ts'

/**
 * Opens the market of a module that `--market` names; paths are seen from the working directory.
 *
 * @throws CliError exit code 3 when it cannot be loaded or opened
 */
export const openModuleMarket = (name: ModuleName, settings: RunSettings, config: ParsedConfig): Promise<MarketSource> =>
  refusing(`--market ${name}`, async () => {
    const adapter = await loadAdapter(name, 'market', '.')
    const market: unknown = await adapter.openMarket!(requestOf(settings, config))
    return checked<MarketSource>('a market', market, ['instruments', 'candles', 'stream', 'describe', 'close'])
  })

/**
 * Opens the venue of a module that `--exchange` names. Real orders take a configuration that says live, besides the flag.
 *
 * @throws CliError exit code 3 when it cannot be loaded or opened, or when the configuration is not meant for it
 */
export const openModuleExchange = (name: ModuleName, settings: RunSettings, config: ParsedConfig): Promise<Exchange> =>
  refusing(`--exchange ${name}`, async () => {
    if (config.environment !== 'live') throw new Error(`the configuration says environment ${config.environment}: real orders need "environment": "live" in it`)
    const adapter = await loadAdapter(name, 'exchange', '.')
    const exchange = checked<Exchange>('an exchange', await adapter.openExchange!(requestOf(settings, config)), [
      ...['instruments', 'submit', 'cancel', 'order', 'liveOrders', 'fills', 'balances', 'feeRates', 'events', 'close'],
    ])
    if (exchange.environment === 'live') return exchange
    await exchange.close()
    throw new Error(`expected an exchange of environment live, received ${exchange.environment}: orders on paper are what --exchange paper is for`)
  })

const requestOf = (settings: RunSettings, { bots, account: { cash, fees } }: ParsedConfig): AdapterRequest => ({
  instruments: [...new Set(bots.map((bot) => bot.instrument))],
  timeframesMs: [...new Set(bots.map((bot) => bot.timeframeMs))],
  environment: environmentOf(settings),
  ...{ cash, fees, seed: settings.seed, untilMs: settings.untilMs },
})

function checked<T>(what: string, opened: unknown, methods: readonly string[]): T {
  const members = (opened ?? {}) as Readonly<Record<string, unknown>>
  const missing = typeof members['id'] === 'string' ? methods.find((method) => typeof members[method] !== 'function') : 'id'
  if (missing === undefined) return opened as T
  throw new Error(`expected ${what}, received something with no ${missing}`)
}

/** The venue, the network and the module's author are all outside: whatever fails there is a refusal with their words. */
async function refusing<T>(what: string, open: () => Promise<T>): Promise<T> {
  try {
    return await open()
  } catch (error) {
    if (error instanceof CliError) throw error
    const why =
      error instanceof ConfigError
        ? error.problems.map(({ expected, received }) => `expected ${expected}, received ${received}`).join('; ')
        : error instanceof Error
          ? error.message
          : String(error)
    throw new CliError(exitCodes.refused, `${what}: ${why}`, { cause: error })
  }
}
