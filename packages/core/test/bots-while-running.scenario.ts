import { describe, expect, test } from 'vitest'
import { builtIns } from '../src/config/built-ins.ts'
import type { Engine, EngineState } from '../src/contracts/engine.ts'
import type { ConfigError } from '../src/model/errors.ts'
import { createEngine } from '../src/runtime/create-engine.ts'
import type { EngineOptions } from '../src/runtime/create-engine.ts'
import { replayRecording } from '../src/runtime/recording/replay-recording.ts'
import { cooldown } from '../src/safety/cooldown.ts'
import { paper } from '../src/simulation/paper.ts'
import { simulatedMarket } from '../src/simulation/simulated-market/simulated-market.ts'
import { memoryStore } from '../src/stores/memory-store.ts'
import { solBot } from '../src/runtime/sol-bot.fixture.ts'

const configured = () => [solBot([cooldown('5m')])]
const exchange = () => paper({ cash: { USD: '1000' } })
/** Another coin, another timeframe: the market's stream is opened anew for it. */
const eth = {
  id: 'eth',
  instrument: 'ETH-USD',
  timeframe: '5m',
  strategy: 'weighted-signals',
  actionThreshold: 0.05,
  confirm: 0,
  exits: [{ use: 'take-profit', params: { fraction: 0.003 } }],
}

const keeper = () => {
  const store = memoryStore()
  // One store for several runs.
  return { open: (request: Parameters<typeof store.open>[0]) => store.open(request) }
}

async function started(until: string, more: Partial<EngineOptions> = {}): Promise<Engine> {
  const engine = createEngine({
    market: simulatedMarket({ seed: 5, until, speed: 'max', start: '2026-01-01T00:00Z' }),
    exchange: exchange(),
    store: memoryStore(),
    bots: configured(),
    plugins: builtIns,
    safety: [],
    environment: 'paper',
    ...more,
  })
  await engine.start()
  return engine
}

const problemsOf = async (change: Promise<unknown>) => {
  const error = (await change.then(
    () => undefined,
    (cause: unknown) => cause,
  )) as ConfigError
  expect(error.name).toBe('ConfigError')
  return error.problems
}

describe('a bot that is added while the others run', () => {
  test('is warm at its first candle, trades, is written down, and is there after a restart', async () => {
    const store = keeper()
    const first = await started('6h', { store })
    const { bot: added, configHash } = await first.addBot(eth)
    expect(added).toMatchObject({ id: 'eth', added: true, config: { instrument: 'ETH-USD', timeframeMs: 300_000, confirmMs: 0 } })
    expect(first.bots()).toMatchObject({ hash: configHash, bots: [{ id: 'sol', added: false }, { id: 'eth' }] })
    expect(first.bots().hash).not.toBe(first.bots().configuredHash)
    const { nowMs, bots } = first.state()
    expect(bots.map(({ id }) => id)).toEqual(['sol', 'eth'])
    const at = await new Promise<number>((resolve) => first.on('decision', (decision) => decision.botId === 'eth' && resolve(decision.timeMs)))
    // Decided on its first candle: it did not wait for indicators.
    expect(at - nowMs).toBeLessThanOrEqual(300_000)
    expect(first.explain('eth').outcome).not.toBe('WARMING_UP')
    const summary = await first.finished
    expect(summary.fills).toBeGreaterThan(0)
    const second = await started('7h', { store })
    expect(second.bots().bots.map(({ id }) => id)).toEqual(['sol', 'eth'])
    expect(second.bots().hash).toBe(configHash)
    await second.finished
    const forgetful = await started('8h', { store, keepBotChanges: false }).catch((error: unknown) => error as Error)
    // What it holds is never forgotten with it.
    if (forgetful instanceof Error) expect(forgetful.message).toMatch(/bot eth holds or orders ETH-USD/)
    else expect((await forgetful.finished).bots).toBe(1)
  })

  test('is refused with path, expected and received, and nothing is changed', async () => {
    const engine = await started('30m')
    const before = engine.bots()
    expect(await problemsOf(engine.addBot({ ...eth, id: 'sol' }))).toEqual([{ path: 'id', expected: 'an id that no other bot has', received: 'sol' }])
    expect(await problemsOf(engine.addBot({ ...eth, instrument: 'NOPE-USD' }))).toMatchObject([{ path: 'instrument', received: 'NOPE-USD' }])
    expect(await problemsOf(engine.addBot({ ...eth, confirm: 'soon', exits: ['stop-lose'] }))).toMatchObject([
      { path: 'confirm', received: '"soon"' },
      { path: 'exits[0]', expected: expect.stringContaining('did you mean') as string },
    ])
    expect(await problemsOf(engine.addBot(null))).toMatchObject([{ expected: 'an object', received: 'null' }])
    expect(engine.bots()).toEqual(before)
    expect(engine.read({ types: ['command'], limit: 10 })).toEqual([])
    await engine.stop()
  })

  test('takes the settings that new bots have, and cannot be made of plugins that nobody named', async () => {
    const engine = await started('30m', { newBots: { ...eth, confirm: '3m', actionThreshold: 0.5 } })
    await engine.addBot({ id: 'btc', instrument: 'BTC-USD', preset: 'balanced' })
    expect(engine.bots().bots[1]).toMatchObject({ config: { timeframeMs: 300_000, confirmMs: 180_000, actionThreshold: 0.15 } })
    await engine.stop()
    const { plugins: _plugins, ...bare } = { plugins: undefined }
    const code = await started('30m', { ...bare, plugins: { ...builtIns, strategies: {} } })
    expect(await problemsOf(code.addBot(eth))).toMatchObject([{ path: 'strategy', received: '"weighted-signals"' }])
    await code.stop()
  })
})

