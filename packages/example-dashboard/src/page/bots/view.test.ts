import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { handMadeState } from '../../../test/hand-made-state.ts'
import { arranged, densities, groups, pnls, queryOf, shows, sorts, statuses, strengths, temperatures, viewOf } from './view.ts'
import type { View } from './view.ts'

const { bots } = handMadeState(0)
const usual = viewOf('')
const ids = (view: Partial<View>): readonly string[] => arranged({ ...usual, ...view }, bots).flatMap((group) => group.bots.map(({ id }) => id))

describe('filters [row 79]', () => {
  it('find bots by id and pair, in any words and case', () => {
    expect(ids({ search: 'TOSHI' })).toEqual(['toshi'])
    expect(ids({ search: 'a usd' })).toEqual(bots.filter(({ id }) => id.includes('a')).map(({ id }) => id))
    expect(ids({ search: 'nothing' })).toEqual([])
  })
  it('by temperature, status, strength and P&L', () => {
    expect(ids({ temperatures: ['hot'] })).toEqual(bots.filter(({ temperature }) => temperature === 'hot').map(({ id }) => id))
    expect(ids({ status: 'paused' })).toEqual(['avax'])
    expect(ids({ status: 'holding' })).toEqual(['sol', 'sui', 'toshi'])
    expect(ids({ status: 'ready' }).every((id) => bots.find((bot) => bot.id === id)!.readiness.canTrade)).toBe(true)
    expect(ids({ strength: 0.3 })).toEqual(bots.filter(({ score }) => Math.abs(score ?? 0) >= 0.3).map(({ id }) => id))
    expect(ids({ pnl: 'loss' })).toContain('sol')
    expect(ids({ pnl: 'gain' })).toContain('sui')
  })
  it('together show what each of them shows, in any combination', () => {
    const view = fc.record({
      search: fc.constantFrom('', 'a', 'usd', 'o'),
      temperatures: fc.subarray([...temperatures]),
      status: fc.constantFrom(...statuses),
      strength: fc.constantFrom(...strengths),
      pnl: fc.constantFrom(...pnls),
    })
    fc.assert(
      fc.property(view, (filters) => {
        const each = (Object.keys(filters) as (keyof typeof filters)[]).map((key) => ids({ [key]: filters[key] }))
        expect(ids(filters)).toEqual(bots.map(({ id }) => id).filter((id) => each.every((list) => list.includes(id))))
      }),
    )
  })
})

describe('the order', () => {
  it('[INC-68] under an action is by strength, and every bot stands under one heading', () => {
    const grouped = arranged({ ...usual, group: 'action' }, bots)
    expect(grouped.map(({ title }) => title)).toEqual(['Wants to buy', 'Wants to sell', 'Holds still'])
    for (const group of grouped) {
      const strength = group.bots.map(({ score }) => Math.abs(score ?? 0))
      expect(strength).toEqual([...strength].sort((a, b) => b - a))
    }
    expect(grouped.flatMap((group) => group.bots)).toHaveLength(bots.length)
  })
  it('is that of the configuration when nothing is asked for', () => expect(ids({})).toEqual(bots.map(({ id }) => id)))
  it('by strength, name and P&L loses and invents nobody', () => {
    for (const sort of sorts) expect([...ids({ sort })].sort()).toEqual([...ids({})].sort())
    expect(ids({ sort: 'name' })[0]).toBe('aero')
  })
})

it('every view comes back from its address, and nonsense in an address is nothing', () => {
  const view = fc.record({
    search: fc.string({ maxLength: 20 }),
    temperatures: fc.subarray([...temperatures]),
    status: fc.constantFrom(...statuses),
    strength: fc.constantFrom(...strengths),
    pnl: fc.constantFrom(...pnls),
    sort: fc.constantFrom(...sorts),
    group: fc.constantFrom(...groups),
    density: fc.constantFrom(...densities),
    bot: fc.constantFrom('', 'btc'),
  })
  fc.assert(
    fc.property(view, (one) => {
      expect(viewOf(queryOf(one))).toEqual(one)
    }),
  )
  expect(queryOf(usual)).toBe('')
  expect(viewOf('?status=<script>&strength=9&temperature=boiling&sort=1')).toEqual(usual)
  expect(shows(usual, bots[0]!)).toBe(true)
})
