import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bot, cooldown, createEngine, isoTime, minTemperature, paper, simulatedMarket, temperatureSizing, tradeSize, weightedSignals } from '@millrace/core'
import type { Decision } from '@millrace/core'
import { sqliteStore } from '@millrace/sqlite-store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { capturedTerminal } from '../captured-terminal.fixture.ts'
import { main } from '../main.ts'

let folder: string
let db: string
const decisions: Decision[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-explain-'))
  db = join(folder, 'trader.db')
  const engine = createEngine({
    market: simulatedMarket({ seed: 7, instruments: ['SOL-USD'], speed: 'max', until: '8h' }),
    exchange: paper({ cash: { USD: '1000' } }),
    store: sqliteStore(db),
    bots: [
      bot({
        id: 'sol',
        instrument: 'SOL-USD',
        strategy: weightedSignals(),
        actionThreshold: 0.1,
        sizing: temperatureSizing({ base: 10, min: 5, max: 25 }),
        safety: [tradeSize(5, 25), minTemperature('warm'), cooldown('15m')],
      }),
    ],
    safety: [],
    environment: 'paper',
  })
  engine.decisions$.subscribe((decision) => decisions.push(decision))
  await engine.start()
  await engine.finished
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function millrace(...argv: string[]) {
  const terminal = capturedTerminal()
  const exitCode = await main(argv, terminal)
  return { exitCode, stdout: terminal.stdout(), stderr: terminal.stderr() }
}

interface Explained {
  readonly level: { readonly outcome: string; readonly sinceMs: number; readonly blocker: { readonly code: string; readonly needs: string } | null }
  readonly lastOrder: { readonly atMs: number; readonly decision: { readonly outcome: string; readonly verdicts: readonly unknown[] } } | null
}

describe('millrace explain', () => {
  it('[INC-60] says for every moment what the engine said then, from the journal alone', async () => {
    // The levels that were given out, at the moments between them as well.
    const changes = decisions.filter(({ candles }) => candles === 1)
    expect(changes.length).toBeGreaterThan(20)
    for (const [i, decision] of changes.entries()) {
      if (i % 5 !== 0) continue
      const next = changes[i + 1]?.timeMs
      if (next === decision.timeMs) continue
      const at = isoTime(decision.timeMs + 30_000)
      const { exitCode, stdout } = await millrace('explain', 'sol', '--db', db, '--at', at, '--json')
      expect(exitCode).toBe(0)
      const said = JSON.parse(stdout) as Explained
      expect({ outcome: said.level.outcome, code: said.level.blocker?.code, sinceMs: said.level.sinceMs }).toEqual({
        outcome: decision.outcome,
        code: decision.blocker?.code,
        sinceMs: decision.timeMs,
      })
    }
  })
  it('is understood by a person', async () => {
    const cooling = decisions.find(({ blocker }) => blocker?.code === 'COOLDOWN')!
    const { stdout } = await millrace('explain', 'sol', '--db', db, '--at', isoTime(cooling.timeMs))
    expect(stdout).toContain('outcome')
    expect(stdout).toMatch(/^blocker +COOLDOWN: The last fill is too recent\.$/m)
    expect(stdout).toMatch(/^needs +Time since the last fill\.$/m)
    expect(stdout).toMatch(/^how much +not stored between orders: /m)
    expect(stdout).toMatch(/^last order: (buy|sell) \(ordered\) at 2026-01-01/m)
    expect(stdout).toMatch(/^ {2}rsi -?\d\.\d{3} x 0\.4: RSI \d+/m)
    expect(stdout).toMatch(/^trade-size +allow/m)
  })
  it('reads the last moment when none is given, and no order before the first', async () => {
    expect((await millrace('explain', 'sol', '--db', db)).stdout).toMatch(/^at +2026-01-01 0[78]:/m)
    const first = decisions[0]!.timeMs
    expect((await millrace('explain', 'sol', '--db', db, '--at', isoTime(first))).stdout).toContain('no order up to then')
  })
  it('refuses with the reason, exit code 3, and makes no file', async () => {
    const missing = join(folder, 'typo.db')
    expect(await millrace('explain', 'sol', '--db', missing)).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('there is no database') as string })
    expect(() => statSync(missing)).toThrow('ENOENT')
    expect(await millrace('explain', 'nobody', '--db', db)).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('has sol') as string })
    expect(await millrace('explain', 'sol', '--db', db, '--at', '2030-01-01')).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('where the journal ends') as string,
    })
    expect(await millrace('explain', 'sol', '--db', db, '--at', '2025-01-01')).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('first evaluation was at') as string,
    })
    expect((await millrace('explain', 'sol', '--db', db, '--at', 'yesterday')).exitCode).toBe(2)
  })
})
