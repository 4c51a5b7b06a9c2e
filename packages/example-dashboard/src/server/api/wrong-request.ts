import type { z } from 'zod'

/** One thing about a request that is not as it must be, in the form in which the engine refuses a configuration. */
export interface Wrong {
  /** Empty: the whole of it. */
  readonly path: string
  readonly expected: string
  readonly received: string
}

/** Everything that a schema found wrong with what came. A token is not shown again, not even a wrong one. */
export const wrongs = (error: z.ZodError, input: unknown): readonly Wrong[] =>
  error.issues.flatMap((issue): Wrong[] => {
    const at = (path: readonly PropertyKey[], expected: string): Wrong => ({
      path: path.join('.'),
      expected,
      received: path.at(-1) === 'token' ? 'something else' : shown(valueAt(input, path)),
    })
    return issue.code === 'unrecognized_keys' ? issue.keys.map((key) => at([...issue.path, key], 'no such key')) : [at(issue.path, expectedOf(issue))]
  })

/** The same as one sentence. */
export const wrongText = (list: readonly Wrong[]): string =>
  list.map(({ path, expected, received }) => `${path === '' ? '' : `${path}: `}expected ${expected}, received ${received}`).join('; ')

const names: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
}

function expectedOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return names[issue.expected] ?? issue.expected
    case 'invalid_value':
      return issue.values.length === 1 ? shown(issue.values[0]) : `one of ${issue.values.map(shown).join(', ')}`
    case 'too_small':
      return `at least ${issue.minimum}${issue.origin === 'string' ? ' characters' : ''}`
    case 'too_big':
      return `at most ${issue.maximum}${issue.origin === 'string' ? ' characters' : ''}`
    case 'invalid_format':
      return issue.message.startsWith('Invalid') ? `a text like ${issue.pattern ?? issue.format}` : issue.message
    case 'invalid_key':
      return 'another key'
    case 'invalid_union':
      return [...new Set(issue.errors.flatMap((branch) => branch.map(expectedOf)))].join(' or ')
    default:
      return issue.message
  }
}

const MOST_SHOWN = 60

function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = typeof value === 'bigint' ? String(value) : JSON.stringify(value)
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text
}

const valueAt = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Readonly<Record<PropertyKey, unknown>>)[key] : undefined,
    input,
  )
