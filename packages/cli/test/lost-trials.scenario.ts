import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { candleColumns } from '@millrace/core'
import type { TrialOutcome } from '@millrace/core'
import { afterAll, expect, it } from 'vitest'
import { threadRunner } from '../src/optimize/thread-runner.ts'

// Real threads, and a strategy that never returns, or ends its thread: nothing in the thread could stop it.

const folder = mkdtempSync(join(tmpdir(), 'millrace-lost-'))
afterAll(() => rmSync(folder, { recursive: true }))

const strategy = `import { defineStrategy } from '${import.meta.resolve('@millrace/core')}'
import { z } from '${import.meta.resolve('zod')}'
export const own = defineStrategy({
  id: 'own',
  params: z.strictObject({ what: z.enum(['returns', 'hangs', 'exits']).default('returns') }),
  indicators: () => ({}),
  components: { own: () => 'own' },
  evaluate(_context, { what }, signal) {
    if (what === 'exits') process.exit(7)
    while (what === 'hangs') {}
    signal.add('own', 0, 1, 0)
  },
})`

it('loses the trials that do not return or end their thread, names them, and runs the others', async () => {
  writeFileSync(join(folder, 'own.mjs'), strategy)
  const bot = {
    id: 'sol',
    instrument: 'SOL-USD',
    timeframe: '1m',
    strategy: { use: './own.mjs#own' },
    confirm: 0,
    safety: [],
    sizing: { use: 'fixed', params: { quote: 20 } },
  }
  const config = { account: { cash: { USD: '1000' }, safety: [] }, bots: [bot] }
  const columns = candleColumns([0, 1, 2, 3].map((i) => ({ openTime: i * 60_000, open: 100, high: 101, low: 99, close: 100, volume: 1 })))
  const task = { config, bot: 'sol', parameters: [{ name: 'what', values: ['returns', 'hangs', 'exits'] }], seed: 7, gapPolicy: 'skip' } as const
  const runner = threadRunner({ task, series: [{ instrument: 'SOL-USD', timeframeMs: 60_000, columns }], folder }, 1, 1_000)
  const told: TrialOutcome[] = []
  const run = (points: readonly number[], from: number) =>
    runner.run(points, { fromMs: 0, toMs: 240_000 }, { onTrial: (position, outcome) => void (told[from + position] = outcome) })
  await run([0, 1], 0)
  await run([2], 2)
  await runner.close()
  expect(told).toEqual([
    { metrics: expect.objectContaining({ roundTrips: 0 }) as unknown },
    { lost: 'the trial what hangs did not end within 1s' },
    { lost: 'the trial what exits ended its thread, with exit code 7' },
  ])
})
