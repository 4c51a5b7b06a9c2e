import type { Json } from './types.ts'

// JSON has no NaN, no infinity and loses the sign of -0.
const encode = (x: number): Json => (Number.isFinite(x) && !Object.is(x, -0) ? x : x === 0 ? '-0' : String(x))

const wrong = (expected: string, received: unknown): never => {
  throw new TypeError(`snapshot does not fit: expected ${expected}, received ${JSON.stringify(received) ?? 'nothing'}`)
}

const decode = (x: unknown): number => {
  const value = typeof x === 'string' ? Number(x) : x
  return typeof value === 'number' && (value === value || x === 'NaN') ? value : wrong('a number', x)
}

// Text, functions and flags are configuration; what is called `scratch` is rewritten before it is read.
const fieldsOf = (target: object): [string, unknown][] => Object.entries(target).filter(([key, value]) =>
  typeof value === 'number' || (typeof value === 'object' && value !== null && key !== 'scratch'))

/** The numbers of an object, its typed arrays and its parts, by position in order of declaration. */
export const save = (target: object): Json[] => fieldsOf(target).map(([, value]) => {
  if (typeof value === 'number') return encode(value)
  return value instanceof Float64Array ? Array.from(value, encode) : save(value as object)
})

/** The reverse of {@link save}; with `write` false it only checks the shape. */
export const load = (target: object, state: unknown, write: boolean): void => {
  const array = target instanceof Float64Array
  const fields = array ? Object.entries(target) : fieldsOf(target)
  if (!Array.isArray(state) || state.length !== fields.length) return wrong(`a list of ${fields.length}`, state)
  fields.forEach(([key, value], i) => {
    if (typeof value !== 'number') return load(value as object, state[i], write)
    const x = decode(state[i])
    if (write) (target as Record<string, number>)[key] = x
  })
}
