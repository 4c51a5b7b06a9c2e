import type { BotConfig } from '../contracts/bot-config.ts'
import type { SafetyRule } from '../contracts/safety-rule.ts'
import type { Strategy } from '../contracts/strategy.ts'
import type { ConfigProblem } from '../model/errors.ts'
import { pathText } from '../model/params.ts'
import { durationText } from '../model/time-text.ts'
import { durationMs } from '../model/time.ts'
import { marketOrders } from '../pipeline/execution/market-orders.ts'
import { maxTranches } from '../safety/max-tranches.ts'
import { temperatureSizing } from '../sizing/temperature-sizing.ts'
import type { BotSettings } from './bot-schema.ts'
import { botDefaults } from './defaults.ts'

export type { BotConfig } from '../contracts/bot-config.ts'

/** Fills in the defaults. `strategy` must be there: its absence is the reader's problem to report. */
export function resolveBot(settings: BotSettings, strategy: Strategy): BotConfig {
  const { retire, adopt, exit = botDefaults.exit } = settings
  const tranches = tranchesOf(settings)
  const rules = (settings.safety ?? []).flat()
  return {
    id: settings.id,
    instrument: settings.instrument,
    timeframeMs: settings.timeframe ?? durationMs(botDefaults.timeframe),
    strategy,
    actionThreshold: settings.actionThreshold ?? botDefaults.actionThreshold,
    temperatureThresholds: settings.temperature ?? botDefaults.temperature,
    confirmMs: settings.confirm ?? durationMs(botDefaults.confirm),
    sizing: settings.sizing ?? temperatureSizing(botDefaults.sizing),
    ...(tranches === undefined ? {} : { tranches }),
    exits: settings.exits ?? [],
    exitFraction: typeof exit === 'number' ? exit : 1,
    ...(typeof exit === 'number' ? {} : { exitBy: exit.by }),
    safety: tranches === undefined ? rules : [...rules, maxTranches(tranches.max)],
    execution: settings.execution ?? marketOrders(),
    on: settings.on ?? botDefaults.on,
    ...(retire === undefined ? {} : { retire }),
    ...(adopt === undefined ? {} : { adopt }),
  }
}

/** Returns a problem when the bot's candles cannot feed its strategy: an hour is not made of whole candles of seven minutes. */
export function timeframeProblems({ strategy, timeframeMs }: BotConfig, path: string): ConfigProblem[] {
  try {
    strategy.create(timeframeMs)
    return []
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return [
      {
        path: pathText(path, ['strategy']),
        expected: `a strategy that can be made for candles of ${durationText(timeframeMs)} (${why})`,
        received: strategy.id,
      },
    ]
  }
}

function tranchesOf({ tranches }: BotSettings): BotConfig['tranches'] {
  if (tranches === undefined) return undefined
  return tranches.plan === undefined ? { max: tranches.max } : { max: tranches.max, plan: tranches.plan }
}

/**
 * Returns a problem for every plugin rule (its code starts with `x-`) that applies to exits without being named in `mayBlockExits`: nobody's exit is blocked by
 * surprise.
 *
 * @example
 * ```ts
 * const rule: SafetyRule = { apiVersion: 1, id: 'x-hold', code: 'x-hold', appliesTo: 'all', check: () => undefined }
 * exitBlockingProblems([rule], [], 'account').map(({ path }) => path) // => ['account.safety[0]']
 * exitBlockingProblems([rule], ['x-hold'], 'account') // => []
 * ```
 */
export function exitBlockingProblems(rules: readonly SafetyRule[], mayBlockExits: readonly string[], path: string): ConfigProblem[] {
  return rules.flatMap((rule, index) =>
    rule.appliesTo === 'all' && rule.code.startsWith('x-') && !mayBlockExits.includes(rule.id)
      ? [
          {
            path: pathText(path, ['safety', index]),
            expected: `a rule for entries, or its id ${JSON.stringify(rule.id)} in mayBlockExits`,
            received: `${rule.id} with appliesTo "all"`,
          },
        ]
      : [],
  )
}
