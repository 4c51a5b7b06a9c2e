import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lastLine, smallConfig, start, temporaryFolder } from './millrace-process.ts'

const pace = { paper: ['--speed', '1'], backtest: ['--speed', 'max'] } as const

describe('Ctrl-C', () => {
  it.each([
    ['SIGINT', 'paper'],
    ['SIGTERM', 'paper'],
    ['SIGINT', 'backtest'],
  ] as const)('%s stops a %s run within 3 seconds, with a summary, the result and a free store', async (signal, environment) => {
    const folder = temporaryFolder()
    const db = join(folder, 'run.db')
    const run = start(['run', '--config', smallConfig(folder), '--market', 'simulated', ...pace[environment], '--db', db, '--json'])
    await run.says('engine pid')
    expect(existsSync(`${db}.lock`)).toBe(true)
    const sentAt = performance.now()
    run.child.kill(signal)
    const outcome = await run.ended
    expect(performance.now() - sentAt).toBeLessThan(3000)
    expect(outcome).toMatchObject({ exitCode: 0, signal: null })
    expect(outcome.stderr).toContain(`${signal}: stopping`)
    expect(outcome.stderr).toContain('journal hash')
    expect(JSON.parse(lastLine(outcome.stdout))).toMatchObject({ environment, bots: 2 })
    expect(existsSync(`${db}.lock`)).toBe(false)
  })
  it('that arrives twice, as a terminal and npm both send it, is one', async () => {
    const folder = temporaryFolder()
    const run = start(['run', '--config', smallConfig(folder), '--market', 'simulated', '--db', ':memory:'])
    await run.says('engine pid')
    run.child.kill('SIGINT')
    run.child.kill('SIGINT')
    expect(await run.ended).toMatchObject({ exitCode: 0, signal: null })
  })
  it('still works when nobody reads any more, and a reader that goes away ends no run', async () => {
    const run = start(['run', '--config', smallConfig(temporaryFolder()), '--market', 'simulated', '--speed', 'max', '--json'])
    await run.says('candle-bots/s')
    run.child.stderr.destroy()
    await new Promise((resolve) => setTimeout(resolve, 1500))
    expect(run.child.exitCode).toBeNull()
    run.child.kill('SIGINT')
    const { exitCode, stdout } = await run.ended
    expect(exitCode).toBe(0)
    expect(JSON.parse(lastLine(stdout))).toMatchObject({ bots: 2 })
  })
  it('shows progress in a pipe as plain lines, at most one a second', async () => {
    const run = start(['run', '--config', smallConfig(temporaryFolder()), '--market', 'simulated', '--speed', 'max'])
    await run.says('candle-bots/s')
    run.child.kill('SIGINT')
    const { stderr } = await run.ended
    expect(stderr).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ  .*candle-bots\/s$/m)
    expect(stderr).not.toContain('\r')
  })
})
