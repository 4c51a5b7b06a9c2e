import type { Indicator, Json } from '../lib/types.ts'
import { unexpected } from '../lib/unexpected.ts'

/** Any indicator, seen as a part whose values are not looked at. */
export type Part = Pick<Indicator<never, unknown>, 'id' | 'snapshot' | 'restore' | 'reset'>

const VERSION = 1

/** Refuses an indicator with several outputs where its value is fed on. */
export const oneNumber = (where: string, part: Indicator<never, unknown>): void => {
  if (typeof part.value !== 'number') throw unexpected(where, 'an indicator with one output (`of` picks one)', part.id)
}

/** The state of a composition: those of its parts and what it remembers itself. */
export const saveParts = (id: string, parts: readonly Part[], own: Json = null): Json => [id, VERSION, own, parts.map((part) => part.snapshot())]

/** Restores the parts, all or none, and hands back what the composition itself had stored. */
export const loadParts = (id: string, parts: readonly Part[], snapshot: Json): Json => {
  const [name, version, own, states, ...rest] = Array.isArray(snapshot) ? (snapshot as readonly Json[]) : []
  const rows = Array.isArray(states) ? (states as readonly Json[]) : undefined
  if (name !== id || version !== VERSION || rows?.length !== parts.length || rest.length > 0) {
    throw unexpected('restore', `snapshot of ${id}, version ${VERSION}`, JSON.stringify(snapshot))
  }
  const before = parts.map((part) => part.snapshot())
  try {
    parts.forEach((part, i) => part.restore(rows[i]!))
  } catch (error) {
    parts.forEach((part, i) => part.restore(before[i]!))
    throw error
  }
  return own ?? null
}
