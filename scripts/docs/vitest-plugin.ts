import type { Plugin } from 'vitest/config'
import { collectExamples } from './collect.ts'
import type { Example } from './collect.ts'
import { javascriptOf } from './example-module.ts'

const LIST = 'virtual:doc-examples'
const MODULE = /^virtual:doc-example\/(\d+)$/

/**
 * Makes the examples of documents and comments importable by a test: `virtual:doc-examples` lists them, `virtual:doc-example/<n>` is the module of one.
 */
export function docExamples(): Plugin {
  let examples: Example[] | undefined
  const all = (): Example[] => (examples ??= collectExamples())
  return {
    name: 'doc-examples',
    resolveId: (id) => (id === LIST || MODULE.test(id) ? `\0${id}` : undefined), // the zero byte keeps other plugins away from it
    load(id) {
      const number = id.startsWith('\0') ? MODULE.exec(id.slice(1))?.[1] : undefined
      if (number !== undefined) return javascriptOf(all()[Number(number)]!.module)
      if (id !== `\0${LIST}`) return undefined
      const rows = all().map(({ fence, skip }, index) => {
        const name = `${fence.file}:${fence.line}${fence.owner === undefined ? '' : ` ${fence.owner}`}`
        return `{ name: ${JSON.stringify(name)}, skip: ${JSON.stringify(skip)}, load: () => import('virtual:doc-example/${index}') }`
      })
      return `export const examples = [${rows.join(',\n')}]`
    },
  }
}
