import { z } from 'zod'
import type { BotConfig } from '../contracts/bot-config.ts'
import type { ExecutionStyle } from '../contracts/execution-style.ts'
import type { ExitRule } from '../contracts/exit-rule.ts'
import type { SafetyRule } from '../contracts/safety-rule.ts'
import type { Sizer } from '../contracts/sizer.ts'
import type { TranchePlan } from '../contracts/tranche-plan.ts'
import type { Strategy } from '../contracts/strategy.ts'
import { ConfigError } from '../model/errors.ts'
import { problemsOf } from '../model/params.ts'
import type { TemperatureThresholds } from '../model/temperature.ts'
import type { Duration } from '../model/time.ts'
import { exitBlockingProblems, resolveBot, timeframeProblems } from './bot-config.ts'
import { botIdSchema, botShape, instrumentSchema } from './bot-schema.ts'
import { contractProblem, kindText } from './plugin-kinds.ts'
import type { PluginKind, Plugins } from './plugin-kinds.ts'

export type { BotConfig } from '../contracts/bot-config.ts'

/** What `bot()` takes; what is left out comes from `botDefaults`. */
export interface BotOptions {
  /** 1 to 40 of a-z, 0-9 and -. */
  readonly id: string
  /** Base and quote, as in `BTC-USD`. */
  readonly instrument: string
  readonly strategy: Strategy
  /** Length of the candles it acts on; default 1m. */
  readonly timeframe?: Duration
  /** Smallest |score| that decides a direction, above 0, at most 1; default 0.15. */
  readonly actionThreshold?: number
  /** Smallest |score| of each temperature, rising; default 0.05, 0.15, 0.3. */
  readonly temperature?: TemperatureThresholds
  /** How long a direction must hold; default 5m, 0 = not at all. */
  readonly confirm?: Duration
  /** Default `temperatureSizing({ base: 10, min: 5, max: 25 })`. */
  readonly sizing?: Sizer
  /** At most this many entries (1 or more) in one position; adds the `maxTranches` rule. With a `plan` the sizer's amount is that of the whole position. */
  readonly tranches?: { readonly max: number; readonly plan?: TranchePlan }
  /** Rules that close the position whatever the strategy thinks; none by default. */
  readonly exits?: readonly ExitRule[]
  /** What a signal exit sells: a share of the position, above 0, at most 1, or its oldest tranche; default 1. */
  readonly exit?: number | { readonly by: 'tranche' }
  /** The bot's own rules, besides the account's. */
  readonly safety?: readonly (SafetyRule | readonly SafetyRule[])[]
  /** Ids of plugin rules that may block exits. */
  readonly mayBlockExits?: readonly string[]
  /** Default `marketOrders()`. */
  readonly execution?: ExecutionStyle
  /** When it evaluates: on closed candles (default) or also while they form. */
  readonly on?: 'close' | 'update'
  /** True: exits only, then nothing more. */
  readonly retire?: boolean
  /** Id of a bot that is no longer configured: this one takes over its position, orders and counters at the next start. */
  readonly adopt?: string
}

/** A schema for a plugin given as an object. */
const plugin = <K extends PluginKind>(kind: K): z.ZodType<Plugins[K]> =>
  z.custom<Plugins[K]>((value) => contractProblem(kind, value) === undefined, { error: `${kindText[kind]} with apiVersion 1 (call its factory first)` })

const strategy = plugin('strategy')

const botOptionsSchema = z.strictObject({
  id: botIdSchema,
  instrument: instrumentSchema,
  ...botShape({
    strategy,
    exit: plugin('exit'),
    sizing: plugin('sizer'),
    tranchePlan: plugin('tranchePlan'),
    safety: plugin('safety').transform((value) => [value].flat() as readonly SafetyRule[]),
    execution: plugin('execution'),
  }),
  strategy,
})

/** The keys of {@link BotOptions}, for tools and tests. */
export const botOptionKeys: readonly string[] = Object.keys(botOptionsSchema.shape)

/**
 * Makes one bot from code: checks every option and fills in the defaults.
 *
 * @throws ConfigError with every problem: path, expected, received
 * @example
 * ```ts
 * const btc = bot({ id: 'btc', instrument: 'BTC-USD', timeframe: '5m', strategy: weightedSignals(), safety: [cooldown('15m')] })
 * btc.timeframeMs // => 300000
 * btc.confirmMs // => 300000
 * ```
 */
export function bot(options: BotOptions): BotConfig {
  const read = botOptionsSchema.safeParse(options)
  if (!read.success) throw new ConfigError(problemsOf(read.error, options, botOptionsSchema))
  const config = resolveBot(read.data, read.data.strategy)
  const problems = [...timeframeProblems(config, ''), ...exitBlockingProblems(config.safety, read.data.mayBlockExits ?? [], '')]
  if (problems.length > 0) throw new ConfigError(problems)
  return config
}
