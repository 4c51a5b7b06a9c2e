import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { ZERO, decimalText, money } from '../../model/money.ts'
import { dcaImpact } from './dca-impact.ts'

const entry = (number: number, quantity: string, value: string, fees = '0') => ({
  trancheId: `btc#${number}`,
  clientOrderId: `${number}`,
  number,
  quantity,
  value,
  fees,
})

describe('DCA impact', () => {
  it('shows the average with and without each added tranche [row 45]', () => {
    const impact = dcaImpact({ entries: [entry(1, '100', '5000'), entry(2, '150', '7800'), entry(3, '50', '2400')], fees: '0', averageExit: '51' })
    expect(impact).toEqual([
      {
        trancheId: 'btc#2',
        number: 2,
        averageWith: '50.6666666666666667',
        averageWithout: '49.3333333333333333',
        changePercent: expect.closeTo(2.7027, 4) as number,
        pnl: '-150',
        helped: false,
      },
      {
        trancheId: 'btc#3',
        number: 3,
        averageWith: '50.6666666666666667',
        averageWithout: '51.2',
        changePercent: expect.closeTo(-1.0417, 4) as number,
        pnl: '150',
        helped: true,
      },
    ])
  })

  it('counts the entry fee and the share of the exit fees [row 45]', () => {
    const [second] = dcaImpact({ entries: [entry(1, '1', '100', '0.9'), entry(2, '3', '270', '2.43')], fees: '7.33', averageExit: '100' })
    // 300 - 270 - 2.43 - three quarters of 4.00.
    expect(second!.pnl).toBe('24.57')
  })

  it('is empty for one entry [row 45]', () => expect(dcaImpact({ entries: [entry(1, '1', '100')], fees: '1', averageExit: '1' })).toEqual([]))

  it('leaves nothing over: the first entry and the added ones make what the round trip made [row 45] [row 42]', () => {
    const amount = fc.integer({ min: 1, max: 1_000_000 }).map(String)
    fc.assert(
      fc.property(fc.array(fc.tuple(amount, amount, amount), { minLength: 2, maxLength: 4 }), amount, amount, (rows, exitFee, averageExit) => {
        const entries = rows.map(([quantity, value, fees], i) => entry(i + 1, quantity, value, fees))
        const fees = rows.reduce((total, [, , fee]) => total.plus(money(fee)), money(exitFee))
        const trip = { fees: decimalText(fees), averageExit }
        // Each entry as the last one: every one of them is then an added tranche in one of two orders.
        const impacts = [dcaImpact({ ...trip, entries: [...entries.slice(1), entries[0]!] }).at(-1)!, ...dcaImpact({ ...trip, entries })]
        const sum = impacts.reduce((total, { pnl }) => total.plus(money(pnl)), ZERO)
        const quantity = rows.reduce((total, [each]) => total.plus(money(each)), ZERO)
        const value = rows.reduce((total, [, each]) => total.plus(money(each)), ZERO)
        const whole = quantity.times(money(averageExit)).minus(value).minus(fees)
        expect(sum.minus(whole).abs().lessThan('0.0000000000000000001')).toBe(true)
      }),
    )
  })
})
