import fc from 'fast-check'
import { expect, test } from 'vitest'
import { modelCommand, readable } from './bot-model/commands.ts'
import { runModel } from './bot-model/run-model.ts'
import type { ModelFigures } from './bot-model/run-model.ts'

const COMMANDS = 200

test('whatever happens to four bots, a second set of books agrees with the engine after each command', { timeout: 300_000 }, async () => {
  const seen: { -readonly [K in keyof ModelFigures]?: number } = {}
  await fc.assert(
    fc.asyncProperty(fc.array(modelCommand, { minLength: COMMANDS, maxLength: COMMANDS }), async (commands) => {
      const figures = await runModel(commands).catch((error: unknown) => {
        throw new Error(`${error instanceof Error ? error.message : String(error)}\n\nThe commands:\n${readable(commands)}`, { cause: error })
      })
      for (const [name, amount] of Object.entries(figures) as [keyof ModelFigures, number][]) seen[name] = (seen[name] ?? 0) + amount
    }),
    { numRuns: 50 },
  )
  for (const name of [
    'buys',
    'sells',
    'partial',
    'rejected',
    'unknown',
    'latches',
    'restarts',
    'snapshots',
    'days',
    'stops',
    'streaks',
    'patches',
    'refusals',
  ] as const)
    expect(seen[name], name).toBeGreaterThan(10)
})
