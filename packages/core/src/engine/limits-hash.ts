import type { BotConfig } from '../contracts/bot-config.ts'
import type { SafetyRule } from '../contracts/safety-rule.ts'
import type { BreakerSettings } from '../safety/circuit-breakers.ts'
import { limitsJson } from '../safety/limits.ts'
import type { RuleSet } from '../safety/limits.ts'
import { canonicalText } from './canonical.ts'
import { sha256Hex } from './hashing.ts'

/** The rules as the configuration has them. */
export const configuredRules = (config: { readonly accountSafety: readonly SafetyRule[]; readonly bots: readonly BotConfig[] }): RuleSet => ({
  account: config.accountSafety,
  bots: config.bots.map(({ id, safety }) => ({ id, rules: safety })),
})

/** SHA-256 of the canonical text of all limits, 64 hex digits. */
export const limitsHash = (rules: RuleSet, breakers: BreakerSettings): string => sha256Hex(canonicalText(limitsJson(rules, breakers)))
