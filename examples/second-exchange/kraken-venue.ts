// A venue in the same process that answers as Kraken's public API does: for tests, and to try the adapter without a network.
import type { Clock } from '@millrace/core'

const MINUTE_MS = 60_000
const pair = (wsname: string, tick: string) => ({
  altname: wsname.replace('/', ''),
  wsname,
  tick_size: tick,
  lot_decimals: 8,
  ordermin: '0.00005',
  costmin: '0.5',
  status: 'online',
})

export interface KrakenVenue {
  readonly fetch: typeof fetch
  /** From now on requests fail on the way. */
  breakDown(broken: boolean): void
  /** Requests that were answered or failed so far. */
  readonly requests: number
}

/** Prices are a function of the minute, so that a candle asked for twice is the same. */
export function krakenVenue(clock: Clock): KrakenVenue {
  let broken = false
  let requests = 0
  const priceAt = (minute: number): number => 50_000 + 400 * Math.sin(minute / 17) + 90 * Math.sin(minute * 1.7)

  function rowOf(minute: number, interval: number): unknown[] {
    const prices = Array.from({ length: interval + 1 }, (_, i) => priceAt(minute + i))
    const text = (value: number): string => value.toFixed(1)
    const [open, close] = [prices[0]!, prices.at(-1)!]
    return [minute * 60, text(open), text(Math.max(...prices)), text(Math.min(...prices)), text(close), text((open + close) / 2), '12.50000000', 40 * interval]
  }

  function answer(url: URL): unknown {
    if (url.pathname === '/0/public/AssetPairs') return { XXBTZUSD: pair('XBT/USD', '0.1'), XETHZUSD: pair('ETH/USD', '0.01') }
    const interval = Number(url.searchParams.get('interval'))
    const forming = Math.floor(clock.nowMs() / MINUTE_MS / interval) * interval
    const since = Math.max(Number(url.searchParams.get('since')) / 60, forming - 719 * interval)
    const rows: unknown[] = []
    for (let minute = forming; minute > since || minute === forming; minute -= interval) rows.unshift(rowOf(minute, interval))
    return { [url.searchParams.get('pair')!]: rows, last: (forming - interval) * 60 }
  }

  return {
    async fetch(input) {
      requests++
      if (broken) throw new TypeError('the network is down')
      return Response.json({ error: [], result: answer(new URL(input instanceof Request ? input.url : input)) })
    },
    breakDown(value) {
      broken = value
    },
    get requests() {
      return requests
    },
  }
}
