import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEngine, paper, parseConfig, simulatedMarket } from '@millrace/core'
import type { EntryType } from '@millrace/core'
import { openJournal, sqliteStore } from '@millrace/sqlite-store'

/** What one virtual day of the eleven bots leaves behind on paper. */
export interface JournalSize {
  readonly botDays: number
  readonly entries: number
  /** Of the file, all tables and indexes. */
  readonly fileBytesPerBotDay: number
  /** Text of the entries' data alone. */
  readonly dataBytesPerBotDay: number
  readonly evaluations: number
  readonly byType: readonly { readonly type: EntryType; readonly entries: number; readonly bytes: number }[]
}

/** Runs the bundled configuration on the simulated market for a virtual day, as paper, into a file, and measures the file. */
export async function measureJournal(days = 1): Promise<JournalSize> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-size-'))
  try {
    const file = join(folder, 'trader.db')
    const config = parseConfig(JSON.parse(readFileSync(new URL('../bots.json', import.meta.url), 'utf8')))
    const engine = createEngine({
      market: simulatedMarket({ seed: 7, instruments: config.bots.map((bot) => bot.instrument), speed: 'max', until: `${days * 24}h` }),
      exchange: paper({ cash: config.account.cash, fees: config.account.fees }),
      store: sqliteStore(file),
      bots: config.bots,
      safety: config.account.safety,
      environment: 'paper',
      config: config.json,
    })
    await engine.start()
    const { decisions } = await engine.finished
    const botDays = config.bots.length * days
    const byType = sizes(file)
    const bytes = byType.reduce((sum, type) => sum + type.bytes, 0)
    return {
      botDays,
      entries: byType.reduce((sum, type) => sum + type.entries, 0),
      fileBytesPerBotDay: Math.round(statSync(file).size / botDays),
      dataBytesPerBotDay: Math.round(bytes / botDays),
      evaluations: decisions,
      byType,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function sizes(file: string): JournalSize['byType'] {
  const journal = openJournal(file)
  const found = new Map<EntryType, { entries: number; bytes: number }>()
  for (let afterSeq = 0; ;) {
    const chunk = journal.read({ afterSeq, limit: 5_000 })
    for (const { type, data } of chunk) {
      const sum = found.get(type) ?? { entries: 0, bytes: 0 }
      sum.entries++
      sum.bytes += Buffer.byteLength(JSON.stringify(data))
      found.set(type, sum)
    }
    if (chunk.length < 5_000) break
    afterSeq = chunk[chunk.length - 1]!.seq
  }
  journal.close()
  return [...found].map(([type, sum]) => ({ type, ...sum })).sort((a, b) => b.bytes - a.bytes)
}
