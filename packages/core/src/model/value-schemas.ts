import { z } from 'zod'
import { decimalText, money } from './money.ts'
import { durationMs } from './time.ts'
import type { Duration } from './time.ts'

/** Amounts above this are typing errors, not money. */
const MAX_QUOTE = 1e12
const amountForm = /^\d+(\.\d{1,8})?$/
const MAX_DURATION_MS = 366 * 86_400_000

/** A schema for one value that `read` understands (it returns undefined for anything else); the problem text is `expected`. */
function scalar<In, Out>(expected: string, read: (value: unknown) => Out | undefined): z.ZodType<Out, In> {
  return z.unknown().transform((value, context) => {
    const out = read(value)
    if (out !== undefined) return out
    context.addIssue({ code: 'custom', message: expected, input: value })
    return z.NEVER
  }) as unknown as z.ZodType<Out, In>
}

function readDuration(value: unknown): number | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  try {
    const ms = durationMs(value)
    return ms <= MAX_DURATION_MS ? ms : undefined
  } catch {
    return undefined
  }
}

/** A length of time: whole milliseconds or text such as `'5m'`, at most 366 days; read as milliseconds. */
export const durationSchema = scalar<Duration, number>("a duration such as '5m' or whole milliseconds, at most 366 days", readDuration)

/** As {@link durationSchema}, and longer than zero. */
export const periodSchema = scalar<Duration, number>("a duration above zero such as '5m', at most 366 days", (value) => {
  const ms = readDuration(value)
  return ms === undefined || ms === 0 ? undefined : ms
})

/**
 * An amount of money: decimal text, or a number of at most 15 significant digits; not negative, at most 1e12, at most 8 decimal places.
 * Read as plain decimal text.
 */
export const amountSchema = scalar<string | number, string>(
  'an amount from 0 to 1000000000000 as decimal text or a number, with at most 8 decimal places and 15 significant digits',
  (value) => {
    if (typeof value !== 'string' && typeof value !== 'number') return undefined
    try {
      const text = decimalText(money(value))
      return amountForm.test(text) && text.replace('.', '').length <= 15 && Number(text) <= MAX_QUOTE ? text : undefined
    } catch {
      return undefined
    }
  },
)

/** A quote amount above zero for sizes and limits, where float64 is enough: as {@link amountSchema}, read as a number. */
export const quoteSchema = scalar<string | number, number>(
  'an amount above 0, at most 1000000000000, as decimal text or a number, with at most 8 decimal places and 15 significant digits',
  (value) => {
    const read = amountSchema.safeParse(value)
    return read.success && Number(read.data) > 0 ? Number(read.data) : undefined
  },
)

/** A share, above 0 and below 1: 0.05 is 5 %. */
export const fractionSchema = z.number().gt(0).lt(1)

/** A fee rate: 0.009 is 0.9 %; from 0 to 0.1, at most 8 decimal places. Read as plain decimal text. */
export const rateSchema = scalar<string | number, string>('a rate from 0 to 0.1, such as 0.009 for 0.9 %', (value) => {
  const read = amountSchema.safeParse(value)
  return read.success && Number(read.data) <= 0.1 ? read.data : undefined
})
