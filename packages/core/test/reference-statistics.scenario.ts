import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { DAY_MS, drawdownStatistics, parseTime, periodStatistics, tradeStatistics } from '@millrace/core'

const folder = join(process.env['MILLRACE_DATA'] ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url)), 'reference')
const file = join(folder, 'sma_cross_backtesting_py_GOOG.json')
const missing = !existsSync(file)
if (missing) process.stderr.write(`reference-statistics.scenario.ts: 3 tests skipped, no reference results in ${folder} (MILLRACE_DATA)\n`)

interface Reference {
  readonly expected: Readonly<Record<string, number>>
  readonly trades: readonly {
    readonly entryBar: number
    readonly exitBar: number
    readonly size: number
    readonly entry: number
    readonly exit: number
    readonly pnl: number
  }[]
}

/** The account at each close, from the reference's own trades: what its statistics were measured on. */
function load() {
  const { expected, trades } = JSON.parse(readFileSync(file, 'utf8')) as Reference
  const rows = gunzipSync(readFileSync(join(folder, 'goog_daily.csv.gz')))
    .toString()
    .trim()
    .split('\n')
    .slice(1)
    .map((row) => row.split(','))
  const dayMs = rows.map((row) => parseTime(row[0]!) as number)
  const equity = rows.map((row, bar) => {
    let sum = 10_000
    for (const trade of trades) {
      if (bar >= trade.exitBar) sum += trade.pnl
      else if (bar >= trade.entryBar) sum += trade.size * (Number(row[4]) - trade.entry)
    }
    return sum
  })
  const figures = trades.map((trade) => ({
    pnl: trade.pnl,
    grossPnl: trade.pnl,
    fees: 0,
    returnPercent: 100 * Math.sign(trade.size) * (trade.exit / trade.entry - 1),
    holdingMs: dayMs[trade.exitBar]! - dayMs[trade.entryBar]!,
  }))
  return { expected, figures, equity, curve: equity.map((value, bar) => ({ atMs: dayMs[bar]!, equity: value })) }
}

describe.skipIf(missing)('the statistics of a reference run that another library published', () => {
  it('per round trip are ours', () => {
    const { expected, figures } = load()
    const own = tradeStatistics(figures)
    expect(own.count).toBe(expected['trades'])
    expect(100 * own.winRate!).toBeCloseTo(expected['winRatePct']!, 9)
    expect(own.bestPercent).toBeCloseTo(expected['bestTradePct']!, 6)
    expect(own.worstPercent).toBeCloseTo(expected['worstTradePct']!, 6)
    expect(own.expectancyPercent).toBeCloseTo(expected['expectancyPct']!, 6)
    expect(own.sqn).toBeCloseTo(expected['sqn']!, 6)
    expect(own.longestHoldingMs / DAY_MS).toBe(expected['maxTradeDurationDays'])
    // It divides percentages where ours divides amounts.
    const percents = tradeStatistics(figures.map((trade) => ({ ...trade, pnl: trade.returnPercent })))
    expect(percents.profitFactor).toBeCloseTo(expected['profitFactorOnPct']!, 6)
  })
  it('of its falls are ours', () => {
    const { expected, curve } = load()
    const own = drawdownStatistics(curve)
    expect(-100 * own.deepest!.share).toBeCloseTo(expected['maxDrawdownPct']!, 6)
    expect(own.longest!.durationMs / DAY_MS).toBe(expected['maxDrawdownDurationDays'])
    expect(-100 * own.meanShare!).toBeCloseTo(expected['avgDrawdownPct']!, 6)
  })
  it('per day are near ours: it annualises the geometric mean, we the arithmetic one', () => {
    const { expected, equity } = load()
    const own = periodStatistics(equity, 252)
    expect(own.volatilityPercent! / expected['volatilityAnnPct']!).toBeGreaterThan(0.75)
    expect(own.volatilityPercent! / expected['volatilityAnnPct']!).toBeLessThan(1.25)
    expect(own.sharpe! / expected['sharpe']!).toBeGreaterThan(0.75)
    expect(own.sharpe! / expected['sharpe']!).toBeLessThan(1.5)
  })
})
