import type { Exchange } from '../contracts/exchange.ts'
import type { EngineTimings, Timing } from '../contracts/timings.ts'

/** Classes in seconds: from a commit to memory to a venue that does not answer. */
const bounds = [0.000_1, 0.000_5, 0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, Infinity] as const

/** Counts durations in fixed classes. */
export class Stopwatch {
  private readonly counts = bounds.map(() => 0)
  private sum = 0

  /** @param startedAt - as `performance.now()` gave it */
  stop(startedAt: number): void {
    const seconds = (performance.now() - startedAt) / 1_000
    this.sum += seconds
    const index = bounds.findIndex((bound) => seconds <= bound)
    this.counts[index]! += 1
  }

  get timing(): Timing {
    let total = 0
    return { buckets: bounds.map((bound, i) => [bound, (total += this.counts[i]!)] as const), sumSeconds: this.sum }
  }
}

/** How long the outside takes: the store, and each operation of a venue. */
export class Timings {
  readonly commit = new Stopwatch()
  private readonly operations = new Map<string, Stopwatch>()

  async call<T>(operation: string, ask: () => Promise<T>): Promise<T> {
    const startedAt = performance.now()
    try {
      return await ask()
    } finally {
      const watch = this.operations.get(operation) ?? new Stopwatch()
      this.operations.set(operation, watch)
      watch.stop(startedAt)
    }
  }

  get all(): EngineTimings {
    return { commit: this.commit.timing, exchange: Object.fromEntries([...this.operations].map(([operation, watch]) => [operation, watch.timing])) }
  }
}

/** The same exchange, with the time of every call taken. */
export function timedExchange(exchange: Exchange, timings: Timings): Exchange {
  return {
    id: exchange.id,
    environment: exchange.environment,
    capabilities: exchange.capabilities,
    instruments: () => timings.call('instruments', () => exchange.instruments()),
    ...(exchange.account === undefined ? {} : { account: () => timings.call('account', () => exchange.account!()) }),
    submit: (request, signal, sentBefore) => timings.call('submit', () => exchange.submit(request, signal, sentBefore)),
    cancel: (order, signal) => timings.call('cancel', () => exchange.cancel(order, signal)),
    order: (ref, sentBefore) => timings.call('order', () => exchange.order(ref, sentBefore)),
    liveOrders: () => timings.call('liveOrders', () => exchange.liveOrders()),
    ...(exchange.orderHistory === undefined ? {} : { orderHistory: (sinceMs) => timings.call('orderHistory', () => exchange.orderHistory!(sinceMs)) }),
    fills: (after) => timings.call('fills', () => exchange.fills(after)),
    balances: () => timings.call('balances', () => exchange.balances()),
    feeRates: () => timings.call('feeRates', () => exchange.feeRates()),
    events: () => exchange.events(),
    close: () => exchange.close(),
  }
}
