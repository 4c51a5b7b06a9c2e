import { kitTest } from '../template.ts'
import type { Template } from '../template.ts'

export const indicatorTemplate: Template = {
  kind: 'indicator',
  summary: 'a number made of the candles so far, for strategies to read',
  use: ({ camel }, file) => `import { ${camel} } from '${file}' in a strategy, and: indicators: () => ({ range: ${camel}({ period: 14 }) })`,
  source: ({ camel }) => `import { defineIndicator } from '@millrace/indicators'

/** Where the close lies within the range of the last candles: 0 at the low, 1 at the high. */
export const ${camel} = defineIndicator({
  name: '${camel}',
  params: { period: { kind: 'integer', default: 14, min: 1, max: 1000 } },
  inputs: ['high', 'low', 'close'],
  range: [0, 1],
  warmup: ({ period }) => period - 1,
  initial: ({ period }) => ({ highs: Array<number>(period).fill(0), lows: Array<number>(period).fill(0), at: 0 }),
  step(state, { high, low, close }, { period }) {
    state.highs[state.at] = high
    state.lows[state.at] = low
    state.at = (state.at + 1) % period
    const top = Math.max(...state.highs)
    const bottom = Math.min(...state.lows)
    return top === bottom ? 0.5 : (close - bottom) / (top - bottom)
  },
})
`,
  test: ({ id, camel }) =>
    kitTest(
      ["import { indicatorContract } from '@millrace/indicators/testing'", `import { ${camel} } from './${id}.ts'`],
      `indicatorContract({ create: (options) => ${camel}({ period: 5, ...options }), laws: { price: 0, shift: 0 } })`,
    ),
}
