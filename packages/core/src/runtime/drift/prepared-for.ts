import { prepareCandles } from '../../backtest/prepare-candles.ts'
import type { PreparedCandles } from '../../backtest/prepare-candles.ts'
import { ConfigError } from '../../model/errors.ts'
import type { ConfigProblem } from '../../model/errors.ts'
import type { MoneyInput } from '../../model/money.ts'
import type { EpochMs } from '../../model/time.ts'
import type { DriftOptions } from './drift-options.ts'

/**
 * The candles that a backtest over the time of a run plays.
 *
 * @throws ConfigError when they cannot be used
 */
export function preparedFor(
  { bots, candles, detail, gapPolicy }: DriftOptions,
  { startMs, endMs }: { readonly startMs: EpochMs; readonly endMs: EpochMs },
  cash: Readonly<Record<string, MoneyInput>>,
): PreparedCandles {
  const problems: ConfigProblem[] = []
  const more = { ...(detail === undefined ? {} : { detail }), ...(gapPolicy === undefined ? {} : { gapPolicy }) }
  const prepared = prepareCandles({ bots, candles, cash, from: startMs, to: endMs, ...more }, problems)
  if (problems.length > 0) throw new ConfigError(problems)
  return prepared
}

/**
 * What is missing in the data.
 *
 * @param preload - candles that a start loads, by bot
 */
export function dataNotes({ bots }: DriftOptions, { series, startMs, gaps }: PreparedCandles, preload: ReadonlyMap<string, number>): readonly string[] {
  const notes: string[] = []
  for (const { id, instrument, timeframeMs } of bots) {
    const { columns } = series.find((one) => one.instrument === instrument && one.timeframeMs === timeframeMs)!
    const before = columns.openTime.findIndex((openTime) => openTime + timeframeMs > startMs)
    const rows = before === -1 ? columns.length : before
    const wanted = preload.get(id)!
    if (rows < wanted) notes.push(`bot ${id}: the data has ${rows} candles before the start, a start loads ${wanted}; what that changes is in the line state`)
  }
  for (const { instrument, missing } of gaps) notes.push(`${instrument}: ${missing} candles of the time are missing in the data`)
  return notes
}
