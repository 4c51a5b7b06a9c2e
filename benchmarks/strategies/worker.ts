import {
  backtest,
  bot,
  breakout,
  combine,
  dollarCostAverage,
  fixedSize,
  gridLadder,
  maxTranches,
  meanReversion,
  parseTime,
  presets,
  simulatedMarket,
  tradeSize,
  trendFollowing,
  weightedSignals,
} from '@millrace/core'
import type { BotConfig, CandleColumns, Strategy } from '@millrace/core'

export interface Row {
  readonly name: string
  /** Means over all runs: orders filled, quote currency. */
  readonly entries: number
  readonly sales: number
  /** Sales above cost, fees included, of all sales. */
  readonly won: string
  readonly fees: number
  readonly result: number
  readonly worst: number
  readonly best: number
  readonly withoutFees: number
  /** Standard error of that mean. */
  readonly error: number
}

export interface Report {
  readonly data: string
  readonly rows: readonly Row[]
}

const DAYS = 28
const SEEDS = [1, 2, 3, 4, 5]
const INSTRUMENTS = ['BTC-USD', 'ETH-USD', 'SOL-USD']
const TIMEFRAME_MS = 900_000
const CASH = 100
const FROM_MS = parseTime('2026-01-01T00:00Z')
const TO_MS = parseTime(`2026-01-${DAYS + 1}T00:00Z`)

interface Case {
  readonly name: string
  readonly strategy: () => Strategy
  readonly options?: Partial<Parameters<typeof bot>[0]>
}

const cases: readonly Case[] = [
  { name: 'weighted-signals', strategy: () => weightedSignals(presets.balanced.params), options: { confirm: '30m' } },
  { name: 'trend-following', strategy: () => trendFollowing(), options: { confirm: '30m' } },
  { name: 'mean-reversion', strategy: () => meanReversion() },
  { name: 'breakout', strategy: () => breakout() },
  { name: 'grid-ladder', strategy: () => gridLadder() },
  { name: 'dollar-cost-average', strategy: () => dollarCostAverage({ every: '7d' }) },
  { name: 'vote of three', strategy: () => combine([trendFollowing(), meanReversion(), breakout()], { mode: 'vote' }) },
  { name: 'bought once', strategy: () => dollarCostAverage(), options: { tranches: { max: 1 } } },
]

const botOf = ({ strategy, options }: Case, instrument: string): BotConfig =>
  bot({
    id: 'one',
    instrument,
    timeframe: '15m',
    strategy: strategy(),
    confirm: 0,
    sizing: fixedSize(25),
    safety: [tradeSize(5, 25), maxTranches(3)],
    ...options,
  })

interface Outcome {
  readonly entries: number
  readonly sales: number
  readonly won: number
  readonly fees: number
  readonly result: number
}

function run(one: Case, instrument: string, columns: CandleColumns, withFees: boolean): Outcome {
  const { summary, fills } = backtest({
    bots: [botOf(one, instrument)],
    candles: [{ instrument, timeframeMs: TIMEFRAME_MS, columns }],
    cash: { USD: String(CASH) },
    safety: [],
    ...(withFees ? {} : { fees: { makerRate: '0', takerRate: '0' } }),
  })
  const sales = fills.filter(({ side }) => side === 'sell')
  return {
    entries: fills.length - sales.length,
    sales: sales.length,
    won: sales.filter(({ realizedPnl }) => Number(realizedPnl) > 0).length,
    fees: Number(summary.fees),
    result: Number(summary.equity) - CASH,
  }
}

const markets: (readonly [instrument: string, columns: CandleColumns])[] = []
for (const seed of SEEDS) {
  const market = simulatedMarket({ seed, instruments: INSTRUMENTS, speed: 'max', until: `${DAYS}d` })
  for (const instrument of INSTRUMENTS)
    markets.push([instrument, await market.candles({ instrument, timeframeMs: TIMEFRAME_MS, fromMs: FROM_MS, toMs: TO_MS })])
}

const meanOf = (list: readonly Outcome[], member: keyof Outcome): number => list.reduce((sum, outcome) => sum + outcome[member], 0) / list.length
function standardError(list: readonly number[]): number {
  const mean = list.reduce((sum, x) => sum + x, 0) / list.length
  const variance = list.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / (list.length - 1)
  return Math.sqrt(variance / list.length)
}

const rows = cases.map((one): Row => {
  const outcomes = markets.map(([instrument, columns]) => run(one, instrument, columns, true))
  const free = markets.map(([instrument, columns]) => run(one, instrument, columns, false))
  const results = outcomes.map(({ result }) => result)
  const sales = meanOf(outcomes, 'sales')
  return {
    name: one.name,
    entries: meanOf(outcomes, 'entries'),
    sales,
    won: sales === 0 ? '-' : `${((100 * meanOf(outcomes, 'won')) / sales).toFixed(0)} %`,
    fees: meanOf(outcomes, 'fees'),
    result: meanOf(outcomes, 'result'),
    worst: Math.min(...results),
    best: Math.max(...results),
    withoutFees: meanOf(free, 'result'),
    error: standardError(free.map(({ result }) => result)),
  }
})

const data = `simulated market, seeds ${SEEDS.join(', ')}, ${INSTRUMENTS.join(', ')}: ${markets.length} runs of ${DAYS} days of 15m candles, 25 USD an entry, at most 3 held; USD a run, mean over all runs`
process.stdout.write(JSON.stringify({ data, rows } satisfies Report))
