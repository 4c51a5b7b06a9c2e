import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError, DAY_MS, durationText, simulatedMarket } from '@millrace/core'
import type { EpochMs } from '@millrace/core'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'
import { writeAtomically } from '../run/write-atomically.ts'
import { countText } from '../text/format.ts'

export interface Simulated {
  readonly pairs: readonly string[]
  readonly from: number
  readonly days: number
  /** In ms. */
  readonly timeframe: number
  readonly seed: number
}

/** Writes made-up candles, one file a pair; says what was written. */
export async function simulateFiles(dir: string, { pairs, from, days, timeframe, seed }: Simulated): Promise<readonly string[]> {
  const market = openMarket(pairs, seed)
  mkdirSync(dir, { recursive: true })
  const lines: string[] = []
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
    lines.push(`${file}: ${countText(length)} made-up candles, seed ${seed}`)
  }
  return lines
}

function openMarket(pairs: readonly string[], seed: number): ReturnType<typeof simulatedMarket> {
  try {
    return simulatedMarket({ seed, instruments: pairs })
  } catch (error) {
    if (error instanceof ConfigError) throw new CliError(exitCodes.usage, `--pairs: ${error.message}`, { cause: error })
    throw error
  }
}
