import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError, DAY_MS, durationText, simulatedMarket } from '@millrace/core'
import type { EpochMs } from '@millrace/core'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'
import { writeAtomically } from '../run/write-atomically.ts'

export interface Simulated {
  readonly pairs: readonly string[]
  readonly from: number
  readonly days: number
  /** In ms. */
  readonly timeframe: number
  readonly seed: number
}

export interface WrittenFile {
  readonly file: string
  readonly pair: string
  readonly candles: number
}

/** Writes made-up candles, one file a pair; gives what was written. */
export async function simulateFiles(dir: string, { pairs, from, days, timeframe, seed }: Simulated): Promise<readonly WrittenFile[]> {
  const market = openMarket(pairs, seed)
  mkdirSync(dir, { recursive: true })
  const written: WrittenFile[] = []
  for (const pair of pairs) {
    // One candle more: the last row of a file counts as unfinished.
    const toMs = from + days * DAY_MS + timeframe
    const { length, openTime, open, high, low, close, volume } = await market.candles({
      instrument: pair,
      timeframeMs: timeframe,
      fromMs: from as EpochMs,
      toMs: toMs as EpochMs,
    })
    const rows = Array.from({ length }, (_, i) => `${openTime[i]},${open[i]},${high[i]},${low[i]},${close[i]},${volume[i]}\n`)
    const file = join(dir, `${pair}_simulated_${durationText(timeframe)}.csv`)
    writeAtomically(file, `ts,open,high,low,close,volume\n${rows.join('')}`)
    written.push({ file, pair, candles: length })
  }
  return written
}

function openMarket(pairs: readonly string[], seed: number): ReturnType<typeof simulatedMarket> {
  try {
    return simulatedMarket({ seed, instruments: pairs })
  } catch (error) {
    if (error instanceof ConfigError)
      throw new CliError(
        exitCodes.usage,
        `--pairs: ${error.problems.map(({ expected, received }) => `expected ${expected}, received ${received}`).join('; ')}`,
        { cause: error },
      )
    throw error
  }
}
