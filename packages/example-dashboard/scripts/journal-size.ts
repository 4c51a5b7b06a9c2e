import { measureJournal } from '../test/journal-size.ts'

// What the journal takes by bot and day, for docs/concepts/decisions-and-blockers.md.
// From the root: node --conditions=@millrace/source packages/example-dashboard/scripts/journal-size.ts [days]

const size = await measureJournal(Number(process.argv[2] ?? 1))
console.log(`${size.entries} entries of ${size.evaluations} evaluations in ${size.botDays} bot-days`)
console.log(`${size.fileBytesPerBotDay} bytes of file by bot-day, ${size.dataBytesPerBotDay} of them data of entries`)
for (const { type, entries, bytes } of size.byType)
  console.log(`  ${type.padEnd(16)} ${String(entries).padStart(8)} entries ${String(bytes).padStart(10)} bytes`)
