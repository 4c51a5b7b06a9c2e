import type { SignalBuilder } from '../contracts/strategy.ts'
import type { Json } from '../model/json.ts'

/** Apart, so that `add` is short enough to be inlined: its numbers are not boxed then. */
function refuse(slots: SignalSlots, name: string, score: number, weight: number): never {
  if (!slots.names.includes(name))
    throw new RangeError(`unknown signal component ${JSON.stringify(name)}: declare it in 'components' (${slots.names.join(', ')})`)
  if (!(weight > 0)) throw new RangeError(`component ${name}: expected a weight > 0, received ${weight}`)
  if (score > 1 || score < -1) throw new RangeError(`component ${name}: expected a score in -1..+1, received ${score}`)
  throw new RangeError(`component ${name} was added twice in one evaluation`)
}

/** The engine's own signal builder: fixed slots of numbers, reset before each evaluation. No object, no text. */
export class SignalSlots implements SignalBuilder<string, Json> {
  readonly names: readonly string[]
  readonly scores: Float64Array
  readonly weights: Float64Array
  readonly readings: Float64Array
  /** The state that this evaluation handed over; undefined when it handed over none. */
  handed: Json | undefined = undefined
  private filled = 0
  private scoreSum = 0
  private weightSum = 0

  constructor(names: readonly string[]) {
    this.names = names
    this.scores = new Float64Array(names.length).fill(Number.NaN)
    this.weights = new Float64Array(names.length)
    this.readings = new Float64Array(names.length).fill(Number.NaN)
  }

  reset(): void {
    this.filled = 0
    this.scoreSum = 0
    this.weightSum = 0
    this.handed = undefined
    // A component that stays silent in this evaluation must not show what it said in an earlier one.
    for (let i = 0; i < this.weights.length; i++) this.weights[i] = 0
  }

  add(name: string, score: number, weight = 1, reading = Number.NaN): void {
    // Components nearly always come in their declared order, so the next slot is looked at first.
    let slot = this.filled++
    if (this.names[slot] !== name) slot = this.names.indexOf(name)
    if (!(weight > 0) || score > 1 || score < -1 || this.weights[slot] !== 0) refuse(this, name, score, weight)
    this.scores[slot] = score
    this.weights[slot] = weight
    this.readings[slot] = reading
    this.scoreSum += weight * score
    this.weightSum += weight
  }

  next(state: Json): void {
    if (this.handed !== undefined) throw new RangeError('a state was handed over twice in one evaluation')
    if (state === undefined) throw new TypeError('expected a state of plain data, received undefined')
    this.handed = state
  }

  /** Weighted mean, -1..+1; 0 when nothing was added, NaN when any score is NaN. */
  get score(): number {
    return this.weightSum === 0 ? 0 : this.scoreSum / this.weightSum
  }
}
