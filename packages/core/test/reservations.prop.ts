import fc from 'fast-check'
import { expect, test } from 'vitest'
import { balance, bot, createAccount, fixedSize, maxExposure, paper, tradeSize } from '@millrace/core'
import type { CandleEvent } from '@millrace/core'
import { ZERO, atLeast } from '../src/model/money.ts'
import { candles, levels } from './levels.ts'
import { instrumentsOf, startMs } from './random-market.ts'

const pool = ['BTC-USD', 'ETH-USD', 'SOL-USD']

/** All candles of one minute come at the same moment: each instrument's bots decide in one step, all eleven in one tick. */
function minutes(closes: readonly number[]): CandleEvent[] {
  return closes.flatMap((_, minute) => pool.map((id) => candles(closes, 0, id)[minute]!))
}

test('[INC-33] [fault 55] eleven bots that decide in the same tick never promise more than there is, to the last digit, and fill what they promised', () => {
  const seen = { orders: 0, short: 0 }
  fc.assert(
    fc.property(
      fc.integer({ min: 500, max: 30_000 }).map((cents) => (cents / 100).toFixed(2)),
      fc.array(fc.record({ instrument: fc.nat(2), cents: fc.integer({ min: 500, max: 2_500 }) }), { minLength: 11, maxLength: 11 }),
      fc.boolean(),
      fc.boolean(),
      (cash, wants, withBalance, withExposure) => {
        const account = createAccount({
          instruments: instrumentsOf(pool),
          exchange: paper({ cash: { USD: cash } }),
          startMs,
          safety: [...(withBalance ? [balance()] : []), ...(withExposure ? [maxExposure(100)] : [])],
          bots: wants.map(({ instrument, cents }, i) =>
            bot({ id: `bot-${i}`, instrument: pool[instrument]!, strategy: levels(), confirm: 0, sizing: fixedSize(cents / 100), safety: [tradeSize(5, 25)] }),
          ),
        })
        const { ledger } = account.kernel.state.durable
        for (const event of minutes([105, 99, 99, 98, 112, 112, 99, 99])) {
          account.step(event)
          const [total, reserved, available] = [ledger.balance('USD'), ledger.reserved('USD'), ledger.available('USD')]
          expect([atLeast(total, reserved), atLeast(available, ZERO)]).toEqual([true, true])
          ledger.assertBalanced()
          if (withExposure) expect(account.kernel.state.portfolio.exposure).toBeLessThanOrEqual(100 + 1e-9)
        }
        account.close()
        seen.orders += account.kernel.state.durable.intentNo
        const codes = account.kernel.state.blockerCounts
        for (const code of ['BALANCE', 'INSUFFICIENT_FUNDS', 'EXPOSURE']) seen.short += codes[account.kernel.state.blockers.of(code)]!
      },
    ),
    { numRuns: 60 },
  )
  // The law was tested where it matters: many orders, and many that there was no money for.
  expect(seen.orders).toBeGreaterThan(100)
  expect(seen.short).toBeGreaterThan(100)
})
