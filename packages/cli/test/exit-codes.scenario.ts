import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lastLine, millrace, smallConfig, start, temporaryFolder } from './millrace-process.ts'

describe('the command line', () => {
  it('says its version and its help on stdout, exit code 0', async () => {
    const [version, help] = await Promise.all([millrace(['--version']), millrace(['--help'])])
    expect(version).toMatchObject({ exitCode: 0, stderr: '' })
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\S*\n$/)
    expect(help).toMatchObject({ exitCode: 0, stderr: '' })
    expect(help.stdout).toContain('$ millrace backtest bots.json --data')
    expect(help.stdout).not.toContain('\u001B[')
  })
  it('that is wrong ends with exit code 2, words on stderr and nothing on stdout', async () => {
    const [nothing, unknown] = await Promise.all([millrace([]), millrace(['bactest'])])
    expect(nothing).toMatchObject({ exitCode: 2, stdout: '' })
    expect(nothing.stderr).toContain('Usage: millrace')
    expect(unknown).toMatchObject({ exitCode: 2, stdout: '' })
    expect(unknown.stderr).toContain('Did you mean backtest')
  })
})

describe('a run that must not start', () => {
  it('for a wrong configuration: exit code 4, every problem, no file made', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'bots.json'), JSON.stringify({ bots: [{ id: 'btc', instrument: 'bitcoin', preset: 'balanced', confirm: -1 }] }))
    const outcome = await millrace(['run', '--config', 'bots.json', '--db', 'trader.db', '--until', '1m'], { cwd: folder })
    expect(outcome).toMatchObject({ exitCode: 4, stdout: '' })
    expect(outcome.stderr).toMatch(/bots\[0\]\.instrument: expected .+, received/)
    expect(outcome.stderr).toMatch(/bots\[0\]\.confirm: expected .+, received/)
    expect(readdirSync(folder)).toEqual(['bots.json'])
  })
  it('for a configuration that is not there: exit code 4, no file made', async () => {
    const folder = temporaryFolder()
    expect(await millrace(['run', '--config', 'bots.json'], { cwd: folder })).toMatchObject({ exitCode: 4, stdout: '' })
    expect(readdirSync(folder)).toEqual([])
  })
  it('for a market that is away or has no data: exit code 3, no file made', async () => {
    const folder = temporaryFolder()
    const config = smallConfig(folder)
    const url = `http://127.0.0.1:${await closedPort()}`
    const [coinbase, replay] = await Promise.all([
      millrace(['run', '--config', config, '--market', 'coinbase', '--venue-url', url], { cwd: folder }),
      millrace(['backtest', config, '--data', folder], { cwd: folder }),
    ])
    expect(coinbase).toMatchObject({ exitCode: 3, stdout: '' })
    expect(coinbase.stderr).toMatch(/--market coinbase: GET \/api\/v3\/brokerage\/market\/products at 127\.0\.0\.1:\d+: ECONNREFUSED/)
    expect(replay).toMatchObject({ exitCode: 3, stdout: '' })
    expect(replay.stderr).toContain('BTC-USD')
    expect(readdirSync(folder)).toEqual(['bots.json'])
  })
  it('for a store that another engine holds, or of another environment: exit code 3, naming why', async () => {
    const folder = temporaryFolder()
    const config = smallConfig(folder)
    const first = start(['run', '--config', config, '--market', 'simulated', '--db', join(folder, 'a.db')])
    await first.says('engine pid')
    const locked = await millrace(['run', '--config', config, '--market', 'simulated', '--db', join(folder, 'a.db')])
    expect(locked).toMatchObject({ exitCode: 3, stdout: '' })
    expect(locked.stderr).toContain(`${first.child.pid}`)
    first.child.kill('SIGINT')
    await first.ended
    const other = await millrace(['run', '--config', config, '--market', 'simulated', '--db', join(folder, 'a.db'), '--speed', 'max', '--until', '1h'])
    expect(other).toMatchObject({ exitCode: 3, stdout: '' })
    expect(other.stderr).toContain('WRONG_ENVIRONMENT')
  })
})

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

describe('the result of a run', () => {
  const argv = (config: string, ...more: string[]) => ['run', '--config', config, '--market', 'simulated', '--speed', 'max', '--until', '2h', ...more]

  it('is the last line of stdout as one object, money as text; all else is on stderr', async () => {
    const config = smallConfig(temporaryFolder())
    const outcome = await millrace(argv(config, '--json'))
    expect(outcome.exitCode).toBe(0)
    expect(outcome.stdout.trimEnd().split('\n')).toHaveLength(1)
    const result = JSON.parse(lastLine(outcome.stdout)) as Record<string, unknown>
    expect(result).toMatchObject({ environment: 'backtest', market: 'simulated', seed: 7, bots: 2 })
    // A backtest in memory keeps no journal: the fast hash over levels and fills stands for it.
    expect(result['journalHash']).toMatch(/^[0-9a-f]{16}$/)
    const amounts = ['cash', 'equity', 'realizedPnl', 'unrealizedPnl', 'fees', 'maxDrawdown'].map((key) => result[key])
    expect(amounts.filter((amount) => typeof amount !== 'string' || !/^-?\d+(\.\d+)?$/.test(amount))).toEqual([])
    expect(outcome.stderr).toContain('seed 7')
    expect(outcome.stderr).toMatch(/^engine pid \d+$/m)
  })
  it('goes into a file when one is named, and people read a table otherwise', async () => {
    const folder = temporaryFolder()
    const config = smallConfig(folder)
    const file = join(folder, 'result.json')
    const [intoFile, forPeople] = await Promise.all([millrace(argv(config, '--json', file)), millrace(argv(config))])
    expect(intoFile).toMatchObject({ exitCode: 0, stdout: '' })
    expect(existsSync(file)).toBe(true)
    expect(forPeople.stdout).toMatch(/equity +[\d,]+\.\d\d USD/)
  })
  it('of market auto says in words that the simulated market stands in', async () => {
    const config = smallConfig(temporaryFolder())
    const outcome = await millrace(['run', '--config', config, '--speed', 'max', '--until', '10m', '--json'])
    expect(JSON.parse(lastLine(outcome.stdout))).toMatchObject({ market: 'simulated' })
    expect(outcome.stderr).toContain('market auto: Coinbase has no --speed max')
  })
})
