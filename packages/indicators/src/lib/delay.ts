/** The input `lag` steps before this one; NaN until there is one. */
export class Delay {
  private readonly buffer: Float64Array
  private at = 0

  constructor(lag: number) {
    this.buffer = new Float64Array(lag).fill(NaN)
  }

  step(x: number, keep: boolean): number {
    const { buffer, at } = this
    if (buffer.length === 0) return x
    const past = buffer[at]!
    if (keep) {
      buffer[at] = x
      this.at = at + 1 === buffer.length ? 0 : at + 1
    }
    return past
  }
}
