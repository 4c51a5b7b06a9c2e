import { liveMarketContract, exchangeContract, simulatedClock, storeContract, strategyContract, checkLookahead } from '@millrace/core/testing'
import type { ExchangeHarness, LiveMarketSubject } from '@millrace/core/testing'
import { coinbaseInstrument, money, parseTime } from '@millrace/core'
import type { EpochMs } from '@millrace/core'
import { indicatorContract } from '@millrace/indicators/testing'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { lastValueFrom, toArray } from 'rxjs'
import { afterAll, describe, expect, test } from 'vitest'
import * as combining from './combining-strategies.ts'
import { deskExchange } from './custom-exchange.ts'
import type { Desk } from './custom-exchange.ts'
import * as indicator from './custom-indicator.ts'
import * as strategy from './custom-strategy.ts'
import * as headless from './headless-bot.ts'
import { jsonLinesStore } from './own-store.ts'
import * as pipeline from './rxjs-pipeline.ts'
import { krakenMarket } from './second-exchange/kraken-market.ts'
import { krakenVenue } from './second-exchange/kraken-venue.ts'

const folder = mkdtempSync(join(tmpdir(), 'millrace-examples-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const named = <T extends { readonly name: string }>(cases: readonly T[]): (readonly [string, T])[] => cases.map((each) => [each.name, each] as const)

describe('a custom strategy', () => {
  test.each(named(strategyContract(() => strategy.rangeReversal())))('%s', (_name, { run }) => {
    expect(run()).toBeUndefined()
  })
  test('does not look ahead, and trades', async () => {
    expect(checkLookahead(strategy.rangeReversal()).passed).toBe(true)
    expect((await strategy.run()).summary.orders).toBeGreaterThan(0)
  })
})

test('a custom indicator keeps the contract, and has values', () => {
  const laws = { price: 0, volume: 0, flat: 0 }
  for (const { run } of indicatorContract({ create: (options) => indicator.volumeBalance(options), laws })) expect(run()).toBeUndefined()
  expect(indicator.run().filter((value) => Number.isFinite(value))).toHaveLength(51)
})

test("a store of one's own keeps the contract", () => {
  let files = 0
  for (const { run } of storeContract(() => jsonLinesStore(join(folder, `${files++}.jsonl`)))) expect(run()).toBeUndefined()
})

/** The desk with a clock that every step moves on by a second. */
const harness: ExchangeHarness = {
  async make() {
    let nowMs = parseTime('2026-01-01')
    const price = money('50000')
    const desk: Desk = {
      instrument: coinbaseInstrument('BTC-USD')!,
      price,
      feeRate: money('0.009'),
      balances: new Map([['USD', money('1000')]]),
      nowMs: () => nowMs,
    }
    const exchange = deskExchange(desk)
    const settle = async (): Promise<void> => void (nowMs = (nowMs + 1_000) as EpochMs)
    return { exchange, instrument: desk.instrument.id, price, nowMs: () => nowMs, settle, close: () => exchange.close() }
  },
}

test("an exchange of one's own keeps the contract: what it does not do is skipped with its reason", async () => {
  const outcomes = await Promise.all(exchangeContract(harness).map(async ({ id, run }) => [id, (await run())?.skipped] as const))
  const carriedOut = outcomes.filter(([, skipped]) => skipped === undefined)
  expect(carriedOut.length).toBeGreaterThanOrEqual(25)
  for (const [, skipped] of outcomes) expect(skipped ?? 'the case was carried out').toMatch(/^the /)
})

describe('a second exchange, market data only', () => {
  const subject = (): LiveMarketSubject => {
    const clock = simulatedClock(parseTime('2026-01-02T12:00:20Z'))
    const venue = krakenVenue(clock)
    const market = krakenMarket({ clock, fetch: venue.fetch })
    return {
      market,
      instruments: ['BTC-USD', 'ETH-USD'],
      nowMs: () => clock.nowMs(),
      async settle() {
        clock.advance(15_000)
        for (let turn = 0; turn < 40; turn++) await Promise.resolve()
        await new Promise((resolve) => setImmediate(resolve))
      },
      breakVenue: (broken) => venue.breakDown(broken),
      close: () => market.close(),
    }
  }
  test.each(named(liveMarketContract(subject)))('%s', async (_name, { run }) => {
    expect(await run()).toBeUndefined()
  })
  test('is 150 lines at most', () => {
    expect(readFileSync(new URL('second-exchange/kraken-market.ts', import.meta.url), 'utf8').split('\n').length).toBeLessThanOrEqual(150)
  })
})

test('a pipeline by hand tells of both coins', async () => {
  const alerts = await lastValueFrom(pipeline.run().pipe(toArray()))
  expect(new Set(alerts.map(({ instrument: id }) => id))).toEqual(new Set(['BTC-USD', 'ETH-USD']))
  expect(alerts.some(({ says }) => says !== 'calm')).toBe(true)
})

test('a bot without a page ends by itself, the same each time', async () => {
  const lines: string[] = []
  const first = await headless.run((line) => lines.push(line), '2h')
  const second = await headless.run(() => undefined, '2h')
  expect(first).toEqual(second)
  expect(lines.length).toBeGreaterThan(0)
})

test('strategies put together differ from each alone', async () => {
  const results = await combining.run()
  expect(results.map(({ name }) => name)).toEqual(Object.keys(combining.strategies))
  expect(new Set(results.map(({ equity }) => equity)).size).toBeGreaterThan(1)
})
