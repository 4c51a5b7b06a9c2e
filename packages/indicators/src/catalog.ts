import type { Arrays, Columns } from './lib/columns.ts'
import type { CommonOptions, Description, Indicator, Ohlcv, Pair } from './lib/types.ts'
import { ACCELERATION_BANDS, accelerationBands, accelerationBandsBatch } from './indicators/acceleration-bands.ts'
import { AD, ad, adBatch } from './indicators/ad.ts'
import { ADJUSTED_MACD, adjustedMacd, adjustedMacdBatch } from './indicators/adjusted-macd.ts'
import { ADOSC, adosc, adoscBatch } from './indicators/adosc.ts'
import { ADX, adx, adxBatch } from './indicators/adx.ts'
import { ADXR, adxr, adxrBatch } from './indicators/adxr.ts'
import { ALMA, alma, almaBatch } from './indicators/alma.ts'
import { APO, apo, apoBatch } from './indicators/apo.ts'
import { AROON, aroon, aroonBatch } from './indicators/aroon.ts'
import { ATR, atr, atrBatch } from './indicators/atr.ts'
import { AVERAGE_DEVIATION, averageDeviation, averageDeviationBatch } from './indicators/average-deviation.ts'
import { BOLLINGER, bollinger, bollingerBatch } from './indicators/bollinger.ts'
import { BOP, bop, bopBatch } from './indicators/bop.ts'
import { CCI, cci, cciBatch } from './indicators/cci.ts'
import { CHANDELIER_EXIT, chandelierExit, chandelierExitBatch } from './indicators/chandelier-exit.ts'
import { CHANGE, change, changeBatch } from './indicators/change.ts'
import { CMF, cmf, cmfBatch } from './indicators/cmf.ts'
import { CMO, cmo, cmoBatch } from './indicators/cmo.ts'
import { CORRELATION, correlation, correlationBatch } from './indicators/correlation.ts'
import { CROSS, cross, crossBatch } from './indicators/cross.ts'
import { CUTLER_RSI, cutlerRsi, cutlerRsiBatch } from './indicators/cutler-rsi.ts'
import { DEMA, dema, demaBatch } from './indicators/dema.ts'
import { DIRECTIONAL_MOVEMENT, directionalMovement, directionalMovementBatch } from './indicators/directional-movement.ts'
import { DMI, dmi, dmiBatch } from './indicators/dmi.ts'
import { DONCHIAN, donchian, donchianBatch } from './indicators/donchian.ts'
import { EFFICIENCY_RATIO, efficiencyRatio, efficiencyRatioBatch } from './indicators/efficiency-ratio.ts'
import { EMA, ema, emaBatch } from './indicators/ema.ts'
import { HEIKIN_ASHI, heikinAshi, heikinAshiBatch } from './indicators/heikin-ashi.ts'
import { HIGHEST, highest, highestBatch } from './indicators/highest.ts'
import { HIGHEST_BARS, highestBars, highestBarsBatch } from './indicators/highest-bars.ts'
import { HL2, hl2, hl2Batch } from './indicators/hl2.ts'
import { HLC3, hlc3, hlc3Batch } from './indicators/hlc3.ts'
import { HLCC4, hlcc4, hlcc4Batch } from './indicators/hlcc4.ts'
import { HMA, hma, hmaBatch } from './indicators/hma.ts'
import { ICHIMOKU, ichimoku, ichimokuBatch } from './indicators/ichimoku.ts'
import { IMI, imi, imiBatch } from './indicators/imi.ts'
import { KAMA, kama, kamaBatch } from './indicators/kama.ts'
import { KELTNER, keltner, keltnerBatch } from './indicators/keltner.ts'
import { LINEAR_REGRESSION, linearRegression, linearRegressionBatch } from './indicators/linear-regression.ts'
import { LOWEST, lowest, lowestBatch } from './indicators/lowest.ts'
import { LOWEST_BARS, lowestBars, lowestBarsBatch } from './indicators/lowest-bars.ts'
import { MACD, macd, macdBatch } from './indicators/macd.ts'
import { MACD_EXT, macdExt, macdExtBatch } from './indicators/macd-ext.ts'
import { MACD_FIX, macdFix, macdFixBatch } from './indicators/macd-fix.ts'
import { MFI, mfi, mfiBatch } from './indicators/mfi.ts'
import { MIDPOINT, midpoint, midpointBatch } from './indicators/midpoint.ts'
import { MIDPRICE, midprice, midpriceBatch } from './indicators/midprice.ts'
import { MOM, mom, momBatch } from './indicators/mom.ts'
import { NATR, natr, natrBatch } from './indicators/natr.ts'
import { OBV, obv, obvBatch } from './indicators/obv.ts'
import { OHLC4, ohlc4, ohlc4Batch } from './indicators/ohlc4.ts'
import { PERCENT_RANK, percentRank, percentRankBatch } from './indicators/percent-rank.ts'
import { PPO, ppo, ppoBatch } from './indicators/ppo.ts'
import { PSAR, psar, psarBatch } from './indicators/psar.ts'
import { RMA, rma, rmaBatch } from './indicators/rma.ts'
import { ROC, roc, rocBatch } from './indicators/roc.ts'
import { ROCP, rocp, rocpBatch } from './indicators/rocp.ts'
import { ROCR, rocr, rocrBatch } from './indicators/rocr.ts'
import { ROCR100, rocr100, rocr100Batch } from './indicators/rocr100.ts'
import { RSI, rsi, rsiBatch } from './indicators/rsi.ts'
import { SMA, sma, smaBatch } from './indicators/sma.ts'
import { STDEV, stdev, stdevBatch } from './indicators/stdev.ts'
import { STOCH_RSI, stochRsi, stochRsiBatch } from './indicators/stoch-rsi.ts'
import { STOCHASTIC, stochastic, stochasticBatch } from './indicators/stochastic.ts'
import { SUM, sum, sumBatch } from './indicators/sum.ts'
import { SUPERTREND, supertrend, supertrendBatch } from './indicators/supertrend.ts'
import { T3, t3, t3Batch } from './indicators/t3.ts'
import { TEMA, tema, temaBatch } from './indicators/tema.ts'
import { TRIMA, trima, trimaBatch } from './indicators/trima.ts'
import { TRIX, trix, trixBatch } from './indicators/trix.ts'
import { TRUE_RANGE, trueRange, trueRangeBatch } from './indicators/true-range.ts'
import { ULTIMATE_OSCILLATOR, ultimateOscillator, ultimateOscillatorBatch } from './indicators/ultimate-oscillator.ts'
import { VARIANCE, variance, varianceBatch } from './indicators/variance.ts'
import { VORTEX, vortex, vortexBatch } from './indicators/vortex.ts'
import { VWAP, vwap, vwapBatch } from './indicators/vwap.ts'
import { VWMA, vwma, vwmaBatch } from './indicators/vwma.ts'
import { WILLIAMS_R, williamsR, williamsRBatch } from './indicators/williams-r.ts'
import { WMA, wma, wmaBatch } from './indicators/wma.ts'
import { Z_SCORE, zScore, zScoreBatch } from './indicators/z-score.ts'
import { ZLEMA, zlema, zlemaBatch } from './indicators/zlema.ts'

