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
    const { items } = JSON.parse(stdout) as { items: { name: string; about: string }[] }
    expect([exitCode, items.map(({ name }) => name)]).toEqual([0, Object.keys(builtIns[kind])])
    expect(items.filter(({ about }) => about === '')).toEqual([])
    const lines = (await list(what)).stdout.split('\n')
    for (const { name, about } of items) expect(lines).toContain(`${name}: ${about}`)
  })
  it('says of a parameter what it may be and what it is when left out', async () => {
    expect((await list('safety')).stdout).toMatch(/^cooldown: no entries .*\n {4}duration +a duration such as '5m' .+\(needed\)$/m)
    expect((await list('safety')).stdout).toMatch(/^ {4}from +a UTC time from '00:00' to '23:59' +\(needed\)$/m)
    expect((await list('indicators')).stdout).toMatch(/^rsi: Relative Strength Index\n {4}period +a whole number from \d+ to \d+ +14$/m)
    expect((await list('markets')).stdout).toMatch(/^BTC-USD +coinbase, simulated$/m)
    expect((await list('presets')).stdout).toMatch(/^aggressive +weighted-signals from 0\.1: 0\.3 RSI 40\/60, 0\.5 averages 9\/21, 0\.2 MACD$/m)
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
      days: z.array(z.enum(['sat', 'sun'])),
      rungs: z.array(z.strictObject({ at: z.number(), sell: z.number() })),
      any: z.array(z.unknown()),
    })
    expect(parametersOf(schema)).toEqual([
      { name: 'n', what: 'a whole number from 2', default: 3 },
      { name: 'share', what: 'a number above 0 to 1', default: undefined },
      { name: 'mode', what: '"a" | "b"', default: 'none' },
      { name: 'part.on', what: 'true or false', default: true },
      { name: 'part.words', what: 'a list of texts', default: [] },
      { name: 'either', what: '"off" or a number', default: undefined },
      { name: 'name', what: 'a text', default: undefined },
      { name: 'days', what: 'a list of "sat" | "sun"', default: undefined },
      { name: 'rungs', what: 'a list of { at, sell }', default: undefined },
      { name: 'any', what: 'a list', default: undefined },
    ])
  })
})
