import type { Indicator, Json } from '../lib/types.ts'

/** Any indicator, seen as a part whose values are not looked at. */
export type Part = Pick<Indicator<never, unknown>, 'id' | 'snapshot' | 'restore' | 'reset'>

/** The state of a composition: those of its parts and what it remembers itself. */
export const saveParts = (id: string, parts: readonly Part[], own: Json = null): Json => ({ id, version: 1, own, parts: parts.map((part) => part.snapshot()) })

/** Restores the parts and hands back what the composition itself had stored. */
export const loadParts = (id: string, parts: readonly Part[], snapshot: Json): Json => {
  const state = (snapshot ?? {}) as { id?: Json; version?: Json; own?: Json; parts?: Json }
  if (state.id !== id) throw new TypeError(`${id}: cannot restore a snapshot of ${String(state.id)}`)
  if (state.version !== 1) throw new TypeError(`${id}: cannot restore snapshot version ${String(state.version)}, expected 1`)
  const rows = state.parts
  if (!Array.isArray(rows) || rows.length !== parts.length) throw new TypeError(`${id}: snapshot does not fit: expected ${parts.length} parts`)
  parts.forEach((part, i) => part.restore(rows[i] as Json))
  return state.own ?? null
}
