import type { Decimal } from 'decimal.js'
import type { Grade, RoundTripRecord } from '../../contracts/analytics.ts'
import { ZERO, add, averagePriceOf, decimalText, isPositive, toFloatRatio } from '../../model/money.ts'
import type { EpochMs } from '../../model/time.ts'
import { tripEfficiency } from './efficiency.ts'
import { gradeOf, type Grading } from './grade.ts'

/** What one entry order of a round trip bought, exactly. */
export interface TripEntry {
  readonly trancheId: string
  readonly clientOrderId: string
  readonly number: number
  quantity: Decimal
  value: Decimal
  fees: Decimal
  readonly atMs: EpochMs
}

/** Candle extremes since the first entry, as an exit's fill carries them. */
export interface TripExtremes {
  readonly low: number
  readonly high: number
  /** Share of the peak. */
  readonly drawdown: number
}

/** A round trip at work: sums that fills are added to. */
export interface OpenTrip {
  readonly botId: string
  readonly number: number
  readonly instrument: string
  readonly strategy: string
  readonly openedAtMs: EpochMs
  readonly entries: TripEntry[]
  soldQuantity: Decimal
  soldValue: Decimal
  /** Entry and exit fees inside `pnl`. */
  fees: Decimal
  pnl: Decimal
  exits: number
  closedBy: string
  /** Venue time of the last exit fill. */
  lastExitMs: EpochMs | undefined
  low: number
  high: number
  drawdown: number
}

/** A round trip that is over, graded by the rules in force at its end. */
export interface ClosedTrip extends Readonly<OpenTrip> {
  readonly closedAtMs: EpochMs
  readonly score: number
  readonly grade: Grade
}

interface TripSums {
  readonly quantity: Decimal
  readonly value: Decimal
  readonly fees: Decimal
}

/** Everything bought in a round trip. */
function boughtIn({ entries }: Pick<OpenTrip, 'entries'>): TripSums {
  let quantity = ZERO
  let value = ZERO
  let fees = ZERO
  for (const entry of entries) {
    quantity = add(quantity, entry.quantity)
    value = add(value, entry.value)
    fees = add(fees, entry.fees)
  }
  return { quantity, value, fees }
}

/** Ends a round trip at its last exit. */
export function closeTrip(trip: OpenTrip, closedAtMs: EpochMs, grading: Grading): ClosedTrip {
  const bought = boughtIn(trip)
  const { total } = efficiencyOf(trip, bought)
  const { score, grade } = gradeOf({ returnPercent: returnOf(trip, bought), totalEfficiency: total, drawdownPercent: 100 * trip.drawdown }, grading)
  return { ...trip, closedAtMs, score, grade }
}

const returnOf = (trip: OpenTrip, bought: TripSums): number => {
  const paid = add(bought.value, bought.fees)
  return isPositive(paid) ? 100 * toFloatRatio(trip.pnl, paid) : 0
}

const efficiencyOf = (trip: OpenTrip, bought: TripSums) =>
  tripEfficiency({
    averageEntry: toFloatRatio(bought.value, bought.quantity),
    averageExit: toFloatRatio(trip.soldValue, trip.soldQuantity),
    low: trip.low,
    high: trip.high,
  })

/** A round trip as others see it. */
export function tripRecord(trip: ClosedTrip): RoundTripRecord {
  const bought = boughtIn(trip)
  const efficiency = efficiencyOf(trip, bought)
  const { botId, openedAtMs, closedAtMs } = trip
  return {
    id: tripId(trip),
    botId,
    instrument: trip.instrument,
    strategy: trip.strategy,
    closedBy: trip.closedBy,
    openedAtMs,
    closedAtMs,
    holdingMs: closedAtMs - openedAtMs,
    entries: trip.entries.map((entry) => ({
      ...entry,
      quantity: decimalText(entry.quantity),
      value: decimalText(entry.value),
      fees: decimalText(entry.fees),
    })),
    exits: trip.exits,
    quantity: decimalText(bought.quantity),
    averageEntry: decimalText(averagePriceOf(bought.value, bought.quantity)),
    averageExit: decimalText(averagePriceOf(trip.soldValue, trip.soldQuantity)),
    entryValue: decimalText(bought.value),
    exitValue: decimalText(trip.soldValue),
    fees: decimalText(trip.fees),
    grossPnl: decimalText(add(trip.pnl, trip.fees)),
    pnl: decimalText(trip.pnl),
    returnPercent: returnOf(trip, bought),
    low: Number.isNaN(trip.low) ? undefined : trip.low,
    high: Number.isNaN(trip.high) ? undefined : trip.high,
    entryEfficiency: efficiency.entry,
    exitEfficiency: efficiency.exit,
    totalEfficiency: efficiency.total,
    adverseExcursionPercent: efficiency.adverseExcursion,
    favourableExcursionPercent: efficiency.favourableExcursion,
    drawdownPercent: 100 * trip.drawdown,
    score: trip.score,
    grade: trip.grade,
  }
}

/** `<bot>/<number>`. */
export const tripId = ({ botId, number }: Pick<OpenTrip, 'botId' | 'number'>): string => `${botId}/${number}`
