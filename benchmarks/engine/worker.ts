// Times everything in one process and prints one JSON object: see main.ts.
import {
  backtest,
  balance,
  bot,
  coinbaseInstrument,
  cooldown,
  createSimulatedVenue,
  dailyLossLimit,
  dailyTrades,
  maxExposure,
  maxOpenPositions,
  maxPosition,
  maxTranches,
  minTemperature,
  money,
  priceStep,
  staleData,
  stopLoss,
  takeProfit,
  temperatureSizing,
  tradeSize,
  weightedSignals,
} from '@millrace/core'
import type { BacktestResult, CandleSeries } from '@millrace/core'
import { createLedger } from '../../packages/core/src/ledger/ledger.ts'
import { coins, engineData, timeframeMs } from './data.ts'
import type { Report, Row } from './report.ts'

type Ms = Parameters<ReturnType<typeof createSimulatedVenue>['apply']>[1]

const rounds = Number(process.argv[2] ?? 5)
const collect = (globalThis as { gc?: () => void }).gc
const START = 1_700_000_100_000

/** Least processor time of the rounds, in ns per unit of work; a few rounds before them let the compiler finish. */
function nanoseconds(run: () => number): number {
  let best = Infinity
  for (let round = -3; round < rounds; round++) {
    collect?.()
    const start = process.threadCpuUsage()
    const units = run()
    const { user, system } = process.threadCpuUsage(start)
    if (round >= 0) best = Math.min(best, ((user + system) * 1000) / units)
  }
  return best
}

/** Wilder's RSI as one would write it by hand: what a machine's nanosecond is worth. */
function rsiLoop(close: Float64Array): number {
  let gain = 0
  let loss = 0
  let sum = 0
  for (let i = 1; i < close.length; i++) {
    const change = close[i]! - close[i - 1]!
    gain = (gain * 13 + (change > 0 ? change : 0)) / 14
    loss = (loss * 13 + (change < 0 ? -change : 0)) / 14
    sum += 100 - 100 / (1 + gain / loss)
  }
  return sum
}

function replay(candles: readonly CandleSeries[], actionThreshold: number): BacktestResult {
  const bots = coins.map((coin) =>
    bot({
      id: coin.toLowerCase(),
      instrument: `${coin}-USD`,
      timeframe: '5m',
      strategy: weightedSignals(),
      actionThreshold,
      confirm: '5m',
      sizing: temperatureSizing({ base: 10, min: 5, max: 25 }),
      exits: [stopLoss(0.05), takeProfit(0.04)],
      safety: [tradeSize(5, 25), cooldown('15m'), minTemperature('warm'), maxTranches(3), maxPosition(75), priceStep(0.008), staleData('90s'), balance()],
    }),
  )
  return backtest({
    bots,
    candles,
    cash: { USD: '1266' },
    safety: [dailyLossLimit(100), ...dailyTrades({ account: 100, bot: 12 }), maxExposure(800), maxOpenPositions(11)],
  })
}

const ROUND_TRIPS = 2_000

/** A purchase and its sale: reserved, filled, released. */
function ledgerFills(): number {
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
      atMs: (START + i) as Ms,
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

/** A market order from submit to its last report: accepted, filled by the next candle, ended. */
function venueOrders(): number {
  const venue = createSimulatedVenue({ instruments: [coinbaseInstrument('BTC-USD')!], cash: { USD: '1000' } })
  let held = money('0')
  for (let i = 0; i < 2 * ROUND_TRIPS; i++) {
    const atMs = (START + i * timeframeMs) as Ms
    const close = 60_000 + (i % 997)
    const answers = venue.apply(
      {
        type: 'candle',
        instrument: 'BTC-USD',
        timeframeMs,
        candle: { openTime: (atMs - timeframeMs) as Ms, open: close, high: close + 5, low: close - 5, close, volume: 12.345678 },
        closed: true,
        atMs,
      },
      atMs,
    )
    for (const answer of answers) if (answer.type === 'fill') held = answer.fill.quantity
    const side = i % 2 === 0 ? 'buy' : 'sell'
    venue.apply(
      {
        type: 'submit',
        request: {
          clientOrderId: `o${i}`,
          botId: 'btc',
          instrument: 'BTC-USD',
          side,
          type: 'market',
          size: side === 'buy' ? { quote: money('12.34') } : { base: held },
        },
      },
      atMs,
    )
  }
  return 2 * ROUND_TRIPS
}

const { text, candles } = await engineData()
const close = candles[0]!.columns.close
const hashes = new Set<string>()
let fills = 0
let sum = 0
const loop = nanoseconds(() => {
  for (let i = 0; i < 20; i++) sum += rsiLoop(close)
  return 20 * close.length
})
const withOrders = nanoseconds(() => {
  const { hash, summary } = replay(candles, 0.1)
  hashes.add(hash)
  fills = summary.fills
  return summary.candleBots
})
const without = nanoseconds(() => replay(candles, 0.99).summary.candleBots)
const ledger = nanoseconds(ledgerFills)
const venue = nanoseconds(venueOrders)
if (hashes.size !== 1 || Number.isNaN(sum)) throw new Error(`the same replay gave ${hashes.size} different results`)

const row = (name: string, value: number, unit: string): Row => ({ name, value, unit, ratioToLoop: value / loop })
const report: Report = {
  data: `${text}, ${fills} fills`,
  hash: [...hashes][0]!,
  fills,
  rows: [
    row('hand-written RSI loop', loop, 'ns/candle'),
    row('engine replay, orders', withOrders, 'ns/candle-bot'),
    row('engine replay, no orders', without, 'ns/candle-bot'),
    row('ledger fill', ledger, 'ns/fill'),
    row('venue order', venue, 'ns/order'),
  ],
}
console.log(JSON.stringify(report))
