import { amount, count, duration, fee, missing, percent, price, quantity, score, signedAmount, signedPercent } from './format.ts'
import type { Shown } from './format.ts'

/** How a number is written. `price:4` is a price of four decimals. */
export type NumberFormat =
  | 'amount'
  | 'signed'
  | 'fee'
  | 'quantity'
  | 'score'
  | 'percent'
  | 'signed-percent'
  | 'count'
  | 'duration'
  | 'length'
  | 'running'
  | 'hot'
  | `price:${number}`

/** Writes the value of a source; what is missing is not made up. */
export function written(value: unknown, as: NumberFormat): string {
  if (Array.isArray(value)) return counted(value, as)
  if (value === undefined || (typeof value !== 'string' && typeof value !== 'number')) return missing
  const shown: Shown = value
  if (as.startsWith('price:')) return price(shown, Number(as.slice(6)))
  switch (as as Exclude<NumberFormat, `price:${number}`>) {
    case 'amount':
      return amount(shown)
    case 'signed':
      return signedAmount(shown)
    case 'fee':
      return fee(shown)
    case 'quantity':
      return quantity(shown)
    case 'score':
      return score(shown)
    case 'percent':
      return percent(Number(shown))
    case 'signed-percent':
      return signedPercent(shown)
    case 'count':
      return count(shown)
    case 'duration':
      return duration(Number(shown))
    case 'length':
    case 'running':
    case 'hot':
      return missing
  }
}

/** How many of a list there are, in all or of one kind. */
function counted(list: readonly unknown[], as: NumberFormat): string {
  const bots = list as readonly { readonly paused?: boolean; readonly temperature?: string }[]
  if (as === 'running') return count(bots.filter(({ paused }) => paused === false).length)
  if (as === 'hot') return count(bots.filter(({ temperature }) => temperature === 'hot').length)
  return as === 'length' ? count(list.length) : missing
}
