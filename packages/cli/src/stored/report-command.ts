import { Command, Option } from 'commander'
import { accountReport, accountStatistics, paper, replayRecording } from '@millrace/core'
import type { AccountHistory, AccountStatistics, EpochMs, EquityPoint, ProjectionRow, RoundTripEntry, RoundTripRecord } from '@millrace/core'
import { readRecording } from '@millrace/core/node'
import type { CommandContext } from '../command-line.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'
import { recordedConfig, refusing } from '../replay/recorded-config.ts'
import { modulesOption } from '../replay/replay-command.ts'
import { overwriting } from '../run/result-files.ts'
import { mustBeWritable, writeAtomically } from '../run/write-atomically.ts'
import { sayLine } from '../terminal.ts'
import { amountText, timeText } from '../text/format.ts'
import { pairs } from '../text/table.ts'
import { databaseOf, sameAsArgument } from './database-of.ts'
import { isStore } from './is-store.ts'
import { inStore } from './in-store.ts'
import { cell, msOf } from './row-text.ts'

interface ReportFlags {
  readonly db?: string
  readonly html?: string
  readonly modules: string
  readonly json?: true
}

/** Makes `millrace report`. */
export function reportCommand({ terminal }: CommandContext): Command {
  return new Command('report')
    .summary('what came of a run: numbers, or a page')
    .description(
      'Measures what came of the trading in a database (over all its runs, whether an engine runs on it or not) or in a recording (which is run again): return, falls, round trips. ' +
        'With --html also as one file that any browser shows without a network.',
    )
    .argument('[file]', 'database of a run, or a recording')
    .addOption(sameAsArgument())
    .addOption(new Option('--html <file>', 'a page with equity curve, months and round trips'))
    .addOption(modulesOption())
    .addOption(new Option('--json', 'the result as one JSON object on stdout: { file, quoteCurrency, statistics, roundTrips, equity }'))
    .action(async (argument: string | undefined, { db, html, modules, json }: ReportFlags) => {
      const file = databaseOf(argument, db)
      const lost = overwriting({ html }, { 'database or recording': file })
      if (lost !== undefined) throw new CliError(exitCodes.usage, lost)
      if (html !== undefined) mustBeWritable(html, '--html')
      const history = isStore(file) ? storedHistory(file) : await recordedHistory(file, modules)
      if (history.equity.length === 0) throw new CliError(exitCodes.refused, `${file}: no run in it has come to a valuation yet`)
      const statistics = accountStatistics(history)
      if (html !== undefined) {
        writeAtomically(html, accountReport(history, { title: `Report of ${file}` }))
        sayLine(terminal.err, `report: ${html}`)
      }
      const { quoteCurrency, roundTrips, equity } = history
      terminal.out.write(`${json ? JSON.stringify({ file, quoteCurrency, statistics, roundTrips, equity }) : reportText(statistics, quoteCurrency)}\n`)
    })
}

function storedHistory(db: string): AccountHistory {
  return inStore(db, (journal) => {
    const instrument = cell(journal.rows('positions')[0] ?? {}, 'instrument')
    return {
      quoteCurrency: instrument.split('-')[1] ?? 'USD',
      equity: journal
        .rows('equity')
        .map(pointOf)
        .sort((a, b) => a.atMs - b.atMs),
      roundTrips: journal
        .rows('round_trips')
        .map(tripOf)
        .sort((a, b) => a.closedAtMs - b.closedAtMs),
    }
  })
}

const pointOf = (row: ProjectionRow): EquityPoint => ({
  atMs: msOf(row, 'at_ms') as EpochMs,
  equity: cell(row, 'equity'),
  paidIn: cell(row, 'paid_in'),
  gain: cell(row, 'gain'),
  growth: Number(row['growth']),
})

function tripOf(row: ProjectionRow): RoundTripRecord {
  const real = (column: string): number => Number(row[column])
  const [openedAtMs, closedAtMs] = [msOf(row, 'opened_at_ms') as EpochMs, msOf(row, 'closed_at_ms') as EpochMs]
  return {
    id: cell(row, 'id'),
    botId: cell(row, 'bot_id'),
    instrument: cell(row, 'instrument'),
    strategy: cell(row, 'strategy'),
    closedBy: cell(row, 'closed_by'),
    openedAtMs,
    closedAtMs,
    holdingMs: closedAtMs - openedAtMs,
    entries: JSON.parse(cell(row, 'entries')) as readonly RoundTripEntry[],
    exits: real('exits'),
    quantity: cell(row, 'quantity'),
    averageEntry: cell(row, 'average_entry'),
    averageExit: cell(row, 'average_exit'),
    entryValue: cell(row, 'entry_value'),
    exitValue: cell(row, 'exit_value'),
    fees: cell(row, 'fees'),
    grossPnl: cell(row, 'gross_pnl'),
    pnl: cell(row, 'pnl'),
    returnPercent: real('return_percent'),
    low: row['low'] === null ? undefined : real('low'),
    high: row['high'] === null ? undefined : real('high'),
    entryEfficiency: real('entry_efficiency'),
    exitEfficiency: real('exit_efficiency'),
    totalEfficiency: real('total_efficiency'),
    adverseExcursionPercent: real('adverse_excursion_percent'),
    favourableExcursionPercent: real('favourable_excursion_percent'),
    drawdownPercent: real('drawdown_percent'),
    score: real('score'),
    grade: cell(row, 'grade') as RoundTripRecord['grade'],
  }
}

/** Runs a recording again, and takes what its books hold at the end. */
async function recordedHistory(file: string, modules: string): Promise<AccountHistory> {
  const { bots, account, exchange } = await recordedConfig(file, modules)
  return refusing(file, () => {
    const replayed = replayRecording(readRecording(file), {
      bots,
      safety: account.safety,
      ...(exchange === 'simulated' ? { exchange: paper({ cash: account.cash, fees: account.fees }) } : {}),
    })
    if (replayed.differs !== undefined) throw new CliError(exitCodes.refused, `${file}: it does not run again as it was recorded: see millrace replay`)
    const { quoteCurrency, curve, roundTrips } = replayed.analytics()
    return { quoteCurrency, equity: curve, roundTrips }
  })
}

function reportText(s: AccountStatistics, quote: string): string {
  const share = (value: number | undefined): string => (value === undefined ? '-' : `${(100 * value).toFixed(2)} %`)
  const ratio = (value: number | undefined): string => (value === undefined ? '-' : value.toFixed(2))
  const money = (value: number | undefined): string => (value === undefined ? '-' : `${amountText(value.toFixed(6))} ${quote}`)
  return pairs([
    ['time', `${timeText(s.startMs)} to ${timeText(s.endMs)}`],
    ['return', `${s.returnPercent.toFixed(2)} %, deposits and withdrawals left out`],
    ['equity', `${money(s.endEquity)}, ${money(s.paidIn)} paid in`],
    ['deepest fall', share(s.drawdown.deepest?.share)],
    ['round trips', String(s.perTrade.count)],
    ['win rate', share(s.perTrade.winRate)],
    ['profit factor', ratio(s.perTrade.profitFactor)],
    ['expectancy', money(s.perTrade.expectancy)],
    ['days', String(s.perDay.days)],
    ['Sharpe', ratio(s.perDay.sharpe)],
  ])
}
