import type { SafetyRule } from '../contracts/safety-rule.ts'
import { canonicalText } from './canonical.ts'
import type { ConfigProblem } from '../model/errors.ts'
import type { Json } from '../model/json.ts'
import { pathText, shown } from '../model/params.ts'
import type { ConfiguredRule } from '../safety/configured-rule.ts'
import { rankOf } from '../safety/limits.ts'

type Params = Readonly<Record<string, Json>>

/** Returns a problem for every limit in force that other rules would loosen or leave out. Rules that come on top are none: they never make a trade bigger. */
export function looserProblems(inForce: readonly SafetyRule[], wanted: readonly SafetyRule[], path: string): readonly ConfigProblem[] {
  const seen = new Map<string, number>()
  return inForce.flatMap((rule) => {
    const nth = seen.get(rule.id) ?? 0
    seen.set(rule.id, nth + 1)
    const next = wanted.filter(({ id }) => id === rule.id)[nth]
    if (next !== undefined) return looserParams(rule, next, pathText(path, [rule.id]))
    return [{ path, expected: `the rule ${rule.id}, which is in force: limits loosen only at a restart`, received: shown(wanted.map(({ id }) => id)) }]
  })
}

function looserParams(rule: SafetyRule & Partial<ConfiguredRule>, next: SafetyRule & Partial<ConfiguredRule>, path: string): readonly ConfigProblem[] {
  if (canonicalText(rule.params ?? null) === canonicalText(next.params ?? null)) return []
  const now = (rule.params ?? {}) as Params
  const then = (next.params ?? {}) as Params
  return [...new Set([...Object.keys(now), ...Object.keys(then)])].flatMap((key) => {
    const way = rule.limits?.tighter[key]
    const same = canonicalText(now[key] ?? null) === canonicalText(then[key] ?? null)
    if (same || (way !== undefined && then[key] !== undefined && rankOf(way, then[key]) >= rankOf(way, now[key]!))) return []
    return [
      {
        path: pathText(path, [key]),
        expected: `${shown(now[key] ?? null)}, which is in force${way === undefined ? '' : ', or tighter'}: limits loosen only at a restart`,
        received: shown(then[key] ?? null),
      },
    ]
  })
}
