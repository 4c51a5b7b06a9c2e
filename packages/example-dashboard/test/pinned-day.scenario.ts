import { afterEach, expect, test } from 'vitest'
import { endAll, npmStart, resultOf } from './npm-start.ts'

afterEach(endAll)

/**
 * What the day with seed 7 amounts to. It changes with whatever changes a decision, a fill, an id or the journal: then look at why, and print it anew with
 * `npm start -- --market simulated --seed 7 --until 24h --speed max --no-web --db :memory: --json`.
 */
const pinned = {
  orders: 55,
  fills: 55,
  cash: '1189.77182085883724',
  equity: '1262.49312537621724',
  journalHash: '6794abe0ea0d943b',
}

async function day(seed: number): Promise<Readonly<Record<string, unknown>>> {
  const outcome = await npmStart('--market', 'simulated', '--seed', String(seed), '--until', '24h', '--speed', 'max', '--no-web', '--db', ':memory:', '--json')
    .ended
  expect([outcome.exitCode, outcome.stderr]).toEqual([0, expect.stringContaining('journal hash')])
  return resultOf(outcome)
}

test('[row 4] [INC-14] 24 hours with seed 7 are the same trades to the last digit, in two processes, and with another seed others', async () => {
  const [first, second, other] = await Promise.all([day(7), day(7), day(8)])
  expect(first).toMatchObject({ environment: 'backtest', market: 'simulated', seed: 7, bots: 11, ...pinned })
  expect(second).toEqual({ ...first, wallMs: second['wallMs'], candleBotsPerSecond: second['candleBotsPerSecond'] })
  expect(other['journalHash']).not.toBe(first['journalHash'])
  expect(Number(other['fills'])).toBeGreaterThan(0)
})
