// A thread that makes its part of the averages, and then runs its part of the pairs, as often as it is asked to.
import { parentPort, workerData } from 'node:worker_threads'
import type { CandleColumns } from '@millrace/core'
import { makeAverages, screenPairs } from './grid.ts'
import type { Averages } from './grid.ts'

/** What a thread is asked: every n-th average, or every n-th pair. */
export interface GridOrder {
  readonly what: 'averages' | 'pairs'
  readonly first: number
  readonly step: number
}

const { columns, averages } = workerData as { readonly columns: CandleColumns; readonly averages: Averages }

parentPort!.on('message', ({ what, first, step }: GridOrder) => {
  if (what === 'pairs') parentPort!.postMessage(screenPairs(columns, averages, first, step))
  else {
    makeAverages(columns, averages, first, step)
    parentPort!.postMessage(undefined)
  }
})
