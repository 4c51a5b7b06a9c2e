import type { Json } from './types.ts'

/**
 * The numbers of an object, its arrays and its parts, by position in order of declaration; with a `state` they are set from it first. It takes what it finds:
 * whoever restores compares the result with what was given. Text, functions and private fields are configuration; what is called `scratch` is rewritten before
 * it is read.
 */
export const walk = (target: object, state?: unknown): Json[] =>
  Object.entries(target as Record<string, number | object>)
    .filter(([key, value]) => typeof value === 'number' || (typeof value === 'object' && key !== 'scratch'))
    .map(([key, value], i) => {
      const given = (state as readonly unknown[] | undefined)?.[i]
      if (typeof value === 'object') return walk(value, given)
      const x = state ? ((target as Record<string, number>)[key] = Number(given)) : value
      // JSON has no NaN, no infinity, and loses the sign of -0.
      return Object.is(x, -0) ? '-0' : Number.isFinite(x) ? x : String(x)
    })
