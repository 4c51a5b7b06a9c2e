import type { BotConfig } from '../contracts/bot-config.ts'
import type { SafetyRule } from '../contracts/safety-rule.ts'
import type { ConfigProblem } from '../model/errors.ts'
import { currenciesOf } from '../model/instrument.ts'
import { exitBlockingProblems } from './bot-config.ts'

/** What is wrong with a set of bots that are to share an account, whoever runs them. */
export function botProblems(bots: readonly BotConfig[], safety: readonly SafetyRule[], mayBlockExits: readonly string[]): ConfigProblem[] {
  const problems: ConfigProblem[] = []
  if (bots.length === 0) problems.push({ path: 'bots', expected: 'at least one bot', received: 'none' })
  const seen = new Set<string>()
  const quotes = new Set<string>()
  bots.forEach((bot, i) => {
    if (seen.has(bot.id)) problems.push({ path: `bots[${i}].id`, expected: 'an id that no other bot has', received: bot.id })
    seen.add(bot.id)
    quotes.add(currenciesOf(bot.instrument).quote)
  })
  if (quotes.size > 1) problems.push({ path: 'bots', expected: 'instruments with one quote currency', received: [...quotes].join(', ') })
  for (const rule of [...safety, ...bots.flatMap((bot) => bot.safety)]) {
    const version: number = rule.apiVersion
    if (version !== 1) problems.push({ path: `safety.${rule.id}.apiVersion`, expected: '1', received: String(version) })
  }
  problems.push(...adoptionProblems(bots))
  return [...problems, ...exitBlockingProblems(safety, mayBlockExits, 'safety')]
}

/** A bot can only be taken over by one other, and only when it is gone. */
export function adoptionProblems(bots: readonly { readonly id: string; readonly adopt?: string | undefined }[]): ConfigProblem[] {
  return bots.flatMap(({ adopt }, i) => {
    if (adopt === undefined) return []
    const taken = bots.findIndex((other) => other.adopt === adopt)
    const expected = bots.some(({ id }) => id === adopt)
      ? 'the id of a bot that is not configured'
      : taken < i
        ? `an id that bots[${taken}] does not adopt`
        : ''
    return expected === '' ? [] : [{ path: `bots[${i}].adopt`, expected, received: adopt }]
  })
}
