// A process or thread of its own, for what cannot be measured beside the rest: `memory <candles>` as a process, the columns as a worker's data.
import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import type { CandleColumns } from '@millrace/core'
import { canonicalColumns } from './canonical.ts'
import { replay } from './regimes.ts'

if (isMainThread) {
  const { summary, hash } = replay(canonicalColumns(Number(process.argv[2])), 'normal')
  // Linux counts in kilobytes.
  process.stdout.write(JSON.stringify({ megabytes: process.resourceUsage().maxRSS / 1024, hash, candleBots: summary.candleBots }))
} else {
  const { hash, summary } = replay(workerData as CandleColumns, 'normal')
  parentPort!.postMessage({ hash, candleBots: summary.candleBots })
}
