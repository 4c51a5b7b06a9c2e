import type { Decimal } from 'decimal.js'
import type { RoundTripEntry, RoundTripRecord } from '../../contracts/analytics.ts'
import { ZERO, add, averagePriceOf, decimalText, isNegative, money, multiply, share, stored, subtract, toFloatRatio } from '../../model/money.ts'

/** What one added tranche did to a round trip. Money as decimal text. */
export interface DcaImpact {
  readonly trancheId: string
  /** 2, 3, …: the first entry is no addition. */
  readonly number: number
  /** Average entry of all tranches. */
  readonly averageWith: string
  /** Average entry of all tranches but this one. */
  readonly averageWithout: string
  /** What the tranche did to the average, in per cent of the average without it: negative = it made the position cheaper. */
  readonly changePercent: number
  /** What the tranche itself made at the average exit, net of its own entry fee and its share of the exit fees. */
  readonly pnl: string
  readonly helped: boolean
}

/**
 * Returns what each added tranche did to a round trip: the average entry with and without it, and what it made itself.
 *
 * @returns one item for every entry after the first; empty for a round trip of one entry
 * @example
 * ```ts
 * const entry = { clientOrderId: '', atMs: 0, fees: '0' }
 * const entries = [
 *   { ...entry, trancheId: 'btc#1', number: 1, quantity: '100', value: '5000' },
 *   { ...entry, trancheId: 'btc#2', number: 2, quantity: '150', value: '7800' },
 * ]
 * const [second] = dcaImpact({ entries, fees: '0', averageExit: '53' })
 * second?.averageWithout // => '50'
 * second?.averageWith // => '51.2'
 * second?.pnl // => '150'
 * ```
 */
export function dcaImpact(
  trip: Pick<RoundTripRecord, 'fees' | 'averageExit'> & { readonly entries: readonly Omit<RoundTripEntry, 'atMs'>[] },
): readonly DcaImpact[] {
  const all = sumOf(trip.entries)
  const exitFees = subtract(money(trip.fees), all.fees)
  const exit = money(trip.averageExit)
  return trip.entries.slice(1).map((entry) => {
    const own = sumOf([entry])
    const quantity = subtract(all.quantity, own.quantity)
    const value = subtract(all.value, own.value)
    const averageWith = averagePriceOf(all.value, all.quantity)
    const averageWithout = averagePriceOf(value, quantity)
    const costs = add(add(own.value, own.fees), share(exitFees, own.quantity, all.quantity))
    const pnl = subtract(stored(multiply(own.quantity, exit)), costs)
    return {
      trancheId: entry.trancheId,
      number: entry.number,
      averageWith: decimalText(averageWith),
      averageWithout: decimalText(averageWithout),
      changePercent: 100 * (toFloatRatio(averageWith, averageWithout) - 1),
      pnl: decimalText(pnl),
      helped: !isNegative(pnl),
    }
  })
}

function sumOf(entries: readonly Pick<RoundTripEntry, 'quantity' | 'value' | 'fees'>[]): {
  readonly quantity: Decimal
  readonly value: Decimal
  readonly fees: Decimal
} {
  let quantity = ZERO
  let value = ZERO
  let fees = ZERO
  for (const entry of entries) {
    quantity = add(quantity, money(entry.quantity))
    value = add(value, money(entry.value))
    fees = add(fees, money(entry.fees))
  }
  return { quantity, value, fees }
}
