import { describe, expect, test } from 'vitest'
import { backtest, candleColumns, createAccount, memoryStore, paper } from '@millrace/core'
import type { EpochMs, JournalEntry } from '@millrace/core'
import { MINUTE, bar, candles, forming, handMarket, levelBot, levelEngine, startMs } from './levels.ts'
import { instrumentsOf } from './random-market.ts'

// Each of these was wrong once.

describe('data', () => {
  test('a repeated or older candle is dropped with an alert; decisions already made stand', async () => {
    const market = handMarket()
    const engine = levelEngine(market, memoryStore(), [levelBot()], { record: 'all' })
    let decisions = 0
    engine.decisions$.subscribe(() => {
      decisions++
    })
    await engine.start()
    const list = candles([105, 105, 105])
    market.push(...list, list[2]!, list[0]!)
    expect(decisions).toBe(3)
    expect(engine.state().alerts.map(({ code }) => code)).toEqual(['BAD_CANDLE', 'REPEATED_CANDLE'])
    await engine.stop()
  })

  test('a feed that falls silent is noticed although no candle comes, and is forgiven when it is back', async () => {
    const market = handMarket(['BTC-USD', 'ETH-USD'])
    const engine = levelEngine(market, memoryStore(), [levelBot(), levelBot({ id: 'eth', instrument: 'ETH-USD' })])
    await engine.start()
    market.push(...candles([105, 105]), ...candles([105], 1, 'ETH-USD'))
    market.push(...candles([105, 105, 105, 105, 105], 2, 'ETH-USD'))
    expect(engine.state().bots[0]).toMatchObject({ outcome: 'noData', blocker: { code: 'STALE_DATA' } })
    expect(engine.state().bots[1]!.outcome).toBe('hold')
    expect(engine.state().alerts.map(({ code }) => code)).toEqual(['STALE_DATA'])
    market.push(...candles([105], 7))
    expect(engine.state().bots[0]!.outcome).toBe('hold')
    await engine.stop()
  })

  test('the fast hash tells apart which bot had the signal', () => {
    const run = (loud: 'a' | 'b'): string => {
      const quiet = { confirm: '30m' }
      const account = createAccount({
        instruments: instrumentsOf(['BTC-USD']),
        exchange: paper({ cash: { USD: '1000' } }),
        safety: [],
        startMs,
        bots: [levelBot({ id: 'a', ...(loud === 'a' ? {} : quiet) }), levelBot({ id: 'b', ...(loud === 'b' ? {} : quiet) })],
      })
      for (const event of candles([105, 99, 105, 105])) account.step(event)
      account.close()
      return account.hash
    }
    expect(run('a')).not.toBe(run('b'))
  })

  test('backtest names every problem of its input', () => {
    const columns = candleColumns([
      { openTime: 60_000, open: 1, high: 1, low: 1, close: 1, volume: 1 },
      { openTime: 0, open: 1, high: 1, low: 1, close: 1, volume: 1 },
    ])
    expect(() => backtest({ bots: [levelBot(), levelBot()], candles: [{ instrument: 'BTC-USD', timeframeMs: MINUTE, columns }], cash: { USD: '1' } })).toThrow(
      /2 problems[\s\S]*bots\[1\]\.id[\s\S]*row 1: expected a time after the row before, received 0/,
    )
  })
})

test('a closed candle that comes behind newer prices is decided on, and does not take the price back', async () => {
  const market = handMarket()
  const engine = levelEngine(market, memoryStore())
  await engine.start()
  const [closed] = candles([99])
  market.push({ ...forming(1, 1, 120), atMs: (startMs + MINUTE + 1_000) as EpochMs })
  market.push({ ...closed!, atMs: (startMs + MINUTE + 1_000) as EpochMs })
  expect(engine.state().bots[0]).toMatchObject({ price: 120, outcome: 'ordered' })
  await engine.stop()
})

describe('the clocks of a live market', () => {
  const codesOf = (candleAtMs: number): readonly string[] => {
    const { kernel } = createAccount({
      instruments: instrumentsOf(['BTC-USD']),
      exchange: paper({ cash: { USD: '100' } }),
      bots: [levelBot()],
      safety: [],
      startMs,
    })
    const codes: string[] = []
    const sink = { entry: ({ type, data }: JournalEntry) => void (type === 'alert' && codes.push((data as { code: string }).code)), effect: () => undefined }
    const quoteAtMs = (startMs + 2_000) as EpochMs
    // What the venue sent takes a moment, and our clock goes on meanwhile.
    kernel.step({ type: 'quote', instrument: 'BTC-USD', bid: 99, ask: 100, atMs: quoteAtMs }, (quoteAtMs + 40) as EpochMs, sink)
    expect(kernel.state.instruments.get('BTC-USD')!.market.dataAgeMs).toBe(40)
    kernel.step({ ...bar(0, [99, 101, 98, 100]), closed: false, atMs: candleAtMs as EpochMs }, (quoteAtMs + 45) as EpochMs, sink)
    return codes
  }

  test('a candle of the moment of the quote before it is no old candle, whatever our clock says', () => {
    expect(codesOf(startMs + 2_000)).toEqual([])
    expect(codesOf(startMs + 1_999)).toEqual(['BAD_CANDLE'])
  })
})
