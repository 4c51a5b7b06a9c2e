import { describe, expect, test } from 'vitest'
import { dailyLossLimit, dailyTrades, fixedSize, maxTranches, memoryStore, parseConfig, tradeSize } from '@millrace/core'
import type { EngineOptions, JournalEntry, LimitsPatch } from '@millrace/core'
import { candles, handMarket, levelBot, levelEngine } from './levels.ts'

const bots = (max = 25) => [levelBot({ sizing: fixedSize(20), safety: [tradeSize(5, max), maxTranches(5)] })]

async function running(store = memoryStore(), options: Partial<EngineOptions> = {}, max = 25) {
  const market = handMarket()
  const engine = levelEngine(market, store, bots(max), { safety: [dailyLossLimit(100), ...dailyTrades({ account: 9 })], ...options })
  await engine.start()
  return { market, engine, store, codes: () => engine.state().alerts.map(({ code }) => code) }
}

const journalOf = (store: ReturnType<typeof memoryStore>): readonly JournalEntry[] => {
  const opened = store.open({ environment: 'paper' })
  const entries = opened.read({ limit: 100_000 })
  opened.close()
  return entries
}
const sizes = (store: ReturnType<typeof memoryStore>) =>
  journalOf(store)
    .filter(({ type }) => type === 'intent')
    .map(({ data }) => [(data as { quoteSize: string }).quoteSize, (data as { limitsHash: string }).limitsHash])

const smaller: LimitsPatch = { bots: { btc: { 'trade-size': { max: 10 } } } }

describe('[INC-02] limits are a policy that can be tightened while running and loosened only by a restart', () => {
  test('a patch holds from the next entry on, is journalled with the hash before and after, and each order carries the hash it was made under', async () => {
    const { market, engine, store, codes } = await running()
    const before = engine.limits()
    expect(before.hash).toBe(before.configuredHash)
    market.push(...candles([105, 99, 99]))
    const after = await engine.patchLimits(smaller)
    expect(after).toMatchObject({ configuredHash: before.hash, limits: { bots: { btc: { 'trade-size': { min: 5, max: 10 } } } } })
    expect(codes()).toContain('LIMITS_TIGHTENED')
    market.push(...candles([99, 99], 3))
    await engine.stop()
    const made = sizes(store)
    expect(made.map(([size]) => size)).toEqual(['20', '20', '10', '10'])
    expect(made.at(-1)).toEqual(['10', after.hash])
    expect(made[0]).toEqual(['20', before.hash])
    const command = journalOf(store).find(({ type, data }) => type === 'command' && (data as { kind: string }).kind === 'patchLimits')
    expect((command!.data as { payload: unknown }).payload).toEqual({ patch: smaller, base: before.hash, before: before.hash, after: after.hash })
  })

  test('[fault 60] loosening is refused with path, what is in force and what was asked for; nothing changes and the engine goes on', async () => {
    const { engine, store, codes } = await running()
    const { hash } = engine.limits()
    await expect(engine.patchLimits({ account: { 'daily-loss': { limit: 200 }, 'daily-trades-account': { limit: 5 } } })).rejects.toMatchObject({
      problems: [{ path: 'account.daily-loss.limit', expected: 'at most 100, which is in force: limits loosen only at a restart', received: '200' }],
    })
    expect(engine.limits().hash).toBe(hash)
    expect(codes()).toEqual(['LIMITS_REFUSED'])
    await engine.patchLimits({ account: { 'daily-loss': { limit: 50 } } })
    // What was in force before is loose now.
    await expect(engine.patchLimits({ account: { 'daily-loss': { limit: 100 } } })).rejects.toThrow('at most 50')
    await engine.stop()
    expect(journalOf(store).filter(({ type, data }) => type === 'command' && (data as { kind: string }).kind === 'patchLimits')).toHaveLength(1)
  })

  test('a restart with the same limits tightens again, both patches; it may be asked to forget them', async () => {
    const first = await running()
    await first.engine.patchLimits(smaller)
    const { hash } = await first.engine.patchLimits({ account: { 'daily-loss': { limit: 50 } } })
    await first.engine.stop()
    const second = await running(first.store)
    expect(second.engine.limits().hash).toBe(hash)
    expect(second.codes()).toEqual([])
    second.market.push(...candles([105, 99, 99]))
    await second.engine.stop()
    expect(sizes(first.store)[0]).toEqual(['10', hash])
    const third = await running(first.store, { keepLimitPatches: false })
    expect(third.codes()).toEqual(['LIMITS_RESET'])
    expect(third.engine.limits().hash).toBe(third.engine.limits().configuredHash)
    await third.engine.stop()
    const fourth = await running(first.store)
    expect(fourth.codes()).toEqual([])
    await fourth.engine.stop()
  })

  test('other limits in the configuration count from the next start on, and that is said', async () => {
    const first = await running()
    await first.engine.patchLimits(smaller)
    await first.engine.stop()
    const second = await running(first.store, {}, 24)
    expect(second.codes()).toEqual(['LIMITS_RESET'])
    expect(second.engine.limits()).toMatchObject({ limits: { bots: { btc: { 'trade-size': { max: 24 } } } } })
    await second.engine.stop()
  })

  test('a loss limit that is tightened below what was lost stops entries at once', async () => {
    const { market, engine, codes } = await running()
    market.push(...candles([105, 99, 99, 60]))
    await engine.patchLimits({ account: { 'daily-loss': { limit: 5 } } })
    expect(engine.state().tradingState).toBe('reducing')
    expect(codes()).toContain('DAILY_LOSS')
    await engine.stop()
  })

  test('the hash that a configuration file says is the one that an engine of it has', async () => {
    const {
      account,
      bots: configs,
      limitsHash,
    } = parseConfig({
      account: { cash: { USD: 100 }, breakers: { rateLimit: { limit: 4 } } },
      bots: [{ id: 'btc', instrument: 'BTC-USD', preset: 'balanced' }],
    })
    const engine = levelEngine(handMarket(), memoryStore(), configs, { safety: account.safety, breakers: account.breakers })
    await engine.start()
    expect(engine.limits().hash).toBe(limitsHash)
    await engine.stop()
  })
})
