import { ZERO, add, greater, isNegative, isPositive, subtract } from '../../model/money.ts'
import type { FillResult } from '../own-fill.ts'
import type { Grading } from './grade.ts'
import { closeTrip, type ClosedTrip, type OpenTrip, type TripExtremes } from './trip.ts'

/** The fold of own fills into round trips: one at work per bot that holds something, and those that are over. */
export class RoundTrips {
  readonly open = new Map<string, OpenTrip>()
  /** Those in memory, oldest first. */
  closed: ClosedTrip[] = []
  /** How many closed ones are not in memory any more. */
  private gone = 0
  private room = Number.POSITIVE_INFINITY
  /** Of the closed ones, gains and losses after fees. */
  wins = 0
  losses = 0
  best: ClosedTrip | undefined
  worst: ClosedTrip | undefined
  private readonly counts = new Map<string, number>()

  /**
   * Takes a booked fill.
   *
   * @param source - what asked for its order
   * @param extremes - candle extremes since the first entry, where the fill carries them
   * @returns the round trip that it ended
   */
  book(result: FillResult, source: string, extremes: TripExtremes | undefined, grading: Grading): ClosedTrip | undefined {
    const trip = this.open.get(result.fill.botId) ?? this.begin(result, source)
    if (extremes !== undefined) {
      trip.low = extremes.low
      trip.high = extremes.high
      trip.drawdown = extremes.drawdown
    }
    if (result.fill.side === 'buy') {
      addEntry(trip, result)
      return undefined
    }
    trip.soldQuantity = add(trip.soldQuantity, result.fill.quantity)
    trip.soldValue = add(trip.soldValue, result.value)
    trip.fees = add(trip.fees, result.realizedFees)
    trip.pnl = add(trip.pnl, result.realizedPnl)
    trip.exits++
    trip.closedBy = source
    trip.lastExitMs = result.fill.atMs
    return result.closed ? this.end(trip.botId, grading) : undefined
  }

  /** Ends the round trip of a bot, if it has sold anything. */
  end(botId: string, grading: Grading): ClosedTrip | undefined {
    const trip = this.open.get(botId)
    if (trip?.lastExitMs === undefined) return undefined
    const closed = closeTrip(trip, trip.lastExitMs, grading)
    this.open.delete(botId)
    this.keep(closed)
    return closed
  }

  /** Moves the round trip at work to another bot, with its lots' new names. */
  adopt(from: string, to: string): void {
    const trip = this.open.get(from)
    if (trip === undefined) return
    const number = this.countOf(to) + 1
    const entries = trip.entries.map((entry) => ({ ...entry, trancheId: `${to}${entry.trancheId.slice(entry.trancheId.lastIndexOf('#'))}` }))
    this.open.delete(from)
    this.counts.set(from, trip.number - 1)
    this.counts.set(to, number)
    this.open.set(to, { ...trip, botId: to, number, entries })
  }

  /** How many are over. */
  get count(): number {
    return this.gone + this.closed.length
  }

  /** Those that are over from the n-th on, 0 = the first: of those in memory. */
  closedFrom(index: number): ClosedTrip[] {
    return this.closed.slice(Math.max(0, index - this.gone))
  }

  /** Keeps the newest in memory, at most twice as many as this. */
  keepNewest(room: number): void {
    this.room = room
    this.forget(this.count - room)
  }

  /** Lets go of those that are over before the n-th. */
  forget(before: number): void {
    const kept = this.closedFrom(before)
    this.gone += this.closed.length - kept.length
    this.closed = kept
  }

  /** Round trips that a bot has begun. */
  countOf(botId: string): number {
    return this.counts.get(botId) ?? 0
  }

  /** Puts trips back where a snapshot was taken. */
  replace(open: readonly OpenTrip[], closed: readonly ClosedTrip[]): void {
    this.open.clear()
    this.counts.clear()
    this.closed = []
    this.gone = 0
    this.wins = 0
    this.losses = 0
    this.best = undefined
    this.worst = undefined
    for (const trip of open) this.open.set(trip.botId, trip)
    for (const trip of closed) this.keep(trip)
    for (const { botId, number } of [...closed, ...open]) this.counts.set(botId, Math.max(number, this.countOf(botId)))
  }

  private keep(trip: ClosedTrip): void {
    this.closed.push(trip)
    if (this.closed.length >= 2 * this.room) this.forget(this.count - this.room)
    if (isPositive(trip.pnl)) this.wins++
    else if (isNegative(trip.pnl)) this.losses++
    if (this.best === undefined || greater(trip.pnl, this.best.pnl)) this.best = trip
    if (this.worst === undefined || greater(this.worst.pnl, trip.pnl)) this.worst = trip
  }

  private begin(result: FillResult, source: string): OpenTrip {
    const { botId, instrument, atMs } = result.fill
    const number = this.countOf(botId) + 1
    this.counts.set(botId, number)
    const trip: OpenTrip = {
      botId,
      number,
      instrument,
      strategy: source,
      openedAtMs: atMs,
      entries: [],
      soldQuantity: ZERO,
      soldValue: ZERO,
      fees: ZERO,
      pnl: ZERO,
      exits: 0,
      closedBy: '',
      lastExitMs: undefined,
      low: Number.NaN,
      high: Number.NaN,
      drawdown: 0,
    }
    this.open.set(botId, trip)
    return trip
  }
}

function addEntry(trip: OpenTrip, { fill, value, feeValue, lotId }: FillResult): void {
  const received = fill.fee.currency === fill.base ? subtract(fill.quantity, fill.fee.amount) : fill.quantity
  const known = trip.entries.find((entry) => entry.trancheId === lotId)
  if (known === undefined) {
    trip.entries.push({
      trancheId: lotId!,
      clientOrderId: fill.clientOrderId,
      number: trip.entries.length + 1,
      quantity: received,
      value,
      fees: feeValue,
      atMs: fill.atMs,
    })
    return
  }
  known.quantity = add(known.quantity, received)
  known.value = add(known.value, value)
  known.fees = add(known.fees, feeValue)
}
