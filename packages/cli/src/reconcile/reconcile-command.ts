import { existsSync } from 'node:fs'
import { coinbase, loadCredentials } from '@millrace/coinbase-adapter'
import type { Coinbase } from '@millrace/coinbase-adapter'
import { systemClock } from '@millrace/core'
import type { ReconcileReport } from '@millrace/core'
import { lockHolder, openJournal } from '@millrace/sqlite-store'
import { Command, InvalidArgumentError, Option } from 'commander'
import type { CommandContext } from '../command-line.ts'
import { exitCodes } from '../exit-codes.ts'
import type { ExitCode } from '../exit-codes.ts'
import { CliError } from '../failures.ts'
import { liveStoreFile } from '../run/settings.ts'
import { countText, timeText } from '../text/format.ts'
import { askReconcile } from './ask-reconcile.ts'
import { compareStored } from './compare-stored.ts'
import type { StoredReport } from './compare-stored.ts'

interface ReconcileOptions {
  readonly db: string
  readonly url?: string
  readonly exchange?: 'coinbase'
  readonly keyFile?: string
  readonly json?: true
}

/** What a comparison needs from outside; tests put others in. */
export interface ReconcileParts {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly request: typeof fetch
  readonly connect: (credentials: NonNullable<ReturnType<typeof loadCredentials>>) => Coinbase
}

/** What was compared, and what came of it. */
interface ReconcileResult extends ReconcileReport, Partial<Pick<StoredReport, 'fills'>> {
  /** `engine`: a running engine compared, and booked what came or went; `store`: the file of a stopped one was read, and nothing changed. */
  readonly source: 'engine' | 'store'
  readonly db: string
  readonly agrees: boolean
}

const realParts: ReconcileParts = { env: process.env, request: (...args) => fetch(...args), connect: (credentials) => coinbase({ credentials }) }
const defaultUrl = 'http://127.0.0.1:3000'

/** Makes `millrace reconcile`. */
export function reconcileCommand(context: CommandContext, parts: ReconcileParts = realParts): Command {
  return new Command('reconcile')
    .summary("hold the books against the venue's account now")
    .description(
      'Compares orders, fills and balances with the account at the venue and prints what differs. A running engine is asked through its page and does what it does at every ' +
        'comparison: it books what came or went, and halts when coins are missing. Of a stopped run, with --exchange, the file is read and nothing is changed. Exit code 0 when ' +
        'both agree, 3 when something differs or could not be asked, 5 when the engine halted over it.',
    )
    .addOption(new Option('--db <file>', 'database of the run; the token of a running engine stands beside it').default(liveStoreFile))
    .addOption(new Option('--url <url>', `page of the running engine; ${defaultUrl} when an engine runs on the database`))
    .addOption(new Option('--exchange <name>', 'venue of a stopped run: coinbase, which keeps its account when the run has ended').argParser(venueName))
    .addOption(new Option('--key-file <file>', 'key for the venue; by the environment variables if left out'))
    .addOption(new Option('--json', 'the result as one JSON object on stdout'))
    .action(async (options: ReconcileOptions) => {
      const result = await reconcile(options, parts)
      context.terminal.out.write(options.json ? `${JSON.stringify({ ...result, mismatch: result.mismatch ?? null })}\n` : reconcileText(result))
      context.exitCode = exitCodeOf(result)
    })
}

const noAccount: Readonly<Record<string, string>> = {
  paper: 'a run on paper has no account at a venue: millrace verify checks its books',
  simulator: 'the simulator of a rehearsal ends with its run, and its account with it: nobody is left to ask',
}

function venueName(name: string): 'coinbase' {
  if (name === 'coinbase') return name
  throw new InvalidArgumentError(
    `Expected coinbase: ${noAccount[name] ?? (name.includes('#') ? 'a module need not tell all the fills of an account' : 'no other venue is known here')}.`,
  )
}

/** @throws CliError exit code 3 when there is nobody to ask, or the answer proves nothing */
async function reconcile({ db, url, exchange, keyFile }: ReconcileOptions, parts: ReconcileParts): Promise<ReconcileResult> {
  if (!existsSync(db)) throw refused(`there is no database ${db}. --db names the file of the run, as it was given to the run`)
  const holder = lockHolder(db)
  if (url !== undefined || holder !== undefined) return told('engine', db, await askReconcile(db, url ?? defaultUrl, parts.request))
  if (exchange === undefined) throw refused(`no engine runs on ${db}: start it, or say --exchange coinbase to hold the file against the venue`)
  const credentials = loadCredentials({ env: parts.env, ...(keyFile === undefined ? {} : { file: keyFile }) })
  if (credentials === undefined) throw refused('there is no key: set COINBASE_KEY_FILE, or COINBASE_KEY_NAME and COINBASE_KEY_SECRET, or say --key-file <file>')
  const venue = parts.connect(credentials)
  const journal = openJournal(db)
  try {
    await venue.exchange.checkKey()
    return told('store', db, await compareStored(journal, venue.exchange, systemClock().nowMs()))
  } finally {
    journal.close()
    await venue.exchange.close()
    await venue.market.close()
  }
}

const told = (source: ReconcileResult['source'], db: string, report: ReconcileReport | StoredReport): ReconcileResult => ({
  source,
  db,
  agrees: report.differences.length === 0 && report.corrections.length === 0 && report.mismatch === undefined,
  ...report,
})

const exitCodeOf = ({ agrees, mismatch }: ReconcileResult): ExitCode => (mismatch !== undefined ? exitCodes.halted : agrees ? exitCodes.ok : exitCodes.refused)

/** The result for people. */
function reconcileText({ source, db, agrees, atMs, differences, corrections, mismatch, unconfirmed, fills }: ReconcileResult): string {
  const who = source === 'engine' ? `the engine on ${db}` : db
  const matched = fills === undefined ? '' : `${countText(fills.matched)} of ${countText(fills.stored)} stored fills are the venue's, to the last digit`
  if (agrees) {
    const more = [unconfirmed ? 'orders are under way, so balances say nothing yet' : '', matched].filter((words) => words !== '')
    return `${[`${who} and the venue agree, ${timeText(atMs)}`, ...more].join('; ')}\n`
  }
  const lines = [
    `${who} and the venue differ, ${timeText(atMs)}:`,
    ...differences.map((words) => `  ${words}`),
    ...corrections.map(({ currency, amount }) => `  booked: ${amount} ${currency} ${amount.startsWith('-') ? 'went' : 'came'} without an order of ours`),
    ...(mismatch === undefined ? [] : [`  HALTED: ${mismatch}`]),
    ...(unconfirmed ? ['  a second look some seconds later decides; ask again'] : []),
    ...(matched === '' ? [] : [matched]),
    ...(source === 'store' ? ['nothing was changed; the next start asks the venue before it trades'] : []),
  ]
  return `${lines.join('\n')}\n`
}

const refused = (why: string): CliError => new CliError(exitCodes.refused, why)
