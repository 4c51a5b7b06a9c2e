import { expect, test } from 'vitest'
import { measureJournal } from './journal-size.ts'

test('[INC-44] [row 63] the journal holds edges and orders, never a row an evaluation: bytes by bot-day are bounded', { timeout: 120_000 }, async () => {
  const { fileBytesPerBotDay, evaluations, entries, byType } = await measureJournal()
  expect(evaluations).toBeGreaterThan(15_000)
  // The original wrote a row an evaluation and poll, and came to 6 GB.
  expect(entries).toBeLessThan(evaluations / 2)
  expect(fileBytesPerBotDay).toBeLessThan(400_000)
  const edges = byType.find(({ type }) => type === 'blockerChanged')!
  expect(edges.entries).toBeLessThan(evaluations)
  // One edge an evaluation at most, so a day of one-minute candles can never come to more than this.
  expect(edges.bytes / edges.entries).toBeLessThan(400)
})
