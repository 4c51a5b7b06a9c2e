import { z } from 'zod'
import type { ExecutionStyle } from '../contracts/execution-style.ts'
import type { ExitRule } from '../contracts/exit-rule.ts'
import type { SafetyRule } from '../contracts/safety-rule.ts'
import type { Sizer } from '../contracts/sizer.ts'
import type { TranchePlan } from '../contracts/tranche-plan.ts'
import type { Strategy } from '../contracts/strategy.ts'
import { durationSchema, periodSchema } from '../model/value-schemas.ts'
import { maxTranchesParams } from '../safety/max-tranches.ts'

const idForm = /^[a-z0-9-]{1,40}$/

/** Bot ids: 1 to 40 of `a-z`, `0-9` and `-`. */
export const botIdSchema = z.string().regex(idForm, { error: 'an id of 1 to 40 characters from a-z, 0-9 and -' })

export const instrumentSchema = z.string().regex(/^[A-Z0-9]{1,20}-[A-Z0-9]{1,20}$/, { error: "an instrument such as 'BTC-USD'" })

const thresholdSchema = z.number().gt(0).lte(1)

const temperatureSchema = z
  .strictObject({ cool: thresholdSchema, warm: thresholdSchema, hot: thresholdSchema })
  .refine((t) => t.cool < t.warm && t.warm < t.hot, { error: 'thresholds that rise: cool < warm < hot' })

/** What a signal exit sells: a share, or a tranche. */
const exitSchema = z.union([z.number().gt(0).lte(1), z.strictObject({ by: z.literal('tranche') })], {
  error: "a share above 0 and at most 1, or { by: 'tranche' }",
})

/** How each kind of plugin is read: from code as the object itself, from a file by name. */
export interface PluginSchemas {
  readonly strategy: z.ZodType<Strategy>
  readonly exit: z.ZodType<ExitRule>
  readonly sizing: z.ZodType<Sizer>
  readonly tranchePlan: z.ZodType<TranchePlan>
  readonly safety: z.ZodType<readonly SafetyRule[]>
  readonly execution: z.ZodType<ExecutionStyle>
}

/** Every key of one bot but its id and instrument, each optional; the same for code and for files. */
export const botShape = (plugins: PluginSchemas) => ({
  timeframe: periodSchema.optional(),
  strategy: plugins.strategy.optional(),
  actionThreshold: thresholdSchema.optional(),
  temperature: temperatureSchema.optional(),
  confirm: durationSchema.optional(),
  sizing: plugins.sizing.optional(),
  tranches: z.strictObject({ max: maxTranchesParams.shape.max, plan: plugins.tranchePlan.optional() }).optional(),
  exits: z.array(plugins.exit).max(100).optional(),
  exit: exitSchema.optional(),
  safety: z.array(plugins.safety).max(100).optional(),
  mayBlockExits: z.array(z.string()).max(100).optional(),
  execution: plugins.execution.optional(),
  on: z.enum(['close', 'update']).optional(),
  retire: z.boolean().optional(),
  adopt: botIdSchema.optional(),
})

/** One bot as read, before defaults: what both forms come to. */
export type BotSettings = { readonly id: string; readonly instrument: string } & {
  readonly [K in keyof ReturnType<typeof botShape>]?: z.output<ReturnType<typeof botShape>[K]> | undefined
}
