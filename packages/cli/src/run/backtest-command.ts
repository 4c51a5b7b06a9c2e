import { Command, Option } from 'commander'
import type { CommandContext } from '../command-line.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'
import { executeRun } from './execute-run.ts'
import { sharedOptions } from './run-command.ts'
import { contradiction, runDefaults } from './settings.ts'
import type { RunSettings } from './settings.ts'

interface BacktestFlags {
  readonly data: string
  readonly from?: number
  readonly to?: number
  readonly timeframe?: number
  readonly gapPolicy: RunSettings['gapPolicy']
  readonly seed: number
  readonly json?: boolean | string
}

/** Makes `millrace backtest`: a run through recorded candles at full speed that keeps no file. */
export function backtestCommand(context: CommandContext): Command {
  return new Command('backtest')
    .summary('run bots through recorded candles')
    .description('Runs the bots of a configuration through recorded candles as fast as the machine can. Nothing is kept but the result.')
    .argument('<config>', 'configuration of the bots (JSON)')
    .addOption(new Option('--data <dir>', 'folder of recorded candles, one CSV or CSV.gz file per pair').makeOptionMandatory())
    .addOption(sharedOptions.from())
    .addOption(sharedOptions.to())
    .addOption(sharedOptions.timeframe())
    .addOption(sharedOptions.gapPolicy().default(runDefaults.gapPolicy))
    .addOption(sharedOptions.seed().default(runDefaults.seed))
    .addOption(sharedOptions.json())
    .action(async (config: string, flags: BacktestFlags) => {
      const settings: RunSettings = {
        ...runDefaults,
        config,
        market: 'replay',
        speed: 'max',
        db: ':memory:',
        web: false,
        data: flags.data,
        fromMs: flags.from,
        toMs: flags.to,
        timeframeMs: flags.timeframe,
        gapPolicy: flags.gapPolicy,
        seed: flags.seed,
        json: flags.json ?? false,
      }
      const wrong = contradiction(settings, () => false)
      if (wrong !== undefined) throw new CliError(exitCodes.usage, wrong)
      context.exitCode = await executeRun(settings, context.terminal)
    })
}
