import ts from 'typescript'
import { lineOf } from '../lib/syntax.ts'
import { markdownFences } from './fences.ts'
import type { Fence } from './fences.ts'
import { declaredNames } from './public-names.ts'

/** Returns the ```` ```ts ```` fences in the TSDoc comments of a source file; the owner is the top-level declaration a comment belongs to. */
export function tsdocFences(source: ts.SourceFile): Fence[] {
  return source.statements.flatMap((statement) => {
    const owner = declaredNames(statement)[0]
    const comments = new Map<number, string>()
    const collect = (node: ts.Node): void => {
      for (const range of ts.getLeadingCommentRanges(source.text, node.pos) ?? []) {
        const text = source.text.slice(range.pos, range.end)
        if (text.startsWith('/**')) comments.set(range.pos, text)
      }
      ts.forEachChild(node, collect)
    }
    collect(statement)
    return [...comments].flatMap(([position, text]) => {
      const firstLine = lineOf(source, position)
      const rows = text.split('\n').map((row) => row.replace(/^\s*\/?\*+(?: |\/?$)?/, ''))
      return markdownFences(source.fileName, rows.join('\n')).map((fence) => ({
        ...fence,
        line: fence.line + firstLine - 1,
        ...(owner === undefined ? {} : { owner }),
      }))
    })
  })
}
