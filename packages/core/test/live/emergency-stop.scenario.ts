import { expect, it } from 'vitest'
import { runStops } from './stop-run.ts'

const runs = process.env['MILLRACE_WIDE'] === '1' ? 1_400 : 20
const STOPS = 10

it('[row 21] [fault 57] whenever the emergency stop comes, no send begins after the gate is closed and no create reaches the venue after the promise', async () => {
  const sums = { stops: 0, inFlight: 0, lateCreates: 0 }
  const problems: string[] = []
  for (let seed = 1; seed <= runs; seed++) {
    const result = await runStops({ seed, stops: STOPS })
    problems.push(...result.problems.map((problem) => `seed ${seed}: ${problem}`))
    for (const sum of ['stops', 'inFlight', 'lateCreates'] as const) sums[sum] += result[sum]
  }
  expect(problems.slice(0, 5)).toEqual([])
  expect(sums.stops).toBe(STOPS * runs)
  // Stops that meet no order prove nothing.
  expect(sums.inFlight).toBeGreaterThan(5 * runs)
  expect(sums.lateCreates).toBeGreaterThan(runs)
})

it('an adapter that lets orders wait before they leave is noticed', async () => {
  const result = await runStops({
    seed: 1,
    stops: STOPS,
    exchange: (inner, clock) => ({
      ...inner,
      async submit(request, signal, sentBefore) {
        await new Promise((resolve) => clock.at(clock.nowMs() + 300).subscribe(resolve))
        return inner.submit(request, signal, sentBefore)
      },
    }),
  })
  expect(result.sendsAfterGate).toBeGreaterThan(0)
})

it('an answer that comes before the order is there is noticed', async () => {
  let noticed = 0
  for (let seed = 1; seed <= 3; seed++) {
    const { createsAfterPromise } = await runStops({
      seed,
      stops: STOPS,
      exchange: (inner) => ({
        ...inner,
        async submit(request, signal, sentBefore) {
          void inner.submit(request, signal, sentBefore)
          return { outcome: 'unknown', cause: 'impatience' }
        },
      }),
    })
    noticed += createsAfterPromise
  }
  expect(noticed).toBeGreaterThan(0)
})

it('a latch that is looked at beforehand, and not as the order is written down, is noticed', async () => {
  const result = await runStops({
    seed: 1,
    stops: STOPS,
    halt(inner, clock) {
      let lookedMs = Number.NEGATIVE_INFINITY
      let seen: ReturnType<typeof inner.requested>
      return {
        ...inner,
        requested() {
          if (clock.nowMs() - lookedMs > 1_000) [seen, lookedMs] = [inner.requested(), clock.nowMs()]
          return seen
        },
      }
    },
  })
  expect(result.sendsAfterGate).toBeGreaterThan(0)
})
