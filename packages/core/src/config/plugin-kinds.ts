import type { ExecutionStyle } from '../contracts/execution-style.ts'
import type { ExitRule } from '../contracts/exit-rule.ts'
import type { SafetyRule } from '../contracts/safety-rule.ts'
import type { Sizer } from '../contracts/sizer.ts'
import type { Strategy } from '../contracts/strategy.ts'
import type { TranchePlan } from '../contracts/tranche-plan.ts'
import { shown } from '../model/params.ts'
import { blockerCodes } from '../safety/blocker-codes.ts'

/** What each kind of plugin that a configuration can name comes to. */
export interface Plugins {
  readonly strategy: Strategy
  readonly exit: ExitRule
  readonly sizer: Sizer
  readonly tranchePlan: TranchePlan
  readonly safety: SafetyRule | readonly SafetyRule[]
  readonly execution: ExecutionStyle
}

/** A kind of plugin that a configuration can name. */
export type PluginKind = keyof Plugins

/** A kind with its article, for messages. */
export const kindText: Readonly<Record<PluginKind, string>> = {
  strategy: 'a strategy',
  exit: 'an exit rule',
  sizer: 'a sizer',
  tranchePlan: 'a tranche plan',
  safety: 'a safety rule',
  execution: 'an execution style',
}

const methods: Readonly<Record<PluginKind, readonly string[]>> = {
  strategy: ['create'],
  exit: ['check'],
  sizer: ['size'],
  tranchePlan: ['size'],
  safety: ['check'],
  execution: ['order'],
}

/** The version of the plugin contracts that this library runs. */
export const API_VERSION = 1

/**
 * Says what keeps a value from being a plugin of a kind, or returns undefined: the contract's version, an id, and the methods that the engine calls.
 */
export function contractProblem(kind: PluginKind, value: unknown): string | undefined {
  if (kind === 'safety' && Array.isArray(value)) return value.map((rule: unknown) => contractProblem('safety', rule)).find((problem) => problem !== undefined)
  if (typeof value !== 'object' || value === null) return `${value === null ? 'null' : typeof value} instead of an object`
  const members = value as Readonly<Record<string, unknown>>
  if (members['apiVersion'] !== API_VERSION)
    return members['apiVersion'] === undefined ? 'no apiVersion' : `apiVersion ${shown(members['apiVersion'])}, and this library runs ${API_VERSION}`
  if (typeof members['id'] !== 'string' || members['id'] === '') return 'no id'
  const missing = methods[kind].find((method) => typeof members[method] !== 'function')
  return missing === undefined ? undefined : `no ${missing}()`
}

/** Says what is wrong with the code of a rule from a module: one's own is told apart from the library's by its first letters. */
export function codeProblem({ code }: { readonly code?: unknown }): string | undefined {
  if (typeof code !== 'string') return 'no code'
  return code.startsWith('x-') || Object.hasOwn(blockerCodes, code) ? undefined : `code ${JSON.stringify(code)}, which does not start with x-`
}
