import { describe, expect, test } from 'vitest'
import { bot, createAccount, defineStrategy, paper } from '../../index.ts'
import type { EpochMs } from '../../index.ts'
import { coinbaseInstrument } from '../../simulation/products.ts'
import { z } from 'zod'
import { CONFIRMING, HOLD, PENDING } from '../outcome-codes.ts'
import { confirm } from './confirm.ts'

const quiet = defineStrategy({ id: 'quiet', params: z.strictObject({}), indicators: () => ({}), components: { none: () => '' }, evaluate: () => undefined })
const T0 = Date.UTC(2026, 0, 1) as EpochMs
const MINUTE = 60_000

/** A bot whose evaluations a test makes up: a side, or none, at a time. */
function evaluations(timeframe: string, required: string | 0 = '5m') {
  const account = createAccount({
    instruments: [coinbaseInstrument('BTC-USD')!],
    exchange: paper({ cash: { USD: '100' } }),
    bots: [bot({ id: 'b', instrument: 'BTC-USD', timeframe: timeframe as '1m', strategy: quiet(), confirm: required as '5m' })],
    safety: [],
    startMs: T0,
  })
  const { runtime } = account.bots[0]!
  const { state } = account.kernel
  return {
    runtime,
    at(ms: number, side: -1 | 0 | 1): boolean {
      state.nowMs = (T0 + ms) as EpochMs
      runtime.frame.side = side
      runtime.frame.exit = 0
      runtime.frame.outcome = side === 0 ? HOLD : PENDING
      confirm(state, runtime)
      return runtime.frame.outcome === PENDING
    },
  }
}

describe('[row 13] a direction is confirmed once it has held for its time', () => {
  test('299.999 s are refused, 300 s are enough, and what is missing is said', () => {
    const { at, runtime } = evaluations('15m')
    expect(at(0, 1)).toBe(false)
    expect(at(299_999, 1)).toBe(false)
    expect([runtime.frame.outcome, runtime.frame.margin, runtime.frame.untilMs]).toEqual([CONFIRMING, -1, T0 + 300_000])
    expect(at(300_000, 1)).toBe(true)
  })

  test('with candles of fifteen minutes the next one confirms', () => {
    const { at } = evaluations('15m')
    expect([at(0, -1), at(15 * MINUTE, -1)]).toEqual([false, true])
  })

  test('a flip starts it over, for the other side', () => {
    const { at, runtime } = evaluations('1m')
    for (let minute = 0; minute < 4; minute++) at(minute * MINUTE, 1)
    expect(at(4 * MINUTE, -1)).toBe(false)
    expect(runtime.confirmation).toMatchObject({ side: -1, sinceMs: T0 + 4 * MINUTE, count: 1 })
    expect(at(5 * MINUTE, -1)).toBe(false)
    for (let minute = 6; minute < 9; minute++) at(minute * MINUTE, -1)
    expect(at(9 * MINUTE, -1)).toBe(true)
  })

  test('a hold ends it', () => {
    const { at, runtime } = evaluations('1m')
    for (let minute = 0; minute < 4; minute++) at(minute * MINUTE, 1)
    at(4 * MINUTE, 0)
    expect(runtime.confirmation).toMatchObject({ side: 0, count: 0 })
    expect(at(5 * MINUTE, 1)).toBe(false)
    expect(runtime.confirmation.sinceMs).toBe(T0 + 5 * MINUTE)
  })

  test('[INC-45] two timeframes without an evaluation do not end it, a millisecond more does: time in which nobody looked counts for nothing', () => {
    const kept = evaluations('1m')
    for (let minute = 0; minute <= 3; minute++) kept.at(minute * MINUTE, 1)
    expect(kept.at(5 * MINUTE, 1)).toBe(true)
    const lost = evaluations('1m')
    for (let minute = 0; minute <= 3; minute++) lost.at(minute * MINUTE, 1)
    expect(lost.at(5 * MINUTE + 1, 1)).toBe(false)
    expect(lost.runtime.confirmation).toMatchObject({ sinceMs: T0 + 5 * MINUTE + 1, count: 1 })
  })

  test('once confirmed it stays so at each evaluation, until an order uses it up', () => {
    const { at, runtime } = evaluations('1m')
    for (let minute = 0; minute < 5; minute++) at(minute * MINUTE, 1)
    expect([at(5 * MINUTE, 1), at(6 * MINUTE, 1)]).toEqual([true, true])
    expect(runtime.confirmation.count).toBe(7)
    runtime.confirmation.clear()
    expect(at(7 * MINUTE, 1)).toBe(false)
  })

  test('none is asked for when its time is zero, and an exit rule neither needs nor ends one', () => {
    const none = evaluations('1m', 0)
    expect(none.at(0, 1)).toBe(true)
    expect(none.runtime.confirmation.side).toBe(0)
    const { at, runtime } = evaluations('1m')
    at(0, 1)
    runtime.frame.exit = 1
    runtime.frame.outcome = HOLD
    confirm({ ...createHost(MINUTE), blockers: undefined as never }, runtime)
    expect(runtime.confirmation).toMatchObject({ side: 1, sinceMs: T0 })
  })
})

const createHost = (ms: number) => ({ nowMs: (T0 + ms) as EpochMs }) as Parameters<typeof confirm>[0]
