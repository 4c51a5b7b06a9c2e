import { expect, it } from 'vitest'
import type { Exchange } from '../contracts/exchange.ts'
import { Stopwatch, Timings, timedExchange } from './timings.ts'

it('counts each duration in every class that it fits in', () => {
  const watch = new Stopwatch()
  const startedAt = performance.now()
  watch.stop(startedAt)
  watch.stop(startedAt - 300)
  watch.stop(startedAt - 60_000)
  const { buckets, sumSeconds } = watch.timing
  const upTo = (seconds: number): number => buckets.find(([bound]) => bound === seconds)![1]
  expect([upTo(0.25), upTo(0.5), upTo(10), upTo(Infinity)]).toEqual([1, 2, 2, 3])
  expect(sumSeconds).toBeGreaterThanOrEqual(60.3)
})

it('takes the time of every call to an exchange, also of one that fails, and changes nothing else', async () => {
  const timings = new Timings()
  const asked: unknown[] = []
  const exchange = {
    id: 'venue',
    environment: 'live',
    submit: async (...given: unknown[]) => (asked.push(given), 'taken'),
    balances: () => Promise.reject(new Error('away')),
  } as unknown as Exchange
  const timed = timedExchange(exchange, timings)
  const { signal } = new AbortController()
  expect(await timed.submit({} as never, signal, undefined)).toBe('taken')
  expect(asked).toEqual([[{}, signal, undefined]])
  await expect(timed.balances()).rejects.toThrow('away')
  expect([timed.id, timed.account, timed.orderHistory]).toEqual(['venue', undefined, undefined])
  expect(Object.entries(timings.all.exchange).map(([operation, { buckets }]) => [operation, buckets.at(-1)])).toEqual([
    ['submit', [Infinity, 1]],
    ['balances', [Infinity, 1]],
  ])
})
