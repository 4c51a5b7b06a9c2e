import { describe, expect, test } from 'vitest'
import {
  bot,
  combine,
  cooldown,
  correlationGroup,
  createAccount,
  defineStrategy,
  fixedSize,
  gridLadder,
  meanReversion,
  minTemperature,
  paper,
  tradeSize,
} from '@millrace/core'
import type { Decision } from '@millrace/core'
import { rsi } from '@millrace/indicators'
import { z } from 'zod'
import { materialise } from '../src/engine/materialise.ts'
import { candles } from './levels.ts'
import { instrumentsOf, randomCandles, startMs } from './random-market.ts'

let asked = 0

/** Buys on a low RSI, sells on a high one: its one reading decides. */
const lowRsi = defineStrategy({
  id: 'low-rsi',
  params: z.strictObject({ low: z.number().default(30) }),
  indicators: () => ({ rsi: rsi(3) }),
  components: { rsi: ({ reading }) => `RSI ${reading.toFixed(1)}` },
  evaluate({ readings }, { low }, signal) {
    asked++
    signal.add('rsi', readings.rsi.value <= low ? 0.2 : readings.rsi.value >= 95 ? -0.2 : 0, 1, readings.rsi.value)
  },
})

const accountOf = (options: Partial<Parameters<typeof bot>[0]> = {}) =>
  createAccount({
    instruments: instrumentsOf(['BTC-USD']),
    exchange: paper({ cash: { USD: '1000' } }),
    startMs,
    safety: [],
    bots: [
      bot({
        id: 'btc',
        instrument: 'BTC-USD',
        strategy: lowRsi(),
        confirm: 0,
        sizing: fixedSize(10),
        safety: [tradeSize(5, 25), minTemperature('hot')],
        ...options,
      }),
    ],
  })

function decide(account: ReturnType<typeof accountOf>, closes: readonly number[]): Decision {
  for (const event of candles(closes)) account.step(event)
  const { state } = account.kernel
  return materialise(state, state.bots[0]!)
}

