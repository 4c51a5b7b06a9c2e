import type { Decimal } from 'decimal.js'
import { EngineError } from '../model/errors.ts'
import { ZERO, add, decimalText, greater, isPositive, isZero, subtract, valueOf } from '../model/money.ts'
import { splitByQuantity, takeLots, type Booking, type Taken } from './lots.ts'
import type { LotClose, OwnFill } from './own-fill.ts'
import type { Lot, Position } from './position.ts'

/** How the fee of a fill enters the books. */
interface FeeEffect {
  /** In quote, beside the cost: P&L counts it. */
  readonly value: Decimal
  /** Coins that the fee took; the lot is smaller by them. */
  readonly inBase: Decimal
  readonly unvalued: boolean
}

const valueOfFill = (fill: OwnFill): Decimal => fill.value ?? valueOf(fill.quantity, fill.price)

/** A position after a fill, and what changed. */
export interface BookedFill {
  readonly position: Position
  readonly value: Decimal
  readonly fee: FeeEffect
  /** Cost that entered or left the lots. */
  readonly cost: Decimal
  readonly lotId: string | undefined
  /** Worked out when asked for: books and engine need only the sums. */
  closes(): readonly LotClose[]
  readonly realizedPnl: Decimal
  readonly realizedFees: Decimal
}

function feeEffect(fill: OwnFill): FeeEffect {
  const { amount, currency } = fill.fee
  if (currency === fill.quote || isZero(amount)) return { value: amount, inBase: ZERO, unvalued: false }
  if (currency === fill.base) return { value: ZERO, inBase: amount, unvalued: false }
  if (fill.feePrice === undefined) return { value: ZERO, inBase: ZERO, unvalued: true }
  return { value: valueOf(amount, fill.feePrice), inBase: ZERO, unvalued: false }
}

/**
 * Returns the position after a purchase: the order's lot grows, or a new lot (the next tranche) is made.
 *
 * @throws RangeError when a fee in base takes all that was bought
 */
export function bookBuy(before: Position, fill: OwnFill): BookedFill {
  const value = valueOfFill(fill)
  const fee = feeEffect(fill)
  const received = subtract(fill.quantity, fee.inBase)
  if (!isPositive(received))
    throw new RangeError(`fill ${fill.fillId}: expected a fee below ${decimalText(fill.quantity)} ${fill.base}, received ${decimalText(fee.inBase)}`)
  const flat = isZero(before.quantity)
  const entryOrder = fill.continues ?? fill.clientOrderId
  const index = before.lots.findIndex((lot) => lot.clientOrderId === entryOrder)
  const old = before.lots[index]
  const lotCount = old ? before.lotCount : before.lotCount + 1
  const tranches = old ? before.tranches : before.tranches + 1
  const lot: Lot = old
    ? { ...old, quantity: add(old.quantity, received), cost: add(old.cost, value), fees: add(old.fees, fee.value) }
    : {
        lotId: `${before.botId}#${lotCount}`,
        clientOrderId: entryOrder,
        tranche: tranches,
        openedAtMs: fill.atMs,
        quantity: received,
        cost: value,
        fees: fee.value,
      }
  const position: Position = {
    ...before,
    instrument: fill.instrument,
    base: fill.base,
    quote: fill.quote,
    quantity: add(before.quantity, received),
    cost: add(before.cost, value),
    fees: add(before.fees, fee.value),
    lots: old ? before.lots.with(index, lot) : [...before.lots, lot],
    tranches,
    exitsSinceEntry: 0,
    openedAtMs: flat ? fill.atMs : before.openedAtMs,
    roundTripPnl: flat ? ZERO : before.roundTripPnl,
    lotCount,
  }
  return { position, value, fee, cost: value, lotId: lot.lotId, closes: () => [], realizedPnl: ZERO, realizedFees: ZERO }
}

/**
 * Returns the position after a sale.
 *
 * @throws EngineError `INVARIANT_VIOLATED` when more leaves than the bot's own lots hold
 */
export function bookSell(before: Position, fill: OwnFill, booking: Booking): BookedFill {
  const value = valueOfFill(fill)
  const fee = feeEffect(fill)
  const left = add(fill.quantity, fee.inBase)
  if (greater(left, before.quantity)) {
    throw new EngineError(
      'INVARIANT_VIOLATED',
      `fill ${fill.fillId} of bot ${fill.botId}: ${decimalText(left)} ${fill.base} left, its own lots hold ${decimalText(before.quantity)}`,
    )
  }
  const { taken, rest } = takeLots(booking, before.lots, left, before.quantity)
  let cost = ZERO
  let entryFees = ZERO
  for (const part of taken) {
    cost = add(cost, part.cost)
    entryFees = add(entryFees, part.fees)
  }
  const realizedFees = add(entryFees, fee.value)
  const realizedPnl = subtract(subtract(value, cost), realizedFees)
  const flat = rest.length === 0
  const position: Position = {
    ...before,
    quantity: subtract(before.quantity, left),
    cost: subtract(before.cost, cost),
    fees: subtract(before.fees, entryFees),
    lots: rest,
    tranches: flat ? 0 : before.tranches,
    exitsSinceEntry: flat ? 0 : before.exitsSinceEntry + 1,
    openedAtMs: flat ? undefined : before.openedAtMs,
    realizedPnl: add(before.realizedPnl, realizedPnl),
    realizedFees: add(before.realizedFees, realizedFees),
    roundTripPnl: add(before.roundTripPnl, realizedPnl),
  }
  return { position, value, fee, cost, lotId: undefined, closes: () => closesOf(taken, left, value, fee.value), realizedPnl, realizedFees }
}

function closesOf(taken: readonly Taken[], quantity: Decimal, value: Decimal, fee: Decimal): readonly LotClose[] {
  const proceeds = splitByQuantity(value, taken, quantity)
  const exitFees = splitByQuantity(fee, taken, quantity)
  return taken.map((part, index) => {
    const received = proceeds[index] ?? ZERO
    const exitFee = exitFees[index] ?? ZERO
    return {
      lotId: part.lot.lotId,
      tranche: part.lot.tranche,
      openedAtMs: part.lot.openedAtMs,
      quantity: part.quantity,
      cost: part.cost,
      entryFees: part.fees,
      proceeds: received,
      exitFee,
      pnl: subtract(subtract(subtract(received, part.cost), part.fees), exitFee),
    }
  })
}
