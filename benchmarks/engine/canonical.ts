import type { CandleColumns } from '@millrace/core'

/** 2023-01-01T00:00Z. */
export const START_MS = 1_672_531_200_000
export const MINUTE_MS = 60_000

/** Standard deviation of a minute's return. */
const SIGMA = 0.0008

function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Normal numbers by Box and Muller, both branches used in order. */
function normals(random: () => number): () => number {
  let spare: number | undefined
  return () => {
    if (spare !== undefined) {
      const value = spare
      spare = undefined
      return value
    }
    let u = random()
    while (u === 0) u = random()
    const v = random()
    const radius = Math.sqrt(-2 * Math.log(u))
    spare = radius * Math.sin(2 * Math.PI * v)
    return radius * Math.cos(2 * Math.PI * v)
  }
}

const cents = (value: number): number => Math.round(value * 100) / 100

/**
 * The workload that every figure is measured on: one-minute candles, mulberry32 seed 42, log-return -s²/2 + s·z, open = previous close, high and low stretched by
 * 0.5·s·|z|, prices in cents, from 30,000. Volume is a uniform number of its own.
 */
export function canonicalColumns(length = 1_000_000): CandleColumns {
  const random = mulberry32(42)
  const normal = normals(random)
  const column = (): Float64Array => new Float64Array(new SharedArrayBuffer(length * 8))
  const columns = { length, openTime: column(), open: column(), high: column(), low: column(), close: column(), volume: column() }
  let price = 30_000
  for (let i = 0; i < length; i++) {
    const close = price * Math.exp((-SIGMA * SIGMA) / 2 + SIGMA * normal())
    const high = Math.max(price, close) * (1 + 0.5 * SIGMA * Math.abs(normal()))
    const low = Math.min(price, close) * (1 - 0.5 * SIGMA * Math.abs(normal()))
    columns.openTime[i] = START_MS + i * MINUTE_MS
    columns.open[i] = price
    columns.high[i] = cents(high)
    columns.low[i] = cents(low)
    columns.close[i] = cents(close)
    columns.volume[i] = 1_000 + 9_000 * random()
    price = cents(close)
  }
  return columns
}

export interface LoopResult {
  readonly trades: number
  /** Cash and coins at the last close, from 1,000,000,000 with one unit a trade. */
  readonly equity: number
  /** Rows whose open the entries and exits were filled at, one after the other. */
  readonly fills: readonly number[]
}

/** RSI(14) by Wilder, bought when it is below 30, sold above 70, at the next open, 0.1 % a side: as one would write it by hand. */
export function plainLoop({ open, close, length }: CandleColumns): LoopResult {
  const fills: number[] = []
  let [gain, loss, cash, trades] = [0, 0, 1e9, 0]
  let held = false
  let pending = 0
  for (let i = 0; i < length; i++) {
    if (pending !== 0) {
      cash -= pending * open[i]! * (1 + pending * 0.001)
      held = pending === 1
      if (!held) trades++
      fills.push(i)
      pending = 0
    }
    if (i === 0) continue
    const change = close[i]! - close[i - 1]!
    const up = change > 0 ? change : 0
    const down = change < 0 ? -change : 0
    if (i <= 14) {
      gain += up / 14
      loss += down / 14
      if (i < 14) continue
    } else {
      gain = (gain * 13 + up) / 14
      loss = (loss * 13 + down) / 14
    }
    const rsi = loss === 0 ? 100 : 100 - 100 / (1 + gain / loss)
    if (!held && rsi < 30) pending = 1
    else if (held && rsi > 70) pending = -1
  }
  return { trades, equity: cash + (held ? close[length - 1]! : 0), fills }
}
