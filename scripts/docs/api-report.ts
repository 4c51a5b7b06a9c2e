import ts from 'typescript'
import { publishedPackages } from '../lib/packages.ts'
import type { WorkspacePackage } from '../lib/packages.ts'
import { parseFile } from '../lib/syntax.ts'
import { declaredNames, publicNames } from './public-names.ts'
import type { PublicName } from './public-names.ts'

/** What users of one package can import, as text: who changes it sees it, and so does who reads the change. */
export interface ApiReport {
  /** Relative to the workspace. */
  readonly file: string
  readonly text: string
}

const printer = ts.createPrinter({ removeComments: true })

/** Returns the report of every published package, from its sources. */
export function apiReports(): ApiReport[] {
  const names = publicNames()
  const trees = new Map<string, ts.SourceFile>()
  const treeOf = (file: string): ts.SourceFile => {
    const tree = trees.get(file) ?? parseFile(file)
    trees.set(file, tree)
    return tree
  }
  return publishedPackages().map((each) => ({ file: `${each.folder}/api-report.txt`, text: reportOf(each, names, treeOf) }))
}

function reportOf({ json }: WorkspacePackage, names: readonly PublicName[], treeOf: (file: string) => ts.SourceFile): string {
  const own = names.filter(({ entry }) => entry === json.name || entry.startsWith(`${json.name}/`))
  const entries = [...new Set(own.map(({ entry }) => entry))]
  const parts = entries.map((entry) => {
    const declarations = own
      .filter((each) => each.entry === entry)
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((each) => declarationText(each, treeOf(each.file)))
    return `## ${entry}\n\n${declarations.join('\n')}\n`
  })
  return `What ${json.name} exports. \`npm run api\` writes this file; a test compares it with the sources.\n\n${parts.join('\n')}`
}

/** A declaration without comments, bodies and private members. */
export function declarationText({ localName, name }: Pick<PublicName, 'localName' | 'name'>, tree: ts.SourceFile): string {
  const statements = tree.statements.filter((each) => declaredNames(each).includes(localName))
  const signatures = statements.filter((each) => ts.isFunctionDeclaration(each) && each.body === undefined)
  const shown = signatures.length > 0 ? signatures : statements
  const texts = shown.map((statement) => printer.printNode(ts.EmitHint.Unspecified, withoutBodies(statement, localName), tree))
  const also = name === localName ? '' : `export { ${localName} as ${name} }\n`
  return also + (texts.length === 0 ? `export ${name} from another package` : texts.join('\n'))
}

function withoutBodies(statement: ts.Statement, name: string): ts.Node {
  const { factory } = ts
  if (ts.isFunctionDeclaration(statement))
    return factory.updateFunctionDeclaration(
      statement,
      ...([statement.modifiers, statement.asteriskToken, statement.name, statement.typeParameters, statement.parameters, statement.type] as const),
      undefined,
    )
  if (ts.isClassDeclaration(statement)) return classFace(statement)
  if (!ts.isVariableStatement(statement)) return statement
  const declaration = statement.declarationList.declarations.find((each) => ts.isIdentifier(each.name) && each.name.text === name)!
  return constantFace(declaration)
}

/** A constant with a type is its type; a function is its signature; anything else is its value. */
function constantFace(declaration: ts.VariableDeclaration): ts.Node {
  const { factory } = ts
  const { name, type, initializer } = declaration
  const bare = (value: ts.Expression | undefined): ts.Node =>
    factory.createVariableStatement(
      [factory.createModifier(ts.SyntaxKind.ExportKeyword)],
      factory.createVariableDeclarationList([factory.updateVariableDeclaration(declaration, name, undefined, type, value)], ts.NodeFlags.Const),
    )
  if (type !== undefined) return bare(undefined)
  if (initializer === undefined || !ts.isArrowFunction(initializer)) return bare(initializer)
  const { typeParameters, parameters } = initializer
  return bare(factory.createArrowFunction(undefined, typeParameters, parameters, initializer.type, undefined, factory.createBlock([])))
}

function classFace(statement: ts.ClassDeclaration): ts.Node {
  const { factory } = ts
  const isPublic = (member: ts.ClassElement): boolean =>
    !(member.name && ts.isPrivateIdentifier(member.name)) &&
    !(ts.canHaveModifiers(member) && ts.getModifiers(member)?.some((modifier) => modifier.kind === ts.SyntaxKind.PrivateKeyword))
  const members = statement.members.filter(isPublic).map((member) => {
    if (ts.isMethodDeclaration(member))
      return factory.updateMethodDeclaration(
        member,
        ...([member.modifiers, member.asteriskToken, member.name, member.questionToken, member.typeParameters, member.parameters, member.type] as const),
        undefined,
      )
    if (ts.isConstructorDeclaration(member)) return factory.updateConstructorDeclaration(member, member.modifiers, member.parameters, undefined)
    if (ts.isGetAccessorDeclaration(member))
      return factory.updateGetAccessorDeclaration(member, member.modifiers, member.name, member.parameters, member.type, undefined)
    return member
  })
  return factory.updateClassDeclaration(statement, statement.modifiers, statement.name, statement.typeParameters, statement.heritageClauses, members)
}
