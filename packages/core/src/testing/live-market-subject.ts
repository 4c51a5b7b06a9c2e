import type { MarketSource } from '../contracts/market-source.ts'
import type { EpochMs } from '../model/time.ts'

/** A live market to try, over a venue that the author controls: a fake one in the same process, a simulator, or recorded answers. */
export interface LiveMarketSubject {
  /** Of timeline `wall`. */
  readonly market: MarketSource
  readonly instruments: readonly string[]
  /** The venue's time, which the market's clock follows. The venue has at least an hour of candles before it. */
  nowMs(): EpochMs
  /** Lets time go on by a quarter of a minute, and everything arrive that it brings. */
  settle(): Promise<void>
  /** While true, the venue answers nothing; what it would have said meanwhile can be asked for later. The cases that need it are skipped when it is left out. */
  readonly breakVenue?: (broken: boolean) => void | Promise<void>
  /** Frees what was taken. The case may have closed the market already. */
  close(): Promise<void>
}
