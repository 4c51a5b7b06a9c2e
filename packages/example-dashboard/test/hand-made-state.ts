import type { BotState, EngineState } from '@millrace/core'
import { at, aFill, aSale, anAlert } from './hand-made-facts.ts'
import { situations, standing } from './hand-made-situations.ts'

const pairs: readonly (readonly [instrument: string, price: number, decimals: number])[] = [
  ['BTC-USD', 91_234.56, 2],
  ['ETH-USD', 3_120.44, 2],
  ['SOL-USD', 187.21, 2],
  ['XRP-USD', 2.8714, 4],
  ['DOGE-USD', 0.26143, 5],
  ['AVNT-USD', 1.0342, 4],
  ['AERO-USD', 1.18244, 5],
  ['SUI-USD', 3.4121, 4],
  ['AVAX-USD', 29.845, 3],
  ['TOSHI-USD', 0.0007213, 7],
  ['PENGU-USD', 0.031245, 6],
]

const flat = (botId: string, instrument: string): BotState['position'] => ({
  botId,
  instrument,
  status: 'closed',
  quantity: '0',
  averageEntry: undefined,
  cost: '0',
  realizedPnl: '0',
  unrealizedPnl: '0',
  tranches: [],
})

const component = (name: string, score: number, weight: number, reading: number, reason: string) => ({ name, score, weight, reading, reason })

function plainBot(index: number, tick: number): BotState {
  const [instrument, price, priceDecimals] = pairs[index]!
  const id = instrument.slice(0, -4).toLowerCase()
  const wave = Math.sin(tick / 7 + index)
  const score = (Math.round(wave * 40) + 0) / 100
  return {
    id,
    instrument,
    timeframeMs: 60_000,
    paused: false,
    price: price * (1 + wave / 400),
    priceAtMs: at(tick - 2),
    priceAgeMs: 2000,
    priceDecimals,
    score,
    components: [
      component('rsi', (Math.round(wave * 55) + 0) / 100, 0.4, 50 - wave * 22, `RSI ${(50 - wave * 22).toFixed(1)}`),
      component('ma', (Math.round(wave * 18) + 0) / 100, 0.35, wave, `12/26 separation ${wave.toFixed(2)} %`),
      component('macd', (Math.round(wave * 70) + 0) / 100, 0.25, wave * 4, 'above its signal line'),
    ],
    temperature: Math.abs(score) >= 0.3 ? 'hot' : Math.abs(score) >= 0.15 ? 'warm' : Math.abs(score) >= 0.05 ? 'cool' : 'frozen',
    action: score >= 0.1 ? 'buy' : score <= -0.1 ? 'sell' : 'hold',
    outcome: 'hold',
    confirmation: { side: undefined, sinceMs: undefined, requiredMs: 300_000, progress: 0 },
    readiness: { canTrade: true, atMs: at(tick), blockers: [] },
    blocker: undefined,
    position: flat(id, instrument),
    realizedPnl: '0',
    unrealizedPnl: '0',
    fees: '0',
    workingOrder: undefined,
    lastFill: undefined,
    tradesToday: 0,
  }
}

/** The state of a small, busy portfolio, `tick` seconds after the start. */
export function handMadeState(tick: number): EngineState {
  const bots = situations.map((situation, index) => {
    const bot = plainBot(index, tick)
    const { canTrade = true, also = [], ...shown } = situation(bot, tick)
    return { ...bot, ...shown, readiness: { canTrade, atMs: at(tick), blockers: [...(shown.blocker === undefined ? [] : [standing(shown.blocker)]), ...also] } }
  })
  return {
    environment: 'paper',
    tradingState: 'active',
    tradingStateReason: undefined,
    nowMs: at(tick),
    startedAtMs: at(-5400),
    market: { id: 'simulated', text: 'Simulated prices, seed 7, at the speed of the clock', notes: ['Coinbase could not be reached, so prices are simulated'] },
    quoteCurrency: 'USD',
    equity: `${1271.22 + tick / 10}000000000001`,
    cash: { total: '1221.80421', available: '1209.30421', reserved: '12.5' },
    coins: '49.42',
    realizedPnl: '-0.86588',
    unrealizedPnl: '0.3059',
    fees: '0.535499676',
    maxDrawdown: '4.11',
    today: { loss: 0.56, peakLoss: 1.93, trades: 6 },
    breakers: [],
    bots,
    lastFills: [aSale, aFill],
    alerts: [anAlert],
    lastSeq: 4211 + tick,
    journalHash: 'c0ffee',
  }
}
