import {
  MINUTE_MS,
  backtest,
  balance,
  bot,
  breakout,
  cooldown,
  dailyLossLimit,
  defineStrategy,
  fixedSize,
  maxExposure,
  maxTranches,
  meanReversion,
  minTemperature,
  percentOfEquity,
  priceStep,
  stopLoss,
  takeProfit,
  temperatureSizing,
  timeStop,
  trailingStop,
  trendFollowing,
  weightedSignals,
} from '@millrace/core'
import type { BacktestResult, BotConfig, CandleColumns, Strategy } from '@millrace/core'
import { ema, rsi, sma } from '@millrace/indicators'
import { z } from 'zod'

/** How much happens: a fill in some hundred steps, or an intent on nearly every second one. */
export type Regime = 'normal' | 'noisy' | 'distinct plugins'

const ids = Array.from({ length: 11 }, (_, i) => `bot-${i + 1}`)
const none = z.strictObject({})

/** One RSI, level rules: what the hand-written loop does. */
const rsiLevels = defineStrategy({
  id: 'rsi-levels',
  params: none,
  indicators: () => ({ rsi: rsi(14) }),
  components: { rsi: ({ reading }) => `RSI ${reading.toFixed(1)}` },
  evaluate({ readings, position }, _params, signal) {
    const value = readings.rsi.value
    signal.add('rsi', !position.open && value < 30 ? 1 : position.open && value > 70 ? -1 : 0, 1, value)
  },
})

const emaDistance = defineStrategy({
  id: 'ema-distance',
  params: none,
  indicators: () => ({ mean: ema(50) }),
  components: { distance: ({ reading }) => `${reading} away` },
  evaluate: ({ readings, candle }, _params, signal) =>
    signal.add('distance', Math.max(-1, Math.min(1, 40 * (1 - candle.close / readings.mean.value))), 1, readings.mean.value),
})

const smaCross = defineStrategy({
  id: 'sma-cross',
  params: none,
  indicators: () => ({ fast: sma(10), slow: sma(50) }),
  components: { cross: ({ reading }) => `${reading} apart` },
  evaluate({ readings }, _params, signal) {
    const apart = readings.fast.value / readings.slow.value - 1
    signal.add('cross', apart > 0.002 ? 0.5 : apart < -0.002 ? -0.5 : 0, 1, apart)
  },
})

const momentum = defineStrategy({
  id: 'momentum',
  params: none,
  window: 20,
  indicators: () => ({}),
  components: { change: ({ reading }) => `${reading} in twenty minutes` },
  evaluate({ window, candle }, _params, signal) {
    const change = candle.close / window.close(19) - 1
    signal.add('change', change > 0.004 ? 0.6 : change < -0.004 ? -0.6 : 0, 1, change)
  },
})

const distinct: readonly (() => Strategy)[] = [
  () => weightedSignals(),
  () => meanReversion(),
  () => breakout(),
  () => trendFollowing(),
  () => rsiLevels(),
  () => emaDistance(),
  () => smaCross(),
  () => momentum(),
  () => weightedSignals({ set: 'standard' }),
  () => meanReversion(),
  () => trendFollowing(),
]
const sizers = [fixedSize(10), temperatureSizing({ base: 10, min: 5, max: 25 }), percentOfEquity(0.01)]
const exitSets = [[stopLoss(0.05), takeProfit(0.04)], [trailingStop(0.03)], [stopLoss(0.04), timeStop('6h')]]

/** Eleven bots on one series. */
export function elevenBots(regime: Regime): readonly BotConfig[] {
  return ids.map((id, i) => {
    const apart = regime === 'distinct plugins'
    return bot({
      id,
      instrument: 'BTC-USD',
      timeframe: '1m',
      strategy: apart ? distinct[i]!() : weightedSignals(),
      actionThreshold: regime === 'noisy' ? 0.03 : apart ? 0.45 : 0.17,
      confirm: regime === 'noisy' ? 0 : '2m',
      sizing: apart ? sizers[i % 3]! : temperatureSizing({ base: 10, min: 5, max: 25 }),
      exits: apart ? exitSets[i % 3]! : [stopLoss(0.05), takeProfit(0.04)],
      safety: [minTemperature(regime === 'noisy' ? 'hot' : 'warm'), cooldown(regime === 'noisy' ? '12h' : '15m'), maxTranches(3), priceStep(0.004), balance()],
    })
  })
}

export const accountSafety = () => [dailyLossLimit(1_000), maxExposure(100_000)]
export const cash = { USD: '100000' }

/** The eleven bots over the candles, without materialised decisions. */
export const replay = (columns: CandleColumns, regime: Regime): BacktestResult =>
  backtest({ bots: elevenBots(regime), candles: [{ instrument: 'BTC-USD', timeframeMs: MINUTE_MS, columns }], cash, safety: accountSafety() })

/** One bot with the rules of the hand-written loop. */
export const single = (columns: CandleColumns): BacktestResult =>
  backtest({
    bots: [
      bot({ id: 'rsi', instrument: 'BTC-USD', timeframe: '1m', strategy: rsiLevels(), actionThreshold: 0.5, confirm: 0, sizing: fixedSize(20), safety: [] }),
    ],
    candles: [{ instrument: 'BTC-USD', timeframeMs: MINUTE_MS, columns }],
    cash: { USD: '1000000000' },
    safety: [],
    fees: { makerRate: '0.001', takerRate: '0.001' },
    slippageBps: 0,
    latencyMs: 0,
  })
