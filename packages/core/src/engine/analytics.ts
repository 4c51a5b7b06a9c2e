import type { Decimal } from 'decimal.js'
import type { Analytics, BotPnl, DayPnl, ForeignBalance, StrategyPnl, SuccessRate, TripStatistics } from '../contracts/analytics.ts'
import type { EquityPoint, PnlRecord, RoundTripRecord } from '../contracts/analytics.ts'
import { advise } from '../ledger/analytics/advice.ts'
import { pnlBy } from '../ledger/analytics/pnl-cube.ts'
import type { RoundTrips } from '../ledger/analytics/round-trips.ts'
import { tripId, tripRecord } from '../ledger/analytics/trip.ts'
import { unrealizedPnl } from '../ledger/position.ts'
import { isoDay } from '../model/iso-time.ts'
import { ZERO, add, decimalText, isZero, money, stored, subtract } from '../model/money.ts'
import { DAY_MS } from '../model/time.ts'
import { executionRecord } from './analytics-tables.ts'
import type { TradingKernel } from './kernel.ts'
import { exactPrice, portfolioTotals } from './portfolio-totals.ts'

/**
 * Everything that came of a run and of those before it, from the durable state and the last prices.
 *
 * @param past - where memory holds only the newest orders and round trips: all of them
 */
export function analyticsOf(kernel: TradingKernel, past?: Pick<Analytics, 'roundTrips' | 'executions'>): Analytics {
  const { durable, settings, bots, nowMs } = kernel.state
  const { analytics: fold, ledger } = durable
  const cells = fold.pnl.cells()
  const roundTrips = [...(past?.roundTrips ?? fold.trips.closed.map(tripRecord))].sort(byEnd)
  const executions = past?.executions ?? [...durable.orders.values()].map(executionRecord)
  const [tripsOf, executionsOf] = [Map.groupBy(roundTrips, ({ botId }) => botId), Map.groupBy(executions, ({ botId }) => botId)]
  const equity = money(portfolioTotals(kernel).equity)
  const paidIn = ledger.paidIn(settings.quoteCurrency)
  const unrealized = new Map(ledger.botIds().map((botId) => [botId, unrealizedOf(kernel, botId)]))
  const now = fold.equity.preview({ atMs: nowMs, equity, paidIn })
  const curve = fold.equity.list()
  return {
    asOfMs: nowMs,
    quoteCurrency: settings.quoteCurrency,
    equity: decimalText(equity),
    paidIn: decimalText(paidIn),
    gain: now.gain,
    returnPercent: 100 * (now.growth - 1),
    peak: kernel.state.marks.peakEquity,
    maxDrawdown: kernel.state.marks.maxDrawdown,
    curve: curve.at(-1)?.atMs === now.atMs ? [...curve.slice(0, -1), now] : [...curve, now],
    foreign: foreignBalances(kernel),
    successRate: successRate(fold.submitted, fold.filled),
    byBot: [...pnlBy(cells, 'botId')].map(([botId, pnl]): BotPnl => ({ botId, ...pnl, unrealizedPnl: decimalText(unrealized.get(botId) ?? ZERO) })),
    byDay: byDay(pnlBy(cells, 'dayMs'), curve, now),
    byStrategy: byStrategy(pnlBy(cells, 'strategy'), fold.trips, unrealized),
    statistics: tripStatistics(fold.trips),
    roundTrips,
    executions,
    advice: bots.flatMap(({ config: { id } }) => advise(tripsOf.get(id) ?? [], executionsOf.get(id) ?? []).map((item) => ({ botId: id, ...item }))),
  }
}

/** The oldest end first; of bots that were done at the same moment, by name: the same from memory and from a store. */
const byEnd = (a: RoundTripRecord, b: RoundTripRecord): number => a.closedAtMs - b.closedAtMs || (a.id < b.id ? -1 : 1)

/** Orders with at least one fill of those that left for the venue. */
export const successRate = (submitted: number, filled: number): SuccessRate => ({ submitted, filled, rate: submitted === 0 ? undefined : filled / submitted })

/** How many round trips there were, how many gained after fees, and the two that stand out. */
export function tripStatistics({ count, wins, losses, best, worst }: RoundTrips): TripStatistics {
  const of = (trip: typeof best) => trip && { id: tripId(trip), pnl: decimalText(trip.pnl) }
  return { count, wins, losses, winRate: count === 0 ? undefined : wins / count, best: of(best), worst: of(worst) }
}

function unrealizedOf(kernel: TradingKernel, botId: string): Decimal {
  const bot = kernel.state.botsById.get(botId)
  const price = bot && exactPrice(bot)
  return price === undefined ? ZERO : stored(unrealizedPnl(kernel.state.durable.ledger.position(botId), price))
}

/** Balances that no bot bought: coins that were there before, or came from elsewhere. They are no part of equity. */
function foreignBalances({ state }: TradingKernel): readonly ForeignBalance[] {
  const { ledger } = state.durable
  return Object.entries(ledger.accounts()).flatMap(([currency, { cash }]) =>
    currency === state.settings.quoteCurrency || cash === undefined || isZero(cash) ? [] : [{ currency, amount: decimalText(cash) }],
  )
}

/** A day ends with the first point of the curve after it: it was made before anything of the next day happened. */
function byDay(days: ReadonlyMap<number, PnlRecord>, curve: readonly EquityPoint[], now: EquityPoint): readonly DayPnl[] {
  let realized = ZERO
  return [...days].map(([dayMs, pnl]) => {
    realized = add(realized, money(pnl.realizedPnl))
    const end = curve.find(({ atMs }) => atMs >= dayMs + DAY_MS) ?? now
    return { day: isoDay(dayMs), ...pnl, unrealizedPnl: decimalText(subtract(money(end.gain), realized)), endEquity: end.equity }
  })
}

/** What is held counts for the strategy that opened it. */
function byStrategy(strategies: ReadonlyMap<string, PnlRecord>, trips: RoundTrips, unrealized: ReadonlyMap<string, Decimal>): readonly StrategyPnl[] {
  return [...strategies]
    .map(([strategy, pnl]) => {
      let sum = ZERO
      for (const trip of trips.open.values()) if (trip.strategy === strategy) sum = add(sum, unrealized.get(trip.botId) ?? ZERO)
      return { strategy, ...pnl, unrealizedPnl: decimalText(sum) }
    })
    .sort((a, b) => (a.strategy < b.strategy ? -1 : 1))
}
