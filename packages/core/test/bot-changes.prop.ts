import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bot } from '../src/config/bot.ts'
import { builtIns } from '../src/config/built-ins.ts'
import type { Engine, LimitsInForce } from '../src/contracts/engine.ts'
import type { Json } from '../src/model/json.ts'
import { createEngine } from '../src/runtime/create-engine.ts'
import { replayRecording } from '../src/runtime/recording/replay-recording.ts'
import { cooldown } from '../src/safety/cooldown.ts'
import { paper } from '../src/simulation/paper.ts'
import { simulatedMarket } from '../src/simulation/simulated-market/simulated-market.ts'
import { memoryStore } from '../src/stores/memory-store.ts'
import { weightedSignals } from '../src/strategies/weighted-signals/weighted-signals.ts'

const configured = () => [
  bot({ id: 'a', instrument: 'SOL-USD', timeframe: '1m', strategy: weightedSignals(), actionThreshold: 0.05, confirm: 0, safety: [cooldown('5m')] }),
]
const exchange = () => paper({ cash: { USD: '1000' } })

/** What a person does next, at some candle: the lists are short, so that changes meet. */
const change = fc.record({
  what: fc.constantFrom('add', 'edit', 'edit', 'retire', 'close', 'limits'),
  id: fc.constantFrom('a', 'b', 'c'),
  after: fc.integer({ min: 1, max: 4 }),
  instrument: fc.constantFrom('SOL-USD', 'ETH-USD'),
  settings: fc.constantFrom<Json>(
    { confirm: '1m' },
    { timeframe: '5m' },
    { strategy: 'trend-following', actionThreshold: 0.2 },
    { exits: [{ use: 'take-profit', params: { fraction: 0.002 } }] },
    { on: 'update' },
    { safety: [{ use: 'cooldown', params: { duration: '10m' } }] },
    { retire: false },
    { tranches: { max: 2 } },
  ),
})
type Change = ReturnType<typeof change.generate>['value']

function ask(engine: Engine, { what, id, instrument, settings }: Change): Promise<unknown> {
  switch (what) {
    case 'add':
      return engine.addBot({ id, instrument, strategy: 'weighted-signals', actionThreshold: 0.05, confirm: 0, ...(settings as object) })
    case 'edit':
      return engine.editBot(id, settings)
    case 'limits':
      return engine.patchLimits({ bots: { [id]: { cooldown: { duration: 900_000 } } } })
    default:
      return engine.retireBot(id, { close: what === 'close' })
  }
}

/** All that a start must find again; an order that was on its way at the end is settled by the start, and an added bot that is through with everything is gone. */
function durableOf(engine: Engine) {
  const { bots, cash, fees } = engine.state()
  const inForce = engine.bots()
  const gone = (id: string): boolean => {
    const { added, config } = inForce.bots.find((each) => each.id === id)!
    const { position, workingOrder } = bots.find((each) => each.id === id)!
    return added && (config as { readonly retire?: true }).retire === true && position.quantity === '0' && workingOrder === undefined
  }
  return {
    bots: bots
      .filter(({ id }) => !gone(id))
      .map(({ id, paused, realizedPnl, position: { quantity, cost, tranches } }) => ({ id, paused, realizedPnl, quantity, cost, tranches })),
    cash: cash.total,
    fees,
    inForce: inForce.bots.filter(({ id }) => !gone(id)),
  }
}

test('bots that are added, edited and retired in the middle of a run: it runs again bit for bit, and a restart has the same state', async () => {
  let made = 0
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 3, maxLength: 6 }), fc.integer({ min: 1, max: 1e6 }), async (changes, seed) => {
      const lines: string[] = []
      const store = memoryStore()
      const make = (until: string, record: boolean): Engine =>
        createEngine({
          market: simulatedMarket({ seed, until, speed: 'max', start: '2026-01-01T00:00Z', instruments: ['SOL-USD', 'ETH-USD'] }),
          exchange: exchange(),
          store,
          bots: configured(),
          plugins: builtIns,
          safety: [],
          ...(record ? { recording: { write: (line) => lines.push(line), close: () => undefined } } : {}),
        })
      const engine = make('40m', true)
      const asked: Promise<unknown>[] = []
      const waiting = [...changes]
      let seen = 0
      let limits: LimitsInForce | undefined
      engine.on('decision', () => {
        if (++seen < (waiting[0]?.after ?? Infinity)) return
        seen = 0
        // What is refused changes nothing: that is part of what is tried.
        asked.push(
          ask(engine, waiting.shift()!).then(
            () => made++,
            () => undefined,
          ),
        )
      })
      engine.on('alert', () => (limits = engine.limits()))
      await engine.start()
      limits = engine.limits()
      const { journalHash } = await engine.finished
      await Promise.all(asked)
      const report = replayRecording(lines, { bots: configured(), safety: [], plugins: builtIns, exchange: exchange() })
      expect(report).toMatchObject({ complete: true, differs: undefined, damaged: undefined, journalHash })
      const before = durableOf(engine)
      const again = make('40m', false)
      await again.start()
      const after = durableOf(again)
      const hashes = [again.bots().hash, again.limits().hash]
      const kept = again.limits().limits as { readonly bots: Readonly<Record<string, Json>> }
      await again.finished
      // A bot that is gone takes nobody else's limits with it.
      const tight = limits!.limits as typeof kept
      expect(kept).toEqual({ ...tight, bots: Object.fromEntries(Object.keys(kept.bots).map((id) => [id, tight.bots[id]])) })
      expect(after).toEqual(before)
      if (after.inForce.length < engine.bots().bots.length) return
      expect(hashes).toEqual([engine.bots().hash, limits!.hash])
    }),
    { numRuns: 12 },
  )
  expect(made).toBeGreaterThan(8)
})
