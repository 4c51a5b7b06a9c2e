import fc from 'fast-check'
import { expect, it } from 'vitest'
import { money } from '../model/money.ts'
import { positionStatus } from './position.ts'

const MAX = 3
const facts = { quantity: 0, entryWorking: false, tranches: 0, exits: 0 }
type Facts = typeof facts

/** What may happen to a position, and the states it may lead to. */
const events = {
  entrySent: { to: (f: Facts): Facts => ({ ...f, entryWorking: true }), leadsTo: ['closed', 'building'] },
  entryFilled: { to: (f: Facts): Facts => ({ ...f, quantity: f.quantity + 2, tranches: f.tranches + 1, exits: 0 }), leadsTo: ['building'] },
  entryEnded: { to: (f: Facts): Facts => ({ ...f, entryWorking: false }), leadsTo: ['closed', 'building', 'open', 'reducing'] },
  partSold: { to: (f: Facts): Facts => ({ ...f, quantity: f.quantity - 1, exits: f.exits + 1 }), leadsTo: ['building', 'reducing'] },
  allSold: { to: (f: Facts): Facts => ({ ...f, quantity: 0, tranches: 0, exits: f.exits + 1 }), leadsTo: ['closed'] },
} as const
type Event = keyof typeof events
const building = ['entrySent', 'entryFilled', 'entryEnded'] as const

const possible = (f: Facts, event: Event): boolean => {
  if (event === 'entrySent') return !f.entryWorking && f.tranches < MAX
  if (event === 'entryFilled') return f.entryWorking && f.tranches < MAX
  if (event === 'entryEnded') return f.entryWorking
  return event === 'partSold' ? f.quantity > 1 : f.quantity > 0
}

it('[row 36] goes from closed through building and open to reducing and closed, never from closed to reducing, and builds again only with a new entry', () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(fc.array(fc.constantFrom<Event>(...building, ...building, ...building, 'partSold', 'allSold'), { maxLength: 60, size: 'max' }), (list) => {
      let f: Facts = facts
      let status = 'closed'
      for (const event of list) {
        if (!possible(f, event)) continue
        f = events[event].to(f)
        const next = positionStatus({
          quantity: money(String(f.quantity)),
          entryWorking: f.entryWorking,
          tranchesLeft: MAX - f.tranches,
          exitsSinceEntry: f.exits,
        })
        seen.add(`${status} ${next}`)
        expect(events[event].leadsTo, `${event} at ${status}`).toContain(next)
        expect(next === 'closed').toBe(f.quantity === 0)
        if (next === 'reducing') expect([f.exits > 0, f.entryWorking]).toEqual([true, false])
        if (next === 'open') expect([f.tranches, f.exits, f.entryWorking]).toEqual([MAX, 0, false])
        if (status === 'reducing' && next === 'building') expect(event).toBe('entrySent')
        status = next
      }
    }),
    { numRuns: 100 },
  )
  expect([...seen].sort()).not.toContain('closed reducing')
  for (const step of [
    'closed building',
    'building open',
    'open reducing',
    'reducing building',
    'reducing closed',
    'open closed',
    'building closed',
    'building reducing',
  ])
    expect(seen).toContain(step)
})
