import type { BotConfig } from '../contracts/bot-config.ts'
import type { SafetyRule } from '../contracts/safety-rule.ts'
import type { ConfigProblem } from '../model/errors.ts'
import { patchRules } from '../safety/limits.ts'
import type { LimitsPatch } from '../contracts/events.ts'
import type { RuleSet } from '../safety/limits.ts'
import type { KernelState } from './kernel-state.ts'
import { configuredRules, limitsHash } from './limits-hash.ts'
import { checkTrips } from './marking.ts'

/** Tightens limits as a person asked: written down with the hash before and after, or refused with an alert that names each problem. */
export function patchLimits(state: KernelState, patch: LimitsPatch): void {
  const read = patchRules(state.rules, patch)
  if ('problems' in read) return state.alert('LIMITS_REFUSED', 'warning', problemText(read.problems))
  const before = state.limitsHash
  const after = limitsHash(read.rules, state.settings.breakers)
  state.record('command', undefined, { kind: 'patchLimits', payload: { patch, base: state.configuredLimitsHash, before, after } as never })
  putRules(state, read.rules, after)
  state.alert(
    'LIMITS_TIGHTENED',
    'info',
    `${Object.keys(patch.account ?? {})
      .concat(Object.keys(patch.bots ?? {}))
      .join(', ')}: limits ${before.slice(0, 12)} became ${after.slice(0, 12)}`,
  )
  checkTrips(state)
}

/**
 * Tightens again what earlier runs tightened, as long as the configured limits are the ones that were tightened. Others, or being asked to forget it, make the
 * configuration count, and that is said.
 */
export function takeKeptPatch(state: KernelState, keep: boolean): void {
  const kept = state.durable.limitPatch
  if (kept === undefined || applyKeptPatch(state, keep)) return
  const why = keep ? 'the configured limits are others than those that were tightened' : 'the start was asked to forget it'
  state.record('command', undefined, { kind: 'limitsReset', payload: { base: state.configuredLimitsHash, why } })
  state.alert('LIMITS_RESET', 'warning', `limits that were tightened while running are as configured again: ${why}`)
}

/** Puts the rules where the durable state says they are; false when that does not fit. */
export function applyKeptPatch(state: KernelState, keep = true): boolean {
  const kept = state.durable.limitPatch
  if (kept === undefined || !keep || kept.base !== state.configuredLimitsHash) return false
  const read = patchRules(rulesOf(state), fittingPatch(state, kept.patch))
  if ('problems' in read) return false
  putRules(state, read.rules, limitsHash(read.rules, state.settings.breakers))
  return true
}

/** After bots were added or edited: their rules, and what was tightened of them before, where that is still tighter. */
export function putRulesOf(state: KernelState, patched = true): void {
  if (patched && applyKeptPatch(state)) return
  const rules = rulesOf(state)
  putRules(state, rules, limitsHash(rules, state.settings.breakers))
}

/** The rules that a bot would have: its own, tightened where the kept patch is tighter. */
export function rulesWithPatch(state: KernelState, { id, safety }: BotConfig): readonly SafetyRule[] {
  const kept = state.durable.limitPatch?.patch.bots?.[id]
  if (kept === undefined) return safety
  const read = patchRules({ account: [], bots: [{ id, rules: safety }] }, { bots: { [id]: fitting(id, safety, kept) } })
  return 'problems' in read ? safety : read.rules.bots[0]!.rules
}

const rulesOf = ({ settings, bots }: KernelState): RuleSet => configuredRules({ accountSafety: settings.accountSafety, bots: bots.map(({ config }) => config) })

type BotPatch = NonNullable<LimitsPatch['bots']>[string]

/**
 * A kept patch without what it has nothing to hold on to any more: bots and rules that are gone, and values that are looser than those of an edit. The rest of it stays: a bot
 * that has retired takes nobody else's limits with it.
 */
function fittingPatch({ bots }: KernelState, { account = {}, bots: wanted = {} }: LimitsPatch): LimitsPatch {
  const left = bots.flatMap(({ config: { id, safety } }) => (wanted[id] === undefined ? [] : [[id, fitting(id, safety, wanted[id])] as const]))
  return { account, bots: Object.fromEntries(left) }
}

function fitting(id: string, rules: readonly SafetyRule[], wanted: BotPatch): BotPatch {
  const fits = (patch: BotPatch): boolean => 'rules' in patchRules({ account: [], bots: [{ id, rules }] }, { bots: { [id]: patch } })
  const kept = Object.entries(wanted).map(([rule, values]): [string, BotPatch[string]] => [
    rule,
    fits({ [rule]: values }) ? values : Object.fromEntries(Object.entries(values).filter(([key, value]) => fits({ [rule]: { [key]: value } }))),
  ])
  return Object.fromEntries(kept.filter(([, values]) => Object.keys(values).length > 0))
}

function putRules(state: KernelState, rules: RuleSet, hash: string): void {
  state.putRules(rules, hash)
  for (const bot of state.bots) {
    const all = [...rules.account, ...rules.bots[bot.index]!.rules]
    bot.judge.replaceRules(all)
    bot.probeJudge.replaceRules(all)
    bot.tripRules = all.filter((rule) => rule.trips !== undefined && rule.stops === 'bot')
  }
}

const problemText = (problems: readonly ConfigProblem[]): string =>
  problems.map(({ path, expected, received }) => `${path}: expected ${expected}, received ${received}`).join('; ')
