import { botJson } from './config-json.ts'
import type { BotConfig } from './bot-config.ts'
import type { SafetyRule } from '../contracts/safety-rule.ts'
import type { Json } from '../model/json.ts'

/** What is in force, as plain data, for configurations that were made in code. */
export const configOf = (bots: readonly BotConfig[], safety: readonly SafetyRule[]): Json => ({ safety: safety.map((rule) => rule.id), bots: bots.map(botJson) })
