/** Whole numbers of 10^-40: the product of two decimals of 20 places is exact. The model shares no arithmetic with the library. */
export type Exact = bigint

const PLACES = 20

function scaled(text: string): bigint {
  const match = /^(-?)(\d+)(?:\.(\d{1,20}))?$/.exec(text)
  if (match === null) throw new Error(`expected a plain decimal with at most ${PLACES} places, received ${JSON.stringify(text)}`)
  const digits = BigInt(match[2]! + (match[3] ?? '').padEnd(PLACES, '0'))
  return match[1] === '-' ? -digits : digits
}

export const exact = (text: string): Exact => scaled(text) * 10n ** BigInt(PLACES)
export const product = (a: string, b: string): Exact => scaled(a) * scaled(b)
/** Near enough for a limit that the engine keeps in float64. */
export const toNumber = (amount: Exact): number => Number(amount / 10n ** BigInt(PLACES)) / 10 ** PLACES
export const sum = (amounts: Iterable<Exact>): Exact => [...amounts].reduce((total, amount) => total + amount, 0n)
/** An amount times a price or quantity that has few digits. */
export const times = (amount: Exact, factor: string): Exact => (amount * scaled(factor)) / 10n ** BigInt(PLACES)
