import { isBuiltin } from 'node:module'
import ts from 'typescript'
import { lineOf, walk } from '../lib/syntax.ts'
import { isTest } from './source.ts'
import type { Problem, SourceFile } from './source.ts'

/** What of core's `runtime/` makes runs again or drives them in event time: as deterministic as what it runs. */
const secondRuns = [
  'account.ts',
  'account-side.ts',
  'bot-chart.ts',
  'cancel-only.ts',
  'close-gate.ts',
  'drift/',
  'engine-state.ts',
  'explain/',
  'operators.ts',
  'recent-lists.ts',
  'recording/',
  'run-loop.ts',
  'serial-queue.ts',
  'shadow/',
  'venue-at.ts',
].map((path) => `packages/core/src/runtime/${path}`)

/** Code that must give the same bytes for the same events on every machine. */
const isDeterministic = (path: string): boolean =>
  !isTest(path) &&
  (path.startsWith('packages/indicators/src/') ||
    (path.startsWith('packages/core/src/') && !/^packages\/core\/src\/(runtime|node)\//.test(path)) ||
    secondRuns.some((start) => path.startsWith(start)))

const bannedGlobals = new Set([
  'Date',
  'performance',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'clearInterval',
  'queueMicrotask',
  'process',
  'fetch',
  'WebSocket',
  'crypto',
  'globalThis',
  'navigator',
  'Intl',
  'WeakRef',
  'FinalizationRegistry',
  'AbortSignal',
  'Atomics',
  'BroadcastChannel',
  'Bun',
  'Deno',
  'EventSource',
  'Function',
  'MessageChannel',
  'SharedArrayBuffer',
  'Temporal',
  'Worker',
  'XMLHttpRequest',
  'console',
  'document',
  'eval',
  'global',
  'indexedDB',
  'localStorage',
  'requestAnimationFrame',
  'requestIdleCallback',
  'require',
  'self',
  'sessionStorage',
  'window',
])

/** What of RxJS looks at a clock or waits for a turn of the host. */
const timedOperator =
  /^(interval|timer|delay\w*|debounce\w*|throttle\w*|audit\w*|sample\w*|bufferTime|windowTime|timeout\w*|timeInterval|timestamp|\w*[sS]cheduler|animationFrames|observeOn|subscribeOn)$/

/** Functions of `Math` whose last bit differs between engines; `model/transcendental.ts` holds the pinned ones. */
const approximated = new Set([
  'acos',
  'acosh',
  'asin',
  'asinh',
  'atan',
  'atan2',
  'atanh',
  'cbrt',
  'cos',
  'cosh',
  'exp',
  'expm1',
  'hypot',
  'log',
  'log10',
  'log1p',
  'log2',
  'pow',
  'sin',
  'sinh',
  'tan',
  'tanh',
])

/** A banned name that one file may use, because it cannot change a result. */
export interface DeterminismException {
  readonly path: string
  readonly name: string
  readonly reason: string
}

/** Returns uses of clocks, timers, chance, surroundings and approximated functions in deterministic code, and exceptions that are no longer needed. */
export function nondeterminism(files: readonly SourceFile[], exceptions: readonly DeterminismException[] = []): Problem[] {
  const unused = new Set(exceptions)
  const problems = files
    .filter((file) => isDeterministic(file.path))
    .flatMap((file) =>
      nondeterminismOf(file, (name) => {
        const exception = exceptions.find((each) => each.path === file.path && each.name === name)
        if (exception) unused.delete(exception)
        return exception !== undefined
      }),
    )
  return [...problems, ...[...unused].map(({ path, name }) => ({ path, line: 1, message: `the exception for ${name} is no longer needed: remove it` }))]
}

function nondeterminismOf(file: SourceFile, isExcepted: (name: string) => boolean): Problem[] {
  const problems: Problem[] = []
  const report = (node: ts.Node, message: string): void => void problems.push({ path: file.path, line: lineOf(file.tree, node.getStart(file.tree)), message })
  const declared = declaredNames(file.tree)
  const mayApproximate = !file.path.startsWith('packages/core/') || file.path.endsWith('/transcendental.ts')
  walk(file.tree, (node) => {
    if (ts.isIdentifier(node) && bannedGlobals.has(node.text) && !declared.has(node.text) && isReference(node) && !isExcepted(node.text)) {
      report(node, `${node.text} is not deterministic`)
    }
    if (ts.isIdentifier(node) && node.text === 'Math' && isReference(node) && !isNamedMember(node) && !isExcepted('Math'))
      report(node, 'Math hides which function is meant: write Math.name')
    if (ts.isPropertyAccessExpression(node) && /^(localeCompare|toLocale\w+)$/.test(node.name.text))
      report(node, `${node.name.text} depends on the machine's language`)
    if (ts.isMetaProperty(node) || (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword))
      report(node, 'import() and import.meta depend on where the code lies')
    if (ts.isImportSpecifier(node) && timedOperator.test((node.propertyName ?? node.name).text) && importedFrom(node).startsWith('rxjs'))
      report(node, `${(node.propertyName ?? node.name).text} of RxJS waits for the machine's clock`)
    if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'Math') {
      if (node.name.text === 'random') report(node, 'Math.random is not deterministic: take a seeded generator')
      if (approximated.has(node.name.text) && !mayApproximate)
        report(node, `Math.${node.name.text} differs between engines in the last bit: use model/transcendental.ts`)
    }
    if (isPower(node) && !mayApproximate) report(node, '** is Math.pow: use model/transcendental.ts, or multiply')
  })
  for (const { specifier, line } of file.imports)
    if (isBuiltin(specifier)) problems.push({ path: file.path, line, message: `${specifier} does I/O, which belongs into core/src/node or runtime` })
  return problems
}

const isNamedMember = (node: ts.Identifier): boolean => ts.isPropertyAccessExpression(node.parent) && node.parent.expression === node

const importedFrom = ({ parent }: ts.ImportSpecifier): string => (parent.parent.parent.moduleSpecifier as ts.StringLiteral).text

/** A power of two with a fixed exponent is exact everywhere. */
function isPower(node: ts.Node): boolean {
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.AsteriskAsteriskToken) return false
  const exponent = ts.isPrefixUnaryExpression(node.right) ? node.right.operand : node.right
  return !(ts.isNumericLiteral(node.left) && node.left.text === '2' && ts.isNumericLiteral(exponent))
}

function isReference(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return false
  if (
    (ts.isPropertyAssignment(parent) ||
      ts.isMethodDeclaration(parent) ||
      ts.isMethodSignature(parent) ||
      ts.isPropertySignature(parent) ||
      ts.isPropertyDeclaration(parent)) &&
    parent.name === node
  )
    return false
  return !ts.isTypeReferenceNode(parent)
}

/** Names a file declares or imports itself, which shadow the globals. */
function declaredNames(tree: ts.SourceFile): Set<string> {
  const names = new Set<string>()
  walk(tree, (node) => {
    if (
      (ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isFunctionDeclaration(node) || ts.isImportSpecifier(node) || ts.isBindingElement(node)) &&
      node.name &&
      ts.isIdentifier(node.name)
    )
      names.add(node.name.text)
  })
  return names
}
