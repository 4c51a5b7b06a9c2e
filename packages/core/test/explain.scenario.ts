import { ema, resample } from '@millrace/indicators'
import { NEVER, concat, tap } from 'rxjs'
import { describe, expect, test } from 'vitest'
import {
  bot,
  canonicalText,
  combine,
  cooldown,
  createEngine,
  dailyTrades,
  limitOrders,
  defineStrategy,
  gridLadder,
  maxTranches,
  memoryStore,
  minTemperature,
  paper,
  parseTime,
  priceStep,
  simulatedMarket,
  stopLoss,
  takeProfit,
  temperatureSizing,
  tradeSize,
  trendFollowing,
  weightedSignals,
} from '@millrace/core'
import type { BotConfig, Decision, Engine, EngineOptions, EpochMs, MarketSource, StoreFactory } from '@millrace/core'
import { z } from 'zod'
import { decisionJson } from '../src/engine/decision-json.ts'
import { candles, forming, handMarket, levelBot, levelEngine, startMs as handStartMs } from './levels.ts'
import { uniform } from './random-market.ts'

const ids = ['BTC-USD', 'SOL-USD']
const HOURS = 6

type OpenEnded = MarketSource & {
  /** Resolves when the engine has taken the last event. */
  readonly told: Promise<void>
}

/** A simulated market that stays open after its last event, so that the engine can still be asked. */
const openEnded = (seed: number, hours = HOURS): OpenEnded => {
  const market = simulatedMarket({ seed, instruments: ids, speed: 'max', until: `${hours}h` })
  const { promise, resolve } = Promise.withResolvers<void>()
  return { ...market, told: promise, stream: (query) => concat(market.stream(query).pipe(tap({ complete: resolve })), NEVER) }
}

const bots = (on: 'close' | 'update'): BotConfig[] =>
  ids.flatMap((instrument, i) =>
    ['', '-slow'].map((suffix) =>
      bot({
        id: `${instrument.slice(0, 3).toLowerCase()}${suffix}`,
        instrument,
        timeframe: suffix === '' ? '1m' : '5m',
        strategy: weightedSignals(),
        actionThreshold: 0.1,
        confirm: suffix === '' ? '2m' : '5m',
        on: i === 0 ? on : 'close',
        sizing: temperatureSizing({ base: 12, min: 5, max: 25 }),
        exits: [stopLoss(0.004), takeProfit(0.03)],
        safety: [tradeSize(5, 25), minTemperature('warm'), cooldown('5m'), maxTranches(2), priceStep(0.001)],
        ...(suffix === '' ? {} : { execution: limitOrders({ offset: '5bps', timeout: '3m', then: 'cancel' }) }),
      }),
    ),
  )

const startMs = parseTime('2026-01-01T00:00Z')
const endMs = startMs + HOURS * 3_600_000

interface Run {
  readonly engine: Engine
  readonly decisions: readonly Decision[]
}

/** Runs to the end of the market with every decision kept, as `record: 'all'` gives them out. */
async function run(
  options: Partial<EngineOptions> & { readonly market?: OpenEnded } = {},
  act: (engine: Engine) => Promise<void> | void = () => undefined,
  store: StoreFactory = memoryStore(),
): Promise<Run> {
  const decisions: Decision[] = []
  const { market = openEnded(7) } = options
  const engine = createEngine({
    market,
    exchange: paper({ cash: { USD: '300' } }),
    store,
    bots: bots('update'),
    safety: [dailyTrades({ account: 60 })],
    environment: 'paper',
    record: 'all',
    ...options,
  })
  engine.decisions$.subscribe((decision) => decisions.push(decision))
  await engine.start()
  await act(engine)
  await market.told
  return { engine, decisions }
}

const bytes = (decision: Decision): string =>
  canonicalText({ botId: decision.botId, timeMs: decision.timeMs, of: decisionJson(decision), nearest: JSON.stringify(decision.nearest ?? null) })

const last = (decisions: readonly Decision[], botId: string, atMs: number): Decision =>
  decisions.findLast((decision) => decision.botId === botId && decision.timeMs <= atMs)!

/** Moments spread over the run, and those at which something was decided. */
function moments(decisions: readonly Decision[], count: number): readonly EpochMs[] {
  const next = uniform(21)
  const first = decisions[0]!.timeMs + 3_600_000
  return Array.from({ length: count }, (_, i) =>
    i % 2 === 0 ? ((first + Math.floor(next() * (endMs - 60_000 - first))) as EpochMs) : decisions[Math.floor(next() * decisions.length)]!.timeMs,
  )
}

