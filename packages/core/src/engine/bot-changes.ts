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
  readonly patch: { readonly [key: string]: Json }
}

/** SHA-256 over everything that a bot is. */
export const botHash = (bot: BotConfig): string => sha256Hex(canonicalText(botJson(bot)))

/** What the commands `addBot` and `editBot` hold in the journal, and `botsReset`. */
interface Payload {
  readonly settings: Json
  readonly base: string
  readonly dropped: readonly { readonly botId: string }[]
}

/**
 * Takes a command of the journal into what was changed so far.
 *
 * @returns true when it changes the bot that it is about
 */
export function foldBotChange(changes: Map<string, BotChange>, { kind, payload }: EntryData['command'], botId: string | undefined): boolean {
  const { settings, base, dropped } = (payload ?? {}) as unknown as Payload
  if (kind === 'botsReset') for (const each of dropped) changes.delete(each.botId)
  if (botId === undefined || (kind !== 'addBot' && kind !== 'editBot')) return false
  changes.set(botId, kind === 'addBot' ? { added: settings, patch: {} } : withPatch(changes.get(botId), base, settings))
  return true
}

/** Returns a change with another edit on top of it. */
const withPatch = (change: BotChange | undefined, base: string, patch: Json): BotChange => ({
  ...(change ?? { base }),
  patch: { ...change?.patch, ...(patch as BotChange['patch']) },
})

/** Why a change no longer holds. */
export interface DroppedChange {
  readonly botId: string
  readonly why: string
}

/**
 * Returns the bots of a start: those configured, each as it was edited while it ran, and those that were added. A configuration that says something else of a bot than when
 * it was edited counts, and so does one that has an added bot now, or lets another bot adopt it.
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
  const drop = (botId: string, why: string): void => void dropped.push({ botId, why })
  const bots = configured.map((bot) => {
    const change = changes.get(bot.id)
    if (change === undefined) return bot
    if (change.added !== undefined) drop(bot.id, 'it was added while running and is configured now')
    else if (change.base !== botHash(bot)) drop(bot.id, 'it is configured otherwise than when it was edited')
    else return edited(bot, change, plugins)
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
