import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decimalText, feeOf, money, valueOf } from '../model/money.ts'
import { fillOf } from './fills.fixture.ts'
import { createLedger } from './ledger.ts'
import { averageEntry } from './position.ts'

type Order = readonly [side: 'buy' | 'sell', amount: number, price: number]
type After = readonly [amount: number, averageOpen: number, stake: number, cumulative: number, last: number | null, ratio: number | null]
interface Reference {
  readonly cases: readonly {
    readonly fee: number
    readonly orders: readonly Order[]
    readonly after: readonly After[]
    readonly end_profit: number
    readonly end_ratio: number
  }[]
}

const CASES = 3
const file = join(process.env['MILLRACE_DATA'] ?? '../shared/data', 'reference/dca_accounting.json')
const missing = !existsSync(file)
const reference: Reference = missing ? { cases: [] } : (JSON.parse(readFileSync(file, 'utf8')) as Reference)

describe(missing ? `accounting of an independent system (${CASES} cases skipped: ${file} is missing)` : 'accounting of an independent system', () => {
  it.skipIf(missing)(`has the ${CASES} recorded cases`, () => {
    expect(reference.cases).toHaveLength(CASES)
  })

  for (let index = 0; index < CASES; index++) {
    it.skipIf(missing)(`case ${index + 1}: amount, average, stake and realised profit after every order [row 41]`, () => {
      const { fee, orders, after, end_profit: endProfit, end_ratio: endRatio } = reference.cases[index]!
      const ledger = createLedger({ booking: 'average' })
      ledger.deposit('USD', money(100_000))
      let paid = 0
      orders.forEach(([side, quantity, price], step) => {
        const charged = feeOf(valueOf(money(quantity), money(price)), money(fee))
        const result = ledger.applyFill(fillOf({ id: `${step}`, side, quantity, price, fee: charged }))
        const [amount, average, stake, cumulative, last, ratio] = after[step]!
        if (side === 'buy') paid += quantity * price * (1 + fee)
        // The reference rounds its ratios to seven digits and leaves them as they are at a purchase.
        if (side === 'sell') expect(Number(decimalText(ledger.position('btc').realizedPnl)) / paid, `return after order ${step + 1}`).toBeCloseTo(ratio!, 6)
        expect(decimalText(ledger.position('btc').realizedPnl), `realised after order ${step + 1}`).toBe(decimalText(money(cumulative)))
        if (side === 'sell') expect(decimalText(result!.realizedPnl), `realised by order ${step + 1}`).toBe(decimalText(money(last!)))
        // The reference leaves the figures of the last, full exit as they were before it.
        if (step === orders.length - 1) return
        const position = ledger.position('btc')
        expect([position.quantity, averageEntry(position)!, position.cost].map(decimalText)).toEqual(
          [amount, average, stake].map((figure) => decimalText(money(figure))),
        )
      })
      expect(decimalText(ledger.position('btc').realizedPnl)).toBe(decimalText(money(endProfit)))
      expect(endProfit / paid).toBeCloseTo(endRatio, 6)
      expect(ledger.position('btc').lots).toEqual([])
    })
  }
})
