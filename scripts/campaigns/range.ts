import { DAY_MS, MINUTE_MS, backtest, bot, parseTime, resample, simulatedMarket, stopLoss, takeProfit, trailingStop, weightedSignals } from '@millrace/core'
import type { BacktestResult, BotConfig, CandleColumns, EpochMs, ExitRule, RoundTripRecord } from '@millrace/core'
import { rangeRunOf } from '../../packages/core/src/backtest/range.ts'
import { resultOf } from '../../packages/core/src/backtest/result.ts'
import type { Campaign } from '../lib/campaign.ts'

const QUARTER = 15 * MINUTE_MS
const DAYS = 10
const FROM = parseTime('2026-02-02T00:00Z')

/** Exits tight enough that a quarter of an hour often holds both of them. */
const exits: Readonly<Record<string, readonly ExitRule[]>> = { fixed: [stopLoss(0.006), takeProfit(0.006)], trailing: [trailingStop(0.006), takeProfit(0.012)] }

const botOf = (rules: readonly ExitRule[]): BotConfig =>
  bot({ id: 'sol', instrument: 'SOL-USD', timeframe: '15m', strategy: weightedSignals(), actionThreshold: 0.1, confirm: 0, exits: rules, safety: [] })

/**
 * How often the whole run on minutes lies inside the range of the run on quarters of an hour, and how often a round trip with the same entry does. Ten days of the simulated
 * market a seed; nothing fails, it is measured.
 */
export const campaign: Campaign = {
  title: 'how often a finer replay falls inside the range of a coarser one',
  defaults: { seeds: 200 },
  async run(seed) {
    const market = simulatedMarket({ seed, instruments: ['SOL-USD'] })
    const minutes = await market.candles({ instrument: 'SOL-USD', timeframeMs: MINUTE_MS, fromMs: FROM, toMs: (FROM + DAYS * DAY_MS) as EpochMs })
    await market.close()
    const quarters = resample(minutes, MINUTE_MS, QUARTER)
    const figures: Record<string, number> = {}
    for (const [name, rules] of Object.entries(exits)) {
      const own = { bots: [botOf(rules)], cash: { USD: '1000' }, safety: [] }
      const series = (columns: CandleColumns, timeframeMs: number) => [{ instrument: 'SOL-USD', timeframeMs, columns }]
      const coarse = { ...own, candles: series(quarters, QUARTER) }
      const fine = backtest({ ...own, candles: series(minutes, MINUTE_MS), detail: '1m' })
      const runs: readonly Run[] = [{ ...backtestOf(coarse), ambiguous: 0 }, underOrder(coarse, 'highFirst'), underOrder(coarse, 'lowFirst')]
      const pnl = runs.map(pnlOf)
      const inside = pnlOf(fine) >= Math.min(...pnl) && pnlOf(fine) <= Math.max(...pnl)
      figures[`${name}Runs`] = 1
      figures[`${name}RunsInside`] = inside ? 1 : 0
      figures[`${name}WidthCents`] = Math.round(100 * (Math.max(...pnl) - Math.min(...pnl)))
      figures[`${name}OffCents`] = Math.round(100 * Math.abs(pnlOf(fine) - pnl[0]!))
      figures[`${name}AmbiguousCandles`] = runs[1]!.ambiguous
      const trips = sameEntries(fine.trades, runs[1]!.trades, runs[2]!.trades)
      figures[`${name}Trips`] = trips.length
      figures[`${name}TripsInside`] = trips.filter((prices) => liesBetween(prices)).length
    }
    return figures
  },
}

type Run = Pick<BacktestResult, 'trades' | 'summary'> & { readonly ambiguous: number }

function underOrder(options: Parameters<typeof backtest>[0], order: 'highFirst' | 'lowFirst'): Run {
  const run = rangeRunOf(options, order)
  while (run.advance());
  run.finish()
  const { trades, summary } = resultOf(run)
  return { trades, summary, ambiguous: run.kernel.state.ambiguousCandles }
}

const backtestOf = (options: Parameters<typeof backtest>[0]): Pick<BacktestResult, 'trades' | 'summary'> => {
  const { trades, summary } = backtest(options)
  return { trades, summary }
}

const pnlOf = ({ summary: { equity, paidIn } }: Pick<BacktestResult, 'summary'>): number => Number(equity) - Number(paidIn)

/** Exit prices of the round trips that began with the same fill in all three runs: of the fine one, the optimistic and the pessimistic. */
function sameEntries(...runs: readonly (readonly RoundTripRecord[])[]): readonly (readonly number[])[] {
  const key = ({ openedAtMs, averageEntry, entries }: RoundTripRecord): string => `${openedAtMs} ${averageEntry} ${entries.length}`
  const [fine, ...others] = runs
  return fine!.flatMap((trip) => {
    const found = others.map((trades) => trades.find((other) => key(other) === key(trip)))
    return found.every((other) => other !== undefined) ? [[trip, ...found].map(({ averageExit }) => Number(averageExit))] : []
  })
}

const liesBetween = ([own, ...bounds]: readonly number[]): boolean => own! >= Math.min(...bounds) && own! <= Math.max(...bounds)
