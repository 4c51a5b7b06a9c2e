import { Command, Option } from 'commander'
import { ConfigError, drift, paper } from '@millrace/core'
import type { AccountConfig, BotConfig, DriftBacktest, DriftReport, GapPolicy } from '@millrace/core'
import { readRecording } from '@millrace/core/node'
import type { CommandContext } from '../command-line.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'
import { readConfig } from '../config/read-config.ts'
import { duration, utcTime } from '../parse-values.ts'
import { modulesOption } from '../replay/replay-command.ts'
import { recordedConfig, refusing } from '../replay/recorded-config.ts'
import { backtestSource } from '../run/backtest-source.ts'
import { playedDetail } from '../run/execute-backtest.ts'
import { fillModelOf, fillModelOptions } from '../run/fill-model-options.ts'
import type { FillModelFlags } from '../run/fill-model-options.ts'
import { sharedOptions } from '../run/run-command.ts'
import { overwriting } from '../run/result-files.ts'
import { mustBeWritable, writeAtomically } from '../run/write-atomically.ts'
import { sayLine } from '../terminal.ts'
import { driftText } from './drift-text.ts'
import { storedEntries } from './stored-entries.ts'

interface DriftFlags extends FillModelFlags {
  readonly data: string
  readonly detail?: number
  readonly gapPolicy: Exclude<GapPolicy, 'halt'>
  readonly modules: string
  readonly shadow?: true
  readonly db?: string
  readonly config?: string
  readonly from?: number
  readonly to?: number
  readonly json?: boolean | string
  readonly html?: string
}

const examples = `
Examples:
  $ millrace drift run.recording --data ./candles
  $ millrace drift run.recording --data candles.db --slippage-bps 5 --html drift.html
  $ millrace drift live.recording --data candles.db --shadow --json
  $ millrace drift --db trader.db --config bots.json --data candles.db --from 2026-01-05 --to 2026-01-06

Exit codes: 0 when every cent of the drift has a cause; 3 when some of it stays unexplained, or the recording, the journal or the candles cannot be used.`

/** Makes `millrace drift`. */
export function driftCommand(context: CommandContext): Command {
  const command = new Command('drift')
    .summary('why a recorded run did not gain what its backtest says')
    .description(
      'Runs a backtest over the time of a recording (millrace run --record), then again and again with one more thing as it really was: data, timing, evaluation set, fill price, quantity, fee, state. Each line is what the P&L changes by; the lines and what is unexplained add up to the drift to the last digit.',
    )
    .argument('[recording]', 'the recording of the run')
    .addOption(new Option('--db <file>', 'database of a run that was not recorded: orders, commands and money can be told from it, prices and times cannot'))
    .addOption(new Option('--config <file>', 'configuration of the run (with --db; a recording has its own)'))
    .addOption(new Option('--from <time>', 'with --db: from the first valuation of the account after this on, UTC').argParser(utcTime))
    .addOption(new Option('--to <time>', 'with --db: up to the last valuation before this').argParser(utcTime))
    .addOption(new Option('--data <dir>', 'candles of the backtest: a folder of CSV files, or a file of stored candles').makeOptionMandatory())
    .addOption(new Option('--detail <duration>', 'shorter candles that the backtest fills on and its exits look at, as in 1m').argParser(duration))
    .addOption(new Option('--gap-policy <name>', 'what missing candles of the backtest do').choices(['skip', 'fillForward']).default('skip'))
  for (const option of fillModelOptions()) command.addOption(option)
  return command
    .addOption(new Option('--shadow', 'hold the run against the backtest as its shadow would have gone: its prices and times, filled by the simulated venue'))
    .addOption(modulesOption())
    .addOption(new Option('--html <file>', 'a page with a waterfall that any browser shows without a network'))
    .addOption(sharedOptions.json())
    .addHelpText('after', examples)
    .action(async (file: string | undefined, flags: DriftFlags) => {
      const wrong = contradictionOf(file, flags)
      if (wrong !== undefined) throw new CliError(exitCodes.usage, wrong)
      for (const flag of ['json', 'html'] as const) if (typeof flags[flag] === 'string') mustBeWritable(flags[flag], `--${flag}`)
      const say = (line: string): void => sayLine(context.terminal.err, line)
      const report = await (file === undefined ? driftOfDatabase(flags.db!, flags.config!, flags, say) : driftOfFile(file, flags, say))
      const { out, err } = context.terminal
      if (flags.html !== undefined) writeAtomically(flags.html, report.toHtml({ title: `Drift of ${file ?? flags.db}` }))
      const line = `${JSON.stringify(report)}\n`
      if (typeof flags.json === 'string') writeAtomically(flags.json, line)
      ;(flags.json === true ? err : out).write(`${driftText(report)}\n`)
      if (flags.json === true) out.write(line)
      if (Number(report.unexplained) !== 0) context.exitCode = exitCodes.refused
    })
}

