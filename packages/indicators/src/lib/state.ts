import type { Json } from './types.ts'

// JSON has no NaN, no infinity, and loses the sign of -0.
const encode = (x: number): Json => (Object.is(x, -0) ? '-0' : Number.isFinite(x) ? x : String(x))

// Text, functions and flags are configuration; what is called `scratch` is rewritten before it is read.
const fieldsOf = (target: object): [string, unknown][] =>
  Object.entries(target).filter(([key, value]) => typeof value === 'number' || (typeof value === 'object' && key !== 'scratch'))

/** The numbers of an object, its arrays and its parts, by position in order of declaration. */
export const save = (target: object): Json[] => fieldsOf(target).map(([, value]) => (typeof value === 'number' ? encode(value) : save(value as object)))

/** The reverse of {@link save}. It takes what it finds; whoever restores compares the result with what was given. */
export const load = (target: object, state: unknown): void => {
  fieldsOf(target).forEach(([key, value], i) => {
    const item = (state as readonly unknown[] | undefined)?.[i]
    if (typeof value === 'object') load(value as object, item)
    else (target as Record<string, number>)[key] = Number(item)
  })
}
