import { amount, text } from '../amount.ts'
import type { Candle } from './candles.ts'

/** Minutes that are kept ready; older ones are packed as text, which takes a tenth of the room. */
const KEPT = 120

/** The candles of minutes, for as long as the venue runs. */
export interface MinuteStore {
  get(startMs: number): Candle | undefined
  /** In the place of the one of the same minute. */
  put(candle: Candle): void
}

export function createMinuteStore(): MinuteStore {
  const ready = new Map<number, Candle>()
  const packed = new Map<number, string>()
  return {
    get: (startMs) => ready.get(startMs) ?? unpacked(startMs, packed.get(startMs)),
    put(candle) {
      ready.set(candle.startMs, candle)
      if (ready.size <= KEPT) return
      const [oldest] = ready.values()
      ready.delete(oldest!.startMs)
      packed.set(oldest!.startMs, [oldest!.open, oldest!.high, oldest!.low, oldest!.close, oldest!.volume].map(text).join(' '))
    },
  }
}

function unpacked(startMs: number, row: string | undefined): Candle | undefined {
  if (row === undefined) return undefined
  const [open, high, low, close, volume] = row.split(' ').map(amount)
  return { startMs, open: open!, high: high!, low: low!, close: close!, volume: volume! }
}
