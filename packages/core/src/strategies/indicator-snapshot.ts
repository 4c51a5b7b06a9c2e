import type { Json } from '../model/json.ts'

/** A float64 as plain data: NaN as text, because JSON has none. */
export const textOf = (value: number): Json => (Number.isNaN(value) ? 'NaN' : value)

export const numberOf = (value: Json | undefined): number => (value === 'NaN' ? Number.NaN : Number(value))

type Members = Readonly<Record<string, Json | undefined>>

/** Returns the members of an indicator's snapshot; throws TypeError when it is another indicator's, another version's, or does not fit. */
export function checkSnapshot(id: string, state: Json, count: number): Members & { readonly numbers: readonly Json[] } {
  const members = (state ?? {}) as Members
  if (members['id'] !== id) throw new TypeError(`${id}: cannot restore a snapshot of ${JSON.stringify(members['id'])}`)
  if (members['version'] !== 1) throw new TypeError(`${id}: cannot restore snapshot version ${JSON.stringify(members['version'])}, expected 1`)
  const numbers = members['numbers']
  if (!Array.isArray(numbers) || numbers.length !== count || !numbers.every((n) => typeof n === 'number' || n === 'NaN')) {
    throw new TypeError(`${id}: snapshot does not fit: expected ${count} numbers, received ${JSON.stringify(numbers)}`)
  }
  return { ...members, numbers }
}
