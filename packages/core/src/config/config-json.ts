import type { Decimal } from 'decimal.js'
import type { BotConfig } from '../contracts/bot-config.ts'
import type { FeeRates } from '../contracts/exchange.ts'
import { canonicalText } from '../engine/canonical.ts'
import { sha256Hex } from '../engine/hashing.ts'
import type { Grading } from '../ledger/analytics/grade.ts'
import type { Booking } from '../ledger/lots.ts'
import type { Environment } from '../model/environment.ts'
import type { SafetyRule } from '../contracts/safety-rule.ts'
import type { BreakerSettings } from '../safety/circuit-breakers.ts'
import type { Json } from '../model/json.ts'
import { decimalText } from '../model/money.ts'

/** What {@link configJson} writes down. */
export interface ConfigParts {
  readonly environment: Environment
  readonly account: {
    readonly cash: Readonly<Record<string, Decimal>>
    readonly fees: FeeRates
    readonly booking: Booking
    readonly grading: Grading
    readonly safety: readonly SafetyRule[]
    readonly breakers: BreakerSettings
  }
  readonly bots: readonly BotConfig[]
}

/**
 * Returns a configuration as plain data, every number of it: what is printed, journalled and hashed. A plugin shows its id and, when it has them, its `params`.
 *
 * @example
 * ```ts
 * const { environment, account, bots, json } = parseConfig({ bots: [{ id: 'btc', instrument: 'BTC-USD', preset: 'balanced' }] })
 * JSON.stringify(configJson({ environment, account, bots })) === JSON.stringify(json) // => true
 * ```
 */
export function configJson({ environment, account, bots }: ConfigParts): Json {
  return {
    environment,
    account: {
      cash: Object.fromEntries(Object.entries(account.cash).map(([currency, amount]) => [currency, decimalText(amount)])),
      fees: { maker: decimalText(account.fees.makerRate), taker: decimalText(account.fees.takerRate) },
      booking: account.booking,
      grading: account.grading,
      safety: account.safety.map(pluginJson),
      breakers: account.breakers,
    },
    bots: bots.map(botJson),
  }
}

/**
 * Returns one bot as plain data; the keys are those of {@link BotConfig}.
 *
 * @example
 * ```ts
 * botJson(bot({ id: 'btc', instrument: 'BTC-USD', strategy: weightedSignals() })).confirmMs // => 300000
 * ```
 */
export function botJson(bot: BotConfig): { readonly [K in keyof BotConfig]: Json } {
  const { id, instrument, timeframeMs, actionThreshold, confirmMs, exitFraction, exitBy, on, tranches, retire, adopt } = bot
  return {
    id,
    instrument,
    timeframeMs,
    strategy: pluginJson(bot.strategy),
    actionThreshold,
    temperatureThresholds: { ...bot.temperatureThresholds },
    confirmMs,
    sizing: pluginJson(bot.sizing),
    ...(tranches === undefined ? {} : { tranches: { max: tranches.max, ...(tranches.plan === undefined ? {} : { plan: pluginJson(tranches.plan) }) } }),
    exits: bot.exits.map(pluginJson),
    exitFraction,
    ...(exitBy === undefined ? {} : { exitBy }),
    safety: bot.safety.map(pluginJson),
    execution: pluginJson(bot.execution),
    on,
    ...(retire === undefined ? {} : { retire }),
    ...(adopt === undefined ? {} : { adopt }),
  }
}

/**
 * Returns the SHA-256 of the canonical text of a configuration, 64 hex digits.
 *
 * @example
 * ```ts
 * configHash({ a: 1, b: 2 }) === configHash({ b: 2, a: 1 }) // => true
 * ```
 */
export const configHash = (config: Json): string => sha256Hex(canonicalText(config))

/** Returns a plugin as plain data: its id and, when it has them, its parameters. */
export const pluginJson = (plugin: { readonly id: string; readonly params?: Json }): Json =>
  plugin.params === undefined ? { id: plugin.id } : { id: plugin.id, params: plugin.params }
