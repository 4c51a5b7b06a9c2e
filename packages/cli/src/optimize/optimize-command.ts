import { Command, Option } from 'commander'
import type { Parameter } from '@millrace/core'
import type { CommandContext } from '../command-line.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'
import { duration, share, wholeNumber } from '../parse-values.ts'
import { sharedOptions } from '../run/run-command.ts'
import { runDefaults } from '../run/settings.ts'
import { executeOptimize } from './execute-optimize.ts'
import { contradictionOf } from './optimize-settings.ts'
import type { OptimizeSettings } from './optimize-settings.ts'
import { addParameter } from './parse-param.ts'
import { TRIAL_LIMIT_MS } from './trial-threads.ts'

/** The options of a search as commander collects them. */
export interface OptimizeFlags {
  readonly data: string
  readonly bot?: string
  readonly param?: readonly Parameter[]
  readonly search: OptimizeSettings['search']
  readonly trials: number
  readonly objective: string
  readonly minTrips: number
  readonly testShare: number
  readonly folds: number
  readonly anchored?: true
  readonly from?: number
  readonly to?: number
  readonly timeframe?: number
  readonly detail?: number
  readonly gapPolicy: OptimizeSettings['gapPolicy']
  readonly seed: number
  readonly threads?: number
  readonly trialLimit?: number
  readonly out?: string
  readonly html?: string
  readonly winner?: string
  readonly json?: boolean | string
}

const examples = `
Examples:
  $ millrace optimize bots.json --data ./candles --bot btc --param fast=5:50:5 --param slow=20:200:20 --out btc.jsonl
  $ millrace optimize bots.json --data candles.db --param rsi.period=7:28:7 --param actionThreshold=0.1,0.2 --objective sharpe --folds 5
  $ millrace optimize bots.json --data ./candles --param exits.0.params.fraction=0.01:0.1:0.005 --search sequential --trials 60 --html found.html

A name begins at the bot (timeframe, confirm, actionThreshold, sizing.params.base, exits.0.params.fraction) or at the parameters of its
strategy (fast, rsi.period). With --out, the same command goes on after an interruption and ends with the same bytes. The first line says
whether the winner survived out of sample; exit code 3 when it did not, when there is none,
or when trials could not be run.`

/** How long one trial may take: what never returns would hold the search up for ever. */
export const trialLimit = (): Option =>
  new Option('--trial-limit <duration>', 'a trial that takes longer is given up and named').argParser(duration).default(TRIAL_LIMIT_MS, '10m')

/** The options of every search, whoever runs its trials. */
export function withSearchOptions(command: Command): Command {
  return command
    .argument('<config>', 'configuration of the bots (JSON)')
    .addOption(sharedOptions.candles())
    .addOption(new Option('--bot <id>', 'whose parameters are searched; it trades alone. Not needed where there is one bot'))
    .addOption(
      new Option('--param <name=from:to:step>', 'a parameter and its values, also as name=a,b,c; as often as there are parameters').argParser(addParameter),
    )
    .addOption(new Option('--search <name>', 'how combinations are chosen').choices(['grid', 'random', 'sequential']).default('grid'))
    .addOption(new Option('--trials <n>', 'combinations to try in each step (random and sequential search)').argParser(wholeNumber(1, 1_000_000)).default(100))
    .addOption(new Option('--objective <name>', 'what is best: return (net of costs), sharpe, calmar, or ./file.ts#export').default('return'))
    .addOption(new Option('--min-trips <n>', 'trials with fewer round trips are not ranked').argParser(wholeNumber(0, 1_000_000)).default(1))
    .addOption(
      new Option('--test-share <share>', 'part of the time that is kept back to judge the winner; 0 keeps nothing').argParser(share(0, 0.9)).default(0.3),
    )
    .addOption(new Option('--folds <n>', 'steps of a walk forward').argParser(wholeNumber(1, 1000)).default(1))
    .addOption(new Option('--anchored', 'every training part begins at the beginning'))
    .addOption(sharedOptions.from())
    .addOption(sharedOptions.to())
    .addOption(sharedOptions.timeframe())
    .addOption(sharedOptions.detail())
    .addOption(sharedOptions.gapPolicy().default(runDefaults.gapPolicy))
    .addOption(sharedOptions.seed().default(runDefaults.seed))
    .addOption(new Option('--out <file>', 'keep the results, trial by trial, so that an interrupted search goes on'))
    .addOption(new Option('--html <file>', 'a report that any browser shows without a network'))
    .addOption(new Option('--winner <file>', "the configuration with the winner's parameters"))
    .addOption(sharedOptions.json())
}

/** Reads the options of a search. */
export function searchSettings(config: string, flags: OptimizeFlags): OptimizeSettings {
  const settings: OptimizeSettings = {
    config,
    data: flags.data,
    bot: flags.bot,
    parameters: flags.param ?? [],
    search: flags.search,
    trials: flags.trials,
    objective: flags.objective,
    minRoundTrips: flags.minTrips,
    testShare: flags.testShare,
    folds: flags.folds,
    anchored: flags.anchored ?? false,
    fromMs: flags.from,
    toMs: flags.to,
    timeframeMs: flags.timeframe,
    detailMs: flags.detail,
    gapPolicy: flags.gapPolicy,
    seed: flags.seed,
    threads: flags.threads,
    trialLimitMs: flags.trialLimit,
    out: flags.out,
    html: flags.html,
    winner: flags.winner,
    json: flags.json ?? false,
  }
  const wrong = contradictionOf(settings)
  if (wrong !== undefined) throw new CliError(exitCodes.usage, wrong)
  return settings
}

/** Makes `millrace optimize`: a search over the parameters of a bot, on this machine. */
export function optimizeCommand(context: CommandContext): Command {
  const command = new Command('optimize')
    .summary('search the parameters of a bot')
    .description(
      'Searches the parameters of a bot on recorded candles, keeps time back to judge the winner on, and says first whether it survived. Uses the cores of this machine; millrace sweep uses several.',
    )
  return withSearchOptions(command)
    .addOption(new Option('--threads <n>', 'threads, at most as many as cores (default: all cores)').argParser(wholeNumber(1, 1024)))
    .addOption(trialLimit())
    .addHelpText('after', examples)
    .action(async (config: string, flags: OptimizeFlags) => {
      context.exitCode = await executeOptimize(searchSettings(config, flags), context.terminal)
    })
}
