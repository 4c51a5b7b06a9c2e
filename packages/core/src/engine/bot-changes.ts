import type { BotConfig } from '../contracts/bot-config.ts'
import type { PluginRegistry } from '../config/built-ins.ts'
import { editBot, readBot } from '../config/bot-settings.ts'
import { botJson } from '../config/config-json.ts'
import { ConfigError } from '../model/errors.ts'
import type { Json } from '../model/json.ts'
import { canonicalText } from './canonical.ts'
import { sha256Hex } from './hashing.ts'
import type { EntryData } from './journal/entry-data.ts'

/** What was changed of one bot while it ran: as a whole, not step by step. */
export interface BotChange {
  /** The settings of a bot that was added; undefined of a configured one. */
  readonly added?: Json
  /** Of a configured bot: the hash of what was configured when it was edited first. */
  readonly base?: string
  /** Settings that an edit replaced, each as a whole. */
  readonly patch: Settings
  /** What those settings were configured to be; edits of journals before this was written down hold as a whole, by `base`. */
  readonly was?: Settings
}

interface Settings {
  readonly [setting: string]: Json
}

/** SHA-256 over everything that a bot is. */
export const botHash = (bot: BotConfig): string => sha256Hex(canonicalText(botJson(bot)))

/** What is configured of a bot for each of some settings, under the names that a file has for them. */
export function configuredFor(bot: BotConfig, settings: readonly string[]): Settings {
  const { strategy, actionThreshold, timeframeMs, temperatureThresholds, confirmMs, exitFraction, exitBy, safety, ...others } = botJson(bot)
  // The rule that keeps the number of tranches stands last, and is no setting of its own.
  const own = bot.tranches === undefined ? safety : (safety as readonly Json[]).slice(0, -1)
  const named: { readonly [setting: string]: Json | undefined } = {
    ...others,
    strategy,
    actionThreshold,
    preset: { strategy, actionThreshold },
    timeframe: timeframeMs,
    temperature: temperatureThresholds,
    confirm: confirmMs,
    exit: exitBy ?? exitFraction,
    safety: own,
    mayBlockExits: own,
  }
  return Object.fromEntries(settings.map((setting) => [setting, named[setting] ?? null]))
}

/** What the commands `addBot` and `editBot` hold in the journal, and `botsReset`. */
interface Payload {
  readonly settings: Json
  readonly base: string
  readonly was?: Settings
  readonly dropped: readonly Pick<DroppedChange, 'botId' | 'settings'>[]
}

/**
 * Takes a command of the journal into what was changed so far.
 *
 * @returns true when it changes the bot that it is about
 */
export function foldBotChange(changes: Map<string, BotChange>, { kind, payload }: EntryData['command'], botId: string | undefined): boolean {
  const { settings, base, was, dropped } = (payload ?? {}) as unknown as Payload
  if (kind === 'botsReset') for (const each of dropped) forget(changes, each)
  if (botId === undefined || (kind !== 'addBot' && kind !== 'editBot')) return false
  changes.set(botId, kind === 'addBot' ? { added: settings, patch: {} } : withPatch(changes.get(botId), base, settings as Settings, was))
  return true
}

/** Returns a change with another edit on top of it. */
const withPatch = (change: BotChange | undefined, base: string, patch: Settings, was?: Settings): BotChange => ({
  ...(change ?? { base }),
  patch: { ...change?.patch, ...patch },
  ...(change?.was === undefined && was === undefined ? {} : { was: { ...change?.was, ...was } }),
})

function forget(changes: Map<string, BotChange>, { botId, settings }: Pick<DroppedChange, 'botId' | 'settings'>): void {
  const change = changes.get(botId)
  const left = settings === undefined || change === undefined ? undefined : without(change, settings)
  if (left === undefined || Object.keys(left.patch).length === 0) changes.delete(botId)
  else changes.set(botId, left)
}

