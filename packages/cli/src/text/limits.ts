import { configHash, durationText } from '@millrace/core'
import type { Json, LimitsInForce } from '@millrace/core'

type Rules = Readonly<Record<string, Json>>

/** The limits in force, for people: the account's rules, the breakers, and each set of rules once with the bots that share it. */
export function limitsText({ hash, configuredHash, limits }: LimitsInForce): string[] {
  const { account, breakers, bots } = limits as { readonly account: Rules; readonly breakers: Rules; readonly bots: Readonly<Record<string, Rules>> }
  const sets = new Map<string, { readonly ids: string[]; readonly rules: Rules }>()
  for (const [id, rules] of Object.entries(bots)) {
    const key = configHash(rules)
    const set = sets.get(key) ?? { ids: [], rules }
    set.ids.push(id)
    sets.set(key, set)
  }
  const tightened = hash === configuredHash ? '' : ', tightened while running'
  return [
    `limits ${hash.slice(0, 12)}${tightened}`,
    `  account: ${rulesText(account)}`,
    `  breakers: ${rulesText(breakers)}`,
    ...[...sets.values()].map(({ ids, rules }) => `  ${ids.join(', ')}: ${rulesText(rules)}`),
  ]
}

function rulesText(rules: Rules): string {
  const texts = Object.entries(rules).map(([id, params]) => `${id}${paramsText(id, params)}`)
  return texts.length === 0 ? 'none' : texts.join('; ')
}

/** Parameters that are a length of time, in ms; the `max` of most rules is a number. */
const durations: ReadonlySet<string> = new Set(['duration', 'maxAge', 'pause', 'quiet', 'window', 'clock-skew max'])

function paramsText(id: string, params: Json): string {
  if (typeof params !== 'object' || params === null) return ''
  return Object.entries(params as Rules)
    .map(
      ([key, value]) =>
        ` ${key} ${typeof value === 'number' && (durations.has(key) || durations.has(`${id} ${key}`)) ? durationText(value) : typeof value === 'string' ? value : JSON.stringify(value)}`,
    )
    .join('')
}
