import ts from 'typescript'
import { lineOf, parseFile } from '../lib/syntax.ts'
import type { Problem } from '../tidy/source.ts'
import { declaredNames, publicNames } from './public-names.ts'
import type { PublicName } from './public-names.ts'

/** Returns public exports without a TSDoc sentence, and public functions without an `@example`. */
export function undocumented(names: readonly PublicName[] = publicNames()): Problem[] {
  const seen = new Set<string>()
  return names.flatMap(({ file, localName, name }) => {
    const key = `${file}#${localName}`
    if (seen.has(key)) return []
    seen.add(key)
    const tree = parseFile(file)
    const statement = tree.statements.find((each) => declaredNames(each).includes(localName))
    if (!statement) return []
    const text = (ts.getLeadingCommentRanges(tree.text, statement.pos) ?? [])
      .map((range) => tree.text.slice(range.pos, range.end))
      .findLast((comment) => comment.startsWith('/**'))
    const problem = (message: string): Problem => ({ path: file, line: lineOf(tree, statement.getStart(tree)), message })
    if (text === undefined) return [problem(`${name} is public and has no TSDoc`)]
    // The batch twin of a streaming function points to it instead of showing the same again.
    return isFunction(statement) && !text.includes('@example') && !text.includes('{@link') ? [problem(`${name} is a public function without an @example`)] : []
  })
}

function isFunction(statement: ts.Statement): boolean {
  if (ts.isFunctionDeclaration(statement)) return true
  const initializer = ts.isVariableStatement(statement) ? statement.declarationList.declarations[0]?.initializer : undefined
  return initializer !== undefined && (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer))
}
