import { Command, Option } from 'commander'
import type { CommandContext } from '../command-line.ts'
import { exitCodes } from '../exit-codes.ts'
import { wholeNumber } from '../parse-values.ts'
import { paperStoreFile, runDefaults } from '../run/settings.ts'
import { timeText } from '../text/format.ts'
import { table } from '../text/table.ts'
import { askStatus } from './status.ts'
import type { ServiceStatus } from './status.ts'

/** Makes `millrace status`. */
export function statusCommand(context: CommandContext): Command {
  return new Command('status')
    .summary('health of every part of a running engine')
    .description(
      'Asks the page of a running engine how its parts are: trading, market, bots, store, orders, breakers, cache, page, process. Changes nothing. Exit code 0 ' +
        'when all is well or only warns, 5 when trading is halted, 3 when another part is bad or nobody answers.',
    )
    .addOption(new Option('--db <file>', 'database of the run; the token stands beside it').default(paperStoreFile))
    .addOption(new Option('--port <number>', 'port of the page').argParser(wholeNumber(1, 65_535)).default(runDefaults.port))
    .addOption(new Option('--json', 'the answer as one JSON object on stdout'))
    .action(async (options: { readonly db: string; readonly port: number; readonly json?: true }) => {
      const status = await askStatus(options.db, options.port)
      context.terminal.out.write(options.json ? `${JSON.stringify(status)}\n` : statusText(status))
      context.exitCode = status.status !== 'bad' ? exitCodes.ok : status.trading_state === 'halted' ? exitCodes.halted : exitCodes.refused
    })
}

export function statusText({ status, environment, trading_state: trading, pid, now_ms: nowMs, parts }: ServiceStatus): string {
  const head = `${status}: ${environment}, trading ${trading}, process ${pid}, ${timeText(nowMs)}`
  const rows = parts.map((part) => [part.part, part.status, part.detail])
  return `${head}\n\n${table(['part', 'status', 'detail'], rows)}\n`
}
