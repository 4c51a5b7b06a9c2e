import { describe, expect, it } from 'vitest'
import { capturedTerminal } from './captured-terminal.fixture.ts'
import { main } from './main.ts'

async function millrace(...argv: string[]) {
  const terminal = capturedTerminal()
  return { exitCode: await main(argv, terminal), stdout: terminal.stdout(), stderr: terminal.stderr() }
}

describe('millrace', () => {
  it.each([
    [[], 'Usage: millrace'],
    [['config'], 'Usage: millrace config'],
    [['bactest'], 'Did you mean backtest'],
    [['run'], 'a configuration is needed'],
    [['run', '--market', 'binance'], 'Expected one of auto, simulated, replay, coinbase, or a module'],
    [['run', '--market', 'simulted'], 'did you mean "simulated"?'],
    [['run', '--config', 'b.json', '--market', './v.ts', '--exchange', './v.ts'], 'takes real orders: say --live as well'],
    [['run', '--config', 'b.json', '--market', 'simulated', '--exchange', './v.ts', '--live'], 'goes with --market coinbase or one of a module'],
    [['backtest', 'bots.json'], "required option '--data <dir>' not specified"],
    [['backtest', 'bots.json', '--dta', '.'], "'--data <dir>' not specified; unknown option '--dta'; did you mean \"--data\"?\n"],
    [['backtest', '--data', '.'], "missing required argument 'config'"],
    [['backtest', 'bots.json', '--data', '.', '--from', '2025-01-02', '--to', '2025-01-01'], '--from must lie before --to'],
    [['backtest', 'bots.json', '--data', '.', '--json', 'bots.json'], 'would be overwritten'],
    [['backtest', 'bots.json', '--data', '.', '--html', './here/../bots.json'], 'would be overwritten'],
    [['drift', 'run.recording', '--data', '.', '--json', './run.recording'], '--json must not name the recording'],
    [['report', 'run.db', '--html', './run.db'], '--html must not name the database or recording'],
    [['run', 'bots.json', '--market', 'simulated', '--db', 'run.db', '--json', './run.db'], '--json must not name the database'],
    [['backtest', 'bots.json', '--data', '.', '--db', 'x.db'], "unknown option '--db'"],
    [['config', 'check'], "missing required argument 'file'"],
    [['config', 'chekc', 'bots.json'], 'Did you mean check'],
    [['panic', '--timeout', 'soon'], 'a length of time'],
  ])('%j is a wrong command line: exit code 2, words on stderr, nothing on stdout', async (argv, words) => {
    const outcome = await millrace(...argv)
    expect(outcome).toMatchObject({ exitCode: 2, stdout: '' })
    expect(outcome.stderr).toContain(words)
  })
  it.each([['run'], ['backtest'], ['config', 'check'], ['config', 'show'], ['panic']])('%s %s has help', async (...command) => {
    const outcome = await millrace(...command.filter((word) => word !== undefined), '--help')
    expect(outcome).toMatchObject({ exitCode: 0, stderr: '' })
    expect(outcome.stdout).toContain(`Usage: millrace ${command.filter((word) => word !== undefined).join(' ')}`)
  })
})
