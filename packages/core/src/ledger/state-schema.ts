import type { Decimal } from 'decimal.js'
import { z } from 'zod'
import { EngineError } from '../model/errors.ts'
import type { Json } from '../model/json.ts'
import { money } from '../model/money.ts'
import type { EpochMs } from '../model/time.ts'

/** An exact amount, written as plain decimal text. */
export const decimalSchema = z.string().transform((text, context): Decimal => {
  try {
    return money(text)
  } catch {
    context.addIssue({ code: 'custom', message: `expected a plain decimal number, received ${JSON.stringify(text)}` })
    return z.NEVER
  }
})

/** A moment, in epoch ms. */
export const epochSchema = z.int().transform((ms) => ms as EpochMs)

/**
 * Returns a snapshot's state.
 *
 * @throws EngineError `STORE_MISMATCH` naming every problem with its path
 */
export function parseState<S extends z.ZodType>(schema: S, json: Json, what: string): z.output<S> {
  const parsed = schema.safeParse(json)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'state'}: ${issue.message}`)
  throw new EngineError('STORE_MISMATCH', `this is no state of ${what}: ${problems.join('; ')}`)
}