describe('engine.explain(bot, { at })', () => {
  test('[INC-60] makes decisions of strategies again that remember and look at longer candles', { timeout: 120_000 }, async () => {
    const hourly = defineStrategy({
      id: 'hourly',
      params: z.strictObject({}),
      indicators: () => ({ trend: resample('15m', ema(3)) }),
      state: { schema: z.strictObject({ above: z.int() }), initial: () => ({ above: 0 }) },
      components: { trend: ({ reading }) => `${reading} candles above` },
      evaluate({ readings, candle, state }, _params, signal) {
        const above = candle.close > readings.trend.value ? (state.above + 1) % 50 : state.above
        if (above !== state.above) signal.next({ above })
        signal.add('trend', above > 25 ? 0.4 : -0.2, 1, above)
      },
    })
    const strategy = combine([gridLadder({ step: 0.002, profit: 0.02 }), hourly(), trendFollowing()], { mode: 'weights' })
    const remembering = bots('update').map((one) => ({ ...one, strategy }))
    const { engine, decisions } = await run({ bots: remembering })
    const states = new Set(
      decisions.filter(({ botId }) => botId === 'btc').map(({ signal }) => signal?.components.find(({ name }) => name === 'hourly.trend')?.reading),
    )
    expect(states.size).toBeGreaterThan(10)
    let compared = 0
    for (const at of moments(decisions, 12)) {
      const expected = last(decisions, 'btc', at)
      if (expected.timeMs === at && ['ordered', 'exit'].includes(expected.outcome)) continue
      expect(bytes(await engine.explain('btc', { at }))).toBe(bytes(expected))
      compared++
    }
    expect(compared).toBeGreaterThan(6)
    await engine.stop()
  })

  test.each([7, 8])(
    '[INC-60] gives back, byte for byte, what was decided at any moment: made again from a checkpoint, market seed %i',
    { timeout: 120_000 },
    async (seed) => {
      const { engine, decisions } = await run({ market: openEnded(seed) })
      expect(decisions.length).toBeGreaterThan(1_000)
      let compared = 0
      for (const at of moments(decisions, 24)) {
        for (const botId of ['btc', 'sol-slow']) {
          const expected = last(decisions, botId, at)
          if (expected === undefined || (expected.timeMs === at && ['ordered', 'exit'].includes(expected.outcome))) {
            continue
          }
          compared++
          expect(bytes(await engine.explain(botId, { at }))).toBe(bytes(expected))
        }
      }
      expect(compared).toBeGreaterThan(30)
      await engine.stop()
    },
  )

  test('also over commands, an emergency stop and a re-arm, and from the start of the run', { timeout: 120_000 }, async () => {
    const market = handMarket()
    const events = candles([105, 99, 99, 99, 98, 97, 120, 121, 99, 98, 97, 99, 99, 99, 99])
    const pushed: typeof events = []
    const decisions: Decision[] = []
    const source: MarketSource = { ...market, events: ({ afterMs }) => pushed.filter((event) => afterMs === undefined || event.atMs > afterMs) }
    const engine = levelEngine(source, memoryStore(), [levelBot({ safety: [tradeSize(5, 25), cooldown('2m')] })], { record: 'all' })
    engine.decisions$.subscribe((decision) => decisions.push(decision))
    await engine.start()
    const push = (from: number, to: number): void => {
      for (const event of events.slice(from, to)) {
        pushed.push(event)
        market.push(event)
      }
    }
    push(0, 3)
    engine.pause('btc')
    push(3, 5)
    engine.resume('btc')
    push(5, 9)
    await engine.emergencyStop({ cancelOpenOrders: true })
    push(9, 11)
    await engine.rearm()
    const tick = forming(11, 20, 98)
    pushed.push(tick)
    market.push(tick)
    engine.flatten()
    push(11, 15)
    const outcomes = new Set<string>()
    for (const event of events) {
      const at = event.atMs
      const expected = last(decisions, 'btc', at)
      outcomes.add(expected.blocker?.code ?? expected.outcome)
      if (expected.timeMs === at && ['ordered', 'exit'].includes(expected.outcome)) continue
      expect(bytes(await engine.explain('btc', { at }))).toBe(bytes(expected))
    }
    expect([...outcomes]).toEqual(expect.arrayContaining(['BOT_PAUSED', 'EMERGENCY_STOP', 'ordered', 'COOLDOWN']))
    await engine.stop()
  })

  test('reads back what the journal holds: the decision of an order', async () => {
    const { engine, decisions } = await run({ bots: bots('close') })
    const ordered = decisions.find(({ outcome }) => outcome === 'ordered')!
    const explained = await engine.explain(ordered.botId, { at: ordered.timeMs })
    expect(explained).toMatchObject({
      timeMs: ordered.timeMs,
      outcome: 'ordered',
      side: ordered.side,
      score: ordered.score,
      readings: ordered.readings,
      nearest: undefined,
    })
    expect(explained.signal!.reason).toBe(ordered.signal!.reason)
    expect(explained.verdicts).toEqual(ordered.verdicts)
    // The record was made as the order left: the confirmation stood.
    expect(explained.confirmation.sinceMs).toBeDefined()
    await engine.stop()
  })

  test(
    'over a restart: a moment of the first run is explained by the second engine, as long as the configuration is the same',
    { timeout: 60_000 },
    async () => {
      const store = memoryStore()
      const first = await run({ bots: bots('close') }, undefined, store)
      await first.engine.stop()
      const at = (startMs + 2 * 3_600_000 + 12_345) as EpochMs
      const second = createEngine({
        market: openEnded(7, HOURS + 1),
        exchange: paper({ cash: { USD: '300' } }),
        store,
        bots: bots('close'),
        safety: [dailyTrades({ account: 60 })],
        environment: 'paper',
      })
      await second.start()
      await expect.poll(() => second.state().nowMs, { timeout: 30_000 }).toBeGreaterThan(endMs)
      expect(bytes(await second.explain('btc', { at }))).toBe(bytes(last(first.decisions, 'btc', at)))
      await second.stop()
    },
  )

  test('a market that gives other events than it gave is found out', async () => {
    const { engine } = await run({ bots: bots('close'), market: { ...openEnded(7), events: (query) => simulatedMarketEvents(8, query) } })
    await expect(engine.explain('btc', { at: (endMs - 600_000) as EpochMs })).rejects.toMatchObject({
      code: 'NOT_EXPLAINABLE',
      message: expect.stringMatching(/running the market again/) as string,
    })
    await engine.stop()
  })

  test('says what is missing: an unknown bot, the future, before the first run and candle, a market that cannot repeat, a run without a store', async () => {
    const { engine } = await run({ bots: bots('close') })
    await expect(engine.explain('nobody', { at: startMs })).rejects.toMatchObject({ code: 'UNKNOWN_BOT' })
    await expect(engine.explain('btc', { at: (endMs + 60_000) as EpochMs })).rejects.toThrow('it has not come yet')
    await expect(engine.explain('btc', { at: (startMs - 1) as EpochMs })).rejects.toThrow('lies before the first run, which began at 2026-01-01T00:00:00.000Z')
    await expect(engine.explain('btc', { at: startMs })).rejects.toThrow('its first candle had not closed')
    await expect(engine.explain('btc', { at: 1.5 as EpochMs })).rejects.toThrow('expected whole milliseconds')
    await engine.stop()
    await expect(engine.explain('btc', { at: startMs })).rejects.toMatchObject({ code: 'NOT_RUNNING' })

    const market = handMarket()
    const once = levelEngine(market, memoryStore())
    await once.start()
    market.push(...candles([105, 104]))
    await expect(once.explain('btc', { at: (handStartMs + 90_000) as EpochMs })).rejects.toThrow('cannot give out its events again')
    await once.stop()

    const bare = await run({ bots: bots('close'), environment: 'backtest', store: undefined as never })
    await expect(bare.engine.explain('btc', { at: startMs })).rejects.toThrow('a run without a store keeps no journal')
    await bare.engine.stop()
  })

  test('leaves no trace: journal, state and what the exchange tells are as without the question', { timeout: 60_000 }, async () => {
    const told: number[] = []
    const hashes = await Promise.all(
      [false, true].map(async (ask) => {
        let events = 0
        const exchange = paper({ cash: { USD: '300' } })
        exchange.events().subscribe(() => events++)
        const { engine } = await run({ bots: bots('close'), exchange })
        if (ask) for (let i = 1; i < HOURS; i++) await engine.explain('sol', { at: (startMs + i * 3_600_000) as EpochMs })
        const { journalHash } = await engine.stop()
        told.push(events)
        return journalHash
      }),
    )
    expect(hashes[0]).toBe(hashes[1])
    expect(told[0]).toBe(told[1])
  })
})

const simulatedMarketEvents: NonNullable<MarketSource['events']> extends (query: infer Q) => infer R ? (seed: number, query: Q) => R : never = (seed, query) =>
  simulatedMarket({ seed, instruments: ids, speed: 'max', until: `${HOURS}h` }).events(query)
