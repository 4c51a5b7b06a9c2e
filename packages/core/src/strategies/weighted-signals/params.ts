import { z } from 'zod'

/** Weights may miss their sum of 1 by this much: 0.1 + 0.2 + 0.7 is not exactly 1 in binary. */
const WEIGHT_TOLERANCE = 1e-9

const enabled = z.boolean().default(true)
const weight = (standard: number) => z.number().gt(0).lte(1).default(standard)
const period = (standard: number, min: number, max: number) => z.int().min(min).max(max).default(standard)
const level = (standard: number) => z.number().gt(0).lt(100).default(standard)

const rsi = z
  .strictObject({ enabled, weight: weight(0.4), period: period(14, 2, 100), oversold: level(30), overbought: level(70) })
  .refine((p) => p.oversold < p.overbought, {
    path: ['overbought'],
    error: (issue) => `a level above oversold (${String((issue.input as { oversold?: unknown }).oversold)})`,
  })

const movingAverage = z
  .strictObject({ enabled, weight: weight(0.35), fast: period(12, 2, 200), slow: period(26, 2, 200) })
  .refine((p) => p.fast < p.slow, { path: ['slow'], error: 'a period above fast' })

const macd = z
  .strictObject({ enabled, weight: weight(0.25), fast: period(12, 2, 50), slow: period(26, 2, 100), signal: period(9, 2, 50) })
  .refine((p) => p.fast < p.slow, { path: ['slow'], error: 'a period above fast' })

/** Parameters of {@link weightedSignals}; what is left out is the `balanced` preset's. */
export const weightedSignalsParams = z
  .strictObject({
    /** `standard`: Wilder RSI, MACD relative to the price. `compat`: the formulas of the system this library re-creates. */
    set: z.enum(['standard', 'compat']).default('standard'),
    rsi: rsi.prefault({}),
    movingAverage: movingAverage.prefault({}),
    macd: macd.prefault({}),
  })
  .refine((p) => enabledWeight(p) > 0, { error: 'at least one enabled component' })
  .refine((p) => enabledWeight(p) <= 1 + WEIGHT_TOLERANCE, { error: 'weights of the enabled components that sum to at most 1' })

type Weighted = { readonly enabled: boolean; readonly weight: number }

const enabledWeight = (p: Readonly<Record<'rsi' | 'movingAverage' | 'macd', Weighted>>): number =>
  (p.rsi.enabled ? p.rsi.weight : 0) + (p.movingAverage.enabled ? p.movingAverage.weight : 0) + (p.macd.enabled ? p.macd.weight : 0)

export type WeightedSignalsParams = z.output<typeof weightedSignalsParams>
