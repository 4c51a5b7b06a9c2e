import { Observable, Subject } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { memoryStore } from '@millrace/core'
import type { MarketEvent, StoreFactory } from '@millrace/core'
import { candles, handMarket, levelEngine } from './levels.ts'
import { instrumentsOf } from './random-market.ts'
import { insideOf } from './inside-engine.ts'

// Each of these was wrong once.

describe('the shell', () => {
  test('a listener for alerts that throws does not feed itself', async () => {
    const market = handMarket()
    const engine = levelEngine(market, memoryStore())
    let calls = 0
    engine.on('alert', () => {
      calls++
      throw new Error('deaf')
    })
    await engine.start()
    const [good] = candles([105])
    market.push({ ...good!, candle: { ...good!.candle, close: Number.NaN } }, good!)
    expect(calls).toBe(1)
    await engine.stop()
  })

  test('stop during start ends it, and stop from inside of an output or a state loses nothing', async () => {
    const slow = handMarket()
    const starting = levelEngine(
      { ...slow, instruments: () => new Promise((resolve) => setTimeout(() => resolve(instrumentsOf(['BTC-USD'])), 20)) },
      memoryStore(),
    )
    const started = starting.start()
    const stopped = starting.stop()
    await started
    expect((await stopped).candles).toBe(0)

    const market = handMarket()
    const engine = levelEngine(market, memoryStore())
    const seen: string[] = []
    let states = 0
    await engine.start()
    engine.fills$.subscribe(() => void engine.stop())
    engine.orders$.subscribe(({ state }) => seen.push(state))
    engine.on('state', () => {
      states++
      void engine.stop()
    })
    market.push(...candles([105, 99, 99]))
    await engine.finished
    expect(seen).toEqual(['intent', 'sent', 'open', 'open', 'filled'])
    expect(states).toBe(1)
  })

  test('a market that errors, a store that cannot write and a store that cannot close all end in a rejected promise', async () => {
    const failing = new Subject<MarketEvent>()
    const market = { ...handMarket(), stream: () => failing }
    const engine = levelEngine(market, memoryStore())
    await engine.start()
    failing.error(new Error('feed broke'))
    await expect(engine.finished).rejects.toThrow('feed broke')

    const wrap = (change: (store: ReturnType<StoreFactory['open']>) => Partial<ReturnType<StoreFactory['open']>>): StoreFactory => ({
      open: (request) => {
        const store = memoryStore().open(request)
        return { ...store, ...change(store) }
      },
    })
    let broken = false
    const unwritable = wrap((store) => ({
      append: (...args) => {
        if (broken) throw new Error('disk full')
        return store.append(...args)
      },
    }))
    const hand = handMarket()
    const second = levelEngine(hand, unwritable)
    await second.start()
    broken = true
    await expect(second.emergencyStop()).rejects.toThrow('disk full')
    await expect(second.finished).rejects.toThrow('disk full')
    expect(() => second.pause()).toThrow('the engine is ended')

    const third = levelEngine(
      handMarket(),
      wrap(() => ({
        close: () => {
          throw new Error('will not close')
        },
      })),
    )
    await third.start()
    await expect(third.stop()).rejects.toThrow('will not close')
  })

  test('books that do not balance latch the stop before they end the engine', async () => {
    const store = memoryStore()
    const market = handMarket()
    const engine = levelEngine(market, store)
    await engine.start()
    const list = candles([105, 99, 99])
    market.push(...list.slice(0, 2))
    const { ledger } = insideOf(engine).kernel.state.durable
    const { EngineError } = await import('@millrace/core')
    ledger.applyFill = () => {
      throw new EngineError('INVARIANT_VIOLATED', 'the books do not balance')
    }
    market.push(list[2]!)
    await expect(engine.finished).rejects.toThrow('the books do not balance')
    const again = levelEngine(handMarket(), store)
    await again.start()
    expect(again.state().tradingState).toBe('halted')
    await again.stop()
  })
})

test('a stream that ends while it is being subscribed to is an ended run, not a hanging one', async () => {
  const engine = levelEngine({ ...handMarket(), stream: () => new Observable<MarketEvent>((subscriber) => subscriber.complete()) }, memoryStore())
  await engine.start()
  expect((await engine.finished).candles).toBe(0)
})
