import type { ProjectionRow } from '@millrace/core'
import { Command, Option } from 'commander'
import type { CommandContext } from '../command-line.ts'
import { paperStoreFile } from '../run/settings.ts'
import { amountText } from '../text/format.ts'
import { table } from '../text/table.ts'
import { inStore, mustKnow } from './in-store.ts'
import { cell } from './row-text.ts'

interface PositionsFlags {
  readonly db: string
  readonly bot?: string
  readonly json?: true
}

/** Makes `millrace positions`. */
export function positionsCommand({ terminal }: CommandContext): Command {
  return new Command('positions')
    .summary('what the bots hold')
    .description(
      'Shows what each bot holds and what it has realized, exact, as the books of a database say, whether an engine runs on it or not. Changes nothing.',
    )
    .addOption(new Option('--db <file>', 'database of the run').default(paperStoreFile))
    .addOption(new Option('--bot <id>', 'one bot instead of all'))
    .addOption(new Option('--json', 'the result as one JSON object on stdout: { db, positions, balances }; amounts are exact text'))
    .action(({ db, bot, json }: PositionsFlags) => {
      const found = inStore(db, (journal) => {
        mustKnow(journal, db, bot)
        return { positions: journal.rows('positions').filter((row) => bot === undefined || row['bot_id'] === bot), balances: journal.rows('balances') }
      })
      terminal.out.write(json ? `${JSON.stringify({ db, ...found })}\n` : positionsText(found))
    })
}

function positionsText({ positions, balances }: { readonly positions: readonly ProjectionRow[]; readonly balances: readonly ProjectionRow[] }): string {
  const held = positions.map((row) => [
    ...[cell(row, 'bot_id'), cell(row, 'instrument'), cell(row, 'quantity'), amount(row, 'cost'), cell(row, 'average_entry')],
    ...[amount(row, 'realized_pnl'), amount(row, 'realized_fees')],
  ])
  const money = balances.map((row) => [cell(row, 'currency'), cell(row, 'total'), cell(row, 'available'), cell(row, 'reserved')])
  const positionsPart =
    held.length === 0 ? 'no bot has traded yet' : table(['bot', 'pair', 'quantity', 'cost', 'average entry', 'realized P&L', 'fees'], held, [2, 3, 4, 5, 6])
  return `${positionsPart}\n\n${money.length === 0 ? 'no balances' : table(['currency', 'total', 'available', 'reserved'], money, [1, 2, 3])}\n`
}

const amount = (row: ProjectionRow, column: string): string => amountText(cell(row, column) || '0')
