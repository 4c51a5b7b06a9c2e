import type { ProjectionRow } from '@millrace/core'
import { Command, Option } from 'commander'
import type { CommandContext } from '../command-line.ts'
import { wholeNumber } from '../parse-values.ts'
import { paperStoreFile } from '../run/settings.ts'
import { timeText } from '../text/format.ts'
import { table } from '../text/table.ts'
import { inStore, mustKnow } from './in-store.ts'
import { cell, msOf } from './row-text.ts'

interface OrdersFlags {
  readonly db: string
  readonly bot?: string
  readonly open?: true
  readonly limit: number
  readonly json?: true
}

/** States of orders that may still fill. */
const working: ReadonlySet<unknown> = new Set(['intent', 'sent', 'open', 'partiallyFilled', 'unknown'])

/** Makes `millrace orders`. */
export function ordersCommand({ terminal }: CommandContext): Command {
  return new Command('orders')
    .summary('orders and what became of them')
    .description('Shows the orders of a database, newest first, whether an engine runs on it or not. Changes nothing.')
    .addOption(new Option('--db <file>', 'database of the run').default(paperStoreFile))
    .addOption(new Option('--bot <id>', 'one bot instead of all'))
    .addOption(new Option('--open', 'only those that may still fill'))
    .addOption(new Option('--limit <n>', 'how many').argParser(wholeNumber(1, 100_000)).default(50))
    .addOption(new Option('--json', 'the result as one JSON object on stdout: { db, total, orders }; amounts are exact text'))
    .action(({ db, bot, open, limit, json }: OrdersFlags) => {
      const fitting = inStore(db, (journal) => {
        mustKnow(journal, db, bot)
        return journal.rows('orders').filter((row) => (bot === undefined || row['bot_id'] === bot) && (open !== true || working.has(row['state'])))
      })
      const orders = [...fitting]
        .sort((a, b) => msOf(b, 'created_at_ms') - msOf(a, 'created_at_ms') || msOf(b, 'intent_no') - msOf(a, 'intent_no'))
        .slice(0, limit)
      terminal.out.write(json ? `${JSON.stringify({ db, total: fitting.length, orders })}\n` : ordersText(orders, fitting.length))
    })
}

function ordersText(orders: readonly ProjectionRow[], total: number): string {
  if (total === 0) return 'no orders that fit\n'
  const rows = orders.map((row) => [
    ...[timeText(msOf(row, 'created_at_ms')), cell(row, 'bot_id'), cell(row, 'side'), cell(row, 'instrument'), cell(row, 'type'), cell(row, 'source')],
    ...[cell(row, 'quote_size') || cell(row, 'base_size'), cell(row, 'filled_quantity'), cell(row, 'average_price'), cell(row, 'state'), cell(row, 'reason')],
  ])
  const shown = orders.length === total ? `${total} ${total === 1 ? 'order' : 'orders'}` : `the newest ${orders.length} of ${total} orders`
  return `${table(['time', 'bot', 'side', 'pair', 'type', 'source', 'size', 'filled', 'at', 'state', ''], rows, [6, 7, 8])}\n${shown}\n`
}
