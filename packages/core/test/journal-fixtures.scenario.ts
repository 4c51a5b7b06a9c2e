import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { JournalEntry } from '../src/contracts/journal.ts'
import { canonicalText } from '../src/engine/canonical.ts'
import { EMPTY_CHAIN, checkLink } from '../src/engine/journal/chain.ts'
import { entryData } from '../src/engine/journal/entry-data.ts'
import { ENTRY_VERSION, parseEntry } from '../src/engine/journal/stored-entry.ts'
import { projectionTables } from '../src/engine/projection-tables.ts'
import type { Json } from '../src/model/json.ts'
import { memoryStore } from '../src/stores/memory-store.ts'

const folder = new URL('./fixtures/', import.meta.url)
const files = readdirSync(folder)
  .filter((name) => /^journal-v\d+\.jsonl$/.test(name))
  .sort()

/** Types that came to a version after its fixture was written. */
const later: Readonly<Record<string, readonly string[]>> = { 'journal-v1.jsonl': ['marks', 'tailLost'] }

test('there is a fixture of every version of the journal', () => {
  expect(files).toEqual(Array.from({ length: ENTRY_VERSION }, (_, i) => `journal-v${i + 1}.jsonl`))
})

describe.each(files)('%s', (name) => {
  const lines = readFileSync(new URL(name, folder), 'utf8').trimEnd().split('\n')
  const entries = lines.map((line) => JSON.parse(line) as JournalEntry)

  test('holds every type of entry, in canonical bytes', () => {
    expect([...new Set(entries.map((entry) => entry.type))].sort()).toEqual(
      Object.keys(entryData)
        .filter((type) => later[name]?.includes(type) !== true)
        .sort(),
    )
    expect(entries.map((entry) => canonicalText(entry as unknown as Json))).toEqual(lines)
  })

  test('is one unbroken chain whose every entry can be read', () => {
    let head = EMPTY_CHAIN
    for (const entry of entries) {
      const { data: _, ...rest } = entry
      expect(parseEntry({ ...rest, dataText: checkLink(head, entry) })).toEqual(entry)
      head = entry
    }
    expect(head.seq).toBe(lines.length)
  })

  test('opens as a store and fills the projections', () => {
    const factory = memoryStore()
    const store = factory.open({ environment: 'paper' })
    expect(store.append(entries)).toBe('ok')
    store.close()
    const again = factory.open({ environment: 'paper' })
    expect(again.read({ limit: entries.length })).toEqual(entries)
    for (const { name: table } of projectionTables) if (table !== 'lots') expect([table, again.rows(table).length > 0]).toEqual([table, true])
    again.close()
  })
})
