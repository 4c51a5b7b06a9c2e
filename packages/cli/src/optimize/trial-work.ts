import { configTrials } from '@millrace/core'
import type { CandleColumns, CandleSeries, TrialEvaluator, TrialOutcome, TrialTask, TrialWindow } from '@millrace/core'
import { loadPlugins } from '@millrace/core/node'

/** What a thread is given when it starts: plain data, the columns in shared memory. */
export interface TrialWork {
  readonly task: TrialTask
  readonly series: readonly CandleSeries[]
  /** Folder of the modules that the configuration names. */
  readonly folder: string
}

/** The same, with a count that goes up with each trial that a thread begins. */
export interface ThreadData extends TrialWork {
  readonly beats: Int32Array
}

/** Trials for a thread. */
export interface TrialOrder {
  readonly id: number
  readonly points: readonly number[]
  readonly window: TrialWindow
}

/** What came of them. */
export type TrialAnswer =
  | { readonly id: number; readonly outcomes: readonly TrialOutcome[]; readonly ms: number }
  | { readonly id: number; readonly failure: string }

/** Makes the trials of a task, with the modules that its configuration names. */
export async function trialsOf({ task, series, folder }: TrialWork): Promise<TrialEvaluator> {
  const { plugins } = await loadPlugins(task.config, { folder })
  return configTrials(task, series, { plugins })
}

/** Returns series whose columns several threads can read: copied once, shared from then on. */
export const sharedSeries = (series: readonly CandleSeries[]): readonly CandleSeries[] => series.map((one) => ({ ...one, columns: sharedColumns(one.columns) }))

function sharedColumns(columns: CandleColumns): CandleColumns {
  const shared = (column: Float64Array): Float64Array => {
    const copy = new Float64Array(new SharedArrayBuffer(8 * columns.length))
    copy.set(column)
    return copy
  }
  const { length, openTime, open, high, low, close, volume } = columns
  return { length, openTime: shared(openTime), open: shared(open), high: shared(high), low: shared(low), close: shared(close), volume: shared(volume) }
}
