import { describe, expect, it } from 'vitest'
import { capturedTerminal } from '../captured-terminal.fixture.ts'
import { runCommandLine } from '../command-line.ts'
import type { CommandContext } from '../command-line.ts'
import { runCommand } from './run-command.ts'
import { environmentOf, runDefaults, storePathOf } from './settings.ts'
import type { RunSettings } from './settings.ts'

async function parse(argv: readonly string[], base: Partial<RunSettings> = { config: 'bots.json' }) {
  const terminal = capturedTerminal()
  const context: CommandContext = { terminal, exitCode: 0 }
  let settings: RunSettings | undefined
  const command = runCommand('millrace run', base, context, (parsed) => {
    settings = parsed
    return Promise.resolve(0)
  })
  const exitCode = await runCommandLine(command, argv, context)
  return { settings, exitCode, terminal }
}

const hour = 3_600_000

describe('the flags of a run', () => {
  it('mean the documented defaults when left out', async () => {
    const { settings, exitCode } = await parse([])
    expect(exitCode).toBe(0)
    expect(settings).toEqual({ ...runDefaults, config: 'bots.json' })
    expect(settings).toMatchObject({ market: 'auto', speed: 1, port: 3000, web: true, json: false, gapPolicy: 'skip' })
  })
  it.each<[string, Partial<RunSettings>]>([
    ['--config other.json', { config: 'other.json' }],
    ['other.json', { config: 'other.json' }],
    ['--config other.json other.json', { config: 'other.json' }],
    ['--rearm', { rearm: true }],
    ['--paper', { exchange: 'paper', live: false }],
    ['--paper --exchange paper', { exchange: 'paper' }],
    ['--market coinbase --exchange coinbase --live', { exchange: 'coinbase', live: true }],
    ['--market simulated --seed 42', { market: 'simulated', seed: 42 }],
    ['--speed 60', { speed: 60 }],
    ['--speed max', { speed: 'max' }],
    ['--until 24h', { untilMs: 24 * hour }],
    ['--market replay --data candles', { market: 'replay', data: 'candles' }],
    ['--market replay --data d --from 2025-09-17T06:00Z --to 2025-10-23T03:30Z', { fromMs: Date.UTC(2025, 8, 17, 6), toMs: Date.UTC(2025, 9, 23, 3, 30) }],
    ['--market replay --data d --from 2025-09-17 --until 7d', { fromMs: Date.UTC(2025, 8, 17), untilMs: 7 * 24 * hour }],
    ['--market replay --data d --gap-policy fillForward', { gapPolicy: 'fillForward' }],
    ['--market coinbase', { market: 'coinbase' }],
    ['--timeframe 15m', { timeframeMs: hour / 4 }],
    ['--db :memory:', { db: ':memory:' }],
    ['--db run.db', { db: 'run.db' }],
    ['--port 0', { port: 0 }],
    ['--no-web', { web: false }],
    ['--json', { json: true }],
    ['--json result.json', { json: 'result.json' }],
    ['--json --no-web', { json: true, web: false }],
  ])('%s', async (line, expected) => {
    const { settings, exitCode, terminal } = await parse(line.split(' '))
    expect(terminal.stderr()).toBe('')
    expect(exitCode).toBe(0)
    expect(settings).toMatchObject(expected)
  })
  it("win over the defaults of the application, which win over the library's", async () => {
    const base = { config: 'bots.json', seed: 1, port: 8080, db: 'mine.db' }
    expect((await parse([], base)).settings).toMatchObject({ seed: 1, port: 8080, db: 'mine.db' })
    expect((await parse(['--seed', '2', '--db', 'x.db'], base)).settings).toMatchObject({ seed: 2, port: 8080, db: 'x.db' })
    const rehearsal = { config: 'bots.json', market: 'coinbase', exchange: 'simulator' } as const
    expect([(await parse([], rehearsal)).settings?.exchange, (await parse(['--paper'], rehearsal)).settings?.exchange]).toEqual(['simulator', 'paper'])
  })
  it('may name a port when the application has no page by default', async () => {
    expect((await parse(['--no-web'], { config: 'bots.json', web: false })).settings).toMatchObject({ web: false })
    const refused = await parse(['--port', '3000'], { config: 'bots.json', web: false })
    expect(refused).toMatchObject({ exitCode: 2, settings: undefined })
    expect(refused.terminal.stderr()).toContain('this command serves no page')
  })
  it('does not offer a page in the help of a command that has none', async () => {
    const help = async (web: boolean) => (await parse(['--help'], { config: 'bots.json', web })).terminal.stdout()
    expect(await help(false)).not.toContain('--no-web')
    expect(await help(true)).toContain('--no-web')
  })
})

