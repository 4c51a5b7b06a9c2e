import { adjustedMacd, cutlerRsi, macd, rsi } from '@millrace/indicators'
import type { Indicator } from '../../contracts/indicator.ts'
import type { SignalBuilder } from '../../contracts/strategy.ts'
import { defineStrategy } from '../define-strategy.ts'
import { maCross } from './ma-cross.ts'
import type { MaCrossValue } from './ma-cross.ts'
import { macdMomentum } from './macd-momentum.ts'
import type { MacdMomentumValue } from './macd-momentum.ts'
import { originalMacdScore, originalMovingAverageScore, originalRsiScore } from './original-scores.ts'
import { weightedSignalsParams } from './params.ts'
import type { WeightedSignalsParams } from './params.ts'
import { macdScore, movingAverageScore, rsiScore, separationPercent } from './scores.ts'

type Component = 'rsi' | 'movingAverage' | 'macd'
type CloseIndicator<Out> = Indicator<number, Out> & { readonly input?: 'close' }

/** A disabled component has no indicator: it neither scores nor delays the warm-up. */
interface Readable {
  readonly rsi?: CloseIndicator<number>
  readonly movingAverage?: CloseIndicator<MaCrossValue>
  readonly macd?: CloseIndicator<MacdMomentumValue>
}

interface Values {
  readonly rsi?: { readonly value: number }
  readonly movingAverage?: { readonly value: Readonly<MaCrossValue> }
  readonly macd?: { readonly value: Readonly<MacdMomentumValue> }
}

function indicatorsOf(p: WeightedSignalsParams): Pick<Readable, Component> {
  const { rsi: r, movingAverage: m, macd: d } = p
  const standard = p.set === 'standard'
  return {
    ...(r.enabled ? { rsi: standard ? rsi(r.period) : cutlerRsi(r.period, { flat: (r.oversold + r.overbought) / 2 }) } : {}),
    ...(m.enabled ? { movingAverage: maCross(m.fast, m.slow) } : {}),
    ...(d.enabled
      ? {
          macd: standard
            ? macdMomentum(macd({ fast: d.fast, slow: d.slow, signal: d.signal }))
            : macdMomentum(adjustedMacd({ fast: d.fast, slow: d.slow, signal: d.signal }), d.slow + d.signal + 4),
        }
      : {}),
  }
}

function addStandard(signal: SignalBuilder<Component>, { rsi: r, movingAverage: m, macd: d }: Values, close: number, p: WeightedSignalsParams): void {
  if (r !== undefined) signal.add('rsi', rsiScore(r.value, p.rsi.oversold, p.rsi.overbought), p.rsi.weight, r.value)
  if (m !== undefined) {
    const separation = separationPercent(m.value)
    signal.add('movingAverage', movingAverageScore(m.value, separation), p.movingAverage.weight, separation)
  }
  if (d !== undefined) signal.add('macd', macdScore(d.value, close), p.macd.weight, d.value.histogram)
}

function addOriginals(signal: SignalBuilder<Component>, { rsi: r, movingAverage: m, macd: d }: Values, p: WeightedSignalsParams): void {
  if (r !== undefined) addOriginal(signal, 'rsi', originalRsiScore(r.value, p.rsi.oversold, p.rsi.overbought), p.rsi.weight, r.value)
  if (m !== undefined) {
    const separation = separationPercent(m.value)
    addOriginal(signal, 'movingAverage', originalMovingAverageScore(m.value, separation), p.movingAverage.weight, separation)
  }
  if (d !== undefined) addOriginal(signal, 'macd', originalMacdScore(d.value), p.macd.weight, d.value.histogram)
}

/** The original's direction is turned here, once; a component that says exactly 0 is left out of both sums, as it was there. */
function addOriginal(signal: SignalBuilder<Component>, name: Component, originalScore: number, weight: number, reading: number): void {
  if (originalScore !== 0) signal.add(name, -originalScore, weight, reading)
}

/**
 * The reference strategy: RSI (mean-reverting), a crossing of two simple averages and MACD (trend-following), each a score in -1..+1 with positive = buy, weighed
 * together. Its components oppose each other in strong trends; it is here to be measured against, not to be believed.
 *
 * @param params - set, weights and periods; what is left out is the `balanced` preset's
 * @throws z.ZodError when the parameters do not fit
 * @example
 * ```ts
 * weightedSignals({ rsi: { weight: 0.5 }, macd: { enabled: false } }).componentNames // => ['rsi', 'movingAverage', 'macd']
 * ```
 */
export const weightedSignals = defineStrategy({
  id: 'weighted-signals',
  params: weightedSignalsParams,
  indicators: indicatorsOf,
  components: {
    rsi: ({ reading }) => `RSI ${reading.toFixed(1)}`,
    movingAverage: ({ reading }) => `fast average ${Math.abs(reading).toFixed(3)} % ${reading < 0 ? 'below' : 'above'} the slow one`,
    macd: ({ reading }) => `MACD histogram ${reading.toPrecision(3)}`,
  },
  evaluate({ readings, candle }, p, signal) {
    if (p.set === 'standard') addStandard(signal, readings, candle.close, p)
    else addOriginals(signal, readings, p)
  },
})
