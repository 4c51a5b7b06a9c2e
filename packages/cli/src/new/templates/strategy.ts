import { kitTest } from '../template.ts'
import type { PluginName, Template } from '../template.ts'

/** A strategy in 26 lines, with every part that one can have but memory. */
const strategySource = ({ id, camel }: PluginName): string => `import { defineStrategy } from '@millrace/core'
import { ema, rsi } from '@millrace/indicators'
import { z } from 'zod'

/** Buys when the RSI is low and the price above its average, sells when the RSI is high. */
export const ${camel} = defineStrategy({
  id: '${id}',
  params: z.strictObject({
    period: z.int().min(2).default(14),
    oversold: z.number().gt(0).lt(50).default(35),
    trend: z.int().min(2).default(100),
  }),
  indicators: (p) => ({ rsi: rsi(p.period), trend: ema(p.trend) }),
  components: {
    dip: ({ reading }) => \`RSI \${reading.toFixed(1)}\`,
    trend: ({ reading }) => \`\${reading.toFixed(2)} % from the average\`,
  },
  evaluate({ candle, readings }, p, signal) {
    const r = readings.rsi.value
    const distance = 100 * (candle.close / readings.trend.value - 1)
    signal.add('dip', r < p.oversold ? 1 : r > 100 - p.oversold ? -1 : 0, 0.7, r)
    signal.add('trend', Math.max(-1, Math.min(1, distance)), 0.3, distance)
  },
})
`

const proofs = (camel: string): string => `
for (const [what, check] of [['look ahead', checkLookahead], ['depend on where it begins', checkWarmup]] as const)
  test(\`it does not \${what}\`, () => {
    const { passed, findings } = check(${camel}())
    assert.ok(passed, findings.map(({ detail }) => detail).join('\\n'))
  })
`

export const strategyTemplate: Template = {
  kind: 'strategy',
  summary: 'says at each candle how much it would like to buy or sell',
  use: ({ camel }, file) => `"strategy": { "use": "${file}#${camel}", "params": { "period": 14 } }`,
  source: strategySource,
  test: ({ id, camel }) =>
    kitTest(
      [
        "import assert from 'node:assert/strict'",
        "import { checkLookahead, checkWarmup, strategyContract } from '@millrace/core/testing'",
        `import { ${camel} } from './${id}.ts'`,
      ],
      `strategyContract(() => ${camel}())`,
      proofs(camel),
    ),
}
