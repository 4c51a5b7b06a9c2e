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
  it.each([
    [[], 'Usage: millrace'],
    [['config'], 'Usage: millrace config'],
    [['bactest'], 'Did you mean backtest'],
    [['run', '--market', 'binance'], 'Allowed choices'],
    [['backtest', 'bots.json'], "required option '--data <dir>' not specified"],
    [['backtest', '--data', '.'], "missing required argument 'config'"],
    [['panic', '--timeout', 'soon'], 'a length of time'],
  ])('%j is wrong: exit code 2, words on stderr, nothing on stdout', async (argv, words) => {
    const outcome = await millrace(argv)
    expect(outcome).toMatchObject({ exitCode: 2, stdout: '' })
    expect(outcome.stderr).toContain(words)
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
  it('for a market that is not built yet or has no data: exit code 3, no file made', async () => {
    const folder = temporaryFolder()
    const config = smallConfig(folder)
    const [coinbase, replay] = await Promise.all([
      millrace(['run', '--config', config, '--market', 'coinbase'], { cwd: folder }),
      millrace(['backtest', config, '--data', folder], { cwd: folder }),
    ])
    expect(coinbase).toMatchObject({ exitCode: 3, stdout: '' })
    expect(coinbase.stderr).toContain('not built yet')
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

describe('the result of a run', () => {
  const argv = (config: string, ...more: string[]) => ['run', '--config', config, '--market', 'simulated', '--speed', 'max', '--until', '2h', ...more]

  it('is the last line of stdout as one object, money as text; all else is on stderr', async () => {
    const config = smallConfig(temporaryFolder())
    const outcome = await millrace(argv(config, '--json'))
    expect(outcome.exitCode).toBe(0)
    expect(outcome.stdout.trimEnd().split('\n')).toHaveLength(1)
    const result = JSON.parse(lastLine(outcome.stdout)) as Record<string, unknown>
    expect(result).toMatchObject({ environment: 'backtest', market: 'simulated', seed: 7, bots: 2, candles: expect.any(Number), blockers: expect.any(Object), journalHash: expect.stringMatching(/^[0-9a-f]{64}$/) })
    for (const key of ['cash', 'equity', 'realizedPnl', 'unrealizedPnl', 'fees', 'maxDrawdown']) expect(result[key], key).toMatch(/^-?\d+(\.\d+)?$/)
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
    expect(outcome.stderr).toContain('market auto: the Coinbase adapter is not built yet')
  })
})
