import fc from 'fast-check'
import { expect, test } from 'vitest'
import { plainBot, timed, walkColumns } from '../../backtest/backtest.fixture.ts'
import { stopLoss } from '../../exits/stop-loss.ts'
import { takeProfit } from '../../exits/take-profit.ts'
import { money, multiply, totalOf } from '../../model/money.ts'
import { MINUTE_MS } from '../../model/time.ts'
import { driftCauses } from './causes.ts'
import { drift } from './drift.ts'
import { runOf } from './recorded.fixture.ts'
import type { Injected } from './recorded.fixture.ts'

const MINUTES = 45
const minute = fc.integer({ min: 0, max: MINUTES - 1 })
/** Half of them those on which something is decided. */
const telling = fc.oneof(fc.constantFrom(3, 9, 12, 20, 25, 38), minute)

/** Runs that are otherwise in any ways at once. */
const anyInjection = fc
  .record({
    walk: fc.integer({ min: 1, max: 1e6 }),
    late: fc.dictionary(telling.map(String), fc.integer({ min: 1, max: 50_000 }), { maxKeys: 4 }),
    missed: fc.array(telling, { maxLength: 4 }),
    held: fc.option(fc.constantFrom('0.05', '1.5'), { nil: undefined }),
    paused: fc.option(minute, { nil: undefined }),
    paid: fc.option(minute, { nil: undefined }),
    price: fc.constantFrom('1', '1.003', '0.98'),
    fee: fc.constantFrom('1', '0', '1.7'),
    share: fc.constantFrom('1', '0.3'),
  })
  .map(({ walk, late, missed, held, paused, paid, price, fee, share }) => ({
    walk,
    injected: injection({ late, missed, held, paused, paid, price, fee, share }),
  }))

interface Ways {
  readonly late: Readonly<Record<string, number>>
  readonly missed: readonly number[]
  readonly held: string | undefined
  readonly paused: number | undefined
  readonly paid: number | undefined
  readonly price: string
  readonly fee: string
  readonly share: string
}

function injection({ late, missed, held, paused, paid, price, fee, share }: Ways): Injected {
  return {
    late,
    missed,
    ...(held === undefined ? {} : { held }),
    commands: {
      ...(paid === undefined ? {} : { [paid]: { kind: 'deposit', currency: 'USD', amount: '250', reason: 'more' } as const }),
      ...(paused === undefined ? {} : { [paused]: { kind: 'pause' } as const, [paused + 7]: { kind: 'resume' } as const }),
    },
    answers: (answer) => {
      if (answer.type === 'report') {
        const { report } = answer
        return report.state === 'filled' && share !== '1'
          ? { type: 'report', report: { ...report, state: 'cancelled', filledQuantity: multiply(report.filledQuantity, money(share)) } }
          : answer
      }
      const { fill } = answer
      const paidFee = { ...fill.fee, amount: multiply(multiply(fill.fee.amount, money(fee)), money(share)) }
      return { type: 'fill', fill: { ...fill, price: multiply(fill.price, money(price)), quantity: multiply(fill.quantity, money(share)), fee: paidFee } }
    },
  }
}

test('whatever was otherwise in a run, the seven lines and what is unexplained add up to the drift to the last digit, and the decisions with the rest to each line', () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(anyInjection, ({ walk, injected }) => {
      const stored = walkColumns(MINUTES, walk, 0.03)
      const bots = [plainBot({ strategy: timed({ buyAt: [3, 12, 25, 38], sellAt: [9, 20] }), exits: [stopLoss(0.01), takeProfit(0.015)] })]
      const { lines: recording, journal } = runOf(stored, bots, { ...injected, columns: walkColumns(MINUTES, walk, 0.0302) })
      const candles = [{ instrument: 'SOL-USD', timeframeMs: MINUTE_MS, columns: stored }]
      const report = drift({ recording, bots, safety: [], candles, slippageBps: 0 })
      expect(totalOf([...report.lines.map(({ amount }) => amount), report.unexplained])).toBe(report.drift)
      expect(totalOf([report.backtest.pnl, report.drift])).toBe(report.actual.pnl)
      // Run again as it was recorded: nothing is left to explain.
      expect([report.unexplained, report.differsAfter]).toEqual(['0', undefined])
      for (const { cause, amount, noDecision } of report.lines) {
        if (amount !== '0') seen.add(cause)
        expect(totalOf([...report.decisions.map(({ amounts }) => amounts[cause] ?? '0'), noDecision])).toBe(amount)
      }
      for (const { amounts, total } of report.decisions) expect(totalOf(Object.values(amounts))).toBe(total)
      const told = drift({ journal, bots, safety: [], candles, slippageBps: 0 })
      expect(totalOf([...told.lines.map(({ amount }) => amount), told.unexplained])).toBe(told.drift)
      expect(told.decisions.every(({ backtest, actual }) => backtest !== undefined || actual !== undefined)).toBe(true)
    }),
    { numRuns: 25 },
  )
  expect([...seen].sort()).toEqual([...driftCauses].sort())
})
