import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CoinbaseError } from '@millrace/coinbase-adapter'
import { EngineError, simulatedMarket } from '@millrace/core'
import type { MarketSource } from '@millrace/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { capturedTerminal } from '../captured-terminal.fixture.ts'
import { describeFailure } from '../failures.ts'
import { executeRun } from './execute-run.ts'
import type { RunHooks, RunParts } from './execute-run.ts'
import { aFill, anAlert, fakeEngine, summaryOfNothing } from './fake-engine.fixture.ts'
import type { FakeEngine } from './fake-engine.fixture.ts'
import { runDefaults } from './settings.ts'
import type { RunSettings } from './settings.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-run-'))
  writeFileSync(
    join(folder, 'bots.json'),
    JSON.stringify({ account: { cash: { USD: '1000' } }, bots: [{ id: 'btc', instrument: 'BTC-USD', preset: 'balanced' }] }),
  )
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function start(changes: Partial<RunSettings> = {}, hooks: RunHooks = {}, engine: FakeEngine = fakeEngine(), parts: Partial<RunParts> = {}) {
  const settings: RunSettings = { ...runDefaults, config: join(folder, 'bots.json'), market: 'simulated', speed: 'max', ...changes }
  const terminal = capturedTerminal()
  const stop = Promise.withResolvers<string>()
  const dispose = vi.fn<() => void>()
  const createEngine = vi.fn<RunParts['createEngine']>(() => engine)
  const running = executeRun(settings, terminal, hooks, {
    createEngine,
    listenForStop: () => ({ requested: stop.promise, dispose }),
    exit: () => expect.unreachable(),
    startWatchdog: () => ({ guard: () => undefined, stop: () => Promise.resolve() }),
    openCoinbase: () => expect.unreachable(),
    ...parts,
  })
  return { running, terminal, engine, stop, dispose, createEngine }
}

/** A market that answers, or does not. */
function venueOf(instruments: MarketSource['instruments']): MarketSource & { closed: number } {
  const market = {
    ...simulatedMarket({ seed: 1, until: '1h' }),
    id: 'coinbase',
    closed: 0,
    instruments,
    describe: () => ({ text: "Coinbase's public data", notes: [] }),
    close: () => {
      market.closed++
      return Promise.resolve()
    },
  }
  return market
}
const awayVenue = (): ReturnType<typeof venueOf> =>
  venueOf(() => Promise.reject(new CoinbaseError('network', 'GET /market/products: ENOTFOUND', { code: 'ENOTFOUND' })))

/** Runs to the end of the market. */
async function run(...given: Parameters<typeof start>) {
  const started = start(...given)
  started.engine.finish()
  return { ...started, exitCode: await started.running }
}

describe('executeRun: the result', () => {
  it('is one JSON object on stdout and all else on stderr', async () => {
    const { terminal, exitCode } = await run({ json: true, seed: 42 })
    expect(exitCode).toBe(0)
    const { engineMs, candleBots, ...shared } = summaryOfNothing
    expect([engineMs, candleBots]).toEqual([4, 20])
    expect(JSON.parse(terminal.stdout())).toEqual({ ...shared, market: 'simulated', seed: 42, candleBotsPerSecond: 5000, wallMs: expect.any(Number) as number })
    expect(terminal.stdout().trimEnd().split('\n')).toHaveLength(1)
    expect(terminal.stderr()).toContain('journal hash')
  })
  it('has its keys in the documented order', async () => {
    const { terminal } = await run({ json: true })
    expect(Object.keys(JSON.parse(terminal.stdout()) as object)).toEqual([
      'environment',
      'market',
      'seed',
      'bots',
      'candles',
      'decisions',
      'orders',
      'fills',
      'cash',
      'equity',
      'realizedPnl',
      'unrealizedPnl',
      'fees',
      'maxDrawdown',
      'paidIn',
      'returnPercent',
      'successRate',
      'roundTrips',
      'blockers',
      'journalHash',
      'candleBotsPerSecond',
      'wallMs',
    ])
  })
  it('is a table on stdout for people, the most frequent blocker first', async () => {
    const { terminal } = await run()
    expect(terminal.stdout()).toMatch(/equity +1,000\.00 USD/)
    expect(terminal.stdout()).toMatch(/TEMPERATURE +7\nCOOLDOWN +3\n$/)
  })
  it('goes into a file, whole, and leaves stdout empty', async () => {
    const { terminal } = await run({ json: join(folder, 'result.json') })
    expect(JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8'))).toMatchObject({ fills: 1 })
    expect(terminal.stdout()).toBe('')
    expect(readdirSync(folder).sort()).toEqual(['bots.json', 'result.json'])
  })
  it('is refused before the run when its file could not be written', async () => {
    const { running, createEngine } = start({ json: join(folder, 'missing', 'result.json') })
    await expect(running).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining('cannot write') as string })
    expect(createEngine).not.toHaveBeenCalled()
  })
})

