/** Mean, and sum of products of the deviations from mean time and mean input, over the last `size` inputs. */
export interface Trend {
  mean: number
  cross: number
}

/**
 * Mean and time covariance of the last `size` inputs, by blocks as in the moments window: nothing drifts, and a window of equal inputs has exactly that mean
 * and `cross` 0. The slope of the regression line is `cross / (size (size^2 - 1) / 12)`; the mean with weights 1 to `size` is `mean + 2 cross / (size (size + 1))`.
 */
export class TrendWindow {
  /** The result of the last `step`. */
  readonly scratch: Trend = { mean: NaN, cross: NaN }
  private readonly means: Float64Array
  private readonly crosses: Float64Array
  private readonly size: number
  private at = 0
  private mean = 0
  private cross = 0

  constructor(size: number) {
    this.size = size
    this.means = new Float64Array(size).fill(NaN)
    this.crosses = new Float64Array(size).fill(NaN)
  }

  step(x: number, keep: boolean): Trend {
    const { means, crosses, size, at, scratch } = this
    const n = at + 1
    const whole = n === size
    const d = x - this.mean
    const mean = this.mean + d / n
    const cross = this.cross + d * at * 0.5
    if (whole) {
      scratch.mean = mean
      scratch.cross = cross
    } else {
      const gap = mean - means[n]!
      scratch.mean = means[n]! + (gap * n) / size
      scratch.cross = crosses[n]! + cross + gap * n * (size - n) * 0.5
    }
    if (keep) {
      means[at] = x
      if (whole) this.rebuild()
      this.at = whole ? 0 : n
      this.mean = whole ? 0 : mean
      this.cross = whole ? 0 : cross
    }
    return scratch
  }

  private rebuild(): void {
    const { means, crosses, size } = this
    let mean = 0
    let cross = 0
    for (let i = size - 1, n = 1; i > 0; i--, n++) {
      const d = means[i]! - mean
      means[i] = mean += d / n
      crosses[i] = cross -= d * (n - 1) * 0.5
    }
  }
}
