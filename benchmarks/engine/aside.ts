// A process or thread of its own, for what cannot be measured beside the rest: `memory <candles>` as a process, the columns as a worker's data.
import { existsSync, readFileSync } from 'node:fs'
import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import type { CandleColumns } from '@millrace/core'
import { canonicalColumns } from './canonical.ts'
import { replay } from './regimes.ts'

if (isMainThread) {
  const { summary, hash } = replay(canonicalColumns(Number(process.argv[2])), 'normal')
  process.stdout.write(JSON.stringify({ megabytes: peakMegabytes(), hash, candleBots: summary.candleBots }))
} else {
  const { hash, summary } = replay(workerData as CandleColumns, 'normal')
  parentPort!.postMessage({ hash, candleBots: summary.candleBots })
}

/** What this process itself held at most: on Linux the maximum of its usage begins with that of the process which started it. */
function peakMegabytes(): number {
  const status = '/proc/self/status'
  const own = existsSync(status) ? /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(status, 'utf8'))?.[1] : undefined
  return (own === undefined ? process.resourceUsage().maxRSS : Number(own)) / 1024
}
