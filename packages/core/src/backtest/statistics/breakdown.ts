import type { RoundTripRecord } from '../../contracts/analytics.ts'
import { isoDay } from '../../model/iso-time.ts'
import { DAY_MS, HOUR_MS } from '../../model/time.ts'

/** Round trips that share something, such as a bot or the weekday on which they ended. Amounts in quote. */
export interface Slice {
  readonly key: string
  readonly trades: number
  readonly wins: number
  readonly pnl: number
  readonly fees: number
}

/** The same round trips cut five ways; each counts where it ended (UTC). The sums over a cut are those of all round trips. */
export interface Breakdown {
  readonly byBot: readonly Slice[]
  /** `2026-01`. */
  readonly byMonth: readonly Slice[]
  /** `Mon` to `Sun`. */
  readonly byWeekday: readonly Slice[]
  /** `00` to `23`. */
  readonly byHour: readonly Slice[]
  /** What asked for the last exit. */
  readonly byExit: readonly Slice[]
}

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
/** 1970-01-01 was a Thursday. */
const weekdayOf = (ms: number): number => (Math.floor(ms / DAY_MS) + 3) % 7
const hourOf = (ms: number): number => Math.floor((ms % DAY_MS) / HOUR_MS)

/** Cuts round trips by bot, month, weekday, hour and exit. */
export function breakdownOf(trades: readonly RoundTripRecord[]): Breakdown {
  const cut = (keyOf: (trade: RoundTripRecord) => string, order: (a: string, b: string) => number = byText): readonly Slice[] => slices(trades, keyOf, order)
  return {
    byBot: cut(({ botId }) => botId),
    byMonth: cut(({ closedAtMs }) => isoDay(closedAtMs).slice(0, 7)),
    byWeekday: cut(
      ({ closedAtMs }) => weekdays[weekdayOf(closedAtMs)]!,
      (a, b) => weekdays.indexOf(a) - weekdays.indexOf(b),
    ),
    byHour: cut(({ closedAtMs }) => String(hourOf(closedAtMs)).padStart(2, '0')),
    byExit: cut(({ closedBy }) => closedBy),
  }
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function slices(trades: readonly RoundTripRecord[], keyOf: (trade: RoundTripRecord) => string, order: (a: string, b: string) => number): readonly Slice[] {
  const found = new Map<string, { trades: number; wins: number; pnl: number; fees: number }>()
  for (const trade of trades) {
    const key = keyOf(trade)
    let slice = found.get(key)
    if (slice === undefined) found.set(key, (slice = { trades: 0, wins: 0, pnl: 0, fees: 0 }))
    const pnl = Number(trade.pnl)
    slice.trades++
    if (pnl > 0) slice.wins++
    slice.pnl += pnl
    slice.fees += Number(trade.fees)
  }
  return [...found].map(([key, slice]) => ({ key, ...slice })).sort((a, b) => order(a.key, b.key))
}
