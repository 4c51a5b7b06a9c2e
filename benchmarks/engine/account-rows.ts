import { coinbaseInstrument, createSimulatedVenue, money } from '@millrace/core'
import { createLedger } from '../../packages/core/src/ledger/ledger.ts'
import { MINUTE_MS, START_MS } from './canonical.ts'

type Ms = Parameters<ReturnType<typeof createSimulatedVenue>['apply']>[1]

const ROUND_TRIPS = 2_000

/** A purchase and its sale: reserved, filled, released. Returns how many fills there were. */
export function ledgerFills(): number {
  const ledger = createLedger({ booking: 'fifo' })
  ledger.deposit('USD', money('1000'))
  for (let i = 0; i < ROUND_TRIPS; i++) {
    const price = money((60_000 + (i % 997)).toString())
    const quantity = money('0.00016384')
    const common = {
      botId: 'btc',
      venueOrderId: 'v',
      instrument: 'BTC-USD',
      base: 'BTC',
      quote: 'USD',
      price,
      quantity,
      fee: { amount: money('0.0884736'), currency: 'USD' },
      liquidity: 'taker',
      atMs: (START_MS + i) as Ms,
    } as const
    ledger.reserve(`b${i}`, 'btc', 'USD', money('12.34'))
    ledger.applyFill({ ...common, fillId: `fb${i}`, clientOrderId: `b${i}`, side: 'buy', orderKind: 'entry' })
    ledger.release(`b${i}`)
    ledger.reserve(`s${i}`, 'btc', 'BTC', quantity)
    ledger.applyFill({ ...common, fillId: `fs${i}`, clientOrderId: `s${i}`, side: 'sell', orderKind: 'exit' })
    ledger.release(`s${i}`)
  }
  return 2 * ROUND_TRIPS
}

/** A market order from submit to its last report: accepted, filled by the next candle, ended. Returns how many there were. */
export function venueOrders(): number {
  const venue = createSimulatedVenue({ instruments: [coinbaseInstrument('BTC-USD')!], cash: { USD: '1000' } })
  let held = money('0')
  for (let i = 0; i < 2 * ROUND_TRIPS; i++) {
    const atMs = (START_MS + i * MINUTE_MS) as Ms
    const close = 60_000 + (i % 997)
    const answers = venue.apply(
      {
        type: 'candle',
        instrument: 'BTC-USD',
        timeframeMs: MINUTE_MS,
        candle: { openTime: (atMs - MINUTE_MS) as Ms, open: close, high: close + 5, low: close - 5, close, volume: 12.345678 },
        closed: true,
        atMs,
      },
      atMs,
    )
    for (const answer of answers) if (answer.type === 'fill') held = answer.fill.quantity
    const side = i % 2 === 0 ? 'buy' : 'sell'
    const request = {
      clientOrderId: `o${i}`,
      botId: 'btc',
      instrument: 'BTC-USD',
      side,
      type: 'market',
      size: side === 'buy' ? { quote: money('12.34') } : { base: held },
    } as const
    venue.apply({ type: 'submit', request }, atMs)
  }
  return 2 * ROUND_TRIPS
}
