/** Highest (`sign` 1) or lowest (`sign` -1) of the last `size` inputs, by blocks (van Herk): on average three comparisons per input. NaN until warm. */
export class ExtremeWindow {
  /** Left of `at`: inputs of this block. Right of it: extremes from there to the end of the block before. */
  private readonly buffer: Float64Array
  private readonly size: number
  private readonly sign: number
  private at = 0
  private prefix = -Infinity

  constructor(size: number, sign: 1 | -1) {
    this.size = size
    this.sign = sign
    this.buffer = new Float64Array(size).fill(NaN)
  }

  step(x: number, keep: boolean): number {
    const { buffer, at, sign } = this
    const next = at + 1
    const whole = next === this.size
    const prefix = Math.max(this.prefix, x * sign)
    const extreme = whole ? prefix : Math.max(buffer[next]!, prefix)
    if (keep) {
      buffer[at] = x * sign
      if (whole) {
        let suffix = -Infinity
        for (let i = at; i > 0; i--) buffer[i] = suffix = Math.max(suffix, buffer[i]!)
      }
      this.at = whole ? 0 : next
      this.prefix = whole ? -Infinity : prefix
    }
    return extreme * sign
  }
}
