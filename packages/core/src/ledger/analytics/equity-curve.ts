import type { Decimal } from 'decimal.js'
import type { EquityPoint } from '../../contracts/analytics.ts'
import { add, decimalText, isPositive, subtract, toFloatRatio } from '../../model/money.ts'
import { DAY_MS, utcDayStart, type EpochMs } from '../../model/time.ts'

/** Days whose points are all kept; of older ones the first of each day stays, which is what the day before ended with. */
export const FULL_DAYS = 31

/** The account at one moment, exactly. */
export interface Valuation {
  readonly atMs: EpochMs
  readonly equity: Decimal
  /** Deposits and corrections less withdrawals so far. */
  readonly paidIn: Decimal
}

interface CurvePoint extends Valuation {
  readonly growth: number
}

/**
 * The equity curve. A valuation stands right before every deposit and withdrawal, so that what happens between two points is either the market's doing or a
 * payment, never both: growth is exact for the payments (a time-weighted return).
 */
export class EquityCurve {
  private points: CurvePoint[] = []
  /** How many points, from the oldest on, are one a day already. */
  private thinned = 0

  /** Adds the newest point; returns the moments of the points that it pushed out. */
  add(valuation: Valuation): readonly EpochMs[] {
    const { atMs, equity, paidIn } = valuation
    const last = this.points.at(-1)
    const growth = last === undefined ? 1 : last.growth * growthBetween(last, valuation)
    if (last?.atMs === atMs) this.points.pop()
    this.points.push({ atMs, equity, paidIn, growth })
    if (last === undefined || utcDayStart(atMs) <= utcDayStart(last.atMs)) return NONE
    return this.thinOut(utcDayStart(atMs) - FULL_DAYS * DAY_MS)
  }

  /** The point that a valuation would be, without adding it. */
  preview(valuation: Valuation): EquityPoint {
    const last = this.points.at(-1)
    return equityPoint({ ...valuation, growth: last === undefined ? 1 : last.growth * growthBetween(last, valuation) })
  }

  get last(): EquityPoint | undefined {
    const last = this.points.at(-1)
    return last && equityPoint(last)
  }

  /** Oldest first. */
  list(): readonly EquityPoint[] {
    return this.points.map(equityPoint)
  }

  /** For snapshots. */
  raw(): readonly CurvePoint[] {
    return this.points
  }

  replace(points: readonly CurvePoint[]): void {
    this.points = [...points]
    this.thinned = 0
  }

  /** Keeps the first point of each day that began before a moment. Only what has grown old since the last time is looked at: this runs at the turn of every day. */
  private thinOut(beforeMs: number): EpochMs[] {
    const { points, thinned } = this
    const kept: CurvePoint[] = []
    const dropped: EpochMs[] = []
    let end = thinned
    for (; end < points.length && points[end]!.atMs < beforeMs; end++) {
      const before = points[end - 1]
      const first = before === undefined || utcDayStart(before.atMs) < utcDayStart(points[end]!.atMs)
      if (first) kept.push(points[end]!)
      else dropped.push(points[end]!.atMs)
    }
    points.splice(thinned, end - thinned, ...kept)
    this.thinned = thinned + kept.length
    return dropped
  }
}

const NONE: readonly EpochMs[] = []

/** What was paid in between two valuations was there from the first on. Without capital there is no return. */
function growthBetween(from: Valuation, to: Valuation): number {
  const capital = add(from.equity, subtract(to.paidIn, from.paidIn))
  return isPositive(capital) ? toFloatRatio(to.equity, capital) : 1
}

const equityPoint = ({ atMs, equity, paidIn, growth }: CurvePoint): EquityPoint => ({
  atMs,
  equity: decimalText(equity),
  paidIn: decimalText(paidIn),
  gain: decimalText(subtract(equity, paidIn)),
  growth,
})
