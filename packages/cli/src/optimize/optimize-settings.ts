import { resolve } from 'node:path'
import type { GapPolicy, Parameter } from '@millrace/core'

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
  const { fromMs, toMs, parameters, config, data } = settings
  if (parameters.length === 0) return '--param <name=from:to:step> is needed at least once'
  if (fromMs !== undefined && toMs !== undefined && fromMs >= toMs) return '--from must lie before --to'
  if (settings.testShare === 0 && settings.folds > 1) return '--test-share 0 keeps nothing back, so there is nothing to walk forward on: leave out --folds'
  const files = (['json', 'out', 'html', 'winner'] as const).flatMap((flag) =>
    typeof settings[flag] === 'string' ? [{ flag, path: resolve(settings[flag]) }] : [],
  )
  for (const { flag, path } of files) {
    if (path === resolve(config)) return `--${flag} must not name the configuration: it would be overwritten`
    if (path === resolve(data)) return `--${flag} must not name the candles: they would be overwritten`
  }
  const twice = files.find(({ path }, i) => files.findIndex((other) => other.path === path) < i)
  return twice === undefined ? undefined : `two results cannot go into the same file: ${twice.path}`
}
