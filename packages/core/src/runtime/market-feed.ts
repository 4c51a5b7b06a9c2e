import type { Subscription } from 'rxjs'
import type { MarketEvent } from '../contracts/events.ts'
import type { MarketSource, StreamQuery } from '../contracts/market-source.ts'
import type { EpochMs } from '../model/time.ts'
import type { BotRuntime } from '../pipeline/bot-runtime.ts'

/** The series that bots need. */
export const streamOf = (bots: readonly BotRuntime[]): { readonly instruments: readonly string[]; readonly timeframesMs: readonly number[] } => ({
  instruments: [...new Set(bots.map(({ config }) => config.instrument))],
  timeframesMs: [...new Set(bots.map(({ config }) => config.timeframeMs))].sort((a, b) => a - b),
})

/** Turns of the host without an event, after which a moment is over. */
const QUIET_TURNS = 3

/** What a feed tells of itself. */
interface FeedHost {
  take(event: MarketEvent): void
  error(error: unknown): void
  complete(): void
}

/**
 * The stream of a market, which can be opened anew for other instruments and timeframes: nothing is missed and nothing comes twice. A market with its own time stands still
 * between two moments meanwhile; a live one goes on, and is asked again for what closed since.
 */
export class MarketFeed {
  query: StreamQuery = { instruments: [], timeframesMs: [] }
  private readonly market: MarketSource
  private readonly host: FeedHost
  private subscription: Subscription | undefined
  private held: (() => void) | undefined
  private lastMs: EpochMs | undefined
  private told = false
  /** Of a live market: the last closed candle of each series. */
  private readonly lastOpen = new Map<string, number>()
  /** Of a live market: the time of the last candle event of each instrument. */
  private readonly lastAt = new Map<string, number>()

  constructor(market: MarketSource, host: FeedHost) {
    this.market = market
    this.host = host
  }

  open(query: StreamQuery): void {
    this.query = query
    const next = this.market.timeline === 'wall' ? this.takeLive : this.takeTimed
    this.subscription = this.market.stream(query).subscribe({
      next,
      error: (error) => this.host.error(error),
      complete: () => {
        this.subscription = undefined
        this.host.complete()
      },
    })
  }

  close(): void {
    try {
      this.letGo()
    } finally {
      this.held?.()
    }
  }

  private letGo(): void {
    const { subscription } = this
    this.subscription = undefined
    subscription?.unsubscribe()
  }

  /** Resolves when a market with its own time stands still, all events of the last moment told; a live one does not wait for anybody. */
  hold(): Promise<void> {
    if (this.market.timeline === 'wall' || this.subscription === undefined) return Promise.resolve()
    return new Promise((resolve) => {
      this.held = () => {
        this.held = undefined
        resolve()
        try {
          this.letGo()
        } catch (error) {
          this.host.error(error)
        }
      }
      this.waitForQuiet(QUIET_TURNS)
    })
  }

  /** What belongs to one moment is told in one go, or with nothing but a turn of the host between: a few turns without an event, and the moment is over. */
  private waitForQuiet(turns: number): void {
    if (this.held === undefined) return
    if (turns === 0) return this.held()
    this.told = false
    setTimeout(() => this.waitForQuiet(this.told ? QUIET_TURNS : turns - 1), 0)
  }

  /** Goes on after {@link hold}, or asks a live market for other series as well. */
  goOn(bots: readonly BotRuntime[], nowMs: EpochMs): void {
    const { query } = this
    const { instruments, timeframesMs } = streamOf(bots)
    const same = instruments.every((id) => query.instruments.includes(id)) && timeframesMs.every((ms) => query.timeframesMs.includes(ms))
    const wanted: StreamQuery = same ? query : { ...query, instruments, timeframesMs }
    if (this.market.timeline === 'event') return this.open(this.lastMs === undefined ? wanted : { ...wanted, afterMs: this.lastMs })
    if (same) return
    this.letGo()
    // What a bot has seen, of the stream or of the past, need not come again.
    for (const { config, lastOpenTime } of bots) this.seen(`${config.instrument}/${config.timeframeMs}`, lastOpenTime)
    const starts = instruments.flatMap((id) => timeframesMs.map((ms) => (this.lastOpen.get(`${id}/${ms}`) ?? Math.floor(nowMs / ms) * ms - ms) + ms))
    this.open({ ...wanted, afterMs: Math.min(nowMs, ...starts) as EpochMs })
  }

  private seen(series: string, openTime: number): void {
    if (openTime > (this.lastOpen.get(series) ?? Number.NEGATIVE_INFINITY)) this.lastOpen.set(series, openTime)
  }

  private readonly takeTimed = (event: MarketEvent): void => {
    if (this.held !== undefined && (this.lastMs === undefined || event.atMs > this.lastMs)) return this.held()
    this.lastMs = event.atMs
    this.told = true
    this.host.take(event)
  }

  private readonly takeLive = (event: MarketEvent): void => {
    if (event.type === 'candle' && event.closed) {
      const series = `${event.instrument}/${event.timeframeMs}`
      const { openTime } = event.candle
      if (openTime <= (this.lastOpen.get(series) ?? Number.NEGATIVE_INFINITY)) return
      this.lastOpen.set(series, openTime)
    }
    if (event.type !== 'candle') return this.host.take(event)
    // A stream that was opened anew does not know what the one before it told: no event is older than the one before.
    const atMs = Math.max(event.atMs, this.lastAt.get(event.instrument) ?? 0) as EpochMs
    this.lastAt.set(event.instrument, atMs)
    this.host.take(atMs === event.atMs ? event : { ...event, atMs })
  }
}
