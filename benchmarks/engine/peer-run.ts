import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { CandleColumns } from '@millrace/core'
import { rsi } from '@millrace/indicators'

interface Bar {
  readonly time: Date
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
  readonly rsi: number
}

/** As much as is called of grademark and of data-forge. */
interface Grademark {
  backtest(
    strategy: {
      readonly entryRule: (enter: () => void, now: { readonly bar: Bar }) => void
      readonly exitRule: (exit: () => void, now: { readonly bar: Bar }) => void
    },
    series: object,
  ): readonly object[]
}
interface DataForge {
  readonly DataFrame: new (rows: readonly Bar[]) => object
}

/** The rules of the hand-written loop in a peer that is installed in a folder: run it for its round trips. Bars and RSI are made before, and are not in its time. */
export function peerRun(name: string, folder: string, columns: CandleColumns): () => number {
  if (name !== 'grademark') throw new Error(`there is no peer ${name}`)
  const load = createRequire(join(folder, 'package.json'))
  const grademark = load('grademark') as Grademark
  const { DataFrame } = load('data-forge') as DataForge
  const series = new DataFrame(barsOf(columns))
  const strategy = {
    entryRule: (enter: () => void, { bar }: { readonly bar: Bar }) => {
      if (bar.rsi < 30) enter()
    },
    exitRule: (exit: () => void, { bar }: { readonly bar: Bar }) => {
      if (bar.rsi > 70) exit()
    },
  }
  return () => grademark.backtest(strategy, series).length
}

function barsOf({ length, openTime, open, high, low, close, volume }: CandleColumns): readonly Bar[] {
  const strength = rsi(14)
  return Array.from({ length }, (_, i) => ({
    time: new Date(openTime[i]!),
    open: open[i]!,
    high: high[i]!,
    low: low[i]!,
    close: close[i]!,
    volume: volume[i]!,
    rsi: strength.update(close[i]!),
  }))
}
