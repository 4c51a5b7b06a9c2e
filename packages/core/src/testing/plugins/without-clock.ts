/** What a plugin may not ask: its answer would not be the same tomorrow. */
const forbidden = (what: string, instead: string) => (): never => {
  throw new Error(`it asks ${what}: ${instead}`)
}

const time = 'time is an argument (view.nowMs, candle.openTime), so that a past decision can be made again'
const lots = 'randomness makes a decision that nobody can make again'

/**
 * Runs something that may look neither at a clock nor at random numbers; both are there again afterwards. A promise that it makes is not waited for.
 *
 * @throws Error when it looks
 */
export function withoutClock<T>(run: () => T): T {
  const noTime = forbidden('the clock', time)
  const timeless = new Proxy(globalThis.Date, {
    get: (target, name, receiver) => (name === 'now' ? noTime : (Reflect.get(target, name, receiver) as unknown)),
    apply: noTime,
    construct: (target, args: unknown[]) => (args.length === 0 ? noTime() : (Reflect.construct(target, args) as object)),
  })
  const restore = [
    replaced(globalThis, 'Date', timeless),
    replaced(Math, 'random', forbidden('Math.random', lots)),
    replaced(globalThis.performance, 'now', noTime),
  ]
  try {
    return run()
  } finally {
    for (const each of restore) each()
  }
}

/** Puts another function in place of a method; returns what puts the old one back. */
function replaced<T extends object, K extends keyof T>(owner: T, name: K, other: T[K]): () => void {
  const old = owner[name]
  owner[name] = other
  return () => {
    owner[name] = old
  }
}
