import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HOUR_MS } from '@millrace/core'
import { startVenueSimulator } from '@millrace/coinbase-adapter/simulator'
import type { Command } from 'commander'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { redisBinary, startRedis } from '../test/redis-server.ts'
import { capturedTerminal } from './captured-terminal.fixture.ts'
import { exampleKeys, examplesOf } from './examples.ts'
import { exitCodes } from './exit-codes.ts'
import { main } from './main.ts'
import { createProgram } from './program.ts'
import { report } from './trades/fills-report.fixture.ts'

// Every command by its words: its help, a success, a bad input, and the exit codes of both. A command that is not in this table fails the first test.

const folder = mkdtempSync(join(tmpdir(), 'millrace-commands-'))
const at = (name: string): string => join(folder, name)
const [config, db, recording, candles] = [at('bots.json'), at('run.db'), at('run.recording'), at('candles')]

interface Case {
  /** Words behind the command that end with exit code 0, and what stdout or stderr then says; the same again with `--json` when they may be said twice. */
  readonly good: readonly string[]
  readonly says: RegExp
  /** What replaces `good` the second time, where the first has made what the second would find. */
  readonly again?: readonly string[]
  readonly bad: readonly string[]
  readonly code: 2 | 3 | 4
  readonly words: string | RegExp
}

const noSuchDb = { bad: ['--db', at('none.db')], code: 3, words: 'there is no database' } as const
const badName = { bad: ['Not A Name'], code: 2, words: 'expected a name such as dip-buyer' } as const
const noBots = { bad: [at('none.json')], code: 4, words: '(file): expected a file that can be read' } as const
const unknownOption = { bad: ['--jsn'], code: 2, words: /unknown option '--jsn'[\s\S]*Did you mean --json/ } as const
const plugin = (kind: string): Case => ({
  good: [`my-${kind}`, '--dir', at('plugins')],
  says: /^written: /m,
  again: [`other-${kind}`, '--dir', at('plugins')],
  ...badName,
})
/** A test of its own below: it needs somebody to talk to. */
type Spoken = Omit<Case, 'good' | 'says' | 'again'>
const listed = (says: RegExp): Case => ({ good: [], says, ...unknownOption })
/** One day is little to search on, and nothing is kept back: the verdict says so. */
const search = [config, '--data', candles, '--param', 'actionThreshold=0.02,0.3', '--test-share', '0']
const proof: Case = {
  good: [config, '--bot', 'btc'],
  says: /btc \(weighted-signals\): passed/,
  bad: [config, '--bot', 'xrp'],
  code: 2,
  words: 'expected one of btc',
}