describe('executeRun: what it says', () => {
  it('says what is unwise at the start, and goes on', async () => {
    const bots = [{ id: 'btc', instrument: 'BTC-USD', preset: 'balanced', timeframe: '15m' }]
    writeFileSync(join(folder, 'bots.json'), JSON.stringify({ account: { cash: { USD: '1000' } }, bots }))
    const { terminal, exitCode } = await run()
    expect(exitCode).toBe(0)
    expect(terminal.stderr()).toContain('unwise: bots[0].confirm: expected at least the timeframe of 15m')
  })
  it('refuses what cannot be before an engine is made', async () => {
    const bots = [{ id: 'btc', instrument: 'BTC-USD', preset: 'balanced', exits: [{ use: 'stop-loss', params: { fraction: 0.0001 } }] }]
    writeFileSync(join(folder, 'bots.json'), JSON.stringify({ account: { cash: { USD: '1000' } }, bots }))
    const market = venueOf(simulatedMarket({ seed: 1, until: '1h' }).instruments)
    const { running, createEngine } = start({ market: 'coinbase', speed: 1 }, {}, fakeEngine(), {
      openCoinbase: () => market,
    })
    const refused: unknown = await running.catch((error: unknown) => error)
    expect(market.closed).toBe(1)
    expect(describeFailure(refused)).toMatchObject({
      exitCode: 4,
      text: expect.stringContaining('bots[0].exits.stop-loss: expected a fraction beyond the spread') as string,
    })
    expect(createEngine).not.toHaveBeenCalled()
  })
  it('names pid, environment, store, market and what is wrong with the market', async () => {
    const { terminal } = await run()
    expect(terminal.stderr()).toContain(`engine pid ${process.pid}`)
    expect(terminal.stderr()).toMatch(/1 bot from bots\.json; environment backtest.*store :memory:/)
    expect(terminal.stderr()).toMatch(/^market: simulated prices, seed 7.*\n {2}the prices are made up/m)
  })
  it('shows alerts, and fills on paper', async () => {
    const { engine, running, terminal } = start({ speed: 1, db: ':memory:' })
    await vi.waitFor(() => expect(engine.calls).toEqual(['start']))
    engine.emit('fill', aFill())
    engine.emit('alert', anAlert())
    engine.emit('alert', anAlert({ severity: 'info', code: 'SETTLED' }))
    engine.finish()
    await running
    expect(terminal.stderr()).toContain('2025-10-10 21:00:00Z  btc: sold 0.0001 BTC-USD at 90000.12 = 9.00, fee 0.08 USD, P&L -0.10 (stop-loss)\n')
    expect(terminal.stderr()).toContain('2025-10-10 21:00:00Z  WARNING DAILY_LOSS: 100 of 100 USD\n')
    expect(terminal.stderr()).not.toContain('SETTLED')
  })
  it('does not drown a person in fills of a backtest, or in alerts', async () => {
    const { engine, running, terminal } = start()
    await vi.waitFor(() => expect(engine.calls).toEqual(['start']))
    engine.emit('fill', aFill())
    for (let i = 0; i < 60; i++) engine.emit('alert', anAlert())
    engine.finish()
    await running
    expect(terminal.stderr()).not.toContain('sold')
    expect(terminal.stderr().split('DAILY_LOSS')).toHaveLength(51)
    expect(terminal.stderr()).toContain('further alerts are not shown here')
  })
})

