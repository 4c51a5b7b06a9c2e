// npm run bench:indicators [-- --json] [--candles 1000000] [--rounds 2] [--samples 7] [--no-peers] [--peers <folder>] [--write]
// Measures this package, the hand-written loops and the peers, each in processes of its own, best median of the rounds.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Installed, installPeers } from './install.ts'
import type { Timing } from './measure.ts'
import { peers } from './peers.mjs'
import { type Row, table, TARGETS, verdicts, writeTable } from './report.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    candles: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '2' },
    samples: { type: 'string', default: '7' },
    'no-peers': { type: 'boolean', default: false },
    peers: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
})
const candles = Number(values.candles)
const say = (line: string): void => console.error(line)
const OURS = '@millrace/indicators'

// Makes the C library keep what is freed, so that new arrays need no new pages. Other systems than Linux with glibc ignore it.
const KEEP = { MALLOC_MMAP_THRESHOLD_: '1073741824', MALLOC_TRIM_THRESHOLD_: '17179869184' }

const timingsOf = (library: string, folder: string, only: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Timing[] => {
  const worker = fileURLToPath(new URL('worker.ts', import.meta.url))
  const args = [
    '--expose-gc',
    '--conditions=@millrace/source',
    '--disable-warning=ExperimentalWarning',
    worker,
    library,
    folder,
    String(candles),
    values.samples,
    ...only,
  ]
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1e8, env: { ...process.env, ...env } })
  if (stderr !== '') say(stderr.trim())
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Timing)
}

/** The best round of each cell. */
const best = (rounds: readonly Timing[][]): Timing[] => {
  const cells = new Map<string, Timing>()
  for (const timing of rounds.flat()) {
    const key = `${timing.form} ${timing.indicator}`
    const before = cells.get(key)
    const bytes = Math.min(before?.bytes ?? Infinity, timing.bytes ?? Infinity)
    const faster = before === undefined || timing.nsPerCandle < before.nsPerCandle ? timing : before
    cells.set(key, Number.isFinite(bytes) ? { ...faster, bytes } : faster)
  }
  return [...cells.values()]
}

const setUp = (): { folder: string; installed: Installed[]; temporary: boolean } => {
  if (values['no-peers']) return { folder: '', installed: [], temporary: false }
  if (values.peers !== undefined)
    return { folder: values.peers, installed: Object.entries(peers).map(([name, version]) => ({ name, version })), temporary: false }
  return { ...installPeers(say), temporary: true }
}

// A machine that does other work at the same time gives other figures: the load before the start is part of the result.
const [load = 0] = loadavg()
const { folder, installed, temporary } = setUp()
const own = ['floor', 'hand', OURS]
const libraries = [...own, ...installed.filter(({ problem }) => problem === undefined).map(({ name }) => name)]
const rounds = new Map<string, Timing[][]>(libraries.map((library) => [library, []]))
for (let round = 1; round <= Number(values.rounds); round++) {
  for (const library of libraries) {
    say(`round ${round}: ${library}`)
    const kept = own.includes(library) ? timingsOf(library, folder, ['batch'], KEEP).map((timing) => ({ ...timing, form: 'kept' as const })) : []
    rounds.get(library)!.push([...timingsOf(library, folder), ...kept])
  }
}
if (temporary) rmSync(folder, { recursive: true, force: true })

const hand = best(rounds.get('hand')!)
const rows: Row[] = libraries.flatMap((library) =>
  best(rounds.get(library)!).map((timing) => {
    const loop = hand.find(({ indicator, form }) => indicator === timing.indicator && form === timing.form)
    return { library, ...timing, ...(loop === undefined ? {} : { ratioToLoop: timing.nsPerCandle / loop.nsPerCandle }) }
  }),
)

const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', load: `${load.toFixed(1)} of ${cpus().length}` }
const text = table(rows, installed, machine, candles)
console.log(text)
const missed = verdicts(rows, OURS)
for (const line of missed) console.log(line)
if (values.write) writeTable(text, missed)
if (values.json) console.log(JSON.stringify({ ...machine, candles, targets: TARGETS, rows }))
