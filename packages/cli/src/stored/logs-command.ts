import { setTimeout as wait } from 'node:timers/promises'
import { Command, Option } from 'commander'
import type { CommandContext } from '../command-line.ts'
import { utcTime, wholeNumber } from '../parse-values.ts'
import { paperStoreFile } from '../run/settings.ts'
import { onStopSignals } from '../run/stop-signals.ts'
import type { Terminal } from '../terminal.ts'
import { entriesOf, inStore, mustKnow } from './in-store.ts'
import { logLevels, logLine, logText, loggedTypes } from './log-line.ts'
import type { LogLevel, LogLine } from './log-line.ts'

interface LogsFlags {
  readonly db: string
  readonly bot?: string
  readonly level: LogLevel
  readonly since?: number
  readonly limit: number
  readonly follow?: true
  readonly json?: true
}

/** How often a log that is followed is looked at. */
const LOOK_MS = 500

/** Makes `millrace logs`. */
export function logsCommand({ terminal }: CommandContext): Command {
  return new Command('logs')
    .summary('what happened, from the journal')
    .description('Shows orders, fills, alerts, stops and commands of a database, oldest first, whether an engine runs on it or not. The journal is the log.')
    .addOption(new Option('--db <file>', 'database of the run').default(paperStoreFile))
    .addOption(new Option('--bot <id>', 'only what happened to one bot'))
    .addOption(new Option('--level <name>', 'the least that is shown').choices(logLevels).default('info'))
    .addOption(new Option('--since <time>', 'from here on, UTC, as in 2026-01-05T12:00Z').argParser(utcTime))
    .addOption(new Option('--limit <n>', 'the newest so many').argParser(wholeNumber(1, 1_000_000)).default(200))
    .addOption(new Option('-f, --follow', 'go on until Ctrl-C'))
    .addOption(new Option('--json', 'one JSON object a line: { seq, atMs, level, bot, text }'))
    .action(async (flags: LogsFlags) => {
      let lastSeq = show(readLog(flags, 0), flags, terminal)
      if (flags.follow !== true) return
      const signals = onStopSignals(process, (code) => process.exit(code))
      const stopped = signals.requested.then(() => true)
      while (!(await Promise.race([stopped, wait(LOOK_MS, false)]))) lastSeq = show(readLog(flags, lastSeq), flags, terminal) || lastSeq
      signals.dispose()
    })
}

/** The newest lines of a log after an entry. */
function readLog({ db, bot, level, since = -Infinity, limit }: LogsFlags, afterSeq: number): readonly LogLine[] {
  return inStore(db, (journal) => {
    mustKnow(journal, db, bot)
    const lines: LogLine[] = []
    for (const entry of entriesOf(journal, { types: loggedTypes, afterSeq, ...(bot === undefined ? {} : { botId: bot }) })) {
      const line = logLine(entry)
      if (line === undefined || line.atMs < since || logLevels.indexOf(line.level) < logLevels.indexOf(level)) continue
      lines.push(line)
      if (lines.length >= 2 * limit) lines.splice(0, lines.length - limit)
    }
    return lines.slice(-limit)
  })
}

function show(lines: readonly LogLine[], { json }: LogsFlags, { out }: Terminal): number {
  for (const line of lines) out.write(`${json ? JSON.stringify(line) : logText(line)}\n`)
  return lines.at(-1)?.seq ?? 0
}