/** What is wrong with argument and flags taken together, in words; undefined when nothing is. */
function contradictionOf(file: string | undefined, { db, config, from, to, shadow, data, json, html }: DriftFlags): string | undefined {
  const lost = overwriting({ json, html }, { recording: file, database: db, configuration: config, candles: data })
  if (lost !== undefined) return lost
  if ((file === undefined) === (db === undefined)) return 'a recording or --db <file> is needed, and not both'
  if (db === undefined)
    return config === undefined && from === undefined && to === undefined ? undefined : '--config, --from and --to go with --db: a recording says all of it'
  if (shadow) return '--shadow needs a recording: a journal does not hold what the run saw'
  return config === undefined ? '--db needs --config <file>: the bots of the run' : undefined
}

async function driftOfFile(file: string, flags: DriftFlags, say: (line: string) => void): Promise<DriftReport> {
  const { bots, account, exchange, notes, plugins } = await recordedConfig(file, flags.modules)
  for (const note of notes) say(note)
  const backtest = await backtestOf(flags, bots, account, say)
  const { candles: _candles, detail: _detail, gapPolicy: _gapPolicy, ...model } = backtest
  return refusing(file, () =>
    ofTheData(flags.data, bots, () =>
      drift({
        recording: readRecording(file),
        bots,
        plugins,
        safety: account.safety,
        ...backtest,
        ...(exchange === 'simulated' ? { exchange: paper({ cash: account.cash, fees: account.fees }) } : {}),
        ...(flags.shadow ? { shadow: model } : {}),
      }),
    ),
  )
}

async function driftOfDatabase(db: string, config: string, flags: DriftFlags, say: (line: string) => void): Promise<DriftReport> {
  const { bots, account, plugins } = await readConfig(config)
  const backtest = await backtestOf(flags, bots, account, say)
  const { safety, booking, grading, breakers } = account
  const time = { ...(flags.from === undefined ? {} : { fromMs: flags.from }), ...(flags.to === undefined ? {} : { toMs: flags.to }) }
  return refusing(db, () =>
    ofTheData(flags.data, bots, () => drift({ journal: storedEntries(db), bots, plugins, safety, booking, grading, breakers, ...time, ...backtest })),
  )
}

async function backtestOf(flags: DriftFlags, bots: readonly BotConfig[], { fees }: AccountConfig, say: (line: string) => void): Promise<DriftBacktest> {
  const settings = { data: flags.data, detailMs: flags.detail, gapPolicy: 'skip', fromMs: undefined, toMs: undefined } as const
  const { candles, text, notes } = await backtestSource(settings, bots)
  say(`candles: ${text}`)
  for (const note of notes) say(`  ${note}`)
  return { candles, detail: playedDetail(flags.detail, bots), gapPolicy: flags.gapPolicy, fees, ...fillModelOf(flags) }
}

/** Candles that cannot be used are the data's fault, not the recording's. */
function ofTheData<T>(data: string, bots: readonly BotConfig[], action: () => T): T {
  try {
    return action()
  } catch (error) {
    if (error instanceof ConfigError) throw new CliError(exitCodes.refused, `${data}: ${error.message} (${bots.length} bots)`, { cause: error })
    throw error
  }
}
