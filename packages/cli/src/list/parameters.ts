import { z } from 'zod'

/** One parameter of a plugin, in words. */
export interface Parameter {
  readonly name: string
  /** What it may be, as in `a whole number from 2 to 100`. */
  readonly what: string
  /** As it would stand in a file; undefined: it must be given. */
  readonly default: unknown
}

interface Described {
  readonly type?: string | readonly string[]
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Described[]
  readonly items?: Described
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  readonly properties?: Readonly<Record<string, Described>>
  readonly required?: readonly string[]
}

/** Returns the parameters of a plugin as its schema takes them; those of a part have the part's name before them. */
export function parametersOf(schema: z.ZodType): readonly Parameter[] {
  const parameters = under('', z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Described)
  return parameters.map((parameter) => (parameter.what === ANYTHING || parameter.what === TEXT ? { ...parameter, what: saidBy(schema, parameter) } : parameter))
}

/** What JSON Schema has no words for, such as a duration. */
const ANYTHING = 'a value'
const TEXT = 'a text'

/** What a schema itself says it expects, when it is given something that nobody would take. */
function saidBy(schema: z.ZodType, { name, what }: Parameter): string {
  const { shape } = schema as { readonly shape?: Readonly<Record<string, z.ZodType>> }
  const message = shape?.[name]?.safeParse(what === TEXT ? '\u0000' : { none: true }).error?.issues[0]?.message
  if (message === undefined || message.startsWith('Invalid')) return what
  // How an amount may be written is said to who writes it otherwise.
  return message.replace(/, as decimal text or a number\b.*$/, '')
}

const under = (prefix: string, { properties = {}, required = [] }: Described): readonly Parameter[] =>
  Object.entries(properties).flatMap(([key, described]) =>
    described.properties === undefined
      ? [{ name: `${prefix}${key}`, what: textOf(described), default: described.default ?? (required.includes(key) ? undefined : 'none') }]
      : under(`${prefix}${key}.`, described),
  )

function textOf(described: Described): string {
  const { type, anyOf } = described
  if (described.enum !== undefined) return described.enum.map((value) => JSON.stringify(value)).join(' | ')
  if (described.const !== undefined) return JSON.stringify(described.const)
  if (anyOf !== undefined) return [...new Set(anyOf.map(textOf))].join(' or ')
  switch (type) {
    case 'integer':
      return `a whole number${boundsOf(described)}`
    case 'number':
      return `a number${boundsOf(described)}`
    case 'string':
      return TEXT
    case 'boolean':
      return 'true or false'
    case 'array':
      return listText(described.items)
    default:
      return ANYTHING
  }
}

function listText(items: Described | undefined): string {
  if (items?.properties !== undefined) return `a list of { ${Object.keys(items.properties).join(', ')} }`
  const text = items === undefined ? ANYTHING : textOf(items)
  return text === ANYTHING ? 'a list' : `a list of ${text === TEXT ? 'texts' : text}`
}

function boundsOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Described): string {
  // zod bounds whole numbers by what a float can count.
  const real = (bound: number | undefined): boolean => bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER
  const from = exclusiveMinimum === undefined ? (real(minimum) ? ` from ${minimum}` : '') : ` above ${exclusiveMinimum}`
  const to = exclusiveMaximum === undefined ? (real(maximum) ? ` to ${maximum}` : '') : ` below ${exclusiveMaximum}`
  return from + to
}
