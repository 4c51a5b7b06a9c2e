import { decimalText, money } from '@millrace/core'
import type { EpochMs } from '@millrace/core'
import type { Decimal } from 'decimal.js'
import { z } from 'zod'

/** Longest text taken for a number: the venue's own have at most 20 decimals. */
const decimalForm = /^-?\d{1,30}(\.\d{1,40})?$/

/** A number as the venue writes it: text, `''` where there is none yet, now and then a JSON number. Read as Decimal, `''` as zero. */
export const decimalField = z.union([z.string(), z.number()]).transform((value, context): Decimal => {
  const text = typeof value === 'number' ? plain(value) : value === '' ? '0' : value
  if (decimalForm.test(text)) return money(text)
  context.addIssue({ code: 'custom', message: `expected a decimal number, received ${JSON.stringify(value)}` })
  return z.NEVER
})

/** As {@link decimalField}, above zero: increments and minimums. */
export const positiveField = decimalField.refine((amount) => /^[^-]*[1-9]/.test(decimalText(amount)), { message: 'expected a number above 0' })

/** A price or volume of market data, where float64 is what the library works with: finite and not negative. */
export const floatField = z.union([z.string(), z.number()]).transform((value, context): number => {
  const number = typeof value === 'number' ? value : decimalForm.test(value) ? Number(value) : Number.NaN
  if (number >= 0 && number < 1e15) return number
  context.addIssue({ code: 'custom', message: `expected a price or volume from 0, received ${JSON.stringify(value)}` })
  return z.NEVER
})

/** A moment in RFC 3339 with any number of fractional digits; read as ms. */
export const timeField = z.string().transform((text, context): EpochMs => {
  const ms = /^\d{4}-\d{2}-\d{2}T/.test(text) ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(ms)) return ms as EpochMs
  context.addIssue({ code: 'custom', message: `expected a time such as 2026-01-02T03:04:05Z, received ${JSON.stringify(text)}` })
  return z.NEVER
})

/** A number of JSON without exponent; what float64 made of it is all there is. */
function plain(value: number): string {
  const text = String(value)
  if (!text.includes('e')) return text
  return value.toFixed(20).replace(/\.?0+$/, '')
}

/** One line that names the first thing wrong with a message, for an alert. */
export const problemOf = (error: z.ZodError): string => {
  const [issue] = error.issues
  return issue === undefined ? 'unreadable' : `${issue.path.join('.') || 'message'}: ${issue.message}`
}
