import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { lastLine, millrace } from './millrace-process.ts'

const bots = fileURLToPath(new URL('../../example-dashboard/bots.json', import.meta.url))

async function day(seed: number): Promise<Record<string, unknown>> {
  const outcome = await millrace([
    'run',
    '--config',
    bots,
    '--market',
    'simulated',
    '--seed',
    String(seed),
    '--until',
    '24h',
    '--speed',
    'max',
    '--no-web',
    '--db',
    ':memory:',
    '--json',
  ])
  expect(outcome).toMatchObject({ exitCode: 0, signal: null })
  return JSON.parse(lastLine(outcome.stdout)) as Record<string, unknown>
}

it('[row 1] [row 4] eleven bots trade a simulated day: the same seed gives the same journal in another process, another seed another', async () => {
  const [first, again] = await Promise.all([day(7), day(7)])
  const other = await day(8)
  expect(first).toMatchObject({ environment: 'backtest', market: 'simulated', seed: 7, bots: 11 })
  expect(Number(first['fills'])).toBeGreaterThan(10)
  expect(again['journalHash']).toBe(first['journalHash'])
  expect({ ...again, wallMs: 0, candleBotsPerSecond: 0 }).toEqual({ ...first, wallMs: 0, candleBotsPerSecond: 0 })
  expect(other['journalHash']).not.toBe(first['journalHash'])
})
