/** Amounts of an auditor of their own: whole numbers of 10^-40, so that a price times a quantity is exact. Shares nothing with the library. */
export type Exact = bigint

const HALF = 20
const WHOLE = 40

/** Reads decimal text as a whole number of 10^-20. @throws Error on anything but plain decimals with at most 20 places */
function scaled(text: string): bigint {
  const match = /^(-?)(\d+)(?:\.(\d{1,20}))?$/.exec(text)
  if (match === null) throw new Error(`expected a plain decimal with at most 20 places, received ${JSON.stringify(text)}`)
  const digits = BigInt(match[2]! + (match[3] ?? '').padEnd(HALF, '0'))
  return match[1] === '-' ? -digits : digits
}

export const exact = (text: string): Exact => scaled(text) * 10n ** BigInt(WHOLE - HALF)

/** The product of two decimal texts. */
export const product = (a: string, b: string): Exact => scaled(a) * scaled(b)

/** A share of an amount, rounded down to 10^-40. */
export const share = (amount: Exact, part: Exact, whole: Exact): Exact => (amount * part) / whole

/** Plain decimal text without trailing zeros. */
export function exactText(amount: Exact): string {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(WHOLE + 1, '0')
  const fraction = digits.slice(-WHOLE).replace(/0+$/, '')
  return `${amount < 0n ? '-' : ''}${digits.slice(0, -WHOLE)}${fraction === '' ? '' : `.${fraction}`}`
}
