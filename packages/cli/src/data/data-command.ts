import { coinbaseMarket } from '@millrace/coinbase-adapter'
import { Command, Option } from 'commander'
import type { CommandContext } from '../command-line.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'
import { duration, utcTime, venueUrl, wholeNumber } from '../parse-values.ts'
import { sayLine } from '../terminal.ts'
import { sharedOptions } from '../run/run-command.ts'
import { showProgress } from '../run/progress.ts'
import { countText } from '../text/format.ts'
import { checkData, checkText } from './check-data.ts'
import { importFiles, importText } from './import-files.ts'
import { listSeries, listText } from './list-series.ts'
import { fetchCandles } from './fetch-candles.ts'
import { simulateFiles } from './simulate-files.ts'
import { candleFile } from './stored-candles.ts'

const dbOption = (): Option => new Option('--db <file>', 'file of candles').default(candleFile)
const jsonOption = (): Option => new Option('--json', 'the result as one JSON object on stdout')

/** Makes `millrace data`: recorded candles into a store, what is there, and what is odd about it. */
export function dataCommand(context: CommandContext): Command {
  const { terminal } = context
  const print = (json: boolean | undefined, value: unknown, text: string): void => terminal.out.write(`${json ? JSON.stringify(value) : text}\n`)
  return new Command('data')
    .summary('candles: import, fetch, list, check, make up')
    .description(
      'Keeps recorded candles in one file, and says what is odd about them. Nothing is mended: what is missing stays missing, and a correction is kept beside what it corrects.',
    )
    .addCommand(
      new Command('import')
        .summary('store candle files')
        .description(
          'Reads CSV files (plain or gzip) and stores their closed candles. A candle that is there already and says something else is a correction: the day gets a new revision, the old one stays.',
        )
        .argument('<paths...>', 'files, or folders of files, with the pair at the beginning of the name: BTC-USD_1m.csv.gz')
        .addOption(dbOption())
        .addOption(new Option('--source <name>', 'where they come from').default('csv'))
        .addOption(jsonOption())
        .action(async (paths: readonly string[], flags: { readonly db: string; readonly source: string; readonly json?: true }) => {
          const imported = await importFiles(paths, flags)
          print(flags.json, imported, importText(imported))
        }),
    )
    .addCommand(
      new Command('list')
        .summary('what is stored')
        .description('Lists the stored series with their time, their candles and how many are missing.')
        .addOption(dbOption())
        .addOption(jsonOption())
        .action(async (flags: { readonly db: string; readonly json?: true }) => {
          const series = await listSeries(flags.db)
          print(flags.json, series, listText(series))
        }),
    )
    .addCommand(
      new Command('check')
        .summary('what is odd about candles')
        .description(
          'Checks a file of candles (damage, revisions, gaps, empty candles, outliers) or a folder of candle files (also repeated rows, rows out of order, bad rows, the unfinished last row). Odd is not wrong: exit code 3 only for damage and for candles that cannot be read.',
        )
        .addOption(dbOption())
        .addOption(new Option('--data <dir>', 'a folder of candle files instead'))
        .addOption(jsonOption())
        .action(async (flags: { readonly db: string; readonly data?: string; readonly json?: true }) => {
          const checked = await checkData(flags.data === undefined ? { db: flags.db } : { dir: flags.data })
          print(flags.json, checked, checkText(checked))
          if (checked.damage.length > 0) context.exitCode = exitCodes.refused
        }),
    )
    .addCommand(fetchCommand(context))
    .addCommand(simulateCommand(context))
}

/** Pairs with commas between; spaces beside them do no harm. */
function pairList(text: string, name = 'pairs'): readonly string[] {
  const pairs = text.split(',').map((pair) => pair.trim())
  if (pairs.every((pair) => /^[A-Z0-9]+-[A-Z0-9]+$/.test(pair))) return pairs
  throw new CliError(exitCodes.usage, `${name}: expected pairs such as BTC-USD,ETH-USD, received ${JSON.stringify(text)}`)
}

/** Makes `millrace data fetch`. */
function fetchCommand({ terminal }: CommandContext): Command {
  return new Command('fetch')
    .summary("store a venue's candles")
    .description(
      'Asks Coinbase for closed candles over its public interface, without a key, and stores them. What the venue tells otherwise than before is a correction.',
    )
    .argument('<pairs>', 'pairs with commas between, as in BTC-USD,ETH-USD')
    .addOption(dbOption())
    .addOption(new Option('--from <time>', 'UTC').argParser(utcTime).makeOptionMandatory())
    .addOption(new Option('--to <time>', 'UTC, exclusive').argParser(utcTime).makeOptionMandatory())
    .addOption(new Option('--timeframe <duration>', 'length of a candle that the venue has').argParser(duration).default(60_000, '1m'))
    .addOption(new Option('--venue-url <url>', "a venue that speaks Coinbase's protocol, instead of Coinbase").argParser(venueUrl))
    .addOption(jsonOption())
    .action(
      async (
        pairs: string,
        flags: {
          readonly db: string
          readonly from: number
          readonly to: number
          readonly timeframe: number
          readonly venueUrl?: string
          readonly json?: true
        },
      ) => {
        if (flags.from >= flags.to) throw new CliError(exitCodes.usage, '--from must lie before --to')
        const market = coinbaseMarket(flags.venueUrl === undefined ? {} : { baseUrl: flags.venueUrl, socketUrl: flags.venueUrl.replace(/^http/, 'ws') })
        try {
          const query = { pairs: pairList(pairs), timeframeMs: flags.timeframe, fromMs: flags.from, toMs: flags.to, db: flags.db }
          const fetched = await fetchCandles(market, query, (line) => sayLine(terminal.err, line), showProgress(terminal.err, {}))
          if (flags.json) terminal.out.write(`${JSON.stringify(fetched)}\n`)
        } finally {
          await market.close()
        }
      },
    )
}

/** Makes `millrace data simulate`. */
function simulateCommand({ terminal }: CommandContext): Command {
  return new Command('simulate')
    .summary('make up candles')
    .description('Writes candles of the simulated market as CSV files, for a first backtest without a recording. The prices are made up.')
    .argument('<dir>', 'folder to write to, made when it does not exist')
    .addOption(new Option('--pairs <ids>', 'pairs, with commas between').default('BTC-USD,ETH-USD,SOL-USD'))
    .addOption(new Option('--from <time>', 'UTC').argParser(utcTime).default(Date.UTC(2026, 0, 1), '2026-01-01'))
    .addOption(new Option('--days <n>', 'how many days').argParser(wholeNumber(1, 1_000)).default(30))
    .addOption(new Option('--timeframe <duration>', 'length of a candle').argParser(duration).default(60_000, '1m'))
    .addOption(sharedOptions.seed().default(7))
    .addOption(jsonOption())
    .action(
      async (
        dir: string,
        flags: {
          readonly pairs: string
          readonly from: number
          readonly days: number
          readonly timeframe: number
          readonly seed: number
          readonly json?: true
        },
      ) => {
        const files = await simulateFiles(dir, { ...flags, pairs: pairList(flags.pairs, '--pairs') })
        if (flags.json) terminal.out.write(`${JSON.stringify({ dir, seed: flags.seed, files })}\n`)
        else for (const { file, candles } of files) terminal.out.write(`${file}: ${countText(candles)} made-up candles, seed ${flags.seed}\n`)
      },
    )
}
