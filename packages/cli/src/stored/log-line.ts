import type { EntryType, JournalEntry } from '@millrace/core'
import { amountText, timeText } from '../text/format.ts'

export const logLevels = ['info', 'warning', 'critical'] as const
export type LogLevel = (typeof logLevels)[number]

/** One line of a log. */
export interface LogLine {
  readonly seq: number
  readonly atMs: number
  readonly level: LogLevel
  readonly bot: string | null
  readonly text: string
}

type Data = Readonly<Record<string, unknown>>

const word = (data: Data, key: string): string => (typeof data[key] === 'string' || typeof data[key] === 'number' ? String(data[key]) : '')

/** What people care about in a journal, in words: no valuations, marks and checkpoints. */
const texts: Readonly<Partial<Record<EntryType, (data: Data) => string>>> = {
  runStarted: (data) => `run started: ${word(data, 'environment')}, ${(data['bots'] as readonly { readonly id: string }[]).map(({ id }) => id).join(', ')}`,
  configInForce: (data) => `configuration in force: ${word(data, 'hash').slice(0, 12)}`,
  intent: (data) =>
    `${word(data, 'kind')}: ${word(data, 'side')} ${word(data, 'quoteSize') || word(data, 'baseSize')} ${word(data, 'instrument')} for ${word(data, 'source')}`,
  orderEvent: (data) => `order ${word(data, 'state')}${data['reason'] === undefined ? '' : `: ${word(data, 'reason')}`}`,
  fill: (data) =>
    `${data['side'] === 'buy' ? 'bought' : 'sold'} ${word(data, 'quantity')} ${word(data, 'instrument')} at ${word(data, 'price')}, fee ${amountText(word(data, 'feeAmount'))} ${word(data, 'feeCurrency')}`,
  adjustment: (data) => `${word(data, 'kind')} of ${word(data, 'amount')} ${word(data, 'currency')}: ${word(data, 'reason')}`,
  command: (data) => `command: ${word(data, 'kind')}`,
  latch: (data) => `trading is ${word(data, 'state')}: ${word(data, 'reason')}`,
  reconciled: (data) => `books compared (${word(data, 'trigger')}): ${(data['differences'] as readonly string[]).length} differences`,
  alert: (data) => `${word(data, 'code')}: ${word(data, 'detail')}`,
  adopted: (data) => `takes over what ${word(data, 'from')} held`,
  tailLost: (data) => `the newest entries of the journal were lost: ${word(data, 'entries')}`,
}

/** Types of entries that a log shows. */
export const loggedTypes = Object.keys(texts) as readonly EntryType[]

/** An entry of the journal as a line; undefined for one that says nothing to people. */
export function logLine({ seq, atMs, type, botId, data }: JournalEntry): LogLine | undefined {
  const text = texts[type]?.(data as Data)
  return text === undefined ? undefined : { seq, atMs, level: levelOf(type, data as Data), bot: botId ?? null, text }
}

function levelOf(type: EntryType, data: Data): LogLevel {
  if (type === 'alert') return data['severity'] as LogLevel
  if (type === 'tailLost') return 'critical'
  if (type === 'latch') return data['state'] === 'halted' ? 'critical' : data['state'] === 'active' ? 'info' : 'warning'
  if (type === 'orderEvent') return data['state'] === 'rejected' || data['state'] === 'unknown' ? 'warning' : 'info'
  return type === 'reconciled' && (data['differences'] as readonly string[]).length > 0 ? 'warning' : 'info'
}

/** A line for people. */
export const logText = ({ atMs, level, bot, text }: LogLine): string => `${timeText(atMs)}  ${level.padEnd(8)}  ${bot === null ? '' : `${bot}: `}${text}`
