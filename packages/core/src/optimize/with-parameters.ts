import { botOptionKeys } from '../config/bot.ts'
import { ConfigError } from '../model/errors.ts'
import type { Json } from '../model/json.ts'
import { shown } from '../model/params.ts'
import { presets } from '../strategies/weighted-signals/presets.ts'
import type { ParameterValues } from './parameter-space.ts'

type Members = { readonly [key: string]: Json }

const isMembers = (value: Json | undefined): value is Members => typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Returns the data of a configuration with one bot alone and some of its parameters set. A name is a path from the bot (`actionThreshold`, `confirm`,
 * `exits.0.params.fraction`, `sizing.params.base`); one that does not begin with a key of a bot is a parameter of its strategy (`fast`, `rsi.period`). What stands in
 * `defaults` is copied into the bot before it is changed, and a preset becomes the numbers it stands for.
 *
 * @throws ConfigError when there is no such bot, or no place for a parameter
 * @example
 * ```ts
 * const config = { defaults: { strategy: 'trend-following' }, bots: [{ id: 'btc', instrument: 'BTC-USD' }] }
 * JSON.stringify(withParameters(config, 'btc', { fast: 10 }).bots[0].strategy) // => '{"use":"trend-following","params":{"fast":10}}'
 * ```
 */
export function withParameters(config: Json, botId: string, values: ParameterValues): Members & { readonly bots: readonly [Members] } {
  const file = isMembers(config) ? config : {}
  const bots = Array.isArray(file['bots']) ? (file['bots'] as readonly Json[]).filter(isMembers) : []
  const own = bots.find((bot) => bot['id'] === botId)
  if (own === undefined)
    throw new ConfigError([
      { path: 'bot', expected: `the id of a bot (${bots.map((bot) => shown(bot['id'])).join(', ') || 'there is none'})`, received: shown(botId) },
    ])
  const defaults = isMembers(file['defaults']) ? file['defaults'] : {}
  let bot: Members = own
  for (const [name, value] of Object.entries(values)) {
    const keys = pathOf(name)
    const key = keys[0]!
    if (key === 'strategy' || key === 'actionThreshold') bot = withoutPreset(bot, defaults)
    const base = bot[key] ?? defaults[key]
    const plain = key === 'strategy' || key === 'sizing' || key === 'execution' ? asReference(base) : base
    bot = { ...bot, [key]: keys.length === 1 ? value : changed(plain, keys.slice(1), value, name) }
  }
  return { ...file, bots: [bot] }
}

function pathOf(name: string): readonly string[] {
  const keys = name.split('.')
  return botOptionKeys.includes(keys[0]!) ? keys : ['strategy', 'params', ...keys]
}

/** A name alone says the same as a reference without parameters. */
const asReference = (value: Json | undefined): Json | undefined => (typeof value === 'string' ? { use: value } : value)

function withoutPreset(bot: Members, defaults: Members): Members {
  // What a bot says itself is stronger than a preset; its own preset is stronger than anything in the defaults.
  const from = bot['preset'] !== undefined ? bot : defaults['preset'] !== undefined ? defaults : undefined
  if (from === undefined) return bot
  const name = from['preset'] as string
  if (!Object.hasOwn(presets, name)) return bot
  const { actionThreshold, params } = presets[name as keyof typeof presets]
  const { preset: _preset, ...rest } = bot
  const own = from === bot ? {} : defaults
  return {
    ...rest,
    strategy: bot['strategy'] ?? own['strategy'] ?? { use: 'weighted-signals', params: params as unknown as Json },
    actionThreshold: bot['actionThreshold'] ?? own['actionThreshold'] ?? actionThreshold,
  }
}

function changed(base: Json | undefined, keys: readonly string[], value: Json, name: string): Json {
  const [key, ...rest] = keys as [string, ...string[]]
  const nested = (below: Json | undefined): Json => (rest.length === 0 ? value : changed(below, rest, value, name))
  // A number is a place in a list, also in one that is not there.
  if (Array.isArray(base) || (base === undefined && /^\d+$/.test(key))) {
    const items = (base ?? []) as readonly Json[]
    if (!/^\d+$/.test(key) || Number(key) >= items.length)
      throw new ConfigError([
        {
          path: `param ${name}`,
          expected:
            items.length === 0 ? `a list that has something in it at ${shown(key)}` : `a number from 0 to ${items.length - 1} in the place of ${shown(key)}`,
          received: shown(name),
        },
      ])
    return items.map((item, i) => (i === Number(key) ? nested(rest.length === 0 ? item : asReference(item)) : item))
  }
  if (base !== undefined && !isMembers(base))
    throw new ConfigError([{ path: `param ${name}`, expected: `an object or a list at ${shown(key)}`, received: shown(base) }])
  const members = base ?? {}
  return { ...members, [key]: nested(members[key]) }
}
