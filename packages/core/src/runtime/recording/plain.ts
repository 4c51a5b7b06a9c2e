import type { Decimal } from 'decimal.js'
import { finite } from '../../engine/canonical.ts'
import type { Json } from '../../model/json.ts'
import { decimalText, money } from '../../model/money.ts'

/** Exact amounts and numbers that JSON does not have stand in an object of one member, which plain data never has. */
const AMOUNT = '$amount'
const NUMBER = '$number'

const isDecimal = (value: object): value is Decimal => 'toSignificantDigits' in value

/** Turns a value of the engine into plain data that {@link unplain} turns back. */
export function plain(value: unknown): Json {
  if (typeof value === 'number') return Number.isFinite(value) ? value : { [NUMBER]: finite(value) }
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return (value ?? null) as Json
  if (isDecimal(value)) return { [AMOUNT]: decimalText(value) }
  const copy: Record<string, Json> = {}
  for (const [key, member] of Object.entries(value)) if (member !== undefined) copy[key] = plain(member)
  return copy
}

/** The value that {@link plain} was given; members that were undefined are absent. */
export function unplain(data: Json): unknown {
  if (Array.isArray(data)) return data.map((member: Json) => unplain(member))
  if (typeof data !== 'object' || data === null) return data
  const members = data as Readonly<Record<string, Json>>
  if (typeof members[AMOUNT] === 'string') return money(members[AMOUNT])
  if (typeof members[NUMBER] === 'string') return Number(members[NUMBER])
  return Object.fromEntries(Object.entries(members).map(([key, member]) => [key, unplain(member)]))
}
