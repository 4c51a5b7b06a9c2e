import { z } from 'zod'
import type { LimitsPatch } from '../contracts/events.ts'
import type { SafetyRule } from '../contracts/safety-rule.ts'
import { ConfigError } from '../model/errors.ts'
import type { ConfigProblem } from '../model/errors.ts'
import type { Json } from '../model/json.ts'
import { pathText, problemsOf, shown } from '../model/params.ts'
import type { BreakerSettings } from './circuit-breakers.ts'
import type { ConfiguredRule, Tighter } from './configured-rule.ts'

/** The rules in force, of the account and of each bot. */
export interface RuleSet {
  readonly account: readonly SafetyRule[]
  readonly bots: readonly { readonly id: string; readonly rules: readonly SafetyRule[] }[]
}

type Value = number | string | boolean
const changes = z.record(z.string(), z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])))
const patchSchema = z.strictObject({ account: changes.optional(), bots: z.record(z.string(), changes).optional() })

/** Returns the limits of a set of rules as plain data, every number of it: what is printed, hashed and named in patches. */
export const limitsJson = ({ account, bots }: RuleSet, breakers: BreakerSettings): Json => ({
  account: rulesJson(account),
  breakers,
  bots: Object.fromEntries(bots.map(({ id, rules }) => [id, rulesJson(rules)])),
})

/** Rules by id; a second one with the same id is told apart by its place. */
function rulesJson(rules: readonly SafetyRule[]): Json {
  const data: Record<string, Json> = {}
  for (const rule of rules) {
    let key = rule.id
    for (let n = 2; key in data; n++) key = `${rule.id}#${n}`
    data[key] = (rule as Partial<ConfiguredRule>).params ?? null
  }
  return data
}

/**
 * Returns the rules with a patch applied: each parameter that it names tighter or as it was, nothing else changed. A patch that names what does not exist, has
 * a value that is none, or would loosen a limit changes nothing at all: every problem says path, what is allowed and what was asked for.
 */
export function patchRules(rules: RuleSet, patch: unknown): { readonly rules: RuleSet } | { readonly problems: readonly ConfigProblem[] } {
  const read = patchSchema.safeParse(patch)
  if (!read.success) return { problems: problemsOf(read.error, patch, patchSchema, 'limits') }
  const problems: ConfigProblem[] = []
  const { account = {}, bots = {} } = read.data
  for (const id of Object.keys(bots)) {
    if (rules.bots.some((bot) => bot.id === id)) continue
    problems.push({ path: pathText('bots', [id]), expected: `one of the bots ${rules.bots.map((bot) => bot.id).join(', ')}`, received: shown(id) })
  }
  const patched: RuleSet = {
    account: patchList(rules.account, account, 'account', problems),
    bots: rules.bots.map(({ id, rules: own }) => ({ id, rules: patchList(own, bots[id] ?? {}, pathText('bots', [id]), problems) })),
  }
  return problems.length > 0 ? { problems } : { rules: patched }
}

type Changes = z.output<typeof changes>

function patchList(rules: readonly SafetyRule[], wanted: Changes, path: string, problems: ConfigProblem[]): readonly SafetyRule[] {
  for (const id of Object.keys(wanted)) {
    const found = rules.filter((rule) => rule.id === id).length
    if (found === 1) continue
    const expected =
      found === 0 ? `one of the rules ${rules.map((rule) => rule.id).join(', ')}` : 'a rule that stands there once: this one cannot be told apart'
    problems.push({ path: pathText(path, [id]), expected, received: shown(id) })
  }
  return rules.map((rule) => (wanted[rule.id] === undefined ? rule : patchRule(rule, wanted[rule.id]!, pathText(path, [rule.id]), problems)))
}

function patchRule(rule: Partial<ConfiguredRule> & SafetyRule, wanted: Readonly<Record<string, Value>>, path: string, problems: ConfigProblem[]): SafetyRule {
  const { limits, params } = rule
  if (limits === undefined || params === undefined) {
    problems.push({ path, expected: 'a rule whose limits may be changed while it runs', received: shown(wanted) })
    return rule
  }
  const current = params as Readonly<Record<string, Json>>
  const known = Object.keys(limits.tighter)
  for (const key of Object.keys(wanted)) {
    if (!known.includes(key)) problems.push({ path: pathText(path, [key]), expected: `one of ${known.join(', ')}`, received: shown(wanted[key]) })
  }
  let remade: ConfiguredRule
  try {
    remade = limits.remake({ ...current, ...wanted })
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    for (const problem of error.problems) problems.push({ ...problem, path: pathText(path, [problem.path.split('.').at(-1)!]) })
    return rule
  }
  const next = remade.params as Readonly<Record<string, Json>>
  for (const key of Object.keys(wanted)) {
    const way = limits.tighter[key]
    if (way === undefined || rankOf(way, next[key]!) >= rankOf(way, current[key]!)) continue
    const bound = Array.isArray(way) || way === 'higher' ? 'at least' : 'at most'
    problems.push({
      path: pathText(path, [key]),
      expected: `${bound} ${shown(current[key])}, which is in force: limits loosen only at a restart`,
      received: shown(next[key]),
    })
  }
  return remade
}

/** The higher, the tighter. */
export function rankOf(way: Tighter, value: Json): number {
  if (way === 'higher') return Number(value)
  if (way === 'lower') return -Number(value)
  return typeof value === 'string' ? way.indexOf(value) : -1
}

/** Returns one patch that does what two do, the second after the first. */
export function mergePatches(first: LimitsPatch, second: LimitsPatch): LimitsPatch {
  const merge = (a: LimitsPatch['account'] = {}, b: LimitsPatch['account'] = {}): NonNullable<LimitsPatch['account']> =>
    Object.fromEntries([...Object.keys(a), ...Object.keys(b)].map((id) => [id, { ...a[id], ...b[id] }]))
  const bots = [...Object.keys(first.bots ?? {}), ...Object.keys(second.bots ?? {})]
  return { account: merge(first.account, second.account), bots: Object.fromEntries(bots.map((id) => [id, merge(first.bots?.[id], second.bots?.[id])])) }
}