const cases: Readonly<Record<string, Case | Spoken>> = {
  init: {
    good: [at('my-bot'), '--no-install'],
    says: /run backtest/,
    again: [at('my-other-bot'), '--no-install'],
    bad: [folder, '--strategy', 'new'],
    code: 2,
    words: 'cannot be the name of an export',
  },
  'new strategy': plugin('strategy'),
  'new indicator': plugin('indicator'),
  'new sizer': plugin('sizer'),
  'new safety': plugin('safety'),
  'new exit': plugin('exit'),
  'new adapter': plugin('adapter'),
  run: {
    good: ['--config', config, '--market', 'simulated', '--until', '10m', '--speed', 'max'],
    says: /^equity /m,
    bad: ['--config', config, '--market', 'simulated', '--data', folder],
    code: 2,
    words: '--data belongs to --market replay',
  },
  backtest: {
    good: [config, '--data', candles, '--no-range'],
    says: /^return /m,
    bad: [at('none.json'), '--data', candles],
    code: 4,
    words: '(file): expected',
  },
  optimize: {
    good: [...search, '--threads', '1'],
    says: /^NOT TESTED/,
    bad: [config, '--data', candles, '--param', 'fast'],
    code: 2,
    words: '--param',
  },
  'sweep run': { bad: [config], code: 2, words: "required option '--data <dir>' not specified" },
  'sweep worker': { bad: ['--threads', '0'], code: 2, words: 'Expected a whole number from 1 to 1024' },
  replay: { good: [recording], says: /everything came out as it was recorded/, bad: [config], code: 3, words: 'bots.json' },
  drift: {
    good: [recording, '--data', candles],
    says: /^unexplained +0\.00/m,
    bad: [recording],
    code: 2,
    words: "required option '--data <dir>' not specified",
  },
  'config init': {
    good: [at('first.json')],
    says: /^written: /,
    again: [at('another.json')],
    bad: [at('second.json'), '--pairs', 'bitcoin'],
    code: 2,
    words: 'an instrument such as',
  },
  'config check': { good: [config], says: /1 bot, no problems/, ...noBots },
  'config show': { good: [config], says: /^config hash /m, ...noBots },
  'list strategies': listed(/^weighted-signals: .*\n {4}set/m),
  'list indicators': listed(/^rsi: .*\n {4}period/m),
  'list exits': listed(/^stop-loss: .*\n {4}fraction/m),
  'list sizers': listed(/^fixed: .*\n {4}quote/m),
  'list tranche-plans': listed(/^equal-size/m),
  'list safety': listed(/^cooldown: .*\n {4}duration/m),
  'list execution': listed(/^market/m),
  'list presets': listed(/^balanced/m),
  'list markets': listed(/^BTC-USD/m),
  'check lookahead': proof,
  'check warmup': proof,
  'check determinism': proof,
  'data import': { good: [candles, '--db', at('candles.db')], says: /BTC-USD/, bad: [at('nowhere')], code: 3, words: 'nowhere' },
  'data list': { good: ['--db', at('kept-candles.db')], says: /BTC-USD/, bad: ['--db', at('none.db')], code: 3, words: 'there is no such file' },
  'data check': { good: ['--data', candles], says: /BTC-USD/, bad: ['--db', at('none.db')], code: 3, words: 'there is no such file' },
  'data fetch': {
    bad: ['BTC-USD', '--from', '2025-01-02', '--to', '2025-01-01'],
    code: 2,
    words: '--from must lie before --to',
  },
  'data simulate': {
    good: [at('more'), '--days', '1', '--pairs', 'SOL-USD'],
    says: /made-up candles/,
    bad: [at('more'), '--pairs', 'x,'],
    code: 2,
    words: '--pairs: expected',
  },
  'trades import': {
    good: [at('fills.csv'), '--db', at('trades.db')],
    says: /30 added, 0 there already/,
    bad: [],
    code: 2,
    words: 'expected a file or --coinbase',
  },
  'trades list': {
    good: ['--db', at('kept-trades.db'), '--limit', '2'],
    says: /page 1 of 15, 30 trades/,
    bad: ['--limit', '0'],
    code: 2,
    words: 'Expected a whole number from 1',
  },
  explain: { good: ['btc', '--db', db], says: /^outcome /m, bad: ['xrp', '--db', db], code: 3, words: 'unknown bot "xrp"' },
  positions: { good: ['--db', db], says: /^USD /m, ...noSuchDb },
  orders: { good: ['--db', db], says: /orders/, ...noSuchDb },
  logs: { good: ['--db', db], says: /run started: backtest, btc/, ...noSuchDb },
  report: { good: [db, '--html', at('report.html')], says: /^return /m, bad: [at('none.db')], code: 3, words: 'cannot be read' },
  doctor: {
    good: [config, '--offline', '--db', at('other.db'), '--port', '1'],
    says: /^0 bad/m,
    bad: [at('none.json'), '--offline', '--db', db, '--port', '1'],
    code: 3,
    words: '(file): expected',
  },
  status: { good: ['--db', db], says: /^ok: paper/, bad: ['--db', at('none.db')], code: 3, words: 'there is no database' },
  simulate: { bad: ['--cash', 'much'], code: 2, words: '--cash: expected such as USD=1000' },
  pause: { good: ['btc', '--db', db], says: /^btc is paused/, bad: ['--db', at('none.db')], code: 3, words: 'there is no database' },
  resume: { good: ['btc', '--db', db], says: /^btc is running/, bad: ['--db', at('none.db')], code: 3, words: 'there is no database' },
  stop: { good: ['--db', db], says: /^no engine runs on/, ...noSuchDb },
  panic: { good: ['--db', at('panic.db')], says: /^stopped: no engine runs/, ...noSuchDb },
  reconcile: {
    good: ['--db', db, '--url', 'http://127.0.0.1:3000'],
    says: /^the engine on .* and the venue agree/,
    bad: ['--exchange', 'binance'],
    code: 2,
    words: 'Expected coinbase: no other venue is known here',
  },
  backup: { good: [db, at('backup.db')], says: /entries/, again: [db, at('other-backup.db')], bad: [at('none.db'), at('b.db')], code: 3, words: 'none.db' },
  restore: { good: [at('kept-backup.db'), '--drill'], says: /nothing was changed/, bad: [at('none.db'), at('b.db')], code: 3, words: 'there is no backup' },
  verify: { good: [db], says: /every row/, bad: [at('none.db')], code: 3, words: 'there is no database' },
}

