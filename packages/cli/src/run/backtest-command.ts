import { Command, Option } from 'commander'
import type { CommandContext } from '../command-line.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'
import { contradictionOf } from './backtest-settings.ts'
import type { BacktestSettings } from './backtest-settings.ts'
import { executeBacktest } from './execute-backtest.ts'
import { fillModelOf, fillModelOptions } from './fill-model-options.ts'
import type { FillModelFlags } from './fill-model-options.ts'
import { sharedOptions } from './run-command.ts'
import { runDefaults } from './settings.ts'

interface BacktestFlags extends FillModelFlags {
  readonly data: string
  readonly from?: number
  readonly to?: number
  readonly timeframe?: number
  readonly detail?: number
  readonly gapPolicy: BacktestSettings['gapPolicy']
  readonly seed: number
  readonly watchdog?: number
  readonly range: boolean
  readonly json?: boolean | string
  readonly html?: string
  readonly trades?: string
  readonly equity?: string
}

/** Makes `millrace backtest`: a run through recorded candles at full speed that keeps no file but the results asked for. */
export function backtestCommand(context: CommandContext): Command {
  const command = new Command('backtest')
    .summary('run bots through recorded candles')
    .description('Runs the bots of a configuration through recorded candles as fast as the machine can. Nothing is kept but the results asked for.')
    .argument('<config>', 'configuration of the bots (JSON)')
    .addOption(sharedOptions.candles())
    .addOption(sharedOptions.from())
    .addOption(sharedOptions.to())
    .addOption(sharedOptions.timeframe())
    .addOption(sharedOptions.detail())
    .addOption(sharedOptions.gapPolicy().default(runDefaults.gapPolicy))
    .addOption(sharedOptions.seed().default(runDefaults.seed))
    .addOption(sharedOptions.watchdog())
  for (const option of fillModelOptions()) command.addOption(option)
  return command
    .addOption(new Option('--no-range', 'leave out the two runs with the high and with the low of each candle first'))
    .addOption(new Option('--html <file>', 'a report that any browser shows without a network'))
    .addOption(new Option('--trades <file>', 'round trips as CSV'))
    .addOption(new Option('--equity <file>', 'the equity curve as CSV'))
    .addOption(sharedOptions.json())
    .action(async (config: string, flags: BacktestFlags) => {
      const settings: BacktestSettings = {
        config,
        data: flags.data,
        fromMs: flags.from,
        toMs: flags.to,
        timeframeMs: flags.timeframe,
        detailMs: flags.detail,
        gapPolicy: flags.gapPolicy,
        seed: flags.seed,
        watchdogMs: flags.watchdog,
        fillModel: fillModelOf(flags),
        range: flags.range,
        json: flags.json ?? false,
        html: flags.html,
        trades: flags.trades,
        equity: flags.equity,
      }
      const wrong = contradictionOf(settings)
      if (wrong !== undefined) throw new CliError(exitCodes.usage, wrong)
      context.exitCode = await executeBacktest(settings, context.terminal)
    })
}
