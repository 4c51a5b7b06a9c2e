import ts from 'typescript'
import { lineOf, walk } from '../lib/syntax.ts'
import { isTest } from './source.ts'
import type { Problem, SourceFile } from './source.ts'

/** Lines a file and a function may have without a reason. */
export const MAX_FILE_LINES = 300
export const MAX_FUNCTION_LINES = 70

/** A file or function that is larger for a reason. It is removed when it is no longer needed: a stale one is a problem too. */
export interface SizeException {
  readonly path: string
  /** Left out for the file itself. */
  readonly functionName?: string
  readonly reason: string
}

interface Size {
  readonly path: string
  readonly functionName?: string
  readonly line: number
  readonly lines: number
}

/** Returns files and functions over the limits that nobody gave a reason for, and reasons that are no longer needed. */
export function oversized(files: readonly SourceFile[], exceptions: readonly SizeException[]): Problem[] {
  const large = files.filter((file) => !isTest(file.path)).flatMap(largeParts)
  const key = (each: { readonly path: string; readonly functionName?: string }): string => `${each.path}#${each.functionName ?? ''}`
  const excused = new Set(exceptions.map(key))
  const found = new Set(large.map(key))
  const unexcused = large
    .filter((each) => !excused.has(key(each)))
    .map(({ path, functionName, line, lines }) => ({
      path,
      line,
      message:
        functionName === undefined
          ? `${lines} lines, over ${MAX_FILE_LINES}: split it, or give a reason in scripts/tidy/exceptions.ts`
          : `${functionName} has ${lines} lines, over ${MAX_FUNCTION_LINES}: split it, or give a reason in scripts/tidy/exceptions.ts`,
    }))
  const stale = exceptions
    .filter((each) => !found.has(key(each)))
    .map(({ path, functionName }) => ({ path, line: 1, message: `the size exception for ${functionName ?? 'the file'} is no longer needed: remove it` }))
  return [...unexcused, ...stale]
}

function largeParts(file: SourceFile): Size[] {
  const lines = file.text.trimEnd().split('\n').length
  const sizes: Size[] = lines > MAX_FILE_LINES ? [{ path: file.path, line: 1, lines }] : []
  walk(file.tree, (node) => {
    if (!ts.isFunctionLike(node) || !('body' in node) || !node.body) return
    const first = lineOf(file.tree, node.getStart(file.tree))
    const length = lineOf(file.tree, node.end) - first + 1
    if (length > MAX_FUNCTION_LINES) sizes.push({ path: file.path, functionName: nameOf(node, file.tree), line: first, lines: length })
  })
  return sizes
}

function nameOf(node: ts.SignatureDeclaration, tree: ts.SourceFile): string {
  if (node.name) return node.name.getText(tree)
  if (ts.isConstructorDeclaration(node)) return 'constructor'
  return ts.isVariableDeclaration(node.parent) ? node.parent.name.getText(tree) : 'a function without a name'
}
