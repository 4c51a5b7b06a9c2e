import { memoryStore, simulatedMarket } from '@millrace/core'
import type { Logger, MarketSource, Store, StoreFactory } from '@millrace/core'
import { Observable, Subject, config } from 'rxjs'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { candles, handMarket, levelEngine } from './levels.ts'
import { liveRun } from './live/live-run.ts'

/** Whatever stands around an engine may throw: listeners, logger, recording, market, store, exchange. None of it may end the process, or leave a run half open. */

const turns = async (count = 3): Promise<void> => {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setTimeout(resolve, 1))
}

type Line = Logger['info']
const silent = () => ({ debug: vi.fn<Line>(), info: vi.fn<Line>(), warn: vi.fn<Line>(), error: vi.fn<Line>() })

const throws = (text: string) => (): never => {
  throw new Error(text)
}

/** A store that others can look into, with some of it changed. */
function storeWith(change: (store: Store) => Partial<Store>): StoreFactory {
  const kept = memoryStore()
  return {
    open: (request) => {
      const store = kept.open(request)
      return { ...store, ...change(store) }
    },
  }
}

const former = config.onUnhandledError
const unhandled: unknown[] = []
const last = (error: unknown): void => void unhandled.push(error)
const rejections: unknown[] = []
const onRejection = (error: unknown): void => void rejections.push(error)

beforeEach(() => {
  unhandled.length = 0
  rejections.length = 0
  // Without it an error that comes here ends the process.
  config.onUnhandledError = last
  process.on('unhandledRejection', onRejection)
})

afterEach(() => {
  config.onUnhandledError = former
  process.off('unhandledRejection', onRejection)
  vi.useRealTimers()
})

describe('listeners', () => {
  test('one that throws at the last state or at the end is logged, and nothing else', async () => {
    const logger = silent()
    const engine = levelEngine(handMarket(), memoryStore(), undefined, { logger })
    await engine.start()
    let ending = false
    engine.state$.subscribe({ next: () => ending && throws('no page any more')(), complete: throws('end of nothing') })
    engine.on('state', throws('no listener any more'))
    ending = true
    await engine.stop()
    await turns()
    expect(unhandled).toEqual([])
    const logged = logger.error.mock.calls.flat()
    for (const text of ['no page any more', 'end of nothing', 'no listener any more']) expect(logged).toContain(`LISTENER_FAILED: ${text}`)
    expect(config.onUnhandledError).toBe(last)
  })

  test('what cannot even be shown is thrown: it is told all the same', async () => {
    const market = handMarket()
    const engine = levelEngine(market, memoryStore())
    const told: string[] = []
    await engine.start()
    engine.on('alert', ({ code }) => told.push(code))
    engine.on('fill', () => {
      throw Object.create(null)
    })
    market.push(...candles([99, 99, 99]))
    expect(told).toEqual(['LISTENER_FAILED'])
    await engine.stop()
  })

  test('a state that cannot be made while the engine runs is told, and the engine runs on', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    let broken = false
    const hand = handMarket()
    const market: typeof hand = { ...hand, describe: () => (broken ? throws('no words')() : hand.describe()) }
    const engine = levelEngine(market, memoryStore())
    await engine.start()
    engine.state$.subscribe({ error: () => undefined })
    broken = true
    market.push(...candles([105, 105]))
    vi.advanceTimersByTime(1_000)
    broken = false
    expect(engine.state().alerts).toMatchObject([{ code: 'LISTENER_FAILED', detail: 'no words' }])
    await engine.stop()
  })
})

test('a logger that throws costs its lines, not the run: once that is told', async () => {
  const logger = { debug: throws('no pipe'), info: throws('no pipe'), warn: throws('no pipe'), error: throws('no pipe') }
  const market = handMarket()
  const closed = vi.fn<() => void>()
  const engine = levelEngine(
    market,
    storeWith((store) => ({ close: () => (closed(), store.close()) })),
    undefined,
    { logger },
  )
  await engine.start()
  for (let i = 0; i < 3; i++) {
    engine.pause()
    engine.resume()
  }
  engine.on('order', throws('a listener'))
  market.push(...candles([99, 99, 99]))
  const codes = engine.state().alerts.map(({ code, detail }) => `${code} ${detail}`)
  expect(codes.filter((text) => text.includes('no pipe'))).toEqual(['LISTENER_FAILED the logger: no pipe'])
  expect(engine.state().lastFills).toHaveLength(1)
  await engine.stop()
  expect(closed).toHaveBeenCalledOnce()
})

