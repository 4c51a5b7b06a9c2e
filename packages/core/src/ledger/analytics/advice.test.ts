import { describe, expect, it } from 'vitest'
import { adviceCodes, type AdviceCode, type ExecutionRecord, type RoundTripRecord } from '../../contracts/analytics.ts'
import { advise, defaultAdviceThresholds } from './advice.ts'

interface TripSketch {
  readonly pnl?: string
  readonly gross?: string
  readonly fees?: string
  readonly closedBy?: string
  readonly entry?: number
  readonly exit?: number
  readonly mae?: number
  readonly mfe?: number
  readonly holdingMs?: number
  /** Value of a second tranche of one unit. */
  readonly added?: string
}

const trip = ({
  pnl = '10',
  gross = '11',
  fees = '1',
  closedBy = 'levels',
  entry = 60,
  exit = 60,
  mae = 0.5,
  mfe = 12,
  holdingMs = 60_000,
  added,
}: TripSketch): RoundTripRecord => {
  const first = { trancheId: 'btc#1', clientOrderId: 'a', number: 1, quantity: '1', value: '100', fees: '0', atMs: 0 as RoundTripRecord['openedAtMs'] }
  return {
    id: 'btc/1',
    botId: 'btc',
    instrument: 'BTC-USD',
    strategy: 'levels',
    closedBy,
    openedAtMs: first.atMs,
    closedAtMs: first.atMs,
    holdingMs,
    entries: added === undefined ? [first] : [first, { ...first, trancheId: 'btc#2', number: 2, value: added }],
    exits: 1,
    quantity: '1',
    averageEntry: '100',
    averageExit: '110',
    entryValue: '100',
    exitValue: '110',
    fees,
    grossPnl: gross,
    pnl,
    returnPercent: 10,
    low: 99,
    high: 111,
    entryEfficiency: entry,
    exitEfficiency: exit,
    totalEfficiency: (entry + exit) / 2,
    adverseExcursionPercent: mae,
    favourableExcursionPercent: mfe,
    drawdownPercent: 1,
    score: 80,
    grade: 'A',
  }
}

const filled = (slippageBps: number | undefined) => ({ slippageBps }) as ExecutionRecord
const three = (sketch: TripSketch): RoundTripRecord[] => [trip(sketch), trip(sketch), trip(sketch)]
const codes = (trips: readonly RoundTripRecord[], executions: readonly ExecutionRecord[] = []): readonly AdviceCode[] =>
  advise(trips, executions).map(({ code }) => code)

/** For every rule: trips at exactly its threshold, where it is quiet or just fires, and trips a hair to the other side. */
const boundaries: {
  readonly [C in AdviceCode]: {
    readonly quiet: readonly RoundTripRecord[]
    readonly fires: readonly RoundTripRecord[]
    readonly bps?: readonly [quiet: number, fires: number]
  }
} = {
  FEES_EAT_GROSS: { quiet: three({ gross: '2', fees: '1', mfe: 3 }), fires: three({ gross: '1.999', fees: '1', mfe: 3 }) },
  MOVES_BELOW_FEES: { quiet: three({ mfe: 1 }), fires: three({ mfe: 0.999 }) },
  STOP_INSIDE_NOISE: {
    quiet: [...three({ mae: 3.99 }), ...three({ pnl: '-5', closedBy: 'stop-loss', mae: 5, mfe: 0.5, gross: '20' })],
    fires: [...three({ mae: 4 }), ...three({ pnl: '-5', closedBy: 'stop-loss', mae: 5, mfe: 0.5, gross: '20' })],
  },
  EXITS_LEAVE_PROFIT: { quiet: three({ exit: 40 }), fires: three({ exit: 39.99 }) },
  ENTRIES_TOO_DEAR: { quiet: three({ entry: 40 }), fires: three({ entry: 39.99 }) },
  WINNERS_TURN_LOSERS: {
    quiet: [...three({}), ...three({}), trip({}), ...three({ pnl: '-1' })],
    fires: [...three({}), ...three({}), ...three({ pnl: '-1' })],
  },
  LOSERS_HELD_LONGER: {
    quiet: [...three({}), ...three({ pnl: '-1', mfe: 0.9, holdingMs: 120_000 }), trip({})],
    fires: [...three({}), ...three({ pnl: '-1', mfe: 0.9, holdingMs: 120_001 }), trip({})],
  },
  AVERAGING_WORSENS: {
    quiet: [trip({ added: '100' }), trip({ added: '100' }), trip({ added: '120' }), trip({ added: '120' })],
    fires: three({ added: '120' }),
  },
  SLIPPAGE_HIGH: { quiet: [], fires: [], bps: [20, 20.01] },
}

describe('advice', () => {
  it('names the rule that each item comes from: a closed list [row 46]', () => {
    expect(Object.keys(boundaries)).toEqual([...adviceCodes])
  })

  it.each(Object.entries(boundaries))('%s is quiet at its threshold and fires beyond it [row 46]', (code, { quiet, fires, bps }) => {
    const executions = (which: 0 | 1) => (bps === undefined ? [] : [filled(bps[which]), filled(bps[which]), filled(bps[which]), filled(undefined)])
    expect(codes(quiet, executions(0))).not.toContain(code)
    expect(codes(fires, executions(1))).toContain(code)
  })

  it.each(Object.entries(boundaries))('%s says nothing on fewer cases than its sample, and carries its numbers [row 46]', (code, { fires, bps }) => {
    const executions = bps === undefined ? [] : [1, 2, 3].map(() => filled(bps[1]))
    const few = advise(fires, executions, { minSample: 100 })
    expect(few).toEqual([])
    const item = advise(fires, executions).find((each) => each.code === code)!
    expect([Number.isFinite(item.value), Number.isFinite(item.threshold), item.sample >= defaultAdviceThresholds.minSample]).toEqual([true, true, true])
    expect([item.finding.length > 20, item.action.length > 20]).toEqual([true, true])
  })

  it('has nothing to say about a good record, or about none [row 46]', () => {
    expect(codes([...three({}), ...three({ mae: 0.2 })], [filled(1), filled(2), filled(-3)])).toEqual([])
    expect(codes([])).toEqual([])
  })

  it('takes other thresholds [row 46]', () => {
    expect(advise(three({ exit: 70 }), [], { efficiency: 80 }).map(({ code }) => code)).toEqual(['EXITS_LEAVE_PROFIT', 'ENTRIES_TOO_DEAR'])
  })
})