describe('a bot that is edited while it runs', () => {
  test('says what changed, decides by it from the next candle on, and keeps of it what the configuration does not change', async () => {
    const store = keeper()
    const alerts: string[] = []
    const first = await started('1h', { store })
    first.on('alert', ({ code, detail }) => alerts.push(`${code} ${detail}`))
    const { changes, bot: edited } = await first.editBot('sol', { confirm: '2m', exits: [] })
    expect(changes).toMatchObject([
      { path: 'confirmMs', before: 60_000, after: 120_000 },
      { path: 'exits', after: [] },
    ])
    expect(edited).toMatchObject({ added: false, edited: { confirm: '2m', exits: [] } })
    await first.editBot('sol', { timeframe: '5m' })
    expect(first.bots().bots[0]).toMatchObject({ edited: { confirm: '2m', exits: [], timeframe: '5m' }, config: { confirmMs: 120_000, timeframeMs: 300_000 } })
    expect(alerts[0]).toContain('confirmMs: 60000 became 120000')
    await first.finished
    const second = await started('90m', { store })
    expect(second.bots().bots[0]).toMatchObject({ config: { confirmMs: 120_000, timeframeMs: 300_000, exits: [] } })
    await second.finished
    const [own] = configured()
    const third = await started('2h', { store, bots: [{ ...own!, confirmMs: 300_000 }] })
    const kept = { exits: [], timeframe: '5m' }
    expect(third.bots().bots).toMatchObject([{ edited: kept, config: { confirmMs: 300_000, timeframeMs: 300_000, exits: [] } }])
    expect(third.bots().bots[0]!.edited).toEqual(kept)
    const detail = 'what was changed while running is as configured again: the configuration has changed confirm; still edited: exits, timeframe'
    expect(third.state().alerts).toContainEqual(expect.objectContaining({ code: 'BOT_RESET', botId: 'sol', detail }))
    await third.stop()
    // What was let go stays so, also when the configuration is as it was at first.
    const fourth = await started('3h', { store })
    expect(fourth.bots().bots).toMatchObject([{ edited: kept, config: { confirmMs: 60_000, timeframeMs: 300_000 } }])
    expect(fourth.state().alerts).toEqual([])
    await fourth.stop()
  })

  test('never has looser limits by it; those that were tightened stay tight', async () => {
    const store = keeper()
    const engine = await started('1h', { store })
    const looser = [{ use: 'cooldown', params: { duration: '1m' } }]
    expect(await problemsOf(engine.editBot('sol', { safety: looser }))).toEqual([
      { path: 'safety.cooldown.duration', expected: '300000, which is in force, or tighter: limits loosen only at a restart', received: '60000' },
    ])
    expect(await problemsOf(engine.editBot('sol', { safety: [] }))).toMatchObject([
      { path: 'safety', expected: expect.stringContaining('the rule cooldown') as string },
    ])
    expect(await problemsOf(engine.editBot('sol', { instrument: 'ETH-USD' }))).toMatchObject([{ path: 'instrument' }])
    await engine.patchLimits({ bots: { sol: { cooldown: { duration: 900_000 } } } })
    await engine.editBot('sol', {
      safety: [
        { use: 'cooldown', params: { duration: '10m' } },
        { use: 'stale-data', params: { maxAge: '10m' } },
      ],
      tranches: { max: 2 },
    })
    const tight = { sol: { cooldown: { duration: 900_000 }, 'stale-data': { maxAge: 600_000 }, 'max-tranches': { max: 2 } } }
    expect(engine.limits().limits).toMatchObject({ bots: tight })
    await engine.finished
    const again = await started('90m', { store })
    expect(again.limits().limits).toMatchObject({ bots: tight })
    expect(await problemsOf(again.editBot('sol', { tranches: { max: 3 } }))).toMatchObject([{ path: 'safety.max-tranches.max' }])
    await again.stop()
    await expect(again.editBot('sol', {})).rejects.toThrow(/the engine is ended/)
  })
})

