import { createProjector } from '@millrace/core'
import type { PastOrders, Store } from '@millrace/core'
import { harshFaults, runSchedule } from '@millrace/core/testing'
import type { EngineParts } from '@millrace/core/testing'
import { describe, expect, it } from 'vitest'

/** What a store in memory would tell of its past, worked out anew each time. */
const pastOf = (store: Store): PastOrders => ({
  // The least there is: every order but the last is asked for.
  keep: 1,
  has: (id) => store.rows('orders').some((row) => row['client_order_id'] === id),
  order(id) {
    const projector = createProjector()
    for (const entry of store.read({ limit: Number.MAX_SAFE_INTEGER })) projector.apply(entry)
    return projector.order(id)
  },
  nameOf: (name) =>
    store
      .rows('orders')
      .find((row) => row['venue_order_id'] === name)
      ?.['client_order_id']?.toString(),
  hasFill: (id) => store.rows('fills').some((row) => row['fill_id'] === id),
})

/** An engine that remembers no more than it must, and asks its store for the rest. */
const forgetful =
  (asked: (question: keyof PastOrders) => void, change: Partial<PastOrders> = {}) =>
  (parts: EngineParts): EngineParts => ({
    ...parts,
    store: {
      open(request) {
        const store = parts.store.open(request)
        const past = { ...pastOf(store), ...change }
        const counted = Object.entries(past).map(([name, answer]) => [
          name,
          typeof answer === 'function' ? (id: string) => (asked(name as keyof PastOrders), (answer as (id: string) => unknown)(id)) : answer,
        ])
        return { ...store, past: Object.fromEntries(counted) as unknown as PastOrders }
      },
    },
  })

const options = (seed: number) => ({ seed, bots: 2, orders: 5, minutes: 30 })

describe('an engine that asks its store for what is over', () => {
  it('[row 94] [fault 48] lives through bad days as the engine that remembers everything, byte for byte', async () => {
    const asked = new Set<string>()
    // Which questions a dying process still asks of the venue is up to chance, so nobody dies here.
    const faults = { ...harshFaults, crash: 0 }
    for (let seed = 1; seed <= 12; seed++) {
      const small = await runSchedule({ ...options(seed), faults, sabotage: forgetful((question) => asked.add(question)) })
      expect(small).toEqual(await runSchedule({ ...options(seed), faults }))
      expect(small.problems).toEqual([])
    }
    expect([...asked].sort()).toEqual(['has', 'hasFill', 'nameOf', 'order'])
  })

  it('[row 94] [fault 37] loses and doubles nothing when it dies and starts again', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { problems, orders } = await runSchedule({ ...options(seed), sabotage: forgetful(() => undefined) })
      expect([seed, problems]).toEqual([seed, []])
      expect(orders).toBeGreaterThan(6)
    }
  })

  it('is given away when its store forgets which fills were booked', async () => {
    const problems: string[] = []
    for (let seed = 1; seed <= 12 && problems.length === 0; seed++)
      problems.push(...(await runSchedule({ ...options(seed), sabotage: forgetful(() => undefined, { hasFill: () => false }) })).problems)
    expect(problems.join('\n')).toMatch(/fill/)
  })
})
