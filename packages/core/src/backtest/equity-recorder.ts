import { DAY_MS } from '../model/time.ts'
import type { EpochMs } from '../model/time.ts'
import { DrawdownTracker } from './statistics/drawdown.ts'

/** The account at one moment, in quote: what it was worth, and what the same money bought and held would have been worth. */
export interface EquitySample {
  readonly atMs: EpochMs
  readonly equity: number
  readonly benchmark: number
}

/** What the recorder reads of the account: mirrors that the kernel refreshes. */
export interface AccountMirrors {
  readonly portfolio: { readonly equity: number }
  readonly cash: { readonly available: number; readonly reserved: number }
}

/** Coins worth less than this share of equity are dust, or the rounding of the mirrors. */
const DUST = 1e-6

/** Samples kept at most: at twice as many every second one is dropped. */
const SAMPLES = 2_000

/**
 * Follows equity through a run in bounded memory: a thinned curve, one value for every UTC day, the exact drawdown, and the time spent invested. Looked at when time moves on,
 * so that no value stands between two candles of the same moment.
 */
export class EquityRecorder {
  readonly drawdown: DrawdownTracker
  /** Equity at the end of each UTC day, the last one so far included; the first value is that of the start. */
  readonly days: EquitySample[]
  investedMs = 0
  /** Integral over time of what the coins are worth as a share of equity. */
  private weighted = 0
  private samples: EquitySample[]
  // Numbers from the beginning: a field that is undefined at first boxes every number that it is given later.
  private everyMs = 0
  private nextMs = 0
  private dayMs = 0
  private lastMs = 0
  private readonly benchmark: () => number
  private readonly startMs: number = 0

  constructor(startMs: EpochMs, equity: number, everyMs: number, benchmark: () => number) {
    const first = { atMs: startMs, equity, benchmark: equity }
    this.drawdown = new DrawdownTracker(startMs, equity)
    this.days = [first]
    this.samples = [first]
    this.everyMs = everyMs
    this.nextMs = startMs + everyMs
    this.dayMs = Math.floor(startMs / DAY_MS)
    this.lastMs = startMs
    this.startMs = startMs
    this.benchmark = benchmark
  }

  /** The account as it is after everything that happened at a moment. */
  observe(atMs: number, { portfolio: { equity }, cash }: AccountMirrors): void {
    const coins = equity - cash.available - cash.reserved
    if (coins > equity * DUST) {
      this.investedMs += atMs - this.lastMs
      this.weighted += ((atMs - this.lastMs) * coins) / equity
    }
    this.lastMs = atMs
    this.drawdown.update(atMs, equity)
    if (atMs < this.nextMs) return
    const sample = { atMs: atMs as EpochMs, equity, benchmark: this.benchmark() }
    this.nextMs = (Math.floor(atMs / this.everyMs) + 1) * this.everyMs
    this.keep(sample)
    // A moment at midnight is the end of the day before.
    const day = Math.ceil(atMs / DAY_MS) - 1
    if (day > this.dayMs || this.days.length === 1) this.days.push(sample)
    else this.days[this.days.length - 1] = sample
    this.dayMs = day
  }

  /** Ends the record: the last value stands in it. */
  end(atMs: EpochMs, account: AccountMirrors): void {
    this.nextMs = atMs
    this.observe(atMs, account)
  }

  /** Share of the time with a position. */
  get timeInvested(): number {
    return this.lastMs > this.startMs ? this.investedMs / (this.lastMs - this.startMs) : 0
  }

  /** Mean over time of what was invested as a share of equity. */
  get meanExposure(): number {
    return this.lastMs > this.startMs ? this.weighted / (this.lastMs - this.startMs) : 0
  }

  /** Oldest first, at most twice the bound. */
  list(): readonly EquitySample[] {
    return this.samples
  }

  private keep(sample: EquitySample): void {
    if (this.samples.at(-1)!.atMs === sample.atMs) this.samples.pop()
    this.samples.push(sample)
    if (this.samples.length < 2 * SAMPLES) return
    this.samples = this.samples.filter((_, i) => i % 2 === 0)
    // Never longer than a day, so that every day has its end.
    this.everyMs = Math.min(this.everyMs * 2, DAY_MS)
  }
}