async function millrace(...argv: readonly string[]) {
  const terminal = capturedTerminal()
  return { exitCode: await main(argv, terminal), stdout: terminal.stdout(), stderr: terminal.stderr() }
}

const leaves = (command: Command, path: readonly string[] = []): readonly (readonly [path: string, command: Command])[] =>
  command.commands.length === 0 ? [[path.join(' '), command]] : command.commands.flatMap((child) => leaves(child, [...path, child.name()]))
const program = createProgram({ terminal: capturedTerminal(), exitCode: exitCodes.ok })
const commands = leaves(program)

beforeAll(async () => {
  writeFileSync(
    config,
    JSON.stringify({ account: { cash: { USD: '500' } }, bots: [{ id: 'btc', instrument: 'BTC-USD', timeframe: '1m', preset: 'aggressive', confirm: '1m' }] }),
  )
  await millrace('data', 'simulate', candles, '--pairs', 'BTC-USD', '--days', '1', '--timeframe', '1m')
  const run = ['run', '--config', config, '--market', 'simulated', '--until', '6h', '--speed', 'max']
  await millrace(...run, '--db', db, '--record', recording)
  await millrace(...run, '--until', '1m', '--db', at('panic.db'))
  writeFileSync(`${db}.token`, JSON.stringify({ full: 'f'.repeat(43), read: 'r'.repeat(43) }))
  mkdirSync(at('plugins'))
  await millrace('data', 'import', candles, '--db', at('kept-candles.db'))
  await millrace('backup', db, at('kept-backup.db'))
  writeFileSync(at('fills.csv'), report(30))
  await millrace('trades', 'import', at('fills.csv'), '--db', at('kept-trades.db'))
})
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(() => void vi.unstubAllGlobals())

/** What a page would answer. */
const page = (url: string): object =>
  url.endsWith('/reconcile')
    ? { at_ms: 0, differences: [], corrections: [], mismatch: null, unconfirmed: false }
    : url.endsWith('/status')
      ? { status: 'ok', environment: 'paper', trading_state: 'active', pid: 7, now_ms: 0, parts: [] }
      : { bot_id: 'btc', status: url.endsWith('/stop') ? 'paused' : 'running', changed: true }

describe('the table of commands', () => {
  it('has every command, and none that is gone', () => expect(Object.keys(cases).sort()).toEqual(commands.map(([path]) => path).sort()))
  it('has examples for commands that exist', () => expect(exampleKeys.filter((key) => !commands.some(([path]) => path === key))).toEqual([]))
})

