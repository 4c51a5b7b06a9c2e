import { greater, isPositive, less } from '@millrace/core'
import type { OrderReport, OrderState } from '@millrace/core'

/** Lets through what is new in a stream of cumulative reports. */
export interface ReportFilter {
  /** False for a repetition and for news that are older than what was told before. */
  isNews(report: OrderReport): boolean
}

const progress: Readonly<Record<OrderState, number>> = {
  intent: 0,
  sent: 1,
  unknown: 1,
  open: 2,
  partiallyFilled: 3,
  filled: 4,
  cancelled: 4,
  expired: 4,
  rejected: 4,
}

/** Orders that are remembered; one that was forgotten is told again, which does no harm. */
const KEPT = 10_000

/** Returns a filter. The venue repeats states, also the last one, and replays them after a reconnect; reports are cumulative, so only growth counts. */
export function createReportFilter(): ReportFilter {
  const last = new Map<string, OrderReport>()
  return {
    isNews(report) {
      const id = report.ref.venueOrderId!
      const before = last.get(id)
      if (before !== undefined && !advances(report, before)) return false
      last.delete(id)
      last.set(id, report)
      if (last.size > KEPT) last.delete(last.keys().next().value!)
      return true
    },
  }
}

function advances(now: OrderReport, before: OrderReport): boolean {
  // A word that nobody knows must be seen, whatever was known before it.
  if (now.state === 'unknown') return before.state !== 'unknown' && progress[before.state] < 4
  if (less(now.filledQuantity, before.filledQuantity) || progress[now.state] < progress[before.state]) return false
  // Nothing comes after an end but fees and fills that were not counted yet.
  if (progress[before.state] === 4 && now.state !== before.state) return false
  return now.state !== before.state || greater(now.filledQuantity, before.filledQuantity) || paidMore(now, before)
}

const paidMore = ({ feesTotal: now }: OrderReport, { feesTotal: before }: OrderReport): boolean =>
  now !== undefined && (before === undefined ? isPositive(now) : greater(now, before))
