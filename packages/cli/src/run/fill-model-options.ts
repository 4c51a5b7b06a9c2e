import { Option } from 'commander'
import type { FillModelOptions } from '@millrace/core'
import { duration, numberWithin } from '../parse-values.ts'

/** How the venue of a backtest fills, as commander collects it. */
export interface FillModelFlags {
  readonly slippageBps?: number
  readonly spreadBps?: number
  readonly latency?: number
  readonly volumeShare?: number
}

const basisPoints = numberWithin(0, 1000, 'basis points from 0 to 1000')

/** The options of the simulated venue that a configuration does not have. */
export const fillModelOptions = (): readonly Option[] => [
  new Option('--slippage-bps <n>', 'how much worse than the price seen a taking order fills, in basis points; 2 when left out').argParser(basisPoints),
  new Option('--spread-bps <n>', 'distance between bid and ask where none is known, in basis points; 0 when left out').argParser(basisPoints),
  new Option('--latency <duration>', 'from sending an order to its answer, as in 250ms; 250ms when left out').argParser(duration),
  new Option('--volume-share <share>', 'largest part of the traded volume that own orders can be; 0.1 when left out').argParser(
    numberWithin(0.000_000_001, 1, 'a share above 0, at most 1'),
  ),
]

/** What the flags say of the fill model; what they leave out keeps its default. */
export const fillModelOf = ({ slippageBps, spreadBps, latency, volumeShare }: FillModelFlags): FillModelOptions => ({
  ...(slippageBps === undefined ? {} : { slippageBps }),
  ...(spreadBps === undefined ? {} : { spreadBps }),
  ...(latency === undefined ? {} : { latencyMs: latency }),
  ...(volumeShare === undefined ? {} : { volumeShare }),
})
