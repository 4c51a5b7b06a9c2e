import { z } from 'zod'
import type { BotConfig } from '../contracts/bot-config.ts'
import type { FeeRates } from '../contracts/exchange.ts'
import type { SafetyRule } from '../contracts/safety-rule.ts'
import type { Decimal } from 'decimal.js'
import { gradingSchema } from '../ledger/analytics/grade.ts'
import type { Grading } from '../ledger/analytics/grade.ts'
import { bookings } from '../ledger/lots.ts'
import type { Booking } from '../ledger/lots.ts'
import type { Environment } from '../model/environment.ts'
import { ConfigError } from '../model/errors.ts'
import type { ConfigProblem } from '../model/errors.ts'
import type { Json } from '../model/json.ts'
import { money } from '../model/money.ts'
import { problemsOf, shown } from '../model/params.ts'
import { amountSchema, rateSchema } from '../model/value-schemas.ts'
import { breakersSchema } from '../safety/circuit-breakers.ts'
import type { BreakerSettings } from '../safety/circuit-breakers.ts'
import { strictSafety } from '../safety/strict-safety.ts'
import { configuredRules, limitsHash } from '../engine/limits-hash.ts'
import { adoptionProblems } from './bot-problems.ts'
import { exitBlockingProblems } from './bot-config.ts'
import { botIdSchema, instrumentSchema } from './bot-schema.ts'
import { fileShape, presetProblems, resolveFileBot } from './bot-settings.ts'
import { builtIns } from './built-ins.ts'
import type { PluginRegistry } from './built-ins.ts'
import { configHash, configJson } from './config-json.ts'
import { accountDefaults } from './defaults.ts'
import { pluginRef } from './plugin-ref.ts'

/** What all bots of a configuration share: cash, fees and rules. */
export interface AccountConfig {
  /** Starting cash by currency, for paper and backtest. */
  readonly cash: Readonly<Record<string, Decimal>>
  /** What the simulated exchange takes; a real one says its own. */
  readonly fees: FeeRates
  /** Which lots a sale takes from. */
  readonly booking: Booking
  /** How round trips are graded. */
  readonly grading: Grading
  /** Rules for every bot, looked at before the bot's own. */
  readonly safety: readonly SafetyRule[]
  /** Plugin rules that may hold back exits as well. */
  readonly mayBlockExits: readonly string[]
  /** Thresholds of the circuit breakers. */
  readonly breakers: BreakerSettings
}

/** A configuration file as read: plugins made, defaults in place. */
export interface ParsedConfig {
  readonly environment: Environment
  readonly account: AccountConfig
  readonly bots: readonly BotConfig[]
  /** The whole configuration in force as plain data: every number of it. */
  readonly json: Json
  /** SHA-256 of the canonical text of `json`. */
  readonly configHash: string
  /** SHA-256 over every limit of `account` and `bots`: the one that is stored with each order until limits are tightened. */
  readonly limitsHash: string
}

function schemasFor(plugins: PluginRegistry) {
  const safety = pluginRef('a safety rule', plugins.safety)
  const shape = fileShape(plugins)
  const settings = z.strictObject(shape)
  const { retire: _retire, adopt: _adopt, ...common } = shape
  return z.strictObject({
    environment: z.enum(['backtest', 'paper', 'live']).default(accountDefaults.environment),
    account: z
      .strictObject({
        cash: z.record(z.string().regex(/^[A-Z0-9]{1,20}$/, { error: 'a currency such as "USD"' }), amountSchema).default({}),
        fees: z.strictObject({ maker: rateSchema.default(accountDefaults.fees.maker), taker: rateSchema.default(accountDefaults.fees.taker) }).prefault({}),
        booking: z.enum(bookings).default(accountDefaults.booking),
        grading: gradingSchema.prefault({}),
        safety: z.array(safety).max(100).optional(),
        mayBlockExits: z.array(z.string()).max(100).default([]),
        breakers: breakersSchema,
      })
      .prefault({}),
    defaults: z.strictObject(common).prefault({}),
    bots: z
      .array(z.strictObject({ id: botIdSchema, instrument: instrumentSchema, ...settings.shape }))
      .min(1)
      .max(1_000),
  })
}

type FileSettings = z.output<ReturnType<typeof schemasFor>>

/**
 * Reads a bot configuration: the data of a JSON file. Plugins are named (`"cooldown"`, or `{ "use": "cooldown", "params": { "duration": "15m" } }`); `defaults` holds for
 * every bot that does not say otherwise, key by key; a `preset` stands for the strategy and the action threshold it names.
 *
 * @param plugins - what can be named; the library's own if left out
 * @throws ConfigError with every problem: path such as `bots[3].confirm`, expected, received
 * @example
 * ```ts
 * const config = parseConfig({ bots: [{ id: 'btc', instrument: 'BTC-USD', preset: 'balanced' }] })
 * config.environment // => 'paper'
 * config.bots[0]?.actionThreshold // => 0.15
 * ```
 */
export function parseConfig(json: unknown, plugins: PluginRegistry = builtIns): ParsedConfig {
  const schema = schemasFor(plugins)
  const read = schema.safeParse(json)
  if (!read.success) throw new ConfigError(problemsOf(read.error, json, schema))
  const file = read.data
  const account: AccountConfig = {
    cash: Object.fromEntries(Object.entries(file.account.cash).map(([currency, amount]) => [currency, money(amount)])),
    fees: { makerRate: money(file.account.fees.maker), takerRate: money(file.account.fees.taker) },
    booking: file.account.booking,
    grading: file.account.grading,
    safety: file.account.safety?.flat() ?? strictSafety(),
    mayBlockExits: file.account.mayBlockExits,
    breakers: file.account.breakers,
  }
  const problems: ConfigProblem[] = [
    ...identityProblems(file.bots),
    ...adoptionProblems(file.bots),
    ...presetProblems(file.defaults, 'defaults'),
    ...exitBlockingProblems(account.safety, file.account.mayBlockExits, 'account'),
  ]
  const bots = file.bots.flatMap((_, index) => readBot(file, index, problems) ?? [])
  if (problems.length > 0) throw new ConfigError(problems)
  const data = configJson({ environment: file.environment, account, bots })
  return {
    environment: file.environment,
    account,
    bots,
    json: data,
    configHash: configHash(data),
    limitsHash: limitsHash(configuredRules({ accountSafety: account.safety, bots }), account.breakers),
  }
}

/** One bot with the file's defaults under it. */
function readBot(file: FileSettings, index: number, problems: ConfigProblem[]): BotConfig | undefined {
  const read = resolveFileBot(file.bots[index]!, file.defaults, `bots[${index}]`)
  problems.push(...read.problems)
  return read.bot
}

function identityProblems(bots: FileSettings['bots']): ConfigProblem[] {
  const first = new Map<string, number>()
  return bots.flatMap(({ id }, index) => {
    const earlier = first.get(id)
    if (earlier === undefined) {
      first.set(id, index)
      return []
    }
    return [{ path: `bots[${index}].id`, expected: `an id that bots[${earlier}] does not have`, received: shown(id) }]
  })
}
