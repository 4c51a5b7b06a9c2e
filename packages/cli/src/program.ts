import { Command } from 'commander'
import { checkCommand } from './check/check-command.ts'
import { backupCommand } from './backup/backup-command.ts'
import { restoreCommand } from './backup/restore-command.ts'
import { verifyCommand } from './backup/verify-command.ts'
import { configCommand } from './config/config-command.ts'
import type { CommandContext } from './command-line.ts'
import { withExamples } from './examples.ts'
import { exitCodeMeanings } from './exit-codes.ts'
import { dataCommand } from './data/data-command.ts'
import { doctorCommand } from './doctor/doctor-command.ts'
import { initCommand } from './init/init-command.ts'
import { newCommand } from './new/new-command.ts'
import { driftCommand } from './drift/drift-command.ts'
import { explainCommand } from './explain/explain-command.ts'
import { optimizeCommand } from './optimize/optimize-command.ts'
import { panicCommand } from './panic/panic-command.ts'
import { reconcileCommand } from './reconcile/reconcile-command.ts'
import { replayCommand } from './replay/replay-command.ts'
import { backtestCommand } from './run/backtest-command.ts'
import { executeRun } from './run/execute-run.ts'
import { runCommand } from './run/run-command.ts'
import { simulateCommand } from './run/simulate-command.ts'
import { pauseCommand } from './control/pause-command.ts'
import { stopCommand } from './control/stop-command.ts'
import { listCommand } from './list/list-command.ts'
import { logsCommand } from './stored/logs-command.ts'
import { ordersCommand } from './stored/orders-command.ts'
import { reportCommand } from './stored/report-command.ts'
import { positionsCommand } from './stored/positions-command.ts'
import { statusCommand } from './status/status-command.ts'
import { sweepCommand } from './sweep/sweep-command.ts'
import { tradesCommand } from './trades/trades-command.ts'
import { version } from './version.ts'

const examples = `
Examples:
  $ millrace init my-bot
  $ millrace new exit breathing-stop
  $ millrace config check bots.json
  $ millrace backtest bots.json --data ./candles --from 2025-09-17T06:00Z --timeframe 15m
  $ millrace run --config bots.json --market simulated --seed 7 --until 24h --speed max --json
  $ millrace run --config bots.json --market coinbase --exchange simulator
  $ millrace optimize bots.json --data ./candles --bot btc --param fast=5:50:5 --param slow=20:200:20 --out btc.jsonl
  $ millrace drift run.recording --data ./candles --html drift.html
  $ millrace check lookahead bots.json --data ./candles
  $ millrace explain btc --db trader.db --at 2026-01-05T12:00Z
  $ millrace trades import fills.csv --db trades.db
  $ millrace status --db trader.db
  $ millrace reconcile --db live.db --exchange coinbase
  $ millrace panic --db trader.db --reason "prices look wrong"
  $ millrace backup trader.db /mnt/other-disk/trader-backup.db

Exit codes:
${exitCodeMeanings.map(({ code, name }) => `  ${code} ${name}`).join('\n')}`

/** Makes the whole command line. */
export function createProgram(context: CommandContext): Command {
  const headless = runCommand('run', { web: false }, context, (settings) => executeRun(settings, context.terminal))
  const program = new Command('millrace')
    .description('Trading bots in backtests, on paper and live.')
    .version(version, '--version', 'show the version')
    .addHelpText('after', examples)
    .addCommand(initCommand(context))
    .addCommand(newCommand(context))
    .addCommand(headless)
    .addCommand(backtestCommand(context))
    .addCommand(optimizeCommand(context))
    .addCommand(sweepCommand(context))
    .addCommand(replayCommand(context))
    .addCommand(driftCommand(context))
    .addCommand(configCommand(context))
    .addCommand(listCommand(context))
    .addCommand(checkCommand(context))
    .addCommand(dataCommand(context))
    .addCommand(tradesCommand(context))
    .addCommand(explainCommand(context))
    .addCommand(positionsCommand(context))
    .addCommand(ordersCommand(context))
    .addCommand(logsCommand(context))
    .addCommand(reportCommand(context))
    .addCommand(doctorCommand(context))
    .addCommand(statusCommand(context))
    .addCommand(simulateCommand(context))
    .addCommand(pauseCommand('pause', context))
    .addCommand(pauseCommand('resume', context))
    .addCommand(stopCommand(context))
    .addCommand(panicCommand(context))
    .addCommand(reconcileCommand(context))
    .addCommand(backupCommand(context))
    .addCommand(restoreCommand(context))
    .addCommand(verifyCommand(context))
  return withExamples(program)
}
