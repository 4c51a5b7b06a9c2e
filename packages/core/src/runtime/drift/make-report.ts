import type { Decimal } from 'decimal.js'
import type { Json } from '../../model/json.ts'
import { decimalText, subtract } from '../../model/money.ts'
import type { EpochMs } from '../../model/time.ts'
import { driftCauses } from './causes.ts'
import { compareDecisions, undecided } from './decisions.ts'
import { driftPage } from './drift-page.ts'
import type { DriftLine, DriftReport } from './drift-report.ts'
import type { RunOutcome } from './made-run.ts'
import type { OrderOutcome } from './run-watch.ts'

/** Everything a report says that is not worked out from the runs. */
export interface Explained extends Pick<DriftReport, 'quote' | 'against' | 'differsAfter' | 'complete' | 'notes'> {
  readonly startMs: EpochMs
  readonly endMs: EpochMs
  /** Of the steps 0 to 7. */
  readonly runs: readonly RunOutcome[]
  /** What was really gained, and by how many orders and fills. */
  readonly actual: { readonly pnl: Decimal; readonly orders: number; readonly fills: number }
  /** Orders that no run decided again. */
  readonly undecided: readonly OrderOutcome[]
}

/** Turns eight runs and what was really gained into lines. */
export function makeReport({ runs, actual, undecided: left, ...rest }: Explained): DriftReport {
  const [backtest, last] = [runs[0]!, runs.at(-1)!]
  const { decisions, same, ...compared } = compareDecisions(runs)
  const lines = driftCauses.map((cause, step): DriftLine => {
    const amount = subtract(runs[step + 1]!.pnl, runs[step]!.pnl)
    const noDecision = decimalText(subtract(amount, compared.amounts[cause]))
    return { cause, amount: decimalText(amount), pnl: decimalText(runs[step + 1]!.pnl), noDecision, decisions: compared.changed[cause] }
  })
  const plain = {
    ...rest,
    backtest: { pnl: decimalText(backtest.pnl), orders: backtest.decisions.size, fills: backtest.fills },
    actual: { ...actual, pnl: decimalText(actual.pnl) },
    drift: decimalText(subtract(actual.pnl, backtest.pnl)),
    lines,
    unexplained: decimalText(subtract(actual.pnl, last.pnl)),
    same,
    decisions: undecided(left, decisions),
  }
  return { ...plain, toJSON: () => JSON.parse(JSON.stringify(plain)) as Json, toHtml: (how = {}) => driftPage(plain, how.title ?? 'Drift') }
}
