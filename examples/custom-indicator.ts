// An indicator of one's own: a state and one step. Preview, snapshot, restart and checked options come by themselves.
// Run it: node --conditions=@millrace/source examples/custom-indicator.ts
import { defineIndicator } from '@millrace/indicators'
import { walk } from '@millrace/indicators/testing'
import { fileURLToPath } from 'node:url'

/** How much of the volume of the last candles was traded in candles that rose, -1 to +1. */
export const volumeBalance = defineIndicator({
  name: 'volumeBalance',
  title: 'Balance of rising and falling volume',
  params: { period: { kind: 'integer', default: 20, min: 1, max: 10_000 } },
  inputs: ['open', 'close', 'volume'],
  range: [-1, 1],
  levels: [0],
  warmup: ({ period }) => period - 1,
  initial: ({ period }) => ({ signed: Array<number>(period).fill(0), all: Array<number>(period).fill(0), at: 0 }),
  step(state, { open, close, volume }, { period }) {
    state.signed[state.at] = Math.sign(close - open) * volume
    state.all[state.at] = volume
    state.at = (state.at + 1) % period
    let [signed, all] = [0, 0]
    // From the oldest on, so that the sum does not depend on where the ring began.
    for (let i = 0; i < period; i++) {
      signed += state.signed[(state.at + i) % period]!
      all += state.all[(state.at + i) % period]!
    }
    return all > 0 ? Math.max(-1, Math.min(1, signed / all)) : 0
  },
})

/** Its values over made-up candles. */
export function run(): number[] {
  const balance = volumeBalance({ period: 10 })
  const { open, high, low, close, volume } = walk(60)
  return Array.from(close, (_, i) => balance.update({ open: open[i]!, high: high[i]!, low: low[i]!, close: close[i]!, volume: volume[i]! }))
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  console.log(
    run()
      .map((value) => value.toFixed(2))
      .join(' '),
  )
