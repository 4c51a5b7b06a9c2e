import type { SafetyRule } from '../contracts/safety-rule.ts'
import type { Json } from '../model/json.ts'

/** A built-in rule with its parameters as plain data, so that a configuration can be printed and hashed. */
export type ConfiguredRule = SafetyRule & { readonly params: Json }
