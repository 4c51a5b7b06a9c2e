import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { filesBelow, root } from '../lib/repo.ts'
import { parseFile } from '../lib/syntax.ts'
import { exampleModule } from './example-module.ts'
import { markdownFences } from './fences.ts'
import type { Fence } from './fences.ts'
import { publicNames } from './public-names.ts'
import { tsdocFences } from './tsdoc-fences.ts'

export interface Example {
  readonly fence: Fence
  /** TypeScript of the module that runs it. */
  readonly module: string
  /** Why it is not run, if it is not. */
  readonly skip?: string
}

/** Markdown that users read; changesets and the notes of the repository's own tools hold no runnable code. */
const documents = (): string[] => filesBelow('.', ['.md']).filter((file) => !file.startsWith('.'))

/** Returns every example of the documents and of the TSDoc comments. */
export function collectExamples(): Example[] {
  const names = publicNames()
  const fromDocuments = documents()
    .flatMap((file) => markdownFences(file, readFileSync(join(root, file), 'utf8')))
    .map((fence) => example(fence, new Map()))
  const sources = filesBelow('packages', ['.ts', '.tsx']).filter((file) => file.includes('/src/') && !/\.(test|prop)\.tsx?$/.test(file))
  const fromComments = sources.flatMap((file) =>
    tsdocFences(parseFile(file)).map((fence) => {
      const own = names.find((each) => each.file === file && each.localName === fence.owner)
      if (!own) return { fence, module: '', skip: 'an example of something that no entry exports' }
      // The name's own entry comes last, so that it wins over another entry's export of the same name.
      return example(
        fence,
        new Map(
          [...names.filter((each) => packageOf(each.entry) === packageOf(own.entry)), ...names.filter((each) => each.entry === own.entry)].map((each) => [
            each.name,
            each.entry,
          ]),
        ),
      )
    }),
  )
  return [...fromDocuments, ...fromComments]
}

const packageOf = (entry: string): string =>
  entry
    .split('/')
    .slice(0, entry.startsWith('@') ? 2 : 1)
    .join('/')

function example(fence: Fence, known: ReadonlyMap<string, string>): Example {
  return fence.noRun ? { fence, module: '', skip: 'a fence marked no-run' } : { fence, module: exampleModule(fence, known) }
}
