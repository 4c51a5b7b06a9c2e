import { ConfigError } from '../model/errors.ts'
import type { ConfigProblem } from '../model/errors.ts'
import { shown } from '../model/params.ts'

/** What a parameter can be set to. */
export type ParameterValue = number | string | boolean

/** One parameter and everything it is tried with. */
export interface Parameter {
  /** As in `period`, `rsi.oversold`, `actionThreshold` or `exits.0.params.fraction`. */
  readonly name: string
  /** In order; at least one, none twice. */
  readonly values: readonly ParameterValue[]
}

/** All combinations of the values of some parameters: each is a point with a number from 0 to `size` - 1. */
export interface ParameterSpace {
  readonly parameters: readonly Parameter[]
  /** How many combinations there are. */
  readonly size: number
}

/** What a trial sets each parameter to. */
export type ParameterValues = Readonly<Record<string, ParameterValue>>

/** Values of one parameter at most. */
const MOST_VALUES = 100_000

/** Digits after the point of a number's shortest text. */
function decimalsOf(value: number): number {
  const [mantissa = '', exponent = '0'] = String(value).split('e')
  return Math.max(0, (mantissa.split('.')[1]?.length ?? 0) - Number(exponent))
}

/**
 * Returns a parameter that goes from one number to another by equal steps, in decimal arithmetic: 0.1, 0.2, 0.3, never 0.30000000000000004. The last value is the
 * largest that is not above `to`.
 *
 * @throws ConfigError when the numbers make no range
 * @example
 * ```ts
 * parameterRange('fraction', 0.1, 0.35, 0.1).values // => [0.1, 0.2, 0.3]
 * ```
 */
export function parameterRange(name: string, from: number, to: number, step: number): Parameter {
  const expected = `from:to:step with numbers, from <= to, a step above 0 and at most ${MOST_VALUES} values`
  const wrong = (): never => {
    throw new ConfigError([{ path: `param ${name}`, expected, received: `${from}:${to}:${step}` }])
  }
  if (![from, to, step].every(Number.isFinite) || !(step > 0) || from > to) return wrong()
  const decimals = Math.max(decimalsOf(from), decimalsOf(to), decimalsOf(step))
  if (decimals > 12) return wrong()
  const unit = Number(`1e${decimals}`)
  const [first, last, stride] = [from, to, step].map((value) => Math.round(value * unit)) as [number, number, number]
  const count = Math.floor((last - first) / stride) + 1
  if (!(count <= MOST_VALUES) || ![first, last].every(Number.isSafeInteger)) return wrong()
  return { name, values: Array.from({ length: count }, (_, i) => (first + i * stride) / unit) }
}

/**
 * Returns the space of all combinations; the last parameter changes fastest.
 *
 * @throws ConfigError with every problem found
 * @example
 * ```ts
 * const space = parameterSpace([{ name: 'fast', values: [5, 10] }, { name: 'slow', values: [20, 30, 40] }])
 * space.size // => 6
 * pointValues(space, 4) // => { fast: 10, slow: 30 }
 * ```
 */
export function parameterSpace(parameters: readonly Parameter[]): ParameterSpace {
  const problems: ConfigProblem[] = []
  if (parameters.length === 0) problems.push({ path: 'parameters', expected: 'at least one', received: 'none' })
  const seen = new Set<string>()
  for (const { name, values } of parameters) {
    const path = `param ${name}`
    if (name === '' || seen.has(name)) problems.push({ path, expected: 'a name that no other parameter has', received: shown(name) })
    seen.add(name)
    if (values.length === 0 || values.length > MOST_VALUES) problems.push({ path, expected: `1 to ${MOST_VALUES} values`, received: String(values.length) })
    if (values.some((value) => typeof value === 'number' && !Number.isFinite(value)))
      problems.push({ path, expected: 'finite numbers', received: values.join(', ') })
    if (new Set(values).size < values.length) problems.push({ path, expected: 'each value once', received: values.join(', ') })
  }
  const size = parameters.reduce((product, { values }) => product * values.length, 1)
  if (!Number.isSafeInteger(size)) problems.push({ path: 'parameters', expected: 'fewer than 2^53 combinations', received: String(size) })
  if (problems.length > 0) throw new ConfigError(problems)
  return { parameters, size }
}

/** Returns which value of each parameter a point has, by its place in `values`. */
export function pointDigits({ parameters }: ParameterSpace, point: number): number[] {
  const digits: number[] = []
  let rest = point
  for (let i = parameters.length - 1; i >= 0; i--) {
    const { length } = parameters[i]!.values
    digits.unshift(rest % length)
    rest = Math.floor(rest / length)
  }
  return digits
}

/** Returns the point whose values have the given places. */
export const pointOf = ({ parameters }: ParameterSpace, digits: readonly number[]): number =>
  parameters.reduce((point, { values }, i) => point * values.length + digits[i]!, 0)

/**
 * Returns what a point sets each parameter to.
 *
 * @throws RangeError when the space has no such point
 * @example
 * ```ts
 * pointValues(parameterSpace([parameterRange('period', 10, 30, 10)]), 2) // => { period: 30 }
 * ```
 */
export function pointValues(space: ParameterSpace, point: number): ParameterValues {
  if (!(Number.isInteger(point) && point >= 0 && point < space.size)) throw new RangeError(`expected a point from 0 to ${space.size - 1}, received ${point}`)
  const digits = pointDigits(space, point)
  return Object.fromEntries(space.parameters.map(({ name, values }, i) => [name, values[digits[i]!]!]))
}

/**
 * Returns values in words.
 *
 * @example
 * ```ts
 * valuesText({ fast: 10, slow: 30 }) // => 'fast 10, slow 30'
 * ```
 */
export const valuesText = (values: ParameterValues): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')
