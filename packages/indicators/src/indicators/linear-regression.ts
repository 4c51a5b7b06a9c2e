import { Several } from '../lib/base.ts'
import { type Arrays, series, type Series, targets } from '../lib/columns.ts'
import { LONG } from '../lib/params.ts'
import { TrendWindow } from '../lib/trend-window.ts'
import type { Description, NumberIndicator, RecordOptions } from '../lib/types.ts'

export const LINEAR_REGRESSION: Description = {
  name: 'linearRegression',
  title: 'Linear Regression',
  params: { period: { kind: 'integer', default: 14, min: 2, max: LONG } },
  inputs: ['close'],
  outputs: ['value', 'slope', 'angle', 'intercept', 'forecast'],
  pane: 'price',
  complexity: 'O(1)',
}

/** Output of {@link linearRegression}. */
export interface LinearRegressionValue {
  value: number
  slope: number
  angle: number
  intercept: number
  forecast: number
}

class LinearRegression extends Several<LinearRegressionValue> implements NumberIndicator<LinearRegressionValue> {
  readonly input = 'close'
  readonly warmup: number
  private readonly window: TrendWindow
  private readonly half: number
  private readonly scale: number

  constructor(options: RecordOptions & { period?: number }) {
    super(LINEAR_REGRESSION, options)
    const { period } = this.read<{ period: number }>()
    this.warmup = period - 1
    this.window = new TrendWindow(period)
    this.half = (period - 1) / 2
    this.scale = 12 / (period * (period * period - 1))
  }

  update(x: number): LinearRegressionValue {
    const out = Number.isFinite(x) ? this.step(x, true, this.value) : this.refuse(x, this.value)
    return this.fresh ? { ...out } : out
  }

  preview(x: number): LinearRegressionValue {
    const out = Number.isFinite(x) ? this.step(x, false, this.scratch) : this.refuse(x, this.scratch)
    return this.fresh ? { ...out } : out
  }

  private step(x: number, keep: boolean, out: LinearRegressionValue): LinearRegressionValue {
    const { mean, cross } = this.window.step(x, keep)
    const { half } = this
    const slope = cross * this.scale
    out.value = mean + slope * half
    out.slope = slope
    out.angle = Math.atan(slope) * (180 / Math.PI)
    out.intercept = mean - slope * half
    out.forecast = mean + slope * (half + 1)
    return out
  }
}

/**
 * Least-squares line through the last `period` inputs: its `value` at the newest, `slope` per step, `angle` of that slope in degrees, `intercept` at the
 * oldest and `forecast` one step ahead.
 *
 * Formula: slope = cov(time, x) / var(time); value = mean + slope (p - 1) / 2; intercept = value - slope (p - 1); forecast = value + slope
 * Flat: exactly the input, slope and angle 0
 * Source: textbook
 * TA-Lib: LINEARREG, LINEARREG_SLOPE, LINEARREG_ANGLE, LINEARREG_INTERCEPT, TSF, the same
 * TradingView: ta.linreg(x, p, 0) is value, ta.linreg(x, p, -1) is forecast
 *
 * @example
 * ```ts
 * import { linearRegression } from '@millrace/indicators'
 * const line = linearRegression(3)
 * line.update(1)
 * line.update(2)
 * line.update(3).forecast // => 4
 * ```
 */
export const linearRegression = (period = 14, options: RecordOptions = {}): NumberIndicator<LinearRegressionValue> =>
  new LinearRegression({ ...options, period })

/** Batch form of {@link linearRegression}: as long as its input, NaN in the warm-up. */
export const linearRegressionBatch = (
  close: Series,
  period = 14,
  out?: Arrays<LinearRegressionValue>,
  options: RecordOptions = {},
): Arrays<LinearRegressionValue> => {
  const x = series(LINEAR_REGRESSION, close, options)
  const result = targets<LinearRegressionValue>(LINEAR_REGRESSION, out, x)
  const one = new LinearRegression({ ...options, period })
  for (let i = 0; i < x.length; i++) {
    const v = one.update(x[i]!)
    result.value[i] = v.value
    result.slope[i] = v.slope
    result.angle[i] = v.angle
    result.intercept[i] = v.intercept
    result.forecast[i] = v.forecast
  }
  return result
}
