import type { MiddlewareHandler } from 'hono'
import { problem } from '../problem.ts'

/** Changes within a minute, over all clients. A person does not come near it; a script gone wild does. The emergency stop does not count and is never refused. */
export const writesPerMinute = 60
const windowMs = 60_000

export function writeBudget(now: () => number = () => performance.now(), most: number = writesPerMinute): MiddlewareHandler {
  let times: number[] = []
  return async (c, next) => {
    const nowMs = now()
    times = times.filter((time) => nowMs - time < windowMs)
    if (times.length >= most) {
      c.header('retry-after', String(Math.ceil((windowMs - (nowMs - times[0]!)) / 1000)))
      return problem(c, 'too-many-changes', `at most ${most} changes a minute; the emergency stop is not counted`)
    }
    times.push(nowMs)
    return next()
  }
}