describe('Decision.nearest', () => {
  test('[INC-61] says which reading would have been another, and which rule then stands in the way', () => {
    const account = accountOf()
    const decision = decide(account, [105, 104, 106, 105, 106, 105])
    expect(decision).toMatchObject({ outcome: 'hold', blocker: { code: 'HOLD' } })
    const { changes, others, stuck, flips } = decision.nearest!
    expect(changes.map(({ gate, code, what }) => [gate, code, what])).toEqual([
      ['strategy', 'HOLD', 'readings.rsi'],
      ['min-temperature', 'TEMPERATURE', 'strength of the score'],
    ])
    const [reading, strength] = changes
    expect(reading!.from).toBe(decision.readings['rsi'])
    // To a step of its grid, a millionth of 0..100, at or below 30.
    expect(reading!.to).toBeLessThanOrEqual(30)
    expect(reading!.to).toBeGreaterThan(30 - 1e-4)
    expect(reading!.relative).toBeCloseTo(Math.abs(reading!.by) / 100, 9)
    // From the score that the reading would have brought.
    expect(strength).toMatchObject({ from: 0.2, by: 0.1, unit: 'score' })
    expect({ others, stuck, flips }).toEqual({ others: [], stuck: [], flips: true })
  })

  test('names the reading of one strategy in a combination, records and states included', () => {
    const strategy = combine([lowRsi(), meanReversion({ rsi: 3, period: 4 }), gridLadder({ step: 0.5 })], { mode: 'first', atLeast: 0.15 })
    const closes = [105, 104, 106, 105, 106, 105]
    const { changes, others } = decide(accountOf({ strategy }), closes).nearest!
    const readings = [...changes, ...others].filter(({ gate }) => gate === 'strategy')
    expect(readings.map(({ what }) => what)).toContain('readings.mean-reversion.bands.percentB')
    const alone = decide(accountOf(), closes).nearest!.changes[0]!
    expect(readings.find(({ what }) => what === 'readings.low-rsi.rsi')!.to).toBeCloseTo(alone.to, 3)
  })

  test('says so when no single reading would have done', () => {
    const account = accountOf({ strategy: lowRsi({ low: -1 }) })
    const { changes, stuck, flips } = decide(account, [105, 104, 106, 105, 106, 105]).nearest!
    expect(changes.map(({ code, from }) => [code, from])).toEqual([['TEMPERATURE', 0]])
    expect(stuck).toEqual([{ gate: 'strategy', code: 'HOLD', needs: 'More than one reading would have to be another.' }])
    expect(flips).toBe(false)
  })

  test('names a gate that only a person opens', () => {
    const account = accountOf({ safety: [tradeSize(5, 25)] })
    account.kernel.state.bots[0]!.paused = true
    const decision = decide(account, [105, 104, 103, 102, 101, 100])
    expect(decision).toMatchObject({ outcome: 'denied', blocker: { code: 'BOT_PAUSED' } })
    expect(decision.nearest).toMatchObject({
      changes: [],
      stuck: [{ gate: 'engine', code: 'BOT_PAUSED', needs: 'A resume of this bot by a person.' }],
      flips: false,
    })
  })

  test('is not there when the decision traded', () => {
    const account = accountOf({ safety: [tradeSize(5, 25)] })
    let traded: Decision | undefined
    for (const event of candles([105, 104, 103, 102, 101, 100])) {
      account.step(event)
      const decision = materialise(account.kernel.state, account.kernel.state.bots[0]!)
      if (decision.outcome === 'ordered') traded ??= decision
    }
    expect(traded!.nearest).toBeUndefined()
  })

  test('counts a warm-up in candles', () => {
    expect(decide(accountOf({ safety: [tradeSize(5, 25)] }), [105, 104]).nearest).toMatchObject({
      changes: [{ gate: 'strategy', code: 'WARMING_UP', what: 'closed candles', from: 2, to: 4, by: 2, unit: 'candles' }],
      flips: true,
    })
  })

  test('is worked out when it is read, and only then', () => {
    const decision = decide(accountOf(), [105, 104, 106, 105, 106, 105])
    const before = asked
    expect(decision.readings['rsi']).toBeGreaterThan(30)
    expect(asked).toBe(before)
    const { nearest } = decision
    expect(asked).toBeGreaterThan(before)
    const after = asked
    expect(decision.nearest).toBe(nearest)
    expect(asked).toBe(after)
  })

  test('aliases nothing: read at once or after the kernel went on, it is the same', () => {
    const account = accountOf({ confirm: '2m', safety: [tradeSize(5, 25), minTemperature('warm'), cooldown('5m')] })
    const events = randomCandles({ seed: 3, minutes: 120, instruments: [{ id: 'BTC-USD', price: 90_000 }], gaps: 0, volume: () => 10, forming: false })
    const { state } = account.kernel
    const pairs = events.map((event) => {
      account.step(event)
      return { atOnce: JSON.stringify(materialise(state, state.bots[0]!).nearest), later: materialise(state, state.bots[0]!) }
    })
    account.close()
    expect(new Set(pairs.map(({ atOnce }) => atOnce)).size).toBeGreaterThan(20)
    expect(pairs.map(({ later }) => JSON.stringify(later.nearest))).toEqual(pairs.map(({ atOnce }) => atOnce))
  })

  test('what a correlation group counted stays what it was', () => {
    const group = correlationGroup({ instruments: ['BTC-USD'], max: 1 })
    const common = { instrument: 'BTC-USD', strategy: lowRsi(), confirm: 0, sizing: fixedSize(10) } as const
    const account = createAccount({
      instruments: instrumentsOf(['BTC-USD']),
      exchange: paper({ cash: { USD: '1000' } }),
      startMs,
      safety: [],
      bots: [bot({ ...common, id: 'first', safety: [tradeSize(5, 25)] }), bot({ ...common, id: 'second', safety: [tradeSize(5, 25), group] })],
    })
    const { state } = account.kernel
    const events = randomCandles({ seed: 5, minutes: 90, instruments: [{ id: 'BTC-USD', price: 90_000 }], gaps: 0, volume: () => 10, forming: false })
    const pairs = events.map((event) => {
      account.step(event)
      return { atOnce: JSON.stringify(materialise(state, state.bots[1]!).nearest), later: materialise(state, state.bots[1]!) }
    })
    account.close()
    expect(pairs.map(({ later }) => JSON.stringify(later.nearest))).toEqual(pairs.map(({ atOnce }) => atOnce))
    expect(pairs.some(({ atOnce }) => atOnce?.includes('"CORRELATION_GROUP","what":"positions in the group","from":1,"to":0'))).toBe(true)
  })
})
