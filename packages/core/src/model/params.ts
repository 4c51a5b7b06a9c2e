import type { z } from 'zod'
import { ConfigError } from './errors.ts'
import type { ConfigProblem } from './errors.ts'
import { suggestion } from './suggestion.ts'

/** A problem before its path is text: what nested schemas hand to the one around them. */
export interface PathProblem {
  readonly path: readonly PropertyKey[]
  readonly expected: string
}

/** Returns what a zod error says, one entry for each unknown key and each wrong value; `schema` is asked for keys to suggest. */
export function pathProblems(error: z.ZodError, schema: z.ZodType): PathProblem[] {
  return error.issues.flatMap((issue): PathProblem[] => {
    if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, expected: expectedText(issue) }]
    const known = Object.keys(shapeAt(schema, issue.path) ?? {})
    return issue.keys.map((key) => ({ path: [...issue.path, key], expected: `no such key${suggestion(key, known)}` }))
  })
}

/**
 * Returns what a zod error says as problems with path, expected and received.
 *
 * @param path - where `input` stands in the whole configuration; empty (and then called `configuration`) for the whole
 */
export const problemsOf = (error: z.ZodError, input: unknown, schema: z.ZodType, path = ''): ConfigProblem[] =>
  pathProblems(error, schema).map((problem) => ({
    path: pathText(path, problem.path) || 'configuration',
    expected: problem.expected,
    received: shown(valueAt(input, problem.path)),
  }))

/**
 * Returns the parameters as a schema reads them.
 *
 * @throws ConfigError with every problem, each path starting with `path`
 */
export function parseParams<S extends z.ZodType>(schema: S, input: unknown, path: string): z.output<S> {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  throw new ConfigError(problemsOf(result.error, input, schema, path))
}

/** Returns `prefix.key[0]…`; a key that is no plain name is put in brackets and quotes. */
export function pathText(prefix: string, keys: readonly PropertyKey[]): string {
  return keys.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`
    const name = String(key)
    if (!/^[A-Za-z_][\w-]*$/.test(name)) return `${text}[${JSON.stringify(name)}]`
    return text === '' ? name : `${text}.${name}`
  }, prefix)
}

/** Returns a value as a short text for a message. */
export function shown(value: unknown): string {
  switch (typeof value) {
    case 'undefined':
      return 'nothing'
    case 'string':
      return clipped(JSON.stringify(value))
    case 'function':
      return `a function${value.name === '' ? '' : ` (${value.name})`}`
    case 'object':
      return value === null ? 'null' : clipped(textOfObject(value))
    default:
      return String(value)
  }
}

const clipped = (text: string): string => (text.length > 80 ? `${text.slice(0, 77)}...` : text)

function textOfObject(value: object): string {
  try {
    return JSON.stringify(value)
  } catch {
    return 'an object'
  }
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Record<PropertyKey, unknown>)[key] : undefined),
    input,
  )
}

/** The members of the object schema at a path, to suggest a key. */
function shapeAt(schema: z.ZodType, path: readonly PropertyKey[]): Readonly<Record<string, z.ZodType>> | undefined {
  let at: z.ZodType | undefined = schema
  for (const key of path) at = typeof key === 'number' ? elementOf(at) : shapeOf(at)?.[String(key)]
  return shapeOf(at)
}

const definitionOf = (
  schema: z.ZodType | undefined,
): { readonly innerType?: z.ZodType; readonly element?: z.ZodType; readonly shape?: Record<string, z.ZodType> } =>
  (schema?._zod.def ?? {}) as ReturnType<typeof definitionOf>

const shapeOf = (schema: z.ZodType | undefined): Readonly<Record<string, z.ZodType>> | undefined => {
  const definition = definitionOf(schema)
  return definition.innerType === undefined ? definition.shape : shapeOf(definition.innerType)
}

const elementOf = (schema: z.ZodType | undefined): z.ZodType | undefined => {
  const definition = definitionOf(schema)
  return definition.innerType === undefined ? definition.element : elementOf(definition.innerType)
}

const typeNames: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a finite number',
  string: 'a text',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
}

function expectedText(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return typeNames[issue.expected] ?? issue.expected
    case 'too_small':
      return boundText(issue.origin, issue.inclusive === false ? 'above' : 'at least', String(issue.minimum))
    case 'too_big':
      return boundText(issue.origin, issue.inclusive === false ? 'below' : 'at most', String(issue.maximum))
    case 'invalid_value':
      return issue.values.length === 1 ? shown(issue.values[0]) : `one of ${issue.values.map(shown).join(', ')}`
    case 'invalid_key':
      return issue.issues[0] === undefined ? 'another key' : `a key that is ${expectedText(issue.issues[0])}`
    default:
      return issue.message
  }
}

const boundText = (origin: string, relation: string, limit: string): string =>
  origin === 'string'
    ? `${relation} ${limit} characters`
    : origin === 'array' || origin === 'set'
      ? `${relation} ${limit} entries`
      : `a number ${relation} ${limit}`
