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
  const read = patchRules(configuredRules(state.settings), kept.patch)
  if ('problems' in read) return false
  putRules(state, read.rules, limitsHash(read.rules, state.settings.breakers))
  return true
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
