/** Mean absolute deviation of the last `size` inputs from a given mean; looks at each of them. */
export class DeviationWindow {
  private readonly buffer: Float64Array
  private at = 0

  constructor(size: number) {
    this.buffer = new Float64Array(size).fill(NaN)
  }

  step(x: number, mean: number, keep: boolean): number {
    const { buffer, at } = this
    const size = buffer.length
    let sum = 0
    for (let i = 0; i < at; i++) sum += Math.abs(buffer[i]! - mean)
    for (let i = at + 1; i < size; i++) sum += Math.abs(buffer[i]! - mean)
    sum += Math.abs(x - mean)
    if (keep) {
      buffer[at] = x
      this.at = at + 1 === size ? 0 : at + 1
    }
    return sum / size
  }
}