describe.each(commands.map(([path]) => path))('millrace %s', (path) => {
  const words = path.split(' ')
  const known = cases[path]!
  it('has help with a description and an example', async () => {
    const { exitCode, stdout, stderr } = await millrace(...words, '--help')
    expect([exitCode, stderr]).toEqual([0, ''])
    expect(stdout).toContain(`Usage: millrace ${path}`)
    expect(stdout).toMatch(/\nExamples:\n {2}\$ millrace /)
    for (const example of examplesOf(path)) expect(example.startsWith(`millrace ${path}`)).toBe(true)
  })
  it('refuses what is wrong, with a reason on stderr and its exit code', async () => {
    const { exitCode, stderr, stdout } = await millrace(...words, ...known.bad)
    expect(exitCode).toBe(known.code)
    expect(`${stderr}${stdout}`).toMatch(known.words instanceof RegExp ? known.words : new RegExp(known.words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
  })
})

const shown = Object.entries(cases).flatMap(([path, entry]) =>
  'good' in entry ? [{ path, good: entry.good, says: entry.says, again: entry.again ?? entry.good }] : [],
)
const withPage = () => vi.stubGlobal('fetch', (url: string | URL) => Promise.resolve(new Response(JSON.stringify(page(String(url))))))

describe('what each command is for', () => {
  it.each(shown)('millrace $path does it, with exit code 0', async ({ path, good, says }) => {
    withPage()
    const { exitCode, stdout, stderr } = await millrace(...path.split(' '), ...good)
    expect([exitCode, `${stdout}${stderr}`]).toEqual([0, expect.stringMatching(says)])
    expect(stdout + stderr).not.toContain('\u001B')
  })
  it.each(shown)('millrace $path --json says it as data on stdout, and nothing else there', async ({ path, again }) => {
    withPage()
    const { exitCode, stdout } = await millrace(...path.split(' '), ...again, '--json')
    const lines = stdout.trimEnd().split('\n')
    // Of a journal, one object a line.
    expect([exitCode, lines.length]).toEqual([0, path === 'logs' ? expect.any(Number) : 1])
    for (const line of lines) expect(JSON.parse(line)).toBeTypeOf('object')
  })
})

describe('millrace data fetch', () => {
  it('stores the candles of a venue', async () => {
    const venue = await startVenueSimulator({ seed: 3, historyDays: 1 })
    try {
      const hour = (ago: number): string => new Date((Math.floor(Date.now() / HOUR_MS) - ago) * HOUR_MS).toISOString()
      const words = ['data', 'fetch', 'BTC-USD', '--from', hour(3), '--to', hour(1), '--db', at('fetched.db'), '--venue-url', venue.restUrl]
      const first = await millrace(...words)
      expect([first.exitCode, first.stderr]).toEqual([0, expect.stringContaining('120 added, 0 there already')])
      const again = await millrace(...words, '--json')
      expect([again.exitCode, JSON.parse(again.stdout)]).toEqual([0, [expect.objectContaining({ added: 0, unchanged: 120 })]])
    } finally {
      await venue.close()
    }
  })
})

if (redisBinary === undefined) process.stderr.write('commands.test.ts: 1 test skipped, redis-server is not installed (Debian: apt-get install redis-server)\n')
describe.skipIf(redisBinary === undefined)('millrace sweep run, and millrace sweep worker', () => {
  it('find together what millrace optimize finds, and the worker stands until it is asked to stop', async () => {
    const redis = await startRedis()
    try {
      const worker = millrace('sweep', 'worker', '--redis', redis.url, '--data', candles, '--threads', '1')
      const [alone, together] = [
        await millrace('optimize', ...search, '--threads', '1', '--json'),
        await millrace('sweep', 'run', ...search, '--redis', redis.url, '--json'),
      ]
      expect([together.exitCode, together.stdout]).toEqual([0, alone.stdout])
      process.emit('SIGTERM')
      expect(await worker).toMatchObject({ exitCode: 0, stdout: '', stderr: expect.stringContaining('2 trials were run') as string })
    } finally {
      await redis.stop()
    }
  })
})

describe('options that every command has', () => {
  const without = (option: string): readonly string[] =>
    commands.filter(([, command]) => !command.options.some(({ long }) => long === option)).map(([path]) => path)
  // What a worker says is told to Redis.
  it('--json, but where there is no result', () => expect(without('--json')).toEqual(['sweep worker']))
})

describe('millrace simulate', () => {
  it('stands until it is asked to stop, and says what it saw', async () => {
    const running = millrace('simulate', '--dir', at('plugins'), '--json')
    await vi.waitFor(() => expect(process.listenerCount('SIGTERM')).toBeGreaterThan(0))
    process.emit('SIGTERM')
    const { exitCode, stdout } = await running
    expect([exitCode, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ requests: expect.anything() as unknown })])
  })
})
