import { builtIns } from '@millrace/core'
import { z } from 'zod'
import { describe, expect, it } from 'vitest'
import { capturedTerminal } from '../captured-terminal.fixture.ts'
import { main } from '../main.ts'
import { parametersOf } from './parameters.ts'

async function list(...argv: string[]) {
  const terminal = capturedTerminal()
  return { exitCode: await main(['list', ...argv], terminal), stdout: terminal.stdout(), stderr: terminal.stderr() }
}

describe('millrace list', () => {
  it.each([
    ['strategies', 'strategies'],
    ['exits', 'exits'],
    ['sizers', 'sizing'],
    ['tranche-plans', 'tranchePlans'],
    ['safety', 'safety'],
    ['execution', 'execution'],
  ] as const)('%s: every one that a configuration can name', async (what, kind) => {
    const { exitCode, stdout } = await list(what, '--json')
    const { items } = JSON.parse(stdout) as { items: { name: string }[] }
    expect([exitCode, items.map(({ name }) => name)]).toEqual([0, Object.keys(builtIns[kind])])
    expect((await list(what)).stdout).toContain(items[0]!.name)
  })
  it('says of a parameter what it may be and what it is when left out', async () => {
    expect((await list('safety')).stdout).toMatch(/^cooldown +duration +a duration such as '5m' .+\(needed\)$/m)
    expect((await list('indicators')).stdout).toMatch(/^rsi +period +a whole number from \d+ to \d+ +14 +Relative Strength Index$/m)
    expect((await list('markets')).stdout).toMatch(/^BTC-USD +coinbase, simulated$/m)
    expect((await list('presets')).stdout).toMatch(/^aggressive +weighted-signals from 0\.\d+$/m)
  })
})

describe('parametersOf', () => {
  it('puts a schema into words', () => {
    const schema = z.strictObject({
      n: z.int().min(2).default(3),
      share: z.number().gt(0).lte(1),
      mode: z.enum(['a', 'b']).optional(),
      part: z.strictObject({ on: z.boolean().default(true), words: z.array(z.string()).default([]) }).prefault({}),
      either: z.union([z.literal('off'), z.number()]),
      name: z.string(),
    })
    expect(parametersOf(schema)).toEqual([
      { name: 'n', what: 'a whole number from 2', default: 3 },
      { name: 'share', what: 'a number above 0 to 1', default: undefined },
      { name: 'mode', what: '"a" | "b"', default: 'none' },
      { name: 'part.on', what: 'true or false', default: true },
      { name: 'part.words', what: 'a list', default: [] },
      { name: 'either', what: '"off" or a number', default: undefined },
      { name: 'name', what: 'a text', default: undefined },
    ])
  })
})
