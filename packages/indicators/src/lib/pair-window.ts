/** Sums of products of the deviations from the means. */
export interface PairMoments {
  xx: number
  yy: number
  xy: number
}

/** Second moments of the last `size` pairs, by blocks as in the moments window: `xx` and `yy` never negative, nothing drifts. */
export class PairWindow {
  /** The result of the last `step`. */
  readonly scratch: PairMoments = { xx: NaN, yy: NaN, xy: NaN }
  private readonly meansX: Float64Array
  private readonly meansY: Float64Array
  private readonly suffixXx: Float64Array
  private readonly suffixYy: Float64Array
  private readonly suffixXy: Float64Array
  private readonly size: number
  private at = 0
  private meanX = 0
  private meanY = 0
  private xx = 0
  private yy = 0
  private xy = 0

  constructor(size: number) {
    const empty = (): Float64Array => new Float64Array(size).fill(NaN)
    this.size = size
    this.meansX = empty()
    this.meansY = empty()
    this.suffixXx = empty()
    this.suffixYy = empty()
    this.suffixXy = empty()
  }

  step(x: number, y: number, keep: boolean): PairMoments {
    const { meansX, meansY, size, at, scratch } = this
    const n = at + 1
    const whole = n === size
    const dx = x - this.meanX
    const dy = y - this.meanY
    const part = at / n
    const meanX = this.meanX + dx / n
    const meanY = this.meanY + dy / n
    const xx = this.xx + dx * dx * part
    const yy = this.yy + dy * dy * part
    const xy = this.xy + dx * dy * part
    const gapX = whole ? 0 : meanX - meansX[n]!
    const gapY = whole ? 0 : meanY - meansY[n]!
    const weight = (n * (size - n)) / size
    scratch.xx = whole ? xx : this.suffixXx[n]! + xx + gapX * gapX * weight
    scratch.yy = whole ? yy : this.suffixYy[n]! + yy + gapY * gapY * weight
    scratch.xy = whole ? xy : this.suffixXy[n]! + xy + gapX * gapY * weight
    if (keep) {
      meansX[at] = x
      meansY[at] = y
      if (whole) this.rebuild()
      this.at = whole ? 0 : n
      this.meanX = whole ? 0 : meanX
      this.meanY = whole ? 0 : meanY
      this.xx = whole ? 0 : xx
      this.yy = whole ? 0 : yy
      this.xy = whole ? 0 : xy
    }
    return scratch
  }

  private rebuild(): void {
    const { meansX, meansY, suffixXx, suffixYy, suffixXy, size } = this
    let meanX = 0
    let meanY = 0
    let xx = 0
    let yy = 0
    let xy = 0
    for (let i = size - 1, n = 1; i > 0; i--, n++) {
      const dx = meansX[i]! - meanX
      const dy = meansY[i]! - meanY
      const part = (n - 1) / n
      meansX[i] = meanX += dx / n
      meansY[i] = meanY += dy / n
      suffixXx[i] = xx += dx * dx * part
      suffixYy[i] = yy += dy * dy * part
      suffixXy[i] = xy += dx * dy * part
    }
  }
}
