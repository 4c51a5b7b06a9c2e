import { gradingSchema } from '../ledger/analytics/grade.ts'
import type { PnlCell } from '../ledger/analytics/pnl-cube.ts'
import type { ClosedTrip, OpenTrip, TripEntry } from '../ledger/analytics/trip.ts'
import type { Json } from '../model/json.ts'
import { decimalText, money } from '../model/money.ts'
import type { EpochMs } from '../model/time.ts'
import type { AnalyticsFold, OpenMarks } from './analytics-fold.ts'
import { finite, unfinite } from './canonical.ts'

type Plain = { readonly [key: string]: Json }

const tripMoney = ['soldQuantity', 'soldValue', 'fees', 'pnl'] as const
const entryMoney = ['quantity', 'value', 'fees'] as const
const cellMoney = ['realizedPnl', 'fees', 'turnover'] as const

/** What came of what was done, as plain data, with the round trips that are over from the n-th on, 0 = the first. */
export function snapshotAnalytics(fold: AnalyticsFold, from = 0): Json {
  return {
    open: [...fold.trips.open.values()].map(tripOut),
    closed: closedTripsFrom(fold, from),
    pnl: fold.pnl.cells().map((cell) => withText(cell, cellMoney)),
    equity: fold.equity.raw().map((point) => withText(point, ['equity', 'paidIn'])),
    grading: fold.grading as unknown as Json,
    submitted: fold.submitted,
    filled: fold.filled,
    valuedAtMs: fold.valuedAtMs ?? null,
    marks: fold.marks as unknown as Json,
  }
}

export function restoreAnalytics(fold: AnalyticsFold, data: Json): void {
  const from = data as Plain
  const list = (key: string): readonly Plain[] => from[key] as readonly Plain[]
  fold.trips.replace(
    list('open').map((trip) => tripIn(trip) as OpenTrip),
    list('closed').map((trip) => tripIn(trip) as ClosedTrip),
  )
  fold.pnl.replace(list('pnl').map((cell) => withMoney(cell, cellMoney) as unknown as PnlCell))
  fold.equity.replace(list('equity').map((point) => withMoney(point, ['equity', 'paidIn']) as never))
  fold.grading = gradingSchema.parse(from['grading'])
  fold.submitted = from['submitted'] as number
  fold.filled = from['filled'] as number
  fold.valuedAtMs = (from['valuedAtMs'] ?? undefined) as EpochMs | undefined
  fold.marks = from['marks'] as unknown as readonly OpenMarks[]
}

/** Round trips that are over, as plain data, from the n-th on, 0 = the first; of those in memory. */
export const closedTripsFrom = (fold: AnalyticsFold, from: number): readonly Json[] => fold.trips.closedFrom(from).map((trip) => closedTrip(fold, trip))

/** The same object in every snapshot: what is over does not change. */
function closedTrip({ tripSnapshots }: AnalyticsFold, trip: ClosedTrip): Json {
  const plain = tripSnapshots.get(trip) ?? tripOut(trip)
  tripSnapshots.set(trip, plain)
  return plain
}

const tripOut = (trip: OpenTrip): Json => ({
  ...withText(trip, tripMoney),
  entries: trip.entries.map((entry) => withText(entry, entryMoney)),
  lastExitMs: trip.lastExitMs ?? null,
  low: finite(trip.low),
  high: finite(trip.high),
})

const tripIn = (data: Plain): unknown => ({
  ...withMoney(data, tripMoney),
  entries: (data['entries'] as readonly Plain[]).map((entry) => withMoney(entry, entryMoney) as unknown as TripEntry),
  lastExitMs: data['lastExitMs'] ?? undefined,
  low: unfinite(data['low'] as number | string),
  high: unfinite(data['high'] as number | string),
})

function withText<K extends string>(record: { readonly [key in K]: Parameters<typeof decimalText>[0] }, keys: readonly K[]): Record<string, Json> {
  const out: Record<string, Json> = { ...(record as unknown as Plain) }
  for (const key of keys) out[key] = decimalText(record[key])
  return out
}

function withMoney(data: Plain, keys: readonly string[]): Record<string, unknown> {
  const out: Record<string, unknown> = { ...data }
  for (const key of keys) out[key] = money(data[key] as string)
  return out
}
