import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { capturedTerminal } from './captured-terminal.fixture.ts'
import { exampleKeys, examplesOf } from './examples.ts'
import { exitCodes } from './exit-codes.ts'
import { main } from './main.ts'
import { createProgram } from './program.ts'

// Every command by its words: its help, a success, a bad input, and the exit codes of both. A command that is not in this table fails the first test.

const folder = mkdtempSync(join(tmpdir(), 'millrace-commands-'))
const at = (name: string): string => join(folder, name)
const [config, db, recording, candles] = [at('bots.json'), at('run.db'), at('run.recording'), at('candles')]

interface Case {
  /** Words behind the command that end with exit code 0, and something that stdout or stderr then says. */
  readonly good: readonly string[] | { readonly provenIn: string }
  readonly says?: RegExp
  readonly bad: readonly string[]
  readonly code: 2 | 3 | 4
  readonly words: string | RegExp
}

const noSuchDb = { bad: ['--db', at('none.db')], code: 3, words: 'there is no database' } as const
const badName = { bad: ['Not A Name'], code: 2, words: 'expected a name such as dip-buyer' } as const
const noBots = { bad: [at('none.json')], code: 4, words: '(file): expected a file that can be read' } as const
const unknownOption = { bad: ['--jsn'], code: 2, words: /unknown option '--jsn'[\s\S]*Did you mean --json/ } as const
const plugin = (kind: string): Case => ({ good: [`my-${kind}`, '--dir', at('plugins')], says: /^written: /m, ...badName })
const listed = (says: RegExp): Case => ({ good: [], says, ...unknownOption })
const proof: Case = {
  good: [config, '--bot', 'btc'],
  says: /btc \(weighted-signals\): passed/,
  bad: [config, '--bot', 'xrp'],
  code: 2,
  words: 'expected one of btc',
}

const cases: Readonly<Record<string, Case>> = {
  init: { good: [at('my-bot'), '--no-install'], says: /run backtest/, bad: [folder, '--strategy', 'new'], code: 2, words: 'cannot be the name of an export' },
  'new strategy': plugin('strategy'),
  'new indicator': plugin('indicator'),
  'new sizer': plugin('sizer'),
  'new safety': plugin('safety'),
  'new exit': plugin('exit'),
  'new adapter': plugin('adapter'),
  run: {
    good: ['--config', config, '--market', 'simulated', '--until', '10m', '--speed', 'max', '--json'],
    says: /"environment":"backtest"/,
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
    good: { provenIn: 'packages/cli/src/optimize/optimize.test.ts' },
    bad: [config, '--data', candles, '--param', 'fast'],
    code: 2,
    words: '--param',
  },
  'sweep run': { good: { provenIn: 'packages/cli/test/sweep.scenario.ts' }, bad: [config], code: 2, words: "required option '--data <dir>' not specified" },
  'sweep worker': { good: { provenIn: 'packages/cli/test/sweep.scenario.ts' }, bad: ['--threads', '0'], code: 2, words: /invalid|unknown|Expected/ },
  replay: { good: [recording], says: /everything came out as it was recorded/, bad: [config], code: 3, words: 'bots.json' },
  drift: {
    good: { provenIn: 'packages/cli/src/drift/drift-command.test.ts' },
    bad: [recording],
    code: 2,
    words: "required option '--data <dir>' not specified",
  },
  'config init': { good: [at('first.json')], says: /^written: /, bad: [at('second.json'), '--pairs', 'bitcoin'], code: 2, words: 'an instrument such as' },
  'config check': { good: [config], says: /1 bot, no problems/, ...noBots },
  'config show': { good: [config], says: /^config hash /m, ...noBots },
  'list strategies': listed(/^weighted-signals +set/m),
  'list indicators': listed(/^rsi +period/m),
  'list exits': listed(/^stop-loss +fraction/m),
  'list sizers': listed(/^fixed +quote/m),
  'list tranche-plans': listed(/^equal-size/m),
  'list safety': listed(/^cooldown +duration/m),
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
    good: { provenIn: 'packages/cli/src/data/fetch-candles.test.ts' },
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
  'trades import': { good: { provenIn: 'packages/cli/src/trades/trades-command.test.ts' }, bad: [], code: 2, words: 'expected a file or --coinbase' },
  'trades list': {
    good: { provenIn: 'packages/cli/src/trades/trades-command.test.ts' },
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
  status: { good: ['--db', db], says: /^ok: paper/, bad: ['--db', at('none.db')], code: 3, words: 'has no token' },
  simulate: { good: { provenIn: 'packages/cli/src/commands.test.ts' }, bad: ['--cash', 'much'], code: 2, words: '--cash: expected such as USD=1000' },
  pause: { good: ['btc', '--db', db], says: /^btc is paused/, bad: ['--db', at('none.db')], code: 3, words: 'has no token' },
  resume: { good: ['btc', '--db', db], says: /^btc is running/, bad: ['--db', at('none.db')], code: 3, words: 'has no token' },
  stop: { good: ['--db', db], says: /^no engine runs on/, ...noSuchDb },
  panic: { good: ['--db', at('panic.db')], says: /^stopped: no engine runs/, ...noSuchDb },
  reconcile: {
    good: { provenIn: 'packages/cli/src/reconcile/reconcile.test.ts' },
    bad: ['--exchange', 'binance'],
    code: 2,
    words: 'Allowed choices are coinbase',
  },
  backup: { good: [db, at('backup.db')], says: /entries/, bad: [at('none.db'), at('b.db')], code: 3, words: 'none.db' },
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
})
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(() => void vi.unstubAllGlobals())

/** What a page would answer. */
const page = (url: string): object =>
  url.endsWith('/status')
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

const own = Object.entries(cases).flatMap(([path, { good, says }]) => ('provenIn' in good ? [] : [{ path, good, says: says! }]))
const elsewhere = Object.entries(cases).flatMap(([path, { good }]) => ('provenIn' in good ? [{ path, file: good.provenIn }] : []))

describe('what each command is for', () => {
  it.each(own)('millrace $path does it, with exit code 0', async ({ path, good, says }) => {
    vi.stubGlobal('fetch', (url: string) => Promise.resolve(new Response(JSON.stringify(page(url)))))
    const { exitCode, stdout, stderr } = await millrace(...path.split(' '), ...good)
    expect([exitCode, `${stdout}${stderr}`]).toEqual([0, expect.stringMatching(says)])
  })
  it.each(elsewhere)('millrace $path does it: shown in $file', ({ path, file }) => {
    expect(existsSync(resolve(file))).toBe(true)
    expect(readFileSync(resolve(file), 'utf8')).toMatch(new RegExp(path.split(' ').at(-1)!))
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
