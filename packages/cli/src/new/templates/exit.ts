import { kitTest } from '../template.ts'
import type { Template } from '../template.ts'

export const exitTemplate: Template = {
  kind: 'exit',
  summary: 'closes a position, or a part of it, whatever the strategy says',
  use: ({ camel }, file) => `"exits": [{ "use": "${file}#${camel}", "params": { "fraction": 0.03 } }]`,
  source: ({ id, camel }) => `import { definePlugin } from '@millrace/core'
import type { PositionView } from '@millrace/core'
import { z } from 'zod'

/** Sells everything when the price falls by a fraction under the average entry. */
export const ${camel} = definePlugin('exit', {
  params: z.strictObject({ fraction: z.number().gt(0).lt(1).default(0.03) }),
  make({ fraction }) {
    const level = (position: PositionView): number => position.averageEntry * (1 - fraction)
    return {
      apiVersion: 1,
      id: '${id}',
      params: { fraction },
      check: (position, view) => (position.open && view.market.price <= level(position) ? 1 : 0),
      // The price at which it fires inside a candle: what a backtest fills at.
      trigger: (position) => (position.open ? level(position) : Number.NaN),
      triggerKind: 'stop',
      describe: (position) => \`sells at \${level(position).toFixed(2)}\`,
    }
  },
})
`,
  test: ({ id, camel }) =>
    kitTest(
      ["import { exitRuleContract } from '@millrace/core/testing'", `import { ${camel} } from './${id}.ts'`],
      `exitRuleContract(() => ${camel}.make({ fraction: 0.03 }))`,
    ),
}
