import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { filesBelow, root } from '../lib/repo.ts'
import { lineOf, parse } from '../lib/syntax.ts'

/** A function, a member of a class or another top-level statement: what a sample takes or leaves as a whole. */
export interface Unit {
  readonly file: string
  readonly firstLine: number
  readonly lastLine: number
}

/** A field without a value and an overload hold nothing that could be changed. */
const holdsCode = (member: ts.ClassElement): boolean =>
  ts.isPropertyDeclaration(member) ? member.initializer !== undefined : 'body' in member && member.body !== undefined

const isCode = (file: string): boolean => !/\.(test|prop|fixture|test-d)\.ts$/.test(file)

/** Returns the units of the folders' code, in the order of files and lines. */
export const unitsOf = (folders: readonly string[]): Unit[] =>
  folders
    .flatMap((folder) => filesBelow(folder, ['.ts']))
    .filter(isCode)
    .flatMap((file) => unitsOfText(file, readFileSync(join(root, file), 'utf8')))

/** Returns the units of one text. Types and imports hold nothing that could be changed. */
export function unitsOfText(file: string, text: string): Unit[] {
  const tree = parse(file, text)
  const unit = (node: ts.Node): Unit => ({ file, firstLine: lineOf(tree, node.getStart(tree)), lastLine: lineOf(tree, node.end) })
  return tree.statements.flatMap((statement) => {
    if (ts.isImportDeclaration(statement) || ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement) || ts.isExportDeclaration(statement))
      return []
    if (!ts.isClassDeclaration(statement)) return [unit(statement)]
    return statement.members.filter(holdsCode).map(unit)
  })
}

/** A small generator of uniform numbers (mulberry32): the sample follows from its seed alone. */
function uniform(seed: number): () => number {
  let a = seed >>> 0
  return () => {
    a = (a + 0x6d2b79f5) >>> 0
    let t = a
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

const linesOf = (units: readonly Unit[]): number => units.reduce((sum, { firstLine, lastLine }) => sum + lastLine - firstLine + 1, 0)

/** Returns units in a random order that follows from the seed, until they hold this share of all lines, 0..1. */
export function sampleOf(units: readonly Unit[], seed: number, share: number): Unit[] {
  const next = uniform(seed)
  const shuffled = units
    .map((unit) => ({ unit, key: next() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ unit }) => unit)
  const wanted = share * linesOf(units)
  const taken: Unit[] = []
  for (let lines = 0; lines < wanted && taken.length < shuffled.length; lines = linesOf(taken)) taken.push(shuffled[taken.length]!)
  return taken
}
