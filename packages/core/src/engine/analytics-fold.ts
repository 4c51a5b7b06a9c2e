import { EquityCurve } from '../ledger/analytics/equity-curve.ts'
import { defaultGrading, type Grading } from '../ledger/analytics/grade.ts'
import { PnlCube, type PnlCell } from '../ledger/analytics/pnl-cube.ts'
import { RoundTrips } from '../ledger/analytics/round-trips.ts'
import type { ClosedTrip } from '../ledger/analytics/trip.ts'
import type { FillResult } from '../ledger/own-fill.ts'
import type { Json } from '../model/json.ts'
import type { EpochMs } from '../model/time.ts'
import type { Facts } from './journal/facts.ts'
import type { Order } from './order-machine.ts'

/** What the last valuation said of an open position: [bot, low, high, peak, drawdown]. */
export type OpenMarks = Facts['valuation']['open'][number]

/** Answers for orders that were written down as sent and never left. */
const NEVER_LEFT: ReadonlySet<string> = new Set(['EMERGENCY_STOP', 'NEVER_REACHED_VENUE'])

/** The part of the durable state that nobody trades by: what came of what was done. Folded from the same entries, so it survives a restart as they do. */
export class AnalyticsFold {
  readonly trips = new RoundTrips()
  readonly pnl = new PnlCube()
  readonly equity = new EquityCurve()
  /** How round trips that end from now on are graded. */
  grading: Grading = defaultGrading
  /** Orders that left for the venue. */
  submitted = 0
  /** Of these, those with at least one fill. */
  filled = 0
  valuedAtMs: EpochMs | undefined
  marks: readonly OpenMarks[] = []
  /** What the last entry changed, for the tables. */
  changed: { readonly trip: ClosedTrip | undefined; readonly cell: PnlCell; readonly began: boolean } | undefined
  dropped: readonly EpochMs[] = []
  /** Round trips that are over, as snapshots hold them. */
  readonly tripSnapshots = new WeakMap<ClosedTrip, Json>()

  sent(order: Order): void {
    if (order.submitted) return
    order.submitted = true
    this.submitted++
  }

  /** An order that the gate held back, or that a restart proves was never sent, does not count. */
  answered(order: Order): void {
    if (!order.submitted || order.state !== 'rejected' || order.reason === undefined || !NEVER_LEFT.has(order.reason)) return
    order.submitted = false
    this.submitted--
  }

  fill(result: FillResult, order: Order, data: Facts['fill']): void {
    const first = order.firstFillMs === undefined
    if (first) {
      this.sent(order)
      this.filled++
      order.firstFillMs = data.filledAtMs
    }
    const { low, high, drawdown } = data
    const extremes = low === undefined || high === undefined ? undefined : { low, high, drawdown: drawdown ?? 0 }
    // What was left as dust is sold with the next position, but it is no part of the round trip that the bot saw end.
    const left = first && order.kind === 'open' ? this.trips.end(order.botId, this.grading) : undefined
    const began = !this.trips.open.has(order.botId)
    const strategy = this.trips.open.get(order.botId)?.strategy ?? order.source
    const trip = this.trips.book(result, order.source, extremes, this.grading)
    this.changed = { trip: trip ?? left, cell: this.pnl.book(result, strategy), began }
  }

  /** What is held goes on under another bot; what is over stays with the one that made it. */
  adopt(from: string, to: string): void {
    this.trips.adopt(from, to)
    this.marks = this.marks.map(([botId, ...marks]): OpenMarks => [botId === from ? to : botId, ...marks])
  }

  value(data: Facts['valuation'], atMs: EpochMs): void {
    this.dropped = this.equity.add({ atMs, equity: data.equity, paidIn: data.paidIn })
    this.valuedAtMs = atMs
    this.marks = data.open
  }
}
