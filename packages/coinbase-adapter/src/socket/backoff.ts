/** Pauses before the next try: longer each time, never in step with others, bounded. */
export interface Backoff {
  /** The pause before the next try, in ms. */
  next(): number
  /** It works again. */
  reset(): void
}

export interface BackoffOptions {
  readonly firstMs: number
  readonly longestMs: number
  /** 0 <= r < 1. */
  readonly random: () => number
}

/** Returns pauses that double up to a bound, each drawn from its upper half. */
export function createBackoff({ firstMs, longestMs, random }: BackoffOptions): Backoff {
  let tries = 0
  return {
    next() {
      const whole = Math.min(longestMs, firstMs * 2 ** Math.min(tries++, 30))
      return Math.ceil(whole / 2 + (whole / 2) * random())
    },
    reset() {
      tries = 0
    },
  }
}
