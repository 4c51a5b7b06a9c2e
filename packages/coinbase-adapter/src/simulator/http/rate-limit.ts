/** What a request found of its budget. */
export interface RateState {
  readonly allowed: boolean
  readonly limit: number
  readonly remaining: number
  /** Until there is room again, in ms. */
  readonly waitMs: number
}

export interface RateLimiter {
  take(who: string, nowMs: number): RateState
  /** Requests that found no room. */
  readonly breaches: number
  /** The most requests of one client in any second. */
  readonly mostInASecond: number
}

interface Bucket {
  tokens: number
  atMs: number
  /** Times of the requests of the last second. */
  recent: number[]
}

/** Returns a token bucket for every client: so many a second, and as many at once. */
export function createRateLimiter(perSecond: number): RateLimiter {
  const buckets = new Map<string, Bucket>()
  let breaches = 0
  let mostInASecond = 0
  return {
    take(who, nowMs) {
      const bucket = buckets.get(who) ?? { tokens: perSecond, atMs: nowMs, recent: [] }
      buckets.set(who, bucket)
      bucket.recent = bucket.recent.filter((atMs) => atMs > nowMs - 1000)
      bucket.recent.push(nowMs)
      mostInASecond = Math.max(mostInASecond, bucket.recent.length)
      bucket.tokens = Math.min(perSecond, bucket.tokens + (Math.max(0, nowMs - bucket.atMs) / 1000) * perSecond)
      bucket.atMs = nowMs
      const allowed = bucket.tokens >= 1 - 1e-9
      if (allowed) bucket.tokens -= 1
      else breaches++
      const waitMs = Math.ceil(((1 - bucket.tokens) / perSecond) * 1000)
      return { allowed, limit: perSecond, remaining: Math.max(0, Math.floor(bucket.tokens)), waitMs: Math.max(0, waitMs) }
    },
    get breaches() {
      return breaches
    },
    get mostInASecond() {
      return mostInASecond
    },
  }
}
