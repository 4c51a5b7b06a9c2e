import { kitTest } from '../template.ts'
import type { Template } from '../template.ts'

export const safetyTemplate: Template = {
  kind: 'safety',
  summary: 'a limit that an entry must keep, with the distance to it',
  use: ({ camel }, file) => `"safety": [{ "use": "${file}#${camel}", "params": { "max": 4 } }]`,
  source: ({ id, camel }) => `import { definePlugin } from '@millrace/core'
import type { SafetyRule } from '@millrace/core'
import { z } from 'zod'

/** No entries after so many losses in a row, until one wins. */
export const ${camel} = definePlugin('safety', {
  params: z.strictObject({ max: z.int().min(1).default(4) }),
  make: ({ max }): SafetyRule & { readonly params: { readonly max: number } } => ({
    apiVersion: 1,
    id: '${id}',
    code: 'x-${id}',
    unit: 'losses',
    params: { max },
    // The margin: how far away the limit is, below 0 when it is exceeded.
    check: (_intent, view, verdict) => verdict.require(max - 1 - view.lossStreak),
    describe: ({ kind }) => (kind === 'allow' ? \`fewer than \${max} losses in a row\` : \`\${max} losses in a row or more\`),
  }),
})
`,
  test: ({ id, camel }) =>
    kitTest(
      [
        "import type { SafetyRule } from '@millrace/core'",
        "import { safetyRuleContract } from '@millrace/core/testing'",
        `import { ${camel} } from './${id}.ts'`,
      ],
      `safetyRuleContract(() => ${camel}.make({ max: 4 }) as SafetyRule)`,
    ),
}