function without(change: BotChange, settings: readonly string[]): BotChange {
  const others = (of: Settings = {}): Settings => Object.fromEntries(Object.entries(of).filter(([setting]) => !settings.includes(setting)))
  return { ...change, patch: others(change.patch), ...(change.was === undefined ? {} : { was: others(change.was) }) }
}

/** Why a change no longer holds. */
export interface DroppedChange {
  readonly botId: string
  readonly why: string
  /** Of an edit that holds otherwise: the settings that are as configured again. Left out: all. */
  readonly settings?: readonly string[]
}

/**
 * Returns the bots of a start: those configured, each as it was edited while it ran, and those that were added. Where the configuration says something else of a setting than
 * when that was edited, the configuration counts, and so it does when it has an added bot now, or lets another bot adopt it.
 *
 * @param gone - says of an added bot whether it has retired and holds nothing
 * @throws ConfigError when an added bot or an edit cannot be read any more
 */
export function botsInForce(
  configured: readonly BotConfig[],
  changes: ReadonlyMap<string, BotChange>,
  plugins: PluginRegistry,
  gone: (bot: BotConfig) => boolean,
): { readonly bots: readonly BotConfig[]; readonly dropped: readonly DroppedChange[] } {
  const dropped: DroppedChange[] = []
  const drop = (botId: string, why: string, settings?: readonly string[]): void =>
    void dropped.push({ botId, why, ...(settings === undefined ? {} : { settings }) })
  const bots = configured.map((bot) => {
    const change = changes.get(bot.id)
    if (change === undefined) return bot
    if (change.added !== undefined) drop(bot.id, 'it was added while running and is configured now')
    else return editedAsConfigured(bot, change, plugins, drop)
    return bot
  })
  const added: BotConfig[] = []
  for (const [botId, change] of changes) {
    if (configured.some(({ id }) => id === botId)) continue
    if (change.added === undefined) {
      drop(botId, 'it is not configured any more')
      continue
    }
    const bot = edited(
      reading(botId, () => readBot(change.added!, plugins)),
      change,
      plugins,
    )
    const adopter = configured.find(({ adopt }) => adopt === botId)
    if (adopter !== undefined) drop(botId, `${adopter.id} adopts it`)
    else if (gone(bot)) drop(botId, 'it had retired and holds nothing')
    else added.push(bot)
  }
  return { bots: [...bots, ...added], dropped }
}

/** What the configuration did not change keeps its edit; what it did change is as configured. */
function editedAsConfigured(
  bot: BotConfig,
  change: BotChange,
  plugins: PluginRegistry,
  drop: (botId: string, why: string, settings?: readonly string[]) => void,
): BotConfig {
  const settings = Object.keys(change.patch)
  const now = configuredFor(bot, settings)
  const unchanged = change.base === botHash(bot)
  const holds = (setting: string): boolean =>
    change.was?.[setting] === undefined ? unchanged : canonicalText(change.was[setting]) === canonicalText(now[setting]!)
  const left = settings.filter(holds)
  const others = settings.filter((setting) => !left.includes(setting))
  if (unchanged && others.length === 0) return edited(bot, change, plugins)
  try {
    const next = edited(bot, without(change, others), plugins)
    if (others.length > 0)
      drop(bot.id, `the configuration has changed ${others.join(', ')}${left.length === 0 ? '' : `; still edited: ${left.join(', ')}`}`, others)
    return next
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    drop(
      bot.id,
      `the configuration has changed, and with it the edit cannot be: ${error.problems.map(({ path, expected }) => `${path}: expected ${expected}`).join('; ')}`,
    )
    return bot
  }
}

const edited = (bot: BotConfig, { patch }: BotChange, plugins: PluginRegistry): BotConfig =>
  Object.keys(patch).length === 0 ? bot : reading(bot.id, () => editBot(bot, patch, plugins))

/** A bot that holds something must not be left out because its plugin is: that is for a person to decide. */
function reading(botId: string, read: () => BotConfig): BotConfig {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    throw new ConfigError(error.problems.map((problem) => ({ ...problem, path: `${botId}.${problem.path} (changed while running)` })))
  }
}
