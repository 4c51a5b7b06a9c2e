// node --conditions=@millrace/source packages/indicators/scripts/docs.ts: writes docs/indicators from the sources.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { pages } from './pages.ts'

const folder = new URL('../../../docs/indicators/', import.meta.url)
mkdirSync(new URL('pictures/', folder), { recursive: true })
const all = pages()
for (const [name, text] of all) writeFileSync(new URL(name, folder), text)
// speed.md is written by the benchmark.
for (const name of readdirSync(folder)) if (name.endsWith('.md') && name !== 'speed.md' && !all.has(name)) rmSync(new URL(name, folder))
