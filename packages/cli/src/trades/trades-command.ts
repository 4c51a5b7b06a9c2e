import { Argument, Command, Option } from 'commander'
import type { CommandContext } from '../command-line.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'
import { utcTime, wholeNumber } from '../parse-values.ts'
import { importCoinbase, importCsv, importedText } from './import-trades.ts'
import { listTrades, tradesText } from './list-trades.ts'
import { tradeFile } from './trade-file.ts'

const dbOption = (): Option => new Option('--db <file>', "file of imported trades; never a bot's journal").default(tradeFile)
const jsonOption = (): Option => new Option('--json', 'the result as one JSON object on stdout')

/** Makes `millrace trades`: what an account traded before and beside the bots. */
export function tradesCommand(context: CommandContext): Command {
  return new Command('trades')
    .summary('trade history: import, list')
    .description("Keeps an account's trade history in a file of its own. It never reaches a bot's books, limits or P&L.")
    .addCommand(importCommand(context))
    .addCommand(listCommand(context))
}

interface ImportFlags {
  readonly coinbase?: true
  readonly keyFile?: string
  readonly from?: number
  readonly db: string
  readonly json?: true
}

function importCommand(context: CommandContext): Command {
  const { terminal } = context
  return new Command('import')
    .summary('store the trades of a fills report, or of the account')
    .description(
      "Reads a fills report (CSV) that Coinbase made, or with --coinbase the account's fills, and stores what is not there yet. The venue's ids tell, so importing twice changes nothing. The two sources have different ids: import a period from one of them.",
    )
    .addArgument(new Argument('[csv]', 'the report'))
    .addOption(new Option('--coinbase', 'read the fills from Coinbase; takes a key that may view'))
    .addOption(new Option('--key-file <file>', 'the key as the CDP portal writes it, mode 600, outside of any git work tree (with --coinbase)'))
    .addOption(new Option('--from <time>', 'fills from here on, UTC; all when left out (with --coinbase)').argParser(utcTime))
    .addOption(dbOption())
    .addOption(jsonOption())
    .action(async (csv: string | undefined, flags: ImportFlags) => {
      if ((csv === undefined) !== (flags.coinbase === true)) throw new CliError(exitCodes.usage, 'expected a file or --coinbase, one of the two')
      if (csv !== undefined && (flags.keyFile ?? flags.from) !== undefined)
        throw new CliError(exitCodes.usage, '--key-file and --from go with --coinbase, not with a file')
      const imported =
        csv === undefined
          ? await importCoinbase({ ...flags, ...(flags.from !== undefined && { fromMs: flags.from }) }, terminal)
          : await importCsv(csv, flags.db, terminal)
      terminal.out.write(`${flags.json ? JSON.stringify(imported) : importedText(imported)}\n`)
      if (!imported.complete) context.exitCode = exitCodes.refused
    })
}

interface ListFlags {
  readonly db: string
  readonly page: number
  readonly limit: number
  readonly pair?: string
  readonly source?: string
  readonly from?: number
  readonly to?: number
  readonly json?: true
}

function listCommand({ terminal }: CommandContext): Command {
  return new Command('list')
    .summary('stored trades, page by page')
    .description('Lists the stored trades, newest first. With --json the amounts are exact text.')
    .addOption(dbOption())
    .addOption(new Option('--page <n>', 'which page').argParser(wholeNumber(1, 10_000_000)).default(1))
    .addOption(new Option('--limit <n>', 'trades on a page').argParser(wholeNumber(1, 1_000)).default(50))
    .addOption(new Option('--pair <id>', 'only this pair, as in BTC-USD'))
    .addOption(new Option('--source <name>', 'only from here: coinbase or coinbase-csv'))
    .addOption(new Option('--from <time>', 'trades at or after this, UTC, as in 2025-09-17').argParser(utcTime))
    .addOption(new Option('--to <time>', 'trades before this').argParser(utcTime))
    .addOption(jsonOption())
    .action(async ({ db, page, limit, pair, source, from, to, json }: ListFlags) => {
      const found = await listTrades(db, {
        ...{ page, limit },
        ...(pair !== undefined && { instrument: pair.toUpperCase() }),
        ...(source !== undefined && { source }),
        ...(from !== undefined && { fromMs: from }),
        ...(to !== undefined && { toMs: to }),
      })
      terminal.out.write(`${json ? JSON.stringify(found) : tradesText(found)}\n`)
    })
}
