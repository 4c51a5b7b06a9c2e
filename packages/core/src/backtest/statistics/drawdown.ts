import type { EpochMs } from '../../model/time.ts'

/** A fall of equity from a peak until equity is there again. */
export interface Drawdown {
  /** Share of the peak, 0 to 1. */
  readonly share: number
  /** In quote. */
  readonly amount: number
  readonly peakMs: EpochMs
  readonly troughMs: EpochMs
  /** When equity was at the peak again; undefined while it is not. */
  readonly recoveredMs: EpochMs | undefined
  /** From the peak to the recovery, or to the end of the data. */
  readonly durationMs: number
}

/** What falls a series of equity had. */
export interface DrawdownStatistics {
  /** Falls, the one at the end included. */
  readonly count: number
  /** The largest by share; undefined when equity never fell. */
  readonly deepest: Drawdown | undefined
  readonly longest: Drawdown | undefined
  /** Mean share of all falls; undefined without one. */
  readonly meanShare: number | undefined
  readonly meanDurationMs: number | undefined
}

/** Follows the falls of an equity curve, one value at a time, in constant memory. */
export class DrawdownTracker {
  // Numbers from the beginning: a field that is undefined at first boxes every number that it is given later.
  private peak = Number.NaN
  private peakMs = 0
  private trough = Number.NaN
  private troughMs = 0
  private lastMs = 0
  private falls = 0
  private shares = 0
  private durations = 0
  private deepest: Drawdown | undefined
  private longest: Drawdown | undefined

  constructor(atMs: number, equity: number) {
    this.peak = equity
    this.trough = equity
    this.peakMs = atMs
    this.troughMs = atMs
    this.lastMs = atMs
  }

  update(atMs: number, equity: number): void {
    this.lastMs = atMs
    if (equity >= this.peak) {
      if (this.trough < this.peak) this.close(this.fall(atMs as EpochMs))
      this.peak = equity
      this.trough = equity
      this.peakMs = atMs
    } else if (equity < this.trough) {
      this.trough = equity
      this.troughMs = atMs
    }
  }

  /** With the fall at hand, which goes on. */
  statistics(): DrawdownStatistics {
    const { falls, shares, durations, deepest, longest } = this
    const now = this.trough < this.peak ? this.fall(undefined) : undefined
    const count = falls + (now === undefined ? 0 : 1)
    return {
      count,
      deepest: deeper(deepest, now),
      longest: longer(longest, now),
      meanShare: count === 0 ? undefined : (shares + (now?.share ?? 0)) / count,
      meanDurationMs: count === 0 ? undefined : (durations + (now?.durationMs ?? 0)) / count,
    }
  }

  private fall(recoveredMs: EpochMs | undefined): Drawdown {
    const { peak, trough, peakMs, troughMs, lastMs } = this
    return {
      share: peak > 0 ? (peak - trough) / peak : 0,
      amount: peak - trough,
      peakMs: peakMs as EpochMs,
      troughMs: troughMs as EpochMs,
      recoveredMs,
      durationMs: (recoveredMs ?? lastMs) - peakMs,
    }
  }

  private close(fall: Drawdown): void {
    this.falls++
    this.shares += fall.share
    this.durations += fall.durationMs
    this.deepest = deeper(this.deepest, fall)
    this.longest = longer(this.longest, fall)
  }
}

const deeper = (a: Drawdown | undefined, b: Drawdown | undefined): Drawdown | undefined => (a === undefined || (b !== undefined && b.share > a.share) ? b : a)
const longer = (a: Drawdown | undefined, b: Drawdown | undefined): Drawdown | undefined =>
  a === undefined || (b !== undefined && b.durationMs > a.durationMs) ? b : a

/**
 * Returns the falls of an equity curve.
 *
 * @example
 * ```ts
 * const at = (atMs: number, equity: number) => ({ atMs, equity })
 * drawdownStatistics([at(0, 100), at(1, 80), at(2, 120)]).deepest?.share // => 0.2
 * ```
 */
export function drawdownStatistics(curve: readonly { readonly atMs: number; readonly equity: number }[]): DrawdownStatistics {
  const tracker = new DrawdownTracker(curve[0]?.atMs ?? 0, curve[0]?.equity ?? 0)
  for (let i = 1; i < curve.length; i++) tracker.update(curve[i]!.atMs, curve[i]!.equity)
  return tracker.statistics()
}
