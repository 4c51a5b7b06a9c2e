import type { GapPolicy, Parameter } from '@millrace/core'
import { overwriting } from '../run/result-files.ts'

/** Everything the flags of `millrace optimize` and `millrace sweep run` say, checked; times in ms UTC. */
export interface OptimizeSettings {
  /** Path of the configuration, relative to the working directory. */
  readonly config: string
  /** Folder of recorded candles, or a file of stored candles. */
  readonly data: string
  /** Undefined: the only one of the configuration. */
  readonly bot: string | undefined
  readonly parameters: readonly Parameter[]
  readonly search: 'grid' | 'random' | 'sequential'
  readonly trials: number
  /** A name, or `./file.ts#export`. */
  readonly objective: string
  readonly minRoundTrips: number
  readonly testShare: number
  readonly folds: number
  readonly anchored: boolean
  readonly fromMs: number | undefined
  readonly toMs: number | undefined
  readonly timeframeMs: number | undefined
  readonly detailMs: number | undefined
  readonly gapPolicy: GapPolicy
  readonly seed: number
  /** Undefined: as many as cores. */
  readonly threads: number | undefined
  /** How long one trial may take; undefined: ten minutes, or as each worker has it. */
  readonly trialLimitMs?: number | undefined
  /** Results, so that an interrupted search goes on; undefined keeps none. */
  readonly out: string | undefined
  readonly html: string | undefined
  /** Where the configuration with the winner's parameters goes. */
  readonly winner: string | undefined
  /** True = one line on stdout, a path = into that file. */
  readonly json: boolean | string
}

/** What is wrong with the flags taken together, in words; undefined when nothing is. */
export function contradictionOf(settings: OptimizeSettings): string | undefined {
  const { fromMs, toMs, parameters, config, data, json, out, html, winner } = settings
  if (parameters.length === 0) return '--param <name=from:to:step> is needed at least once'
  if (fromMs !== undefined && toMs !== undefined && fromMs >= toMs) return '--from must lie before --to'
  if (settings.testShare === 0 && settings.folds > 1) return '--test-share 0 keeps nothing back, so there is nothing to walk forward on: leave out --folds'
  return overwriting({ json, out, html, winner }, { configuration: config, candles: data })
}
