import { describe, expect, it } from 'vitest'
import type { TrancheRecord } from '../contracts/engine.ts'
import { decimalText, money } from '../model/money.ts'
import { fillOf } from './fills.fixture.ts'
import { createLedger } from './ledger.ts'
import { trancheRecord, trancheSchema } from './tranches.ts'

function records(): readonly TrancheRecord[] {
  const ledger = createLedger({ booking: 'average' })
  ledger.deposit('USD', money(1_000_000))
  ledger.applyFill(fillOf({ id: '1', bot: 'toshi', base: 'TOSHI', side: 'buy', quantity: 13_901, price: '0.0007123', fee: '0.08911614', atMs: 1_000 }))
  ledger.applyFill(fillOf({ id: '2', bot: 'toshi', base: 'TOSHI', side: 'buy', quantity: 13_888, price: '0.0007129', atMs: 2_000 }))
  ledger.applyFill(fillOf({ id: '3', bot: 'toshi', base: 'TOSHI', side: 'sell', quantity: 3, price: '0.0007' }))
  return ledger.position('toshi').lots.map(trancheRecord)
}

describe('tranche records', () => {
  it('survive JSON and the schema to the last digit [row 33] [row 34]', () => {
    const written = records()
    expect(written).toHaveLength(2)
    expect(trancheSchema.array().parse(JSON.parse(JSON.stringify(written)))).toEqual(written)
  })

  it('are text wherever they are money, and the price follows from cost and quantity [row 33] [row 34]', () => {
    expect(records()[0]).toMatchObject({ trancheId: 'toshi#1', number: 1, entryPrice: '0.0007123', openedAtMs: 1_000 })
    for (const { entryPrice, quantity, cost } of records()) expect(decimalText(money(cost).dividedBy(money(quantity)).toSignificantDigits(18))).toBe(entryPrice)
  })

  it('are refused with numbers for money, unknown keys, or a price of no number [row 33]', () => {
    const [record] = records()
    const accepted = (change: object): boolean => trancheSchema.safeParse({ ...record, ...change }).success
    expect(accepted({})).toBe(true)
    for (const wrong of [{ quantity: 13_901 }, { entry_price: '1' }, { cost: '1e3' }, { entryPrice: 'NaN' }, { number: 0 }, { openedAtMs: 0.5 }])
      expect(accepted(wrong)).toBe(false)
  })
})
