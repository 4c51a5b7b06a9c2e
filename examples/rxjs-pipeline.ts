// The streams without the engine: candles of a market through indicators, by hand, with RxJS. For alerts, charts and experiments; it places no orders.
// Run it: node --conditions=@millrace/source examples/rxjs-pipeline.ts
import { simulatedMarket } from '@millrace/core'
import type { MarketEvent, MarketSource } from '@millrace/core'
import { bollinger, rsi } from '@millrace/indicators'
import { distinctUntilKeyChanged, filter, groupBy, map, mergeMap } from 'rxjs'
import type { Observable } from 'rxjs'
import { fileURLToPath } from 'node:url'

type CandleEvent = Extract<MarketEvent, { readonly type: 'candle' }>

export interface Alert {
  readonly instrument: string
  readonly atMs: number
  readonly says: 'stretched up' | 'stretched down' | 'calm'
}

/** Tells for each instrument when it leaves its bands with an RSI to match, and when it comes back. */
export function alerts(market: MarketSource, instruments: readonly string[]): Observable<Alert> {
  return market.stream({ instruments, timeframesMs: [60_000] }).pipe(
    filter((event): event is CandleEvent => event.type === 'candle' && event.closed),
    groupBy((event) => event.instrument),
    mergeMap((candles) => {
      const [bands, heat] = [bollinger({ period: 20 }), rsi(14)] // one of each per instrument
      return candles.pipe(
        map(({ instrument, candle, atMs }): Alert => {
          const { upper, lower } = bands.update(candle.close)
          const heated = heat.update(candle.close)
          const says = candle.close > upper && heated > 65 ? 'stretched up' : candle.close < lower && heated < 35 ? 'stretched down' : 'calm'
          return { instrument, atMs, says }
        }),
        distinctUntilKeyChanged('says'),
      )
    }),
  )
}

/** Six simulated hours of two coins, as fast as the machine can. */
export const run = (): Observable<Alert> => alerts(simulatedMarket({ seed: 3, until: '6h', speed: 'max' }), ['BTC-USD', 'ETH-USD'])

if (process.argv[1] === fileURLToPath(import.meta.url))
  run().subscribe(({ instrument, atMs, says }) => console.log(new Date(atMs).toISOString(), instrument, says))
