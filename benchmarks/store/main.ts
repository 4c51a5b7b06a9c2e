// npm run bench:store [-- --json] [--fills 100000] [--commits 5000]
// Measures commits on this machine's disk, and the start of an engine on the file of a long life.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { sampleJournal } from '../../packages/core/src/testing/index.ts'
import { sqliteStore } from '../../packages/sqlite-store/src/index.ts'
import { writeLongJournal } from './long-journal.ts'

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, fills: { type: 'string', default: '100000' }, commits: { type: 'string', default: '5000' } },
})
const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'))
try {
  const commits = measureCommits(Number(values.commits))
  const starts = measureStarts(Number(values.fills))
  const result = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', ...commits, ...starts }
  const say = values.json ? console.error : console.log
  for (const [name, value] of Object.entries(result)) say(`${name.padEnd(22)} ${Array.isArray(value) ? value.join(', ') : String(value)}`)
  if (values.json) console.log(JSON.stringify(result))
} finally {
  rmSync(folder, { recursive: true })
}

/** One entry a commit, each on disk before the next, with its mark in the high-water file. */
function measureCommits(count: number) {
  const store = sqliteStore(join(folder, 'commits.db')).open({ environment: 'paper' })
  const times = sampleJournal(count).map((entry) => {
    const began = performance.now()
    store.append([entry])
    return performance.now() - began
  })
  store.close()
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number): number => round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!)
  return { commits: count, commitP50Ms: at(0.5), commitP99Ms: at(0.99), commitMaxMs: at(1) }
}

/** The second start and those after it are what a restart is; the first one finds no system cache. */
function measureStarts(fills: number) {
  const path = join(folder, 'long.db')
  const { entries, kept } = writeLongJournal(path, fills)
  const bytes = statSync(path).size
  const starts = Array.from({ length: 3 }, () => startOn(path))
  return {
    fills,
    entries,
    entriesKept: kept,
    fileMb: round(bytes / 1e6),
    bytesPerFill: Math.round(bytes / fills),
    startMs: starts.map(({ startMs }) => Math.round(startMs)),
  }
}

function startOn(path: string): { readonly startMs: number } {
  const script = fileURLToPath(new URL('start.ts', import.meta.url))
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--conditions=@millrace/source', '--disable-warning=ExperimentalWarning', script, path], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`the start ended with ${status}: ${stderr}`)
  return JSON.parse(stdout) as { readonly startMs: number }
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000
}
