import { Command, Option } from 'commander'
import { suggestion } from '@millrace/core'
import type { BotConfig, Candle } from '@millrace/core'
import { checkDeterminism, checkLookahead, checkWarmup } from '@millrace/core/testing'
import type { Proof } from '@millrace/core/testing'
import type { CommandContext } from '../command-line.ts'
import { readConfig } from '../config/read-config.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'
import { wholeNumber } from '../parse-values.ts'
import { openReplay } from '../run/open-market.ts'
import { sayLine } from '../terminal.ts'
import { countText } from '../text/format.ts'

interface CheckFlags {
  readonly data?: string
  readonly bot?: string
  readonly candles: number
  readonly json?: true
}

/** A proof about one bot's strategy, on its own candles where there are any. */
interface Check {
  readonly name: string
  readonly summary: string
  readonly prove: (bot: BotConfig, candles: readonly Candle[] | undefined) => Proof
}

const given = (candles: readonly Candle[] | undefined) => (candles === undefined ? {} : { candles })

const checks: readonly Check[] = [
  {
    name: 'lookahead',
    summary: 'the candles after a moment change nothing that was decided up to it, and no exit knows the candle it fires in',
    prove: ({ strategy, exits }, candles) => checkLookahead(strategy, { exits, ...given(candles) }),
  },
  {
    name: 'warmup',
    summary: 'it does not matter where a strategy begins, once its indicators are stable',
    prove: ({ strategy }, candles) => checkWarmup(strategy, given(candles)),
  },
  { name: 'determinism', summary: 'the same candles give the same decisions', prove: ({ strategy }, candles) => checkDeterminism(strategy, given(candles)) },
]

/** Makes `millrace check` with one subcommand for each proof. */
export function checkCommand(context: CommandContext): Command {
  const command = new Command('check')
    .summary('proofs about the strategies of a configuration')
    .description('Proves things about strategies by running them on changed data. Starts nothing and trades nothing.')
  for (const check of checks)
    command.addCommand(
      new Command(check.name)
        .summary(check.summary)
        .description(`Shows of each bot's strategy: ${check.summary}.`)
        .argument('<config>', 'configuration of the bots (JSON)')
        .addOption(new Option('--data <dir>', 'folder of recorded candles; made-up candles when left out'))
        .addOption(new Option('--bot <id>', 'one bot instead of all'))
        .addOption(new Option('--candles <n>', 'newest recorded candles to use').argParser(wholeNumber(10, 1_000_000)).default(2_000))
        .addOption(new Option('--json', 'the result as one JSON object on stdout'))
        .action(async (config: string, flags: CheckFlags) => {
          context.exitCode = await runCheck(check, config, flags, context)
        }),
    )
  return command
}

async function runCheck(check: Check, file: string, flags: CheckFlags, { terminal }: CommandContext): Promise<CommandContext['exitCode']> {
  const { bots } = await readConfig(file)
  const chosen = flags.bot === undefined ? bots : bots.filter(({ id }) => id === flags.bot)
  const ids = bots.map(({ id }) => id)
  if (chosen.length === 0)
    throw new CliError(exitCodes.usage, `--bot: expected one of ${ids.join(', ')}, received ${flags.bot}${suggestion(flags.bot ?? '', ids)}`)
  const data = flags.data === undefined ? undefined : await recorded(flags.data, chosen, flags.candles)
  const results = chosen.map((bot) => ({ bot: bot.id, strategy: bot.strategy.id, ...check.prove(bot, data?.(bot)) }))
  const people = flags.json ? terminal.err : terminal.out
  for (const { bot, strategy, passed, compared, findings, notes } of results) {
    sayLine(people, `${bot} (${strategy}): ${passed ? 'passed' : 'not passed'}, ${countText(compared)} comparisons`)
    for (const { detail } of findings) sayLine(people, `  ${detail}`)
    for (const note of notes) sayLine(people, `  ${note}`)
  }
  if (flags.json) terminal.out.write(`${JSON.stringify({ check: check.name, results })}\n`)
  return results.every(({ passed }) => passed) ? exitCodes.ok : exitCodes.refused
}

async function recorded(data: string, bots: readonly BotConfig[], count: number): Promise<(bot: BotConfig) => readonly Candle[]> {
  const market = await openReplay({ data, fromMs: undefined, toMs: undefined, gapPolicy: 'skip' }, bots, undefined)
  return ({ instrument, timeframeMs }) => {
    const columns = market.columns(instrument, timeframeMs)
    const first = Math.max(0, columns.length - count)
    return Array.from({ length: columns.length - first }, (_, i) => ({
      openTime: columns.openTime[first + i]! as Candle['openTime'],
      open: columns.open[first + i]!,
      high: columns.high[first + i]!,
      low: columns.low[first + i]!,
      close: columns.close[first + i]!,
      volume: columns.volume[first + i]!,
    }))
  }
}
