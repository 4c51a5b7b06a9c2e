import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { coinbase, loadCredentials } from '@millrace/coinbase-adapter'
import type { Coinbase, CoinbaseExchange, CoinbaseMarket } from '@millrace/coinbase-adapter'
import { runVenueSimulator } from '@millrace/coinbase-adapter/simulator'
import { decimalText } from '@millrace/core'
import type { ParsedConfig, SafetyRule } from '@millrace/core'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'
import { rehearsalSafety } from './rehearsal-safety.ts'
import type { RunSettings } from './settings.ts'

/** A venue for real orders: Coinbase, or its simulator on this machine. */
export interface OpenVenue {
  readonly market: CoinbaseMarket
  readonly exchange: CoinbaseExchange
  /** Rules of the account; a rehearsal adds the one that lets live entries pass. */
  readonly safety: readonly SafetyRule[]
  /** What a person should read before the first order. */
  readonly lines: readonly string[]
  readonly close: () => Promise<void>
}

/** What a run needs to open a venue; tests put others in. */
export interface VenueParts {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly connect: (options: Parameters<typeof coinbase>[0] & { readonly credentials: { readonly keyName: string; readonly secret: string } }) => Coinbase
}

const realParts: VenueParts = { env: process.env, connect: (options) => coinbase(options) }

/**
 * Opens Coinbase for real orders. It takes three things, and says which is missing: a configuration with `environment: live`, the flag `--live`, and a key that may
 * view and trade and nothing else.
 *
 * @throws CliError exit code 3 when one of them is missing
 */
export async function openLive(settings: RunSettings, config: ParsedConfig, { env, connect }: VenueParts = realParts): Promise<OpenVenue> {
  if (config.environment !== 'live') throw missing(`the configuration says environment ${config.environment}: real orders need "environment": "live" in it`)
  if (!settings.live) throw missing('the flag --live is not given')
  const credentials = refusing(() => loadCredentials({ env, ...(settings.keyFile === undefined ? {} : { file: settings.keyFile }) }))
  if (credentials === undefined) throw missing('there is no key: set COINBASE_KEY_FILE, or COINBASE_KEY_NAME and COINBASE_KEY_SECRET, or say --key-file <file>')
  const until = settings.untilMs === undefined ? {} : { until: settings.untilMs }
  const { market, exchange } = refusing(() => connect({ credentials, instruments: config.bots.map((bot) => bot.instrument), ...until }))
  const close = async (): Promise<void> => {
    await exchange.close()
    await market.close()
  }
  try {
    const { portfolioUuid } = await exchange.checkKey()
    return {
      ...{ market, exchange, safety: config.account.safety, close },
      lines: [
        'LIVE: real orders on Coinbase Advanced Trade, with real money',
        `the key may view and trade, not transfer; portfolio ${portfolioUuid ?? 'unknown'}`,
      ],
    }
  } catch (error) {
    await close()
    throw missing(error instanceof Error ? error.message : String(error), error)
  }
}

/** Opens a venue on this machine that speaks Coinbase's protocol, keys, tokens and all, with the configuration's cash: the whole live path, and no money. */
export async function openRehearsal(settings: RunSettings, config: ParsedConfig): Promise<OpenVenue> {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-rehearsal-'))
  const accounts = Object.fromEntries(Object.entries(config.account.cash).map(([currency, amount]) => [currency, decimalText(amount)]))
  const { makerRate, takerRate } = config.account.fees
  const lines: string[] = []
  const { venue, keyFile } = await runVenueSimulator({
    ...{ seed: settings.seed, directory, accounts, fees: { maker: decimalText(makerRate), taker: decimalText(takerRate) } },
    print: (line) => lines.push(`  ${line}`),
  })
  const credentials = loadCredentials({ env: {}, file: keyFile })!
  const baseUrls = { rest: venue.restUrl, marketSocket: venue.socketUrl, userSocket: venue.userSocketUrl }
  const until = settings.untilMs === undefined ? {} : { until: settings.untilMs }
  const { market, exchange } = coinbase({ baseUrls, credentials, instruments: config.bots.map((bot) => bot.instrument), ...until })
  const close = async (): Promise<void> => {
    await exchange.close()
    await market.close()
    await venue.close()
    rmSync(directory, { recursive: true, force: true })
  }
  try {
    await exchange.checkKey()
  } catch (error) {
    await close()
    throw error
  }
  return {
    market,
    exchange,
    safety: rehearsalSafety(config.account),
    lines: ['REHEARSAL: the live path with keys and tokens, against a venue on this machine; no money anywhere', ...lines],
    close,
  }
}

/** What is wrong with a key is the reader's to mend, not a failure of the program. */
function refusing<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw missing(error instanceof Error ? error.message : String(error), error)
  }
}

const missing = (why: string, cause?: unknown): CliError => new CliError(exitCodes.refused, `--exchange coinbase: ${why}`, { cause })