describe('executeRun: the page', () => {
  it('is there before the engine starts, says where, and closes after it', async () => {
    const close = vi.fn<() => Promise<void>>(() => Promise.resolve())
    const onEngine = vi.fn<NonNullable<RunHooks['onEngine']>>((engine) => {
      expect((engine as FakeEngine).calls).toEqual([])
      return Promise.resolve({ url: 'http://127.0.0.1:3000', close })
    })
    const { terminal } = await run({}, { onEngine })
    expect(terminal.stderr()).toContain('page: http://127.0.0.1:3000\n')
    expect(close).toHaveBeenCalledOnce()
  })
  it('is not asked for with --no-web', async () => {
    const onEngine = vi.fn<NonNullable<RunHooks['onEngine']>>()
    await run({ web: false }, { onEngine })
    expect(onEngine).not.toHaveBeenCalled()
  })
  it('that cannot be served ends the run before anything trades', async () => {
    const { running, engine, dispose } = start({}, { onEngine: () => Promise.reject(new Error('listen EADDRINUSE 127.0.0.1:3000')) })
    await expect(running).rejects.toThrow('EADDRINUSE')
    expect(engine.calls).toEqual([])
    expect(dispose).toHaveBeenCalledOnce()
  })
})

describe('executeRun: the end', () => {
  it('comes cleanly when asked for, with a summary', async () => {
    const { running, stop, engine, terminal } = start({ speed: 1, db: ':memory:', json: true })
    stop.resolve('SIGINT')
    expect(await running).toBe(0)
    expect(engine.calls).toEqual(['start', 'stop'])
    expect(terminal.stderr()).toContain('SIGINT: stopping')
    expect(JSON.parse(terminal.stdout())).toMatchObject({ fills: 1 })
  })
  it('has its own exit code when the engine is halted', async () => {
    const { exitCode, terminal } = await run({}, {}, fakeEngine({ tradingState: 'halted' }))
    expect(exitCode).toBe(5)
    expect(terminal.stderr()).toContain('the run ended halted: prices look wrong\nfind out why (millrace logs); then re-arm on the page, or with --rearm')
  })
  it('is not taken for a whole run when the market broke off', async () => {
    const { engine, running, terminal } = start({ json: true })
    await vi.waitFor(() => expect(engine.calls).toEqual(['start']))
    engine.emit('alert', anAlert({ code: 'LINK_DOWN', detail: 'BTC-USD has no candle from 12:40 to 14:00; gap policy halt' }))
    engine.finish()
    expect(await running).toBe(3)
    expect(terminal.stderr()).toContain('the market ended early, so the result covers only a part: BTC-USD has no candle')
    expect(JSON.parse(terminal.stdout())).toMatchObject({ fills: 1 })
  })
  it.each([
    ['STORE_LOCKED', 3],
    ['WRONG_ENVIRONMENT', 3],
    ['STORE_NEWER', 3],
    ['MARKET_FAILED', 3],
    ['INVARIANT_VIOLATED', 5],
    ['JOURNAL_FAILED', 5],
  ] as const)('says %s with exit code %d', async (code, exitCode) => {
    const { running } = start({}, {}, fakeEngine({ startFails: new EngineError(code, 'the reason') }))
    const error: unknown = await running.catch((failure: unknown) => failure)
    expect(describeFailure(error)).toEqual({ exitCode, text: `the reason (${code})` })
  })
  it('passes on what broke the engine in the middle of the run', async () => {
    const { running, engine } = start()
    engine.fail(new EngineError('INVARIANT_VIOLATED', 'cash is off by 0.01'))
    await expect(running).rejects.toThrow('cash is off by 0.01')
  })
})

describe('executeRun: --rearm', () => {
  it('ends the stop that the run began with, and says which it was', async () => {
    const { engine, terminal } = await run({ rearm: true }, {}, fakeEngine({ tradingState: 'halted' }))
    expect(engine.calls).toEqual(['start', 'rearm'])
    expect(terminal.stderr()).toContain('re-armed; it was halted: prices look wrong')
  })
  it('is refused where nothing is halted, so that it cannot stay in a service file, and the run ends', async () => {
    const { running, engine } = start({ rearm: true })
    await expect(running).rejects.toMatchObject({ exitCode: 3, message: expect.stringContaining('not halted') as string })
    expect(engine.calls).toEqual(['start', 'stop'])
  })
  it('ends the run when the engine refuses it', async () => {
    const engine = fakeEngine({ tradingState: 'halted' })
    engine.rearm = () => Promise.reject(new EngineError('RECONCILE_FAILED', 'the books differ'))
    await expect(start({ rearm: true }, {}, engine).running).rejects.toThrow('the books differ')
    expect(engine.calls).toEqual(['start', 'stop'])
  })
})

