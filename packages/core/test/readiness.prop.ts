import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  balance,
  blockerCodes,
  bot,
  cooldown,
  createAccount,
  dailyLossLimit,
  dailyTrades,
  maxExposure,
  maxOpenPositions,
  maxPosition,
  maxTranches,
  minTemperature,
  paper,
  priceStep,
  stopLoss,
  takeProfit,
  temperatureSizing,
  tradeSize,
  weightedSignals,
} from '@millrace/core'
import type { CandleEvent, EpochMs } from '@millrace/core'
import { readiness } from '../src/engine/readiness.ts'
import { submit } from '../src/engine/submit.ts'
import { PENDING } from '../src/pipeline/outcome-codes.ts'
import { confirm } from '../src/pipeline/stages/confirm.ts'
import { evaluate } from '../src/pipeline/stages/evaluate.ts'
import { checkExits } from '../src/pipeline/stages/exits.ts'
import { guard } from '../src/pipeline/stages/guard.ts'
import { size } from '../src/pipeline/stages/size.ts'
import { takeIndicators } from '../src/engine/bot-pipeline.ts'
import { recordLevel } from '../src/engine/record-level.ts'
import { instrumentsOf, randomCandles, startMs } from './random-market.ts'

const ids = ['BTC-USD', 'SOL-USD']

const accountOf = (cash: string) =>
  createAccount({
    instruments: instrumentsOf(ids),
    exchange: paper({ cash: { USD: cash }, latencyMs: 90_000 }),
    startMs,
    safety: [dailyLossLimit(2), dailyTrades({ account: 20 }), maxOpenPositions(2), maxExposure(60), balance()],
    bots: ['btc', 'sol', 'sol-slow'].map((id, i) =>
      bot({
        id,
        instrument: i === 0 ? 'BTC-USD' : 'SOL-USD',
        timeframe: '1m',
        strategy: weightedSignals(),
        actionThreshold: 0.2,
        confirm: '2m',
        sizing: temperatureSizing({ base: 20, min: 5, max: 25 }),
        exits: [stopLoss(0.03), takeProfit(0.02)],
        safety: [tradeSize(5, 25), minTemperature('warm'), cooldown('3m'), dailyTrades({ bot: 3 }), maxTranches(2), maxPosition(50), priceStep(0.004)],
      }),
    ),
  })

/**
 * Takes a candle through the kernel's own stages, and makes every bot, whatever its strategy said, want to buy with a confirmed signal: what `readiness`
 * foretold just before must be what the gates, rules and order translation then say.
 */
function stepWanting(account: ReturnType<typeof accountOf>, event: CandleEvent, wants: () => boolean, seen: Map<string, number>): void {
  for (const handle of account.bots) {
    if (!account.settle(handle, event)) continue
    const { state } = account.kernel
    const { runtime } = handle
    takeIndicators(state, runtime, event.candle)
    checkExits(state, runtime, event.candle, state.inside)
    const exits = runtime.frame.exit !== 0
    if (!exits) evaluate(state, runtime, false)
    confirm(state, runtime)
    if (!exits && runtime.samples >= runtime.warmup && wants()) {
      // The level of this evaluation, as it would stand, so that the look has one.
      if (runtime.level < 0) runtime.level = 0
      const before = readiness(state, runtime, state.nowMs)
      // A look at another moment in between leaves no trace.
      const kept = { nowMs: runtime.view.nowMs, age: runtime.market.market.dataAgeMs }
      readiness(state, runtime, (state.nowMs + 3_600_000) as EpochMs)
      expect({ nowMs: runtime.view.nowMs, age: runtime.market.market.dataAgeMs }).toEqual(kept)
      expect(readiness(state, runtime, state.nowMs)).toEqual(before)
      const { frame } = runtime
      frame.outcome = PENDING
      frame.side = 1
      frame.blocker = 0
      size(state, runtime)
      const approved = guard(state, runtime)
      const ordered = approved !== undefined && submit(state, runtime, approved)
      expect({ ...before, canTrade: ordered }).toEqual(before)
      const holding = before.blockers.filter(({ gate }) => gate !== 'confirmation' && gate !== 'strategy')
      if (!ordered) expect(holding[0]?.code).toBe(state.blockers.code(frame.blocker))
      for (const { code } of ordered ? [{ code: 'ready' }] : holding) seen.set(code, (seen.get(code) ?? 0) + 1)
    } else {
      size(state, runtime)
      const approved = guard(state, runtime)
      if (approved !== undefined) submit(state, runtime, approved)
    }
    recordLevel(state, runtime)
  }
}

test('[row 52] [INC-61] [INC-69] a bot is ready exactly when an entry that is wanted and confirmed would leave, over random markets', () => {
  const seen = new Map<string, number>()
  fc.assert(
    fc.property(fc.integer(), fc.constantFrom('21', '60', '300'), (seed, cash) => {
      const events = randomCandles({
        seed,
        minutes: 200,
        instruments: [
          { id: 'BTC-USD', price: 90_000 },
          { id: 'SOL-USD', price: 180 },
        ],
        gaps: 0.02,
        volume: (price) => 60_000 / price,
        forming: false,
      })
      const account = accountOf(cash)
      let n = seed >>> 0
      const wants = (): boolean => {
        n = (Math.imul(n, 1_664_525) + 1_013_904_223) >>> 0
        return n % 3 === 0
      }
      events.forEach((event, i) => {
        if (i === 250) account.kernel.state.bots[0]!.paused = true
        if (i === 300) account.kernel.state.bots[0]!.paused = false
        stepWanting(account, event, wants, seen)
      })
      account.close()
    }),
    { numRuns: 16, examples: [21, 60, 300].flatMap((cash, i) => [1, 2, 3].map((n): [number, '21' | '60' | '300'] => [10 * i + n, String(cash) as '21'])) },
  )
  // One closed list for trading, readiness and page: no reader has words of its own for it.
  expect([...seen.keys()].filter((code) => code !== 'ready' && !(code in blockerCodes))).toEqual([])
  // Every kind of reason was met, so the equivalence was put to the test.
  for (const code of [
    'ready',
    'ORDER_OPEN',
    'BOT_PAUSED',
    'TEMPERATURE',
    'COOLDOWN',
    'MAX_TRANCHES',
    'BALANCE',
    'PRICE_STEP',
    'OPEN_POSITIONS',
    'DAILY_LOSS',
    'DAILY_TRADES_BOT',
  ])
    expect([code, seen.get(code) ?? 0]).toEqual([code, expect.toSatisfy((count: number) => count > 0)])
})