/** Any options of an indicator, as data: its parameters by name and the common ones. */
export type AnyOptions = CommonOptions & { readonly period?: number } & Readonly<Record<string, unknown>>

interface EntryOf<Name extends string, In> {
  readonly about: Description
  readonly input: Name
  readonly create: (options: AnyOptions) => Indicator<In, number | object>
  /** Over columns; an indicator of numbers reads `close`, one of pairs `close` and `volume`. */
  readonly batch: (columns: Columns, options: AnyOptions) => Float64Array | Arrays<Record<string, number>>
}

/** One indicator of the package: what it is, how to build it from options, its batch form. */
export type CatalogEntry = EntryOf<'close', number> | EntryOf<'candle', Ohlcv> | EntryOf<'pair', Pair>

/**
 * Every indicator of the package by name, so that charts, forms and documents need no code per indicator. Importing it imports them all.
 *
 * @example
 * ```ts
 * import { catalog } from '@millrace/indicators'
 * catalog.rsi.about.levels // => [30, 70]
 * catalog.rsi.create({ period: 9 }).id // => 'rsi(9)'
 * ```
 */
export const catalog = {
  accelerationBands: {
    about: ACCELERATION_BANDS,
    input: 'candle',
    create: (o) => accelerationBands(o.period, o),
    batch: (c, o) => accelerationBandsBatch(c, o.period, undefined, o),
  },
  ad: { about: AD, input: 'candle', create: (o) => ad(o), batch: (c, o) => adBatch(c, o) },
  adjustedMacd: { about: ADJUSTED_MACD, input: 'close', create: (o) => adjustedMacd(o), batch: (c, o) => adjustedMacdBatch(c.close, o) },
  adosc: { about: ADOSC, input: 'candle', create: (o) => adosc(o), batch: (c, o) => adoscBatch(c, o) },
  adx: { about: ADX, input: 'candle', create: (o) => adx(o.period, o), batch: (c, o) => adxBatch(c, o.period, undefined, o) },
  adxr: { about: ADXR, input: 'candle', create: (o) => adxr(o.period, o), batch: (c, o) => adxrBatch(c, o.period, undefined, o) },
  alma: { about: ALMA, input: 'close', create: (o) => alma(o), batch: (c, o) => almaBatch(c.close, o) },
  apo: { about: APO, input: 'close', create: (o) => apo(o), batch: (c, o) => apoBatch(c.close, o) },
  aroon: { about: AROON, input: 'candle', create: (o) => aroon(o.period, o), batch: (c, o) => aroonBatch(c, o.period, undefined, o) },
  atr: { about: ATR, input: 'candle', create: (o) => atr(o.period, o), batch: (c, o) => atrBatch(c, o.period, undefined, o) },
  averageDeviation: {
    about: AVERAGE_DEVIATION,
    input: 'close',
    create: (o) => averageDeviation(o.period, o),
    batch: (c, o) => averageDeviationBatch(c.close, o.period, undefined, o),
  },
  bollinger: { about: BOLLINGER, input: 'close', create: (o) => bollinger(o), batch: (c, o) => bollingerBatch(c.close, o) },
  bop: { about: BOP, input: 'candle', create: (o) => bop(o), batch: (c, o) => bopBatch(c, o) },
  cci: { about: CCI, input: 'candle', create: (o) => cci(o.period, o), batch: (c, o) => cciBatch(c, o.period, undefined, o) },
  chandelierExit: { about: CHANDELIER_EXIT, input: 'candle', create: (o) => chandelierExit(o), batch: (c, o) => chandelierExitBatch(c, o) },
  change: { about: CHANGE, input: 'close', create: (o) => change(o.period, o), batch: (c, o) => changeBatch(c.close, o.period, undefined, o) },
  cmf: { about: CMF, input: 'candle', create: (o) => cmf(o.period, o), batch: (c, o) => cmfBatch(c, o.period, undefined, o) },
  cmo: { about: CMO, input: 'close', create: (o) => cmo(o.period, o), batch: (c, o) => cmoBatch(c.close, o.period, undefined, o) },
  correlation: {
    about: CORRELATION,
    input: 'pair',
    create: (o) => correlation(o.period, o),
    batch: (c, o) => correlationBatch(c.close, c.volume, o.period, undefined, o),
  },
  cross: { about: CROSS, input: 'pair', create: (o) => cross(o), batch: (c, o) => crossBatch(c.close, c.volume, o) },
  cutlerRsi: { about: CUTLER_RSI, input: 'close', create: (o) => cutlerRsi(o.period, o), batch: (c, o) => cutlerRsiBatch(c.close, o.period, undefined, o) },
  dema: { about: DEMA, input: 'close', create: (o) => dema(o.period, o), batch: (c, o) => demaBatch(c.close, o.period, undefined, o) },
  directionalMovement: {
    about: DIRECTIONAL_MOVEMENT,
    input: 'candle',
    create: (o) => directionalMovement(o.period, o),
    batch: (c, o) => directionalMovementBatch(c, o.period, undefined, o),
  },
  dmi: { about: DMI, input: 'candle', create: (o) => dmi(o.period, o), batch: (c, o) => dmiBatch(c, o.period, undefined, o) },
  donchian: { about: DONCHIAN, input: 'candle', create: (o) => donchian(o.period, o), batch: (c, o) => donchianBatch(c, o.period, undefined, o) },
  efficiencyRatio: {
    about: EFFICIENCY_RATIO,
    input: 'close',
    create: (o) => efficiencyRatio(o.period, o),
    batch: (c, o) => efficiencyRatioBatch(c.close, o.period, undefined, o),
  },
  ema: { about: EMA, input: 'close', create: (o) => ema(o.period, o), batch: (c, o) => emaBatch(c.close, o.period, undefined, o) },
  heikinAshi: { about: HEIKIN_ASHI, input: 'candle', create: (o) => heikinAshi(o), batch: (c, o) => heikinAshiBatch(c, o) },
  highest: { about: HIGHEST, input: 'close', create: (o) => highest(o.period, o), batch: (c, o) => highestBatch(c.close, o.period, undefined, o) },
  highestBars: {
    about: HIGHEST_BARS,
    input: 'close',
    create: (o) => highestBars(o.period, o),
    batch: (c, o) => highestBarsBatch(c.close, o.period, undefined, o),
  },
  hl2: { about: HL2, input: 'candle', create: (o) => hl2(o), batch: (c, o) => hl2Batch(c, o) },
  hlc3: { about: HLC3, input: 'candle', create: (o) => hlc3(o), batch: (c, o) => hlc3Batch(c, o) },
  hlcc4: { about: HLCC4, input: 'candle', create: (o) => hlcc4(o), batch: (c, o) => hlcc4Batch(c, o) },
  hma: { about: HMA, input: 'close', create: (o) => hma(o.period, o), batch: (c, o) => hmaBatch(c.close, o.period, undefined, o) },
  ichimoku: { about: ICHIMOKU, input: 'candle', create: (o) => ichimoku(o), batch: (c, o) => ichimokuBatch(c, o) },
  imi: { about: IMI, input: 'candle', create: (o) => imi(o.period, o), batch: (c, o) => imiBatch(c, o.period, undefined, o) },
  kama: { about: KAMA, input: 'close', create: (o) => kama(o.period, o), batch: (c, o) => kamaBatch(c.close, o.period, undefined, o) },
  keltner: { about: KELTNER, input: 'candle', create: (o) => keltner(o), batch: (c, o) => keltnerBatch(c, o) },
  linearRegression: {
    about: LINEAR_REGRESSION,
    input: 'close',
    create: (o) => linearRegression(o.period, o),
    batch: (c, o) => linearRegressionBatch(c.close, o.period, undefined, o),
  },
  lowest: { about: LOWEST, input: 'close', create: (o) => lowest(o.period, o), batch: (c, o) => lowestBatch(c.close, o.period, undefined, o) },
  lowestBars: { about: LOWEST_BARS, input: 'close', create: (o) => lowestBars(o.period, o), batch: (c, o) => lowestBarsBatch(c.close, o.period, undefined, o) },
  macd: { about: MACD, input: 'close', create: (o) => macd(o), batch: (c, o) => macdBatch(c.close, o) },
  macdExt: { about: MACD_EXT, input: 'close', create: (o) => macdExt(o), batch: (c, o) => macdExtBatch(c.close, o) },
  macdFix: { about: MACD_FIX, input: 'close', create: (o) => macdFix(o.period, o), batch: (c, o) => macdFixBatch(c.close, o.period, undefined, o) },
  mfi: { about: MFI, input: 'candle', create: (o) => mfi(o.period, o), batch: (c, o) => mfiBatch(c, o.period, undefined, o) },
  midpoint: { about: MIDPOINT, input: 'close', create: (o) => midpoint(o.period, o), batch: (c, o) => midpointBatch(c.close, o.period, undefined, o) },
  midprice: { about: MIDPRICE, input: 'candle', create: (o) => midprice(o.period, o), batch: (c, o) => midpriceBatch(c, o.period, undefined, o) },
  mom: { about: MOM, input: 'close', create: (o) => mom(o.period, o), batch: (c, o) => momBatch(c.close, o.period, undefined, o) },
  natr: { about: NATR, input: 'candle', create: (o) => natr(o.period, o), batch: (c, o) => natrBatch(c, o.period, undefined, o) },
  obv: { about: OBV, input: 'candle', create: (o) => obv(o), batch: (c, o) => obvBatch(c, o) },
  ohlc4: { about: OHLC4, input: 'candle', create: (o) => ohlc4(o), batch: (c, o) => ohlc4Batch(c, o) },
  percentRank: {
    about: PERCENT_RANK,
    input: 'close',
    create: (o) => percentRank(o.period, o),
    batch: (c, o) => percentRankBatch(c.close, o.period, undefined, o),
  },
  ppo: { about: PPO, input: 'close', create: (o) => ppo(o), batch: (c, o) => ppoBatch(c.close, o) },
  psar: { about: PSAR, input: 'candle', create: (o) => psar(o), batch: (c, o) => psarBatch(c, o) },
  rma: { about: RMA, input: 'close', create: (o) => rma(o.period, o), batch: (c, o) => rmaBatch(c.close, o.period, undefined, o) },
  roc: { about: ROC, input: 'close', create: (o) => roc(o.period, o), batch: (c, o) => rocBatch(c.close, o.period, undefined, o) },
  rocp: { about: ROCP, input: 'close', create: (o) => rocp(o.period, o), batch: (c, o) => rocpBatch(c.close, o.period, undefined, o) },
  rocr: { about: ROCR, input: 'close', create: (o) => rocr(o.period, o), batch: (c, o) => rocrBatch(c.close, o.period, undefined, o) },
  rocr100: { about: ROCR100, input: 'close', create: (o) => rocr100(o.period, o), batch: (c, o) => rocr100Batch(c.close, o.period, undefined, o) },
  rsi: { about: RSI, input: 'close', create: (o) => rsi(o.period, o), batch: (c, o) => rsiBatch(c.close, o.period, undefined, o) },
  sma: { about: SMA, input: 'close', create: (o) => sma(o.period, o), batch: (c, o) => smaBatch(c.close, o.period, undefined, o) },
  stdev: { about: STDEV, input: 'close', create: (o) => stdev(o.period, o), batch: (c, o) => stdevBatch(c.close, o.period, undefined, o) },
  stochRsi: { about: STOCH_RSI, input: 'close', create: (o) => stochRsi(o), batch: (c, o) => stochRsiBatch(c.close, o) },
  stochastic: { about: STOCHASTIC, input: 'candle', create: (o) => stochastic(o), batch: (c, o) => stochasticBatch(c, o) },
  sum: { about: SUM, input: 'close', create: (o) => sum(o.period, o), batch: (c, o) => sumBatch(c.close, o.period, undefined, o) },
  supertrend: { about: SUPERTREND, input: 'candle', create: (o) => supertrend(o), batch: (c, o) => supertrendBatch(c, o) },
  t3: { about: T3, input: 'close', create: (o) => t3(o.period, o), batch: (c, o) => t3Batch(c.close, o.period, undefined, o) },
  tema: { about: TEMA, input: 'close', create: (o) => tema(o.period, o), batch: (c, o) => temaBatch(c.close, o.period, undefined, o) },
  trima: { about: TRIMA, input: 'close', create: (o) => trima(o.period, o), batch: (c, o) => trimaBatch(c.close, o.period, undefined, o) },
  trix: { about: TRIX, input: 'close', create: (o) => trix(o.period, o), batch: (c, o) => trixBatch(c.close, o.period, undefined, o) },
  trueRange: { about: TRUE_RANGE, input: 'candle', create: (o) => trueRange(o), batch: (c, o) => trueRangeBatch(c, o) },
  ultimateOscillator: { about: ULTIMATE_OSCILLATOR, input: 'candle', create: (o) => ultimateOscillator(o), batch: (c, o) => ultimateOscillatorBatch(c, o) },
  variance: { about: VARIANCE, input: 'close', create: (o) => variance(o.period, o), batch: (c, o) => varianceBatch(c.close, o.period, undefined, o) },
  vortex: { about: VORTEX, input: 'candle', create: (o) => vortex(o.period, o), batch: (c, o) => vortexBatch(c, o.period, undefined, o) },
  vwap: { about: VWAP, input: 'candle', create: (o) => vwap(o), batch: (c, o) => vwapBatch(c, o) },
  vwma: { about: VWMA, input: 'candle', create: (o) => vwma(o.period, o), batch: (c, o) => vwmaBatch(c, o.period, undefined, o) },
  williamsR: { about: WILLIAMS_R, input: 'candle', create: (o) => williamsR(o.period, o), batch: (c, o) => williamsRBatch(c, o.period, undefined, o) },
  wma: { about: WMA, input: 'close', create: (o) => wma(o.period, o), batch: (c, o) => wmaBatch(c.close, o.period, undefined, o) },
  zScore: { about: Z_SCORE, input: 'close', create: (o) => zScore(o.period, o), batch: (c, o) => zScoreBatch(c.close, o.period, undefined, o) },
  zlema: { about: ZLEMA, input: 'close', create: (o) => zlema(o.period, o), batch: (c, o) => zlemaBatch(c.close, o.period, undefined, o) },
} as const satisfies Readonly<Record<string, CatalogEntry>>
