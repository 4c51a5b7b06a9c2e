import type { Decimal } from 'decimal.js'
import type { EntryType } from '../../contracts/journal.ts'
import type { Json } from '../../model/json.ts'
import { decimalText, money } from '../../model/money.ts'
import type { EntryData } from './entry-data.ts'

/** Which members of an entry's data are money. In the journal they are text, in the running kernel Decimals: nothing is parsed that was just computed. */
const moneyMembers = {
  intent: ['quoteSize', 'baseSize', 'limitPrice', 'stopPrice', 'reserveAmount'],
  orderEvent: ['filledQuantity', 'averagePrice'],
  fill: ['price', 'quantity', 'value', 'feeAmount', 'feePrice'],
  adjustment: ['amount'],
  valuation: ['equity', 'paidIn'],
} as const satisfies { readonly [T in EntryType]?: readonly (keyof EntryData[T])[] }

type MoneyMember<T> = T extends keyof typeof moneyMembers ? (typeof moneyMembers)[T][number] : never

/** The data of an entry as the kernel works with it. */
export type Facts = {
  readonly [T in EntryType]: {
    readonly [K in keyof EntryData[T]]: K extends MoneyMember<T> ? (undefined extends EntryData[T][K] ? Decimal | undefined : Decimal) : EntryData[T][K]
  }
}

const membersOf = (type: EntryType): readonly string[] | undefined => (moneyMembers as Readonly<Partial<Record<EntryType, readonly string[]>>>)[type]

/** Writes facts as plain data. */
export function encodeFacts<T extends EntryType>(type: T, facts: Facts[T]): Json {
  const members = membersOf(type)
  if (members === undefined) return facts as Json
  const data: Record<string, unknown> = { ...(facts as object) }
  for (const member of members) if (data[member] !== undefined) data[member] = decimalText(data[member] as Decimal)
  return data as Json
}

/** Reads facts back from plain data whose shape was checked. */
export function decodeFacts<T extends EntryType>(type: T, data: Json): Facts[T] {
  const members = membersOf(type)
  if (members === undefined) return data as Facts[T]
  const facts: Record<string, unknown> = { ...(data as object) }
  for (const member of members) if (facts[member] !== undefined) facts[member] = money(facts[member] as string)
  return facts as Facts[T]
}
