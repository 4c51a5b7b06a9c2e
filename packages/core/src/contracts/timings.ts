/** How long something took, counted in classes. */
export interface Timing {
  /** `[upTo, count]` in seconds: how many took at most so long. Each includes those before it, the last one (Infinity) all. */
  readonly buckets: readonly (readonly [upToSeconds: number, count: number])[]
  readonly sumSeconds: number
}

/** How long the outside kept the engine waiting, since its start. */
export interface EngineTimings {
  /** Of each commit to the store. */
  readonly commit: Timing
  /** Of each call to a real venue, by operation (`submit`, `cancel`, `order`, …), answered or not. Empty with a simulated one, whose latency is a setting. */
  readonly exchange: Readonly<Record<string, Timing>>
}
