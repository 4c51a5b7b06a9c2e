import { Command, Option } from 'commander'
import { ConfigError, drift, paper } from '@millrace/core'
import type { BotConfig, DriftReport, GapPolicy } from '@millrace/core'
import { readRecording } from '@millrace/core/node'
import type { CommandContext } from '../command-line.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'
import { duration } from '../parse-values.ts'
import { modulesOption } from '../replay/replay-command.ts'
import { recordedConfig, refusing } from '../replay/recorded-config.ts'
import { backtestSource } from '../run/backtest-source.ts'
import { playedDetail } from '../run/execute-backtest.ts'
import { fillModelOf, fillModelOptions } from '../run/fill-model-options.ts'
import type { FillModelFlags } from '../run/fill-model-options.ts'
import { sharedOptions } from '../run/run-command.ts'
import { mustBeWritable, writeAtomically } from '../run/write-atomically.ts'
import { sayLine } from '../terminal.ts'
import { driftText } from './drift-text.ts'

interface DriftFlags extends FillModelFlags {
  readonly data: string
  readonly detail?: number
  readonly gapPolicy: Exclude<GapPolicy, 'halt'>
  readonly modules: string
  readonly shadow?: true
  readonly json?: boolean | string
  readonly html?: string
}

const examples = `
Examples:
  $ millrace drift run.recording --data ./candles
  $ millrace drift run.recording --data candles.db --slippage-bps 5 --html drift.html
  $ millrace drift live.recording --data candles.db --shadow --json

Exit codes: 0 when every cent of the drift has a cause; 3 when some of it stays unexplained, or the recording or the candles cannot be used.`

/** Makes `millrace drift`. */
export function driftCommand(context: CommandContext): Command {
  const command = new Command('drift')
    .summary('why a recorded run did not gain what its backtest says')
    .description(
      'Runs a backtest over the time of a recording (millrace run --record), then again and again with one more thing as it really was: data, timing, evaluation set, fill price, quantity, fee, state. Each line is what the P&L changes by; the lines and what is unexplained add up to the drift to the last digit.',
    )
    .argument('<recording>', 'the recording of the run')
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
    .action(async (file: string, flags: DriftFlags) => {
      for (const flag of ['json', 'html'] as const) if (typeof flags[flag] === 'string') mustBeWritable(flags[flag], `--${flag}`)
      const report = await driftOf(file, flags, (line) => sayLine(context.terminal.err, line))
      const { out, err } = context.terminal
      if (flags.html !== undefined) writeAtomically(flags.html, report.toHtml({ title: `Drift of ${file}` }))
      const line = `${JSON.stringify(report)}\n`
      if (typeof flags.json === 'string') writeAtomically(flags.json, line)
      ;(flags.json === true ? err : out).write(`${driftText(report)}\n`)
      if (flags.json === true) out.write(line)
      if (Number(report.unexplained) !== 0) context.exitCode = exitCodes.refused
    })
}

async function driftOf(file: string, flags: DriftFlags, say: (line: string) => void): Promise<DriftReport> {
  const { bots, account, exchange, notes: ofModules, plugins } = await recordedConfig(file, flags.modules)
  for (const note of ofModules) say(note)
  const {
    candles,
    text,
    notes: ofData,
  } = await backtestSource({ data: flags.data, detailMs: flags.detail, gapPolicy: 'skip', fromMs: undefined, toMs: undefined }, bots)
  say(`candles: ${text}`)
  for (const note of ofData) say(`  ${note}`)
  const model = { fees: account.fees, ...fillModelOf(flags) }
  return refusing(file, () =>
    ofTheData(flags.data, bots, () =>
      drift({
        recording: readRecording(file),
        bots,
        plugins,
        safety: account.safety,
        candles,
        detail: playedDetail(flags.detail, bots),
        gapPolicy: flags.gapPolicy,
        ...model,
        ...(exchange === 'simulated' ? { exchange: paper({ cash: account.cash, fees: account.fees }) } : {}),
        ...(flags.shadow ? { shadow: model } : {}),
      }),
    ),
  )
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
