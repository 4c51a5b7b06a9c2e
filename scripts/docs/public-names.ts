import { existsSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import ts from 'typescript'
import { workspacePackages } from '../lib/packages.ts'
import { root } from '../lib/repo.ts'
import { parseFile } from '../lib/syntax.ts'

/** A name that users of a package can import. */
export interface PublicName {
  readonly name: string
  /** Such as `@millrace/core` or `@millrace/core/testing`. */
  readonly entry: string
  /** The file that declares it, relative to the workspace. */
  readonly file: string
  /** What the declaring file calls it. */
  readonly localName: string
}

/** Returns what every entry of every package exports, by following its `export … from` lists. */
export function publicNames(): PublicName[] {
  return workspacePackages().flatMap(({ folder, json }) =>
    Object.entries(json.exports ?? {}).flatMap(([entry, target]) => {
      const source = typeof target === 'object' ? target['@millrace/source'] : undefined
      if (typeof source !== 'string') return []
      const entryName = posix.join(json.name, entry)
      return exportsOf(posix.join(folder, source)).map((each) => ({ ...each, entry: entryName }))
    }),
  )
}

type Exported = Pick<PublicName, 'name' | 'file' | 'localName'>

function exportsOf(file: string, seen: ReadonlySet<string> = new Set()): Exported[] {
  if (seen.has(file) || !existsSync(join(root, file))) return [] // a missing file is the type check's business
  const seenNow = new Set([...seen, file])
  return parseFile(file).statements.flatMap((statement): Exported[] => {
    if (ts.isExportDeclaration(statement)) return reExports(statement, file, seenNow)
    const exported = ts.canHaveModifiers(statement) && ts.getModifiers(statement)?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword)
    return exported ? declaredNames(statement).map((name) => ({ name, file, localName: name })) : []
  })
}

function reExports(statement: ts.ExportDeclaration, file: string, seen: ReadonlySet<string>): Exported[] {
  const from = statement.moduleSpecifier && ts.isStringLiteral(statement.moduleSpecifier) ? statement.moduleSpecifier.text : undefined
  const target = from?.startsWith('.') ? posix.normalize(join(dirname(file), from)) : undefined
  if (!statement.exportClause) return target ? exportsOf(target, seen) : []
  if (ts.isNamespaceExport(statement.exportClause)) return [{ name: statement.exportClause.name.text, file, localName: statement.exportClause.name.text }]
  const inTarget = target ? exportsOf(target, seen) : []
  return statement.exportClause.elements.map((element) => {
    const localName = (element.propertyName ?? element.name).text
    return { ...(inTarget.find((each) => each.name === localName) ?? { file, localName }), name: element.name.text }
  })
}

/** Returns the names a top-level statement declares. */
export function declaredNames(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap((declaration) => (ts.isIdentifier(declaration.name) ? [declaration.name.text] : []))
  if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) {
    return statement.name ? [statement.name.text] : []
  }
  return []
}