describe('executeRun: what it refuses', () => {
  it.each([
    ['live', 'max', 'run it with --market coinbase --exchange coinbase --live'],
    ['backtest', 1, 'add --speed max'],
  ] as const)('environment %s at speed %s', async (environment, speed, words) => {
    writeFileSync(join(folder, 'bots.json'), JSON.stringify({ environment, bots: [{ id: 'btc', instrument: 'BTC-USD', preset: 'balanced' }] }))
    const { running, createEngine } = start({ speed })
    await expect(running).rejects.toMatchObject({ exitCode: 3, message: expect.stringContaining(words) as string })
    expect(createEngine).not.toHaveBeenCalled()
  })
  it('Coinbase when it cannot be reached, and closes what it opened', async () => {
    const away = awayVenue()
    const { running, createEngine } = start({ market: 'coinbase', speed: 1 }, {}, fakeEngine(), { openCoinbase: () => away })
    await expect(running).rejects.toMatchObject({ exitCode: 3, message: '--market coinbase: GET /market/products: ENOTFOUND' })
    expect([createEngine.mock.calls.length, away.closed]).toEqual([0, 1])
  })
  it('recorded data that is not there', async () => {
    await expect(start({ market: 'replay', data: join(folder, 'nowhere') }).running).rejects.toMatchObject({
      exitCode: 3,
      message: `--data: expected a folder of candle files, received nothing at ${join(folder, 'nowhere')}`,
    })
    await expect(start({ market: 'replay', data: join(folder, 'bots.json') }).running).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('received a file: ') as string,
    })
    await expect(start({ market: 'replay', data: folder }).running).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('BTC-USD') as string,
    })
  })
})

describe('executeRun: market auto', () => {
  const auto = (openCoinbase: RunParts['openCoinbase'], changes: Partial<RunSettings> = {}) =>
    run({ market: 'auto', speed: 1, db: ':memory:', json: true, ...changes }, {}, fakeEngine(), { openCoinbase })
  const marketOf = ({ terminal }: Awaited<ReturnType<typeof auto>>): unknown => (JSON.parse(terminal.stdout()) as { market: unknown }).market

  it('is Coinbase when it answers, until the wanted time and at the wanted address', async () => {
    const asked: unknown[] = []
    const outcome = await auto(
      (options) => {
        asked.push(options)
        return venueOf(() => simulatedMarket({ seed: 1, until: '1h' }).instruments())
      },
      { untilMs: 60_000, venueUrl: 'http://127.0.0.1:8080' },
    )
    expect([marketOf(outcome), asked]).toEqual(['coinbase', [{ until: 60_000, baseUrl: 'http://127.0.0.1:8080', socketUrl: 'ws://127.0.0.1:8080' }]])
  })

  it('is the simulated market when Coinbase is away, and says why', async () => {
    const away = awayVenue()
    const outcome = await auto(() => away)
    expect([marketOf(outcome), away.closed]).toEqual(['simulated', 1])
    expect(outcome.terminal.stderr()).toContain(
      "market auto: Coinbase's public data cannot be had (GET /market/products: ENOTFOUND); the simulated market is used instead",
    )
  })

  it('does not wait for an answer that does not come', async () => {
    vi.useFakeTimers()
    try {
      const silent = venueOf(() => new Promise(() => undefined))
      const outcome = auto(() => silent)
      await vi.advanceTimersByTimeAsync(5_000)
      expect(marketOf(await outcome)).toBe('simulated')
      expect((await outcome).terminal.stderr()).toContain('(no answer within 5 s)')
      expect(silent.closed).toBe(1)
    } finally {
      vi.useRealTimers()
    }
  })

  it('does not ask Coinbase for another speed than that of the clock', async () => {
    const outcome = await auto(() => expect.unreachable(), { speed: 60 })
    expect(outcome.terminal.stderr()).toContain('market auto: Coinbase has no --speed 60; the simulated market is used instead')
  })
})
