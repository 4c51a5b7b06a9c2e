import type { BotConfig } from '../contracts/bot-config.ts'
import type { SafetyRule } from '../contracts/safety-rule.ts'
import { defaultGrading } from '../ledger/analytics/grade.ts'
import type { Grading } from '../ledger/analytics/grade.ts'
import type { Booking } from '../ledger/lots.ts'
import type { Json } from '../model/json.ts'
import { breakerSettings } from '../safety/circuit-breakers.ts'
import type { BreakerSettings } from '../safety/circuit-breakers.ts'
import { botJson, pluginJson } from './config-json.ts'
import { accountDefaults } from './defaults.ts'

/** What is in force, as plain data, for configurations that were made in code. */
export const configOf = (
  bots: readonly BotConfig[],
  safety: readonly SafetyRule[],
  {
    booking = accountDefaults.booking,
    grading = defaultGrading,
    breakers = breakerSettings(),
  }: { readonly booking?: Booking | undefined; readonly grading?: Grading | undefined; readonly breakers?: BreakerSettings | undefined } = {},
): Json => ({
  booking,
  grading,
  breakers,
  safety: safety.map(pluginJson),
  bots: bots.map(botJson),
})
