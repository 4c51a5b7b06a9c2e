/** One part of an opinion. `score` in -1..+1, positive = buy; `reading` is the number a person would look at. */
export interface SignalComponent {
  readonly name: string
  readonly score: number
  /** Above 0; the score of the whole is the mean weighed by it. */
  readonly weight: number
  readonly reading: number
  readonly reason: string
}

/** What others see of an opinion. `reason` is a getter: text is formatted when it is read or stored. */
export interface Signal {
  /** Weighted mean of the components, -1..+1, positive = buy. */
  readonly score: number
  readonly components: readonly SignalComponent[]
  readonly reason: string
}
