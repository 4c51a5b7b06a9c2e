import type { SafetyRule } from '../contracts/safety-rule.ts'
import type { Json } from '../model/json.ts'

/** Which way a parameter becomes tighter; of a list of names the later one. */
export type Tighter = 'lower' | 'higher' | readonly string[]

/** How a rule's limits may be changed while it runs. */
export interface LimitPolicy {
  /** The parameters that may be changed. */
  readonly tighter: Readonly<Record<string, Tighter>>
  /**
   * The same rule with other parameters.
   *
   * @throws ConfigError when they are none
   */
  remake(params: Json): ConfiguredRule
}

/** A built-in rule with its parameters as plain data, so that a configuration can be printed and hashed, and its limits tightened. */
export type ConfiguredRule = SafetyRule & { readonly params: Json; readonly limits?: LimitPolicy }

/**
 * Makes the policy of a rule whose parameters have the shape P: which of them may be changed while it runs, and how the rule is made again.
 *
 * @example
 * ```ts
 * const policy = limitPolicy({ duration: 'higher' }, (params: { readonly duration: number }) => cooldown(params.duration))
 * policy.remake({ duration: 60000 }).params // => { duration: 60000 }
 * ```
 */
export const limitPolicy = <P>(tighter: { readonly [K in keyof P]?: Tighter }, make: (params: P) => ConfiguredRule): LimitPolicy => ({
  tighter: tighter as Readonly<Record<string, Tighter>>,
  remake: (params) => make(params as unknown as P),
})
