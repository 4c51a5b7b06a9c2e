import { kitTest } from '../template.ts'
import type { Template } from '../template.ts'

export const sizerTemplate: Template = {
  kind: 'sizer',
  summary: 'says how large an entry is',
  use: ({ camel }, file) => `"sizing": { "use": "${file}#${camel}", "params": { "share": 0.1 } }`,
  source: ({ id, camel }) => `import { definePlugin } from '@millrace/core'
import { z } from 'zod'

/** A share of the free cash, the larger the clearer the signal, within bounds. */
export const ${camel} = definePlugin('sizer', {
  params: z.strictObject({
    share: z.number().gt(0).lte(1).default(0.1),
    min: z.number().gt(0).default(5),
    max: z.number().gt(0).default(25),
  }),
  make: ({ share, min, max }) => ({
    apiVersion: 1,
    id: '${id}',
    params: { share, min, max },
    size: (score, view) => Math.min(max, Math.max(min, view.cash.available * share * Math.abs(score))),
    describe: () => \`\${100 * share} % of the free cash at a full score, \${min} to \${max}\`,
  }),
})
`,
  test: ({ id, camel }) =>
    kitTest(
      ["import { sizerContract } from '@millrace/core/testing'", `import { ${camel} } from './${id}.ts'`],
      `sizerContract(() => ${camel}.make({ share: 0.1, min: 5, max: 25 }), { between: [5, 25] })`,
    ),
}
