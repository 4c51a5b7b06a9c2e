import { z } from 'zod'
import type { BotConfig } from '../contracts/bot-config.ts'
import { canonicalText } from '../engine/canonical.ts'
import { ConfigError } from '../model/errors.ts'
import type { ConfigProblem } from '../model/errors.ts'
import type { Json } from '../model/json.ts'
import { problemsOf, shown } from '../model/params.ts'
import { presets } from '../strategies/weighted-signals/presets.ts'
import type { PresetName } from '../strategies/weighted-signals/presets.ts'
import { weightedSignals } from '../strategies/weighted-signals/weighted-signals.ts'
import { exitBlockingProblems, resolveBot, timeframeProblems } from './bot-config.ts'
import { botIdSchema, botShape, instrumentSchema } from './bot-schema.ts'
import type { PluginRegistry } from './built-ins.ts'
import { pluginRef } from './plugin-ref.ts'

/** A registry that names nothing: bots of code alone. */
export const noPlugins: PluginRegistry = { strategies: {}, exits: {}, sizing: {}, tranchePlans: {}, safety: {}, execution: {} }

const presetNames = Object.keys(presets) as [PresetName, ...PresetName[]]

/** Every key that a bot may have in a file, but its id and instrument: plugins by name. */
export const fileShape = (plugins: PluginRegistry) => ({
  ...botShape({
    strategy: pluginRef('a strategy', plugins.strategies),
    exit: pluginRef('an exit rule', plugins.exits),
    sizing: pluginRef('a sizer', plugins.sizing),
    tranchePlan: pluginRef('a tranche plan', plugins.tranchePlans),
    safety: pluginRef('a safety rule', plugins.safety),
    execution: pluginRef('an execution style', plugins.execution),
  }),
  preset: z.enum(presetNames).optional(),
})

const wholeBot = (plugins: PluginRegistry) => z.strictObject({ id: botIdSchema, instrument: instrumentSchema, ...fileShape(plugins) })

/** One bot of a file, as read. */
export type FileBot = z.output<ReturnType<typeof wholeBot>>
/** The same without id and instrument. */
export type FileSettings = Omit<FileBot, 'id' | 'instrument'>

/** What was given, with the strategy and the action threshold that a preset names under it. */
function withPreset(settings: FileSettings): FileSettings {
  const given = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as FileSettings
  if (settings.preset === undefined) return given
  const { actionThreshold, params } = presets[settings.preset]
  return { strategy: weightedSignals(params), actionThreshold, ...given }
}

/** A preset's name beside other numbers than its own would be a wrong label. */
export function presetProblems({ preset, strategy, actionThreshold }: FileSettings, path: string): ConfigProblem[] {
  if (preset === undefined) return []
  const named = presets[preset]
  const at = (key: string): string => (path === '' ? key : `${path}.${key}`)
  const problem = (key: string, wanted: Json, received: Json): ConfigProblem[] =>
    canonicalText(wanted) === canonicalText(received)
      ? []
      : [{ path: at(key), expected: `what the preset ${shown(preset)} says (${shown(wanted)}), or no preset`, received: shown(received) }]
  return [
    ...(strategy === undefined
      ? []
      : [...problem('strategy.use', 'weighted-signals', strategy.id), ...problem('strategy.params', named.params, strategy.params)]),
    ...(actionThreshold === undefined ? [] : problem('actionThreshold', named.actionThreshold, actionThreshold)),
  ]
}

/** One bot with defaults under it. A preset is weaker than a value beside it and stronger than a default. */
export function resolveFileBot(own: FileBot, defaults: FileSettings, path: string): { readonly bot?: BotConfig; readonly problems: readonly ConfigProblem[] } {
  const settings = { ...withPreset(defaults), ...withPreset(own) }
  const at = (key: string): string => (path === '' ? key : `${path}.${key}`)
  const problems = presetProblems(own, path)
  if (settings.strategy === undefined)
    return { problems: [...problems, { path: at('strategy'), expected: 'a strategy or a preset, here or in defaults', received: 'nothing' }] }
  const bot = resolveBot({ ...settings, id: own.id, instrument: own.instrument }, settings.strategy)
  return { bot, problems: [...problems, ...timeframeProblems(bot, path), ...exitBlockingProblems(bot.safety, settings.mayBlockExits ?? [], path)] }
}

/**
 * Reads one bot from data, as it stands in the list `bots` of a configuration file.
 *
 * @throws ConfigError with every problem: path, expected, received
 */
export function readBot(data: Json, plugins: PluginRegistry): BotConfig {
  const schema = wholeBot(plugins)
  const read = schema.safeParse(data)
  if (!read.success) throw new ConfigError(problemsOf(read.error, data, schema))
  const { bot, problems } = resolveFileBot(read.data, {}, '')
  if (bot === undefined || problems.length > 0) throw new ConfigError(problems)
  return bot
}

/** What an edit cannot change, and why. */
const fixed: Readonly<Record<string, string>> = {
  id: 'no id: a bot keeps its own',
  instrument: 'no instrument: a position stays where it is; give another instrument a bot of its own',
  adopt: 'no adopt: a bot takes over another at a start',
}

/**
 * Returns a bot with some of its settings replaced, each as a whole, as they would stand in a file.
 *
 * @throws ConfigError with every problem: path, expected, received
 */
export function editBot(bot: BotConfig, patch: Json, plugins: PluginRegistry): BotConfig {
  const { adopt: _adopt, ...shape } = fileShape(plugins)
  const schema = z.strictObject(shape)
  const read = schema.safeParse(patch)
  if (!read.success)
    throw new ConfigError(problemsOf(read.error, patch, schema).map((problem) => ({ ...problem, expected: fixed[problem.path] ?? problem.expected })))
  const problems = presetProblems(read.data, '')
  const { strategy = bot.strategy, ...settings } = withPreset(read.data)
  const next = resolveBot({ ...settingsOf(bot), ...settings, id: bot.id, instrument: bot.instrument }, strategy)
  problems.push(...timeframeProblems(next, ''))
  if (settings.safety !== undefined) problems.push(...exitBlockingProblems(next.safety, settings.mayBlockExits ?? [], ''))
  if (problems.length > 0) throw new ConfigError(problems)
  return next
}

/** A bot as the settings that it is made from. */
function settingsOf(bot: BotConfig): Omit<Parameters<typeof resolveBot>[0], 'id' | 'instrument'> {
  const { tranches } = bot
  return {
    timeframe: bot.timeframeMs,
    actionThreshold: bot.actionThreshold,
    temperature: bot.temperatureThresholds,
    confirm: bot.confirmMs,
    sizing: bot.sizing,
    ...(tranches === undefined ? {} : { tranches }),
    exits: [...bot.exits],
    exit: bot.exitBy === undefined ? bot.exitFraction : { by: bot.exitBy },
    // The rule that keeps the number of tranches stands last and is made again.
    safety: [tranches === undefined ? bot.safety : bot.safety.slice(0, -1)],
    execution: bot.execution,
    on: bot.on,
    ...(bot.retire === undefined ? {} : { retire: bot.retire }),
    ...(bot.adopt === undefined ? {} : { adopt: bot.adopt }),
  }
}
