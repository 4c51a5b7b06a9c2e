import ts from 'typescript'
import { lineOf, walk } from '../lib/syntax.ts'
import { isTest } from './source.ts'
import type { Problem, SourceFile } from './source.ts'

/** `decimal-words` and `to-float` are the fast halves of `money`: exact shortcuts that fall back on decimal.js. */
const calculators = new Set(['money', 'decimal-words', 'to-float'].map((name) => `packages/core/src/model/${name}.ts`))

/** The simulated venue judges what the client calculated: it has arithmetic of its own, in one file. */
const judge = 'packages/coinbase-adapter/src/simulator/amount.ts'

const mayCalculate = (path: string): boolean => calculators.has(path) || path === judge || path.startsWith('packages/core/src/ledger/')

/** Methods that only Decimal has among the types of this project; those shared with numbers or zod schemas are left out. */
const decimalMethods = new Set([
  'plus',
  'minus',
  'times',
  'mul',
  'dividedBy',
  'div',
  'dividedToIntegerBy',
  'divToInt',
  'modulo',
  'negated',
  'neg',
  'absoluteValue',
  'toDecimalPlaces',
  'toDP',
  'toSignificantDigits',
  'toSD',
  'toNearest',
  'comparedTo',
  'cmp',
  'lessThan',
  'lessThanOrEqualTo',
  'greaterThan',
  'greaterThanOrEqualTo',
  'isZero',
  'isNeg',
  'isPos',
  'squareRoot',
  'sqrt',
  'toPower',
])

/** Returns Decimal arithmetic outside of `model/money.ts` (and its fast halves) and `ledger/`, where kinds of amounts are kept apart by functions. */
export function strayMoney(files: readonly SourceFile[]): Problem[] {
  return files
    .filter((file) => file.path.startsWith('packages/') && file.path.includes('/src/') && !isTest(file.path) && !mayCalculate(file.path))
    .flatMap((file) => {
      const problems: Problem[] = file.imports
        .filter(({ specifier, typeOnly }) => specifier === 'decimal.js' && !typeOnly)
        .map(({ line }) => ({ path: file.path, line, message: 'decimal.js is imported for its type only; amounts are made and calculated by model/money.ts' }))
      walk(file.tree, (node) => {
        if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return
        const { name, expression } = node.expression
        if (!decimalMethods.has(name.text) || (ts.isIdentifier(expression) && expression.text === 'Math')) return
        problems.push({
          path: file.path,
          line: lineOf(file.tree, name.getStart(file.tree)),
          message: `.${name.text}() calculates with a Decimal: use a function of model/money.ts`,
        })
      })
      return problems
    })
}
