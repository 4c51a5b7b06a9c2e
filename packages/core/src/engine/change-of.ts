import type { Change } from '../model/decision.ts'

/** What one number would have to be, relative to what it is. */
export const changeOf = (gate: string, code: string, what: string, from: number, to: number, unit: string): Change => ({
  gate,
  code,
  what,
  from,
  to,
  by: to - from,
  unit,
  relative: from === 0 ? Number.POSITIVE_INFINITY : Math.abs((to - from) / from),
})
