import { decimalText, money } from '@millrace/core'
import type { EpochMs } from '@millrace/core'
import type { Decimal } from 'decimal.js'
import { z } from 'zod'

/** Longest text taken for a number: the venue's own have at most 20 decimals. */
const decimalForm = /^-?\d{1,30}(\.\d{1,40})?$/
const exponentForm = /^(-?)(\d{1,20})(?:\.(\d{1,20}))?[eE]([+-]?\d{1,2})$/

/** A number as the venue writes it: text, `''` where there is none yet, now and then a JSON number. Read as Decimal, `''` as zero. */
export const decimalField = z.union([z.string(), z.number()]).transform((value, context): Decimal => {
  const text = value === '' ? '0' : plain(String(value))
  if (decimalForm.test(text)) return money(text)
  context.addIssue({ code: 'custom', message: `expected a decimal number, received ${JSON.stringify(value)}` })
  return z.NEVER
})

/** As {@link decimalField}, above zero: increments and minimums. */
export const positiveField = decimalField.refine((amount) => /^[^-]*[1-9]/.test(decimalText(amount)), { message: 'expected a number above 0' })

/** A price or volume of market data, where float64 is what the library works with: finite and not negative. */
export const floatField = z.union([z.string(), z.number()]).transform((value, context): number => {
  const number = typeof value === 'number' || decimalForm.test(value) || exponentForm.test(value) ? Number(value) : Number.NaN
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

/** The moment of a field that may be empty, null or the year 1: undefined then, and also when it cannot be read, since nothing is decided by it alone. */
export const maybeTimeField = z
  .unknown()
  .optional()
  .transform((value): EpochMs | undefined => {
    const time = timeField.safeParse(value)
    return time.success && time.data > 0 ? time.data : undefined
  })

/** The text of a number without its exponent. */
function plain(text: string): string {
  const [, sign, whole, fraction = '', exponent] = exponentForm.exec(text) ?? []
  if (whole === undefined) return text
  const point = whole.length + Number(exponent)
  const digits = whole + fraction
  const padded = point <= 0 ? `${'0'.repeat(1 - point)}${digits}` : digits.padEnd(point, '0')
  const at = Math.max(point, 1)
  return `${sign}${padded.slice(0, at)}${at < padded.length ? `.${padded.slice(at)}` : ''}`
}

/** One line that names the first thing wrong with a message, for an alert. */
export const problemOf = (error: z.ZodError): string => {
  const [issue] = error.issues
  return issue === undefined ? 'unreadable' : `${issue.path.join('.') || 'message'}: ${issue.message}`
}
