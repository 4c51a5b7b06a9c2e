/** How many inputs ago the highest (`sign` 1) or lowest (`sign` -1) of the last `size` inputs was, by blocks. NaN until warm. */
export class ExtremeAge {
  private readonly values: Float64Array
  private readonly places: Float64Array
  private readonly size: number
  private readonly sign: number
  private readonly latest: boolean
  private at = 0
  private best = -Infinity
  private place = 0
  private warm = 0

  /** Of equal extremes the latest counts, or the earliest. */
  constructor(size: number, sign: 1 | -1, latest: boolean) {
    this.size = size
    this.sign = sign
    this.latest = latest
    this.values = new Float64Array(size)
    this.places = new Float64Array(size)
  }

  step(x: number, keep: boolean): number {
    const { values, places, size, at } = this
    const y = x * this.sign
    const next = at + 1
    const whole = next === size
    const newer = at === 0 || y > this.best || (this.latest && y === this.best)
    const best = newer ? y : this.best
    const place = newer ? at : this.place
    let age = at - place
    if (!whole && (values[next]! > best || (values[next] === best && !this.latest))) age = at + size - places[next]!
    if (this.warm === 0 && !whole) age = NaN
    if (keep) {
      values[at] = y
      if (whole) this.rebuild()
      this.at = whole ? 0 : next
      this.best = best
      this.place = place
      if (whole) this.warm = 1
    }
    return age
  }

  private rebuild(): void {
    const { values, places, latest } = this
    let place = this.size - 1
    let best = -Infinity
    for (let i = place; i > 0; i--) {
      const y = values[i]!
      if (y > best || (y === best && !latest)) {
        best = y
        place = i
      }
      values[i] = best
      places[i] = place
    }
  }
}
