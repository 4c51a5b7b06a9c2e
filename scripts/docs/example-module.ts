import ts from 'typescript'
import { parse, walk } from '../lib/syntax.ts'
import type { Fence } from './fences.ts'

/**
 * Returns a fence as a module that exports `run(expect)`. An `expr // => value` becomes an assertion, `const x = expr // => value` too;
 * `expr // => throws text` expects an error whose message holds the text. Names of `known` that the code uses without importing them are imported:
 * an example of a comment need not import the package it stands in.
 */
export function exampleModule(fence: Fence, known: ReadonlyMap<string, string> = new Map()): string {
  const source = parse(`${fence.file}.ts`, fence.code)
  const imports = source.statements.filter((statement) => ts.isImportDeclaration(statement))
  const { body, unused } = withAssertions(source, imports)
  if (unused.length > 0) throw new Error(`${fence.file}:${fence.line + unused[0]!}: a "// =>" must follow an expression or a const on the same line`)
  const missing = missingNames(source, known)
  const added = [...new Set(missing.values())].map(
    (entry) =>
      `import { ${[...missing]
        .filter(([, from]) => from === entry)
        .map(([name]) => name)
        .join(', ')} } from '${entry}'`,
  )
  return [
    ...added,
    ...imports.map((statement) => statement.getText(source)),
    'export async function run(expect: (value: unknown) => any): Promise<void> {',
    body,
    '}',
    '',
  ].join('\n')
}

/** Returns the module of an example without its types. */
export const javascriptOf = (module: string): string =>
  ts.transpileModule(module, { compilerOptions: { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true } }).outputText

interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

const assertion = /\/\/ => (.+)$/

function withAssertions(source: ts.SourceFile, imports: readonly ts.Node[]): { body: string; unused: number[] } {
  const edits: Edit[] = imports.map((node) => ({ start: node.getStart(source), end: node.end, text: '' }))
  const wanted = new Map<number, string>()
  source.text.split('\n').forEach((row, line) => {
    const value = assertion.exec(row)?.[1]
    if (value !== undefined) wanted.set(line, value.trim())
  })
  walk(source, (node) => {
    if (!ts.isStatement(node)) return
    const line = source.getLineAndCharacterOfPosition(node.end).line
    const value = wanted.get(line)
    const edit = value === undefined ? undefined : assertionEdit(source, node, value)
    if (!edit) return
    edits.push(edit)
    wanted.delete(line)
  })
  let body = source.text
  for (const edit of edits.sort((a, b) => b.start - a.start)) body = body.slice(0, edit.start) + edit.text + body.slice(edit.end)
  return { body, unused: [...wanted.keys()] }
}

function assertionEdit(source: ts.SourceFile, node: ts.Statement, value: string): Edit | undefined {
  const start = node.getStart(source)
  if (ts.isExpressionStatement(node)) {
    const code = node.expression.getText(source)
    const thrown = /^throws (.+)$/.exec(value)?.[1]
    const text = thrown === undefined ? `expect(${code}).toEqual(${value})` : `await expect((async () => ${code})()).rejects.toThrow(${JSON.stringify(thrown)})`
    return { start, end: node.end, text }
  }
  if (!ts.isVariableStatement(node)) return undefined
  const [declaration] = node.declarationList.declarations
  return declaration && ts.isIdentifier(declaration.name)
    ? { start, end: node.end, text: `${node.getText(source)}; expect(${declaration.name.text}).toEqual(${value})` }
    : undefined
}

/** Returns the known names that are used but neither imported nor declared. */
function missingNames(source: ts.SourceFile, known: ReadonlyMap<string, string>): Map<string, string> {
  const declared = new Set<string>()
  const used = new Set<string>()
  walk(source, (node) => {
    if (!ts.isIdentifier(node)) return
    const { parent } = node
    const isDeclaration =
      (ts.isVariableDeclaration(parent) ||
        ts.isParameter(parent) ||
        ts.isFunctionDeclaration(parent) ||
        ts.isImportSpecifier(parent) ||
        ts.isBindingElement(parent) ||
        ts.isImportClause(parent) ||
        ts.isNamespaceImport(parent) ||
        ts.isClassDeclaration(parent)) &&
      parent.name === node
    const isMember = (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent) || ts.isMethodDeclaration(parent)) && parent.name === node
    if (isDeclaration) declared.add(node.text)
    else if (!isMember) used.add(node.text)
  })
  return new Map([...used].filter((name) => !declared.has(name) && known.has(name)).map((name) => [name, known.get(name)!]))
}
