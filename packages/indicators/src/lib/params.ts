import type { Description, ParamSpec } from './types.ts'

type Params = Readonly<Record<string, number | string>>

export const integer = (standard: number, min = 1, max = 1_000_000): ParamSpec => ({ kind: 'integer', default: standard, min, max })
export const real = (standard: number, min: number, max: number): ParamSpec => ({ kind: 'number', default: standard, min, max })
export const choice = (...choices: [string, ...string[]]): ParamSpec => ({ kind: 'choice', default: choices[0], choices })

/** Common options, checked like parameters but no part of the id. */
const COMMON: Readonly<Record<string, readonly unknown[]>> = { onInvalid: ['throw', 'skip', 'propagate'], copy: [true, false] }

const accepts = (spec: ParamSpec, value: unknown): boolean => {
  if (spec.kind === 'choice') return spec.choices.includes(value as string)
  return typeof value === 'number' && value >= spec.min && value <= spec.max && (spec.kind === 'number' || Number.isInteger(value))
}

/** Fills in defaults and checks bounds; throws a `RangeError` that names the parameter, what was expected and what was received. */
export const checkParams = (about: Description, given: object): Params => {
  const wrong = (key: string, expected: string, value: unknown): never => {
    throw new RangeError(`${about.name}: ${key}: expected ${expected}, received ${String(value)}`)
  }
  for (const [key, value] of Object.entries(given)) {
    const common = COMMON[key]
    if (common === undefined ? !(key in about.params) : value !== undefined && !common.includes(value)) {
      wrong(key, (common ?? ['one of', Object.keys(about.params)]).join(' '), value)
    }
  }
  return Object.fromEntries(Object.entries(about.params).map(([key, spec]) => {
    const value = (given as Params)[key] ?? spec.default
    if (!accepts(spec, value)) wrong(key, spec.kind === 'choice' ? spec.choices.join(' or ') : `${spec.kind} from ${spec.min} to ${spec.max}`, value)
    return [key, value]
  }))
}

/** `name(integers,other=value)`: whole numbers always, the rest when it is not the default. */
export const identify = (about: Description, params: Params): string => {
  const parts = Object.entries(about.params)
    .filter(([key, spec]) => spec.kind === 'integer' || params[key] !== spec.default)
    .map(([key, spec]) => (spec.kind === 'integer' ? params[key] : `${key}=${params[key]}`))
  return `${about.name}(${parts.join()})`
}
