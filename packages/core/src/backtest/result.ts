import type { RunSummary } from '../contracts/run-summary.ts'
import { runSummary } from '../engine/run-summary.ts'
import { tripRecord } from '../ledger/analytics/trip.ts'
import type { Json } from '../model/json.ts'
import { decimalText, money, subtract } from '../model/money.ts'
import type { BacktestResult } from './backtest-result.ts'
import type { BacktestRun } from './backtest-run.ts'
import { equityCsv, tradesCsv } from './csv.ts'
import { reportPage } from './report/page.ts'
import { rangeOf, rangeRun, rangeRunOf } from './range.ts'
import type { BacktestRange } from './range.ts'
import { backtestStatistics } from './statistics/statistics.ts'

/** Makes a value when it is asked for the first time. */
function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make() }).value
}

/** The result of a finished run. */
export function resultOf(run: BacktestRun, madeRange?: BacktestRange): BacktestResult {
  const { kernel, options, recorder, prepared, fills } = run
  const summary = runSummary(kernel, { candles: run.candles, orders: run.orders, fills: fills.length, engineMs: run.engineMs })
  const trades = lazy(() => kernel.state.durable.analytics.trips.closed.map(tripRecord))
  const statistics = lazy(() => {
    const turnover = fills.reduce((sum, { value }) => sum + Number(value), 0)
    return backtestStatistics({ trades: trades(), recorder, turnover, fees: Number(summary.fees) })
  })
  const range = lazy(() => madeRange ?? rangeNow(run, summary))
  const result: BacktestResult = {
    summary,
    get statistics() {
      return statistics()
    },
    get trades() {
      return trades()
    },
    fills,
    equity: recorder.list(),
    decisions: run.decisions,
    get range() {
      return range()
    },
    gaps: prepared.gaps,
    halted: prepared.halted,
    hash: kernel.hash,
    toJSON: () => {
      const plain = {
        summary,
        statistics: statistics(),
        range: range(),
        gapPolicy: options.gapPolicy ?? 'skip',
        gaps: prepared.gaps,
        halted: prepared.halted ?? null,
        trades: trades(),
        fills,
        equity: recorder.list(),
        hash: kernel.hash,
      }
      return JSON.parse(JSON.stringify(plain)) as Json
    },
    toCsv: (what) => (what === 'trades' ? tradesCsv(trades()) : equityCsv(recorder.list())),
    toHtml: (how = {}) => reportPage(run, result, how),
  }
  return result
}

/** P&L of a run: equity less what was paid in. */
export const pnlOf = ({ equity, paidIn }: Pick<RunSummary, 'equity' | 'paidIn'>): string => decimalText(subtract(money(equity), money(paidIn)))

function rangeNow(run: BacktestRun, summary: RunSummary): BacktestRange {
  const finished = (order: 'highFirst' | 'lowFirst') => {
    const other = rangeRunOf(run.options, order)
    while (other.advance());
    other.finish()
    return rangeRun(other, order)
  }
  return rangeOf(finished('highFirst'), finished('lowFirst'), pnlOf(summary))
}