describe('the end of a run', () => {
  test('whatever cannot be closed is told, and the rest is closed all the same', async () => {
    const hand = handMarket()
    const market: typeof hand = { ...hand, stream: () => new Observable(() => throws('the market holds on')) }
    const closed: string[] = []
    const store = storeWith((inner) => ({ close: () => (closed.push('store'), inner.close()) }))
    const engine = levelEngine(market, store, undefined, { recording: { write: () => undefined, close: throws('the recording holds on') } })
    await engine.start()
    engine.alerts$.subscribe({ complete: () => closed.push('outputs') })
    await expect(engine.stop()).rejects.toThrow('the market holds on')
    expect(closed).toEqual(['store', 'outputs'])
  })

  test('a halt file that cannot be looked at ends the run, not the process', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    let broken = false
    const halt = { requested: () => (broken ? throws('no permission')() : undefined), acknowledge: () => undefined, clear: () => undefined }
    const engine = levelEngine(
      handMarket(),
      storeWith(() => ({ halt })),
    )
    await engine.start()
    broken = true
    vi.advanceTimersByTime(1_000)
    await expect(engine.finished).rejects.toThrow('no permission')
  })

  test('a market that cannot be opened again after a change ends the run: nothing would trade any more', async () => {
    const inner = simulatedMarket({ seed: 7, instruments: ['BTC-USD'], speed: 'max' })
    let streams = 0
    const market: MarketSource = { ...inner, stream: (query) => (++streams === 1 ? inner.stream(query) : throws('one stream and no more')()) }
    const engine = levelEngine(market, memoryStore())
    await engine.start()
    await expect(engine.editBot('btc', { confirm: '5m' })).rejects.toThrow('one stream and no more')
    await expect(engine.finished).rejects.toThrow('one stream and no more')
  })

  test.each(['emergencyStop', 'patchLimits', 'reconcile', 'rearm', 'addBot', 'trade'] as const)(
    '%s of an engine that does not run is a rejection',
    async (name) => {
      const engine = levelEngine(handMarket(), memoryStore())
      const asked = {
        addBot: () => engine.addBot({ id: 'x' }),
        trade: () => engine.trade({ botId: 'btc', side: 'buy' }),
        patchLimits: () => engine.patchLimits({}),
      }
      const ask: () => Promise<unknown> = name in asked ? asked[name as keyof typeof asked] : () => engine[name as 'rearm']()
      await expect(ask()).rejects.toThrow('the engine is new')
    },
  )
})

describe('an exchange', () => {
  test('whose events end with an error, which none may, ends the run: nobody would hear of orders any more', async () => {
    const news = new Subject<never>()
    const run = await liveRun({ exchange: (inner) => ({ ...inner, events: () => news }) })
    news.error(new Error('socket of a strange kind'))
    await expect(run.engine.finished).rejects.toThrow('socket of a strange kind')
    expect(unhandled).toEqual([])
  })

  test('whose event makes no sense ends the run as well', async () => {
    const run = await liveRun()
    run.push({ type: 'report' } as never)
    await expect(run.engine.finished).rejects.toThrow(TypeError)
    expect(unhandled).toEqual([])
  })

  test('whose answer makes no sense while the run ends costs the run, not the process', async () => {
    const answer = Promise.withResolvers<never>()
    const run = await liveRun({ exchange: (inner) => ({ ...inner, submit: () => answer.promise }) })
    await run.engine.stop()
    const market = { ...handMarket(), timeline: 'wall' as const }
    const engine = await run.again({ market })
    market.push(...candles([100, 100]))
    await engine.trade({ botId: engine.state().bots[0]!.id, side: 'buy' })
    market.end()
    answer.resolve(undefined as never)
    await expect(engine.finished).rejects.toThrow(TypeError)
    await turns()
    expect(rejections).toEqual([])
  })
})