describe('a wrong command line', () => {
  it.each([
    ['--market binance', 'Expected one of auto, simulated, replay, coinbase'],
    ['--market replay', 'needs --data'],
    ['--data candles', '--data belongs to --market replay'],
    ['--from 2025-09-17', '--from belongs to --market replay'],
    ['--to 2025-09-17', '--to belongs to --market replay'],
    ['--gap-policy skip', '--gap-policy belongs to --market replay'],
    ['--market replay --data d --from 2025-09-17 --to 2025-09-17', '--from must lie before --to'],
    ['--market replay --data d --until 1h', 'needs --from'],
    ['--market replay --data d --gap-policy maybe', 'Allowed choices are skip, fillForward, halt'],
    ['--from today', 'a time in UTC such as'],
    ['--seed -1', 'a whole number from 0'],
    ['--seed seven', "option '--seed <n>' argument 'seven' is invalid"],
    ['--speed fast', 'or max'],
    ['--until 0h', 'a length of time'],
    ['--timeframe 15', 'a length of time'],
    ['--port 65536', 'a whole number from 0 to 65535'],
    ['--port 3000 --no-web', 'exclude each other'],
    ['--json bots.json', 'would be overwritten'],
    ['--paper --live', "option '--paper' cannot be used with option '--live'"],
    ['--market coinbase --paper --exchange coinbase', '--paper and --exchange coinbase exclude each other'],
    ['--timefram 15m', 'Did you mean --timeframe'],
    ['--until', 'argument missing'],
    ['bots.json more.json', 'too many arguments'],
    ['bots.json --config other.json', 'one configuration is expected, received bots.json and --config other.json'],
  ])('%s: exit code 2, and nothing runs', async (line, words) => {
    const { settings, exitCode, terminal } = await parse(line.split(' '))
    expect({ exitCode, settings }).toEqual({ exitCode: 2, settings: undefined })
    expect(terminal.stderr()).toContain(words)
    expect(terminal.stdout()).toBe('')
  })
  it('without bots is one', async () => expect(await parse([], {})).toMatchObject({ exitCode: 2, settings: undefined }))
  it('is none when it asks for help', async () => {
    const { exitCode, terminal } = await parse(['--help'])
    expect(exitCode).toBe(0)
    expect(terminal.stdout()).toContain('Usage: millrace run')
    expect(terminal.stdout()).not.toContain('\u001B[')
  })
})

describe('environment and store', () => {
  it('[row 25] follow from the speed, and paper is the default: no flag and no variable selects live', () => {
    expect(environmentOf(runDefaults)).toBe('paper')
    expect(environmentOf({ speed: 60, exchange: 'paper' })).toBe('paper')
    expect(environmentOf({ speed: 'max', exchange: 'paper' })).toBe('backtest')
    expect(environmentOf({ speed: 1, exchange: 'coinbase' })).toBe('live')
  })
  it('keep paper in a file and a backtest in memory, unless told', () => {
    expect(storePathOf({ db: undefined, speed: 1, exchange: 'paper' })).toBe('trader.db')
    expect(storePathOf({ db: undefined, speed: 'max', exchange: 'paper' })).toBe(':memory:')
    expect(storePathOf({ db: 'x.db', speed: 'max', exchange: 'paper' })).toBe('x.db')
    expect(storePathOf({ db: undefined, speed: 1, exchange: 'coinbase' })).toBe('live.db')
    expect(storePathOf({ db: undefined, speed: 1, exchange: 'simulator' })).toBe(':memory:')
  })
})
