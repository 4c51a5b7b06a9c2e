import { botJson } from '../config/config-json.ts'
import type { BotInForce } from '../contracts/bot-change.ts'
import { botHash } from './bot-changes.ts'
import { canonicalText } from './canonical.ts'
import { sha256Hex } from './hashing.ts'
import type { KernelState } from './kernel-state.ts'

/** The hash of the configuration as it is now: the configured one until a bot is added or edited. */
export function configHashInForce({ settings, durable, bots }: KernelState): string {
  const changed = bots.filter(({ config }) => durable.botChanges.has(config.id))
  return changed.length === 0
    ? settings.configHash
    : sha256Hex(canonicalText([settings.configHash, ...changed.map(({ config }) => [config.id, botHash(config)])]))
}

/** Every bot as it is now, and what of it was changed while it ran. */
export const botsNow = ({ bots, durable }: KernelState): readonly BotInForce[] =>
  bots.map(({ config }) => {
    const change = durable.botChanges.get(config.id)
    return { id: config.id, config: botJson(config), added: change?.added !== undefined, edited: change?.patch ?? {} }
  })