describe('a bot that retires while it runs', () => {
  /** Retires the added bot at the moment at which it has bought. */
  async function retired(store: EngineOptions['store'], close: boolean) {
    const engine = await started('12h', { store: store! })
    const { promise, resolve } = Promise.withResolvers<unknown>()
    const sides: string[] = []
    engine.on('fill', ({ botId, side }) => {
      if (botId !== 'eth') return
      if (sides.push(side) !== 1) return
      resolve(engine.retireBot('eth', { close }))
      // Before it may sell by its own exit: at full speed hours go by until a promise is looked at.
      if (!close) void engine.stop()
    })
    await engine.addBot(eth)
    return { engine, sides, report: await promise }
  }

  test('keeps its position until its own exit, and is gone at the start after it is flat', async () => {
    const store = keeper()
    const { engine, report, sides } = await retired(store, false)
    expect(report).toMatchObject({ bot: { config: { retire: true } }, changes: [{ path: 'retire', before: null, after: true }] })
    expect(engine.state().bots[1]!.position.quantity).not.toBe('0')
    await engine.stop()
    const again = await started('24h', { store })
    expect(again.bots().bots[1]).toMatchObject({ id: 'eth', config: { retire: true } })
    const codes = new Set<string>()
    again.on('decision', ({ botId, blocker }) => botId === 'eth' && codes.add(blocker?.code ?? ''))
    again.on('fill', ({ botId, side }) => botId === 'eth' && sides.push(side))
    await again.finished
    expect(sides).toEqual(['buy', 'sell'])
    expect(codes).toContain('BOT_RETIRED')
    const next = await started('25h', { store })
    expect(next.bots().bots.map(({ id }) => id)).toEqual(['sol'])
    await next.stop()
  })

  test('or sells at once, and its money is the account’s again', async () => {
    const store = keeper()
    const { engine, sides } = await retired(store, true)
    const { bots, cash } = await new Promise<EngineState>((resolve) => engine.on('decision', () => sides.length === 2 && resolve(engine.state())))
    expect(bots[1]!.position.quantity).toBe('0')
    expect(cash.reserved).toBe('0')
    await engine.stop()
    const next = await started('13h', { store })
    expect(next.bots().bots.map(({ id }) => id)).toEqual(['sol'])
    expect(next.state().alerts).toContainEqual(expect.objectContaining({ code: 'BOT_RESET', botId: 'eth' }))
    expect(next.rows('fills').filter((row) => row['bot_id'] === 'eth')).toHaveLength(2)
    await next.stop()
  })
})

test('a recording holds every change and runs again bit for bit; so does a question about the past', async () => {
  const lines: string[] = []
  const engine = await started('6h', { recording: { write: (line) => lines.push(line), close: () => undefined } })
  await engine.addBot(eth)
  await engine.editBot('eth', { confirm: '5m', on: 'update' })
  await engine.editBot('sol', { actionThreshold: 0.2 })
  const changedMs = engine.state().nowMs
  await engine.retireBot('eth', { close: true })
  await new Promise<void>((resolve) => engine.on('decision', ({ timeMs }) => timeMs > changedMs + 3_600_000 && resolve()))
  const decision = await engine.explain('sol', { at: (changedMs + 3_000_000) as never })
  expect(decision.botId).toBe('sol')
  const { journalHash } = await engine.finished
  const report = replayRecording(lines, { bots: configured(), safety: [], plugins: builtIns, exchange: exchange() })
  expect(report).toMatchObject({ complete: true, differs: undefined, damaged: undefined, journalHash })
})
