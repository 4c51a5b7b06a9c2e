/** A budget of requests: so many at once, so many a second after that. */
export interface TokenBucketOptions {
  /** Tokens that may be taken at once. */
  readonly capacity: number
  /** Tokens that come back a second. */
  readonly perSecond: number
  readonly now: () => number
}

/** What a token bucket has let through and what it holds now. */
export interface BucketStats {
  /** Requests that were let through, ever. */
  readonly taken: number
  /** Requests of the last 60 s: calls per minute as counted here. */
  readonly lastMinute: number
  /** Refusals of the venue (429) it was told of. */
  readonly refusals: number
  readonly tokens: number
  /** Nothing leaves before this moment; 0 when nothing was refused. */
  readonly closedUntilMs: number
}

/** A budget of requests; made by `createTokenBucket`. */
export interface TokenBucket {
  /**
   * Takes the tokens of one request, and leaves `reserve` of them for others that matter more.
   *
   * @returns 0 when they were taken, else the milliseconds after which to ask again: nothing was taken
   */
  take(weight?: number, reserve?: number): number
  /** The venue said there were too many: nothing leaves for that time, and no burst follows it. */
  refused(retryAfterMs: number): void
  /** What the venue says is left of its own budget: ours is never larger. */
  remaining(tokens: number): void
  stats(): BucketStats
}

/** Seconds of history that `lastMinute` counts over. */
const MINUTE_S = 60

/**
 * Returns a weighted token bucket. It only counts: who asks also waits.
 *
 * @throws RangeError when capacity or rate is not above 0; from `take` when a request weighs more than the bucket holds
 * @example
 * ```ts
 * let now = 0
 * const bucket = createTokenBucket({ capacity: 2, perSecond: 10, now: () => now })
 * const waits = [bucket.take(), bucket.take(), bucket.take()]
 * waits[2] // => 100
 * now = 100
 * bucket.take() // => 0
 * ```
 */
export function createTokenBucket({ capacity, perSecond, now }: TokenBucketOptions): TokenBucket {
  if (!(capacity > 0 && perSecond > 0 && Number.isFinite(capacity) && Number.isFinite(perSecond)))
    throw new RangeError(`expected a capacity and a rate above 0, received ${capacity} and ${perSecond}`)
  let tokens = capacity
  let atMs = now()
  let closedUntilMs = 0
  let taken = 0
  let refusals = 0
  const bySecond = new Float64Array(MINUTE_S)
  let lastSecond = Math.floor(atMs / 1000)

  function refill(): void {
    const nowMs = now()
    // Also when a clock was set back: no tokens for time that did not pass.
    const passed = nowMs - Math.max(atMs, closedUntilMs)
    if (passed > 0) tokens = Math.min(capacity, tokens + (passed * perSecond) / 1000)
    if (nowMs > atMs) atMs = nowMs
  }

  function turnTo(second: number): void {
    for (let s = Math.max(lastSecond + 1, second - MINUTE_S + 1); s <= second; s++) bySecond[s % MINUTE_S] = 0
    if (second > lastSecond) lastSecond = second
  }

  return {
    take(weight = 1, reserve = 0) {
      if (!(weight > 0 && reserve >= 0 && weight + reserve <= capacity))
        throw new RangeError(`expected a weight above 0, at most ${capacity} with what it leaves, received ${weight} and ${reserve}`)
      refill()
      const closed = closedUntilMs - atMs
      if (closed > 0) return Math.ceil(closed)
      const waitMs = ((weight + reserve - tokens) * 1000) / perSecond
      // A hair of a millisecond is only float64's rounding.
      if (waitMs > 1e-6) return Math.max(1, Math.ceil(waitMs - 1e-6))
      tokens = Math.max(0, tokens - weight)
      taken++
      turnTo(Math.floor(atMs / 1000))
      bySecond[lastSecond % MINUTE_S]!++
      return 0
    },
    refused(retryAfterMs) {
      refill()
      refusals++
      tokens = 0
      closedUntilMs = Math.max(closedUntilMs, atMs + Math.max(0, retryAfterMs))
    },
    remaining(left) {
      refill()
      if (left >= 0 && left < tokens) tokens = left
    },
    stats() {
      refill()
      turnTo(Math.floor(atMs / 1000))
      return { taken, refusals, tokens, closedUntilMs, lastMinute: bySecond.reduce((sum, count) => sum + count, 0) }
    },
  }
}
