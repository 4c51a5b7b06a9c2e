import type { Command } from 'commander'

/** How each command is used: in its help and on its page of the reference. Commands with examples of their own are not here. */
const examples: Readonly<Record<string, readonly string[]>> = {
  init: ['millrace init my-bot', 'millrace init my-bot --strategy trend-rider --no-install'],
  'new strategy': ['millrace new strategy trend-rider'],
  'new indicator': ['millrace new indicator range-position --dir src/indicators'],
  'new sizer': ['millrace new sizer half-kelly'],
  'new safety': ['millrace new safety no-fridays'],
  'new exit': ['millrace new exit breathing-stop'],
  'new adapter': ['millrace new adapter my-venue'],
  run: [
    'millrace run --paper --config bots.json',
    'millrace run --config bots.json --market simulated --seed 7 --until 24h --speed max --json',
    'millrace run --config live.json --market coinbase --exchange coinbase --live',
  ],
  backtest: [
    'millrace backtest bots.json --data ./candles --html report.html',
    'millrace backtest bots.json --data candles.db --from 2025-09-17T06:00Z --timeframe 15m --json result.json',
  ],
  replay: ['millrace replay run.recording --json'],
  'config init': ['millrace config init', 'millrace config init small.json --pairs SOL-USD,DOGE-USD --cash 200'],
  'config check': ['millrace config check bots.json --json'],
  'config show': ['millrace config show bots.json'],
  'list strategies': ['millrace list strategies', 'millrace list strategies --config bots.json --json'],
  'list indicators': ['millrace list indicators'],
  'list exits': ['millrace list exits'],
  'list sizers': ['millrace list sizers'],
  'list tranche-plans': ['millrace list tranche-plans'],
  'list safety': ['millrace list safety --json'],
  'list execution': ['millrace list execution'],
  'list presets': ['millrace list presets'],
  'list markets': ['millrace list markets'],
  'check lookahead': ['millrace check lookahead bots.json --data ./candles --bot btc'],
  'check warmup': ['millrace check warmup bots.json'],
  'check determinism': ['millrace check determinism bots.json --json'],
  'data import': ['millrace data import ./candles --db candles.db'],
  'data list': ['millrace data list --json'],
  'data check': ['millrace data check --data ./candles'],
  'data fetch': ['millrace data fetch BTC-USD,ETH-USD --from 2025-09-01 --to 2025-10-01 --timeframe 5m'],
  'data simulate': ['millrace data simulate ./candles --pairs BTC-USD --days 90 --timeframe 5m'],
  'trades import': ['millrace trades import fills.csv', 'millrace trades import --coinbase --from 2025-01-01'],
  'trades list': ['millrace trades list --pair BTC-USD --limit 20'],
  explain: ['millrace explain btc', 'millrace explain btc --db live.db --at 2026-01-05T12:00Z --json'],
  positions: ['millrace positions', 'millrace positions --db live.db --bot btc --json'],
  orders: ['millrace orders --limit 10', 'millrace orders --db live.db --open --json'],
  logs: ['millrace logs -f', 'millrace logs --db live.db --level warning --since 2026-01-05'],
  doctor: ['millrace doctor', 'millrace doctor live.json --db live.db --key-file ~/keys/coinbase.json --json'],
  status: ['millrace status --db trader.db --json'],
  simulate: ['millrace simulate --seed 7 --cash USD=1000 --dir ./venue'],
  pause: ['millrace pause btc', 'millrace pause --db live.db'],
  resume: ['millrace resume btc', 'millrace resume --db live.db'],
  stop: ['millrace stop --db trader.db'],
  panic: ['millrace panic --db live.db --reason "prices look wrong"'],
  reconcile: ['millrace reconcile --db live.db', 'millrace reconcile --db live.db --exchange coinbase --json'],
  backup: ['millrace backup trader.db /mnt/other-disk/trader-backup.db'],
  restore: ['millrace restore /mnt/other-disk/trader-backup.db trader.db --replace', 'millrace restore trader-backup.db --drill'],
  verify: ['millrace verify trader.db'],
  report: ['millrace report trader.db --html report.html', 'millrace report run.recording --json'],
}

/** The examples of a command by its words; none for one that has its own. */
export const examplesOf = (path: string): readonly string[] => examples[path] ?? []

/** Puts the examples under the help of every command. */
export function withExamples(program: Command, path: readonly string[] = []): Command {
  for (const command of program.commands) {
    const own = [...path, command.name()]
    const lines = examplesOf(own.join(' '))
    if (lines.length > 0) command.addHelpText('after', `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`)
    withExamples(command, own)
  }
  return program
}

/** What examples are kept for, so that none outlives its command. */
export const exampleKeys: readonly string[] = Object.keys(examples)
