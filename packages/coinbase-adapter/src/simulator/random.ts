import { createHash } from 'node:crypto'

function round(state: number, number: number): number {
  let next = Math.imul(state ^ number, 0x85ebca6b)
  next = Math.imul(next ^ (next >>> 13), 0xc2b2ae35)
  return next ^ (next >>> 16)
}

/** Mixes whole numbers to 32 bits that look like chance (the finaliser of MurmurHash3, one round a number). */
export function mix(a: number, b = 0, c = 0, d = 0): number {
  const state = Math.imul(round(round(round(round(0x9e3779b9, a), b), c), d), 0x45d9f3b)
  return (state ^ (state >>> 16)) >>> 0
}

/** Returns a number of 32 bits for a text. */
export const numberOf = (text: string): number => createHash('sha256').update(text).digest().readUInt32LE(0)

/** 0 <= r < 1, the same for the same numbers. */
export const chance = (a: number, b = 0, c = 0, d = 0): number => mix(a, b, c, d) / 2 ** 32

/** Returns an id in the form of a UUID, the same for the same seed and name: what arrives in another order gets no other id. */
export function uuidOf(seed: number, ...name: readonly (string | number)[]): string {
  const hex = hexOf(seed, ...name)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** Returns 64 hex digits, the same for the same seed and name. */
export const hexOf = (seed: number, ...name: readonly (string | number)[]): string =>
  createHash('sha256')
    .update([seed, ...name].join('\n'))
    .digest('hex')
