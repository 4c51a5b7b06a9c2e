/**
 * Sum of the last `size` inputs without ever subtracting: the window is a suffix of the finished block plus the running prefix of the current one.
 * Nothing drifts, and an outlier has left after `size` inputs. NaN until the first block is full. On average two additions per input.
 */
export class SumWindow {
  /** Left of `at`: inputs of this block. Right of it: sums from there to the end of the block before. */
  private readonly buffer: Float64Array
  private readonly size: number = 0
  private at = 0
  private prefix = 0

  constructor(size: number) {
    this.size = size
    this.buffer = new Float64Array(size).fill(NaN)
  }

  step(x: number, keep: boolean): number {
    const { buffer, at } = this
    const next = at + 1
    const prefix = this.prefix + x
    const whole = next === this.size
    const sum = whole ? prefix : buffer[next]! + prefix
    if (keep) {
      buffer[at] = x
      if (whole) {
        let suffix = 0
        for (let i = at; i > 0; i--) buffer[i] = suffix += buffer[i]!
        this.at = 0
        this.prefix = 0
      } else {
        this.at = next
        this.prefix = prefix
      }
    }
    return sum
  }
}
