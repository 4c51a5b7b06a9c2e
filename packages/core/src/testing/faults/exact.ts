/** Whole numbers of 10^-20: the judge's own arithmetic, which shares nothing with the engine's money. */
export type Exact = bigint

const DECIMALS = 20
const ONE = 100_000_000_000_000_000_000n

/** @throws RangeError when the text is no plain decimal number with at most 20 decimals */
export function exact(text: string): Exact {
  const [, sign, whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d{1,20}))?$/.exec(text) ?? []
  if (whole === undefined) throw new RangeError(`expected a plain decimal number with at most ${DECIMALS} decimals, received ${JSON.stringify(text)}`)
  const size = BigInt(whole) * ONE + BigInt(fraction.padEnd(DECIMALS, '0'))
  return sign === '-' ? -size : size
}

/** @throws RangeError when the product has more than 20 decimals: nothing is rounded here */
export function times(a: Exact, b: Exact): Exact {
  const product = a * b
  if (product % ONE !== 0n) throw new RangeError(`expected an exact product, received ${exactText(a)} times ${exactText(b)}`)
  return product / ONE
}

/** Whole steps that fit into the quotient. */
export const stepsOf = (a: Exact, b: Exact, step: Exact): Exact => ((a * ONE) / b / step) * step

export const floorTo = (a: Exact, step: Exact): Exact => (a / step) * step

/** The quotient, cut after 18 decimals. */
export const ratio = (a: Exact, b: Exact): Exact => floorTo((a * ONE) / b, 100n)

export function exactText(a: Exact): string {
  const size = (a < 0n ? -a : a).toString().padStart(DECIMALS + 1, '0')
  const text = `${size.slice(0, -DECIMALS)}.${size.slice(-DECIMALS)}`.replace(/\.?0+$/, '')
  return a < 0n ? `-${text}` : text
}
