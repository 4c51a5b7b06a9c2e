import { z } from 'zod'
import { guardHeader } from '../guards.ts'
import { problems } from '../problem.ts'
import type { ProblemCode } from '../problem.ts'
import { apiRoot } from './register.ts'
import { changes } from './route.ts'
import type { Route } from './route.ts'

type JsonSchema = Record<string, unknown>

const bearer = [{ bearer: [] }, { cookie: [] }]

/** The OpenAPI 3.1 document of the routes: what checks a request is what describes it. */
export function openApi(routes: readonly Route[], port: number): JsonSchema {
  const components = new Components()
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) {
    const operations = (paths[`${apiRoot}${route.path}`] ??= {})
    operations[route.method] = operation(route, components)
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Millrace dashboard',
      version: '1',
      description:
        'Keys are snake_case, money is decimal text, times are milliseconds UTC, null is "there is none". Reading changes nothing. Every refusal is a problem of RFC 9457.',
    },
    servers: [{ url: `http://127.0.0.1:${port}` }],
    paths,
    components: {
      schemas: components.all,
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' }, cookie: { type: 'apiKey', in: 'cookie', name: `millrace_${port}` } },
    },
  }
}

/** Schemas by their id, each once. */
class Components {
  readonly all: Record<string, JsonSchema> = { Problem: this.plain(problemSchema) }

  /** A schema as JSON schema; those with an id become components and are pointed to. */
  of(schema: z.ZodType): JsonSchema {
    const { $defs = {}, ...root } = this.plain(schema) as JsonSchema & { readonly $defs?: Record<string, JsonSchema> }
    for (const [name, definition] of Object.entries($defs)) this.all[name] ??= pointed(definition) as JsonSchema
    const id = schema.meta()?.id
    if (id === undefined) return pointed(root) as JsonSchema
    this.all[id] ??= pointed(root) as JsonSchema
    return { $ref: `#/components/schemas/${id}` }
  }

  private plain(schema: z.ZodType): JsonSchema {
    const { $schema: _, ...plain } = z.toJSONSchema(schema, { io: 'input', reused: 'inline' })
    return plain
  }
}

const problemSchema = z
  .strictObject({ type: z.string(), title: z.string(), status: z.int(), detail: z.string() })
  .loose()
  .meta({ description: 'Problem details, RFC 9457.' })

/** `#/$defs/X` of a schema is `#/components/schemas/X` of the document. */
function pointed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(pointed)
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) => {
      if (key === 'id' && typeof member === 'string') return []
      if (key === '$ref' && typeof member === 'string') return [[key, member.replace('#/$defs/', '#/components/schemas/')]]
      return [[key, pointed(member)]]
    }),
  )
}

function operation(route: Route, components: Components): JsonSchema {
  const { answer } = route
  const content =
    answer instanceof z.ZodType ? { 'application/json': { schema: components.of(answer) } } : { [answer.contentType]: { schema: { type: 'string' } } }
  return {
    operationId: `${route.method}${route.path.replaceAll(/[^a-z]+([a-z])/g, (_, letter: string) => letter.toUpperCase()).replaceAll(/\W/g, '')}`,
    tags: [route.tag],
    summary: route.summary,
    security: route.guard === 'open' ? [] : bearer,
    parameters: parametersOf(route, components),
    ...(route.body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: components.of(route.body), example: route.example.body } } } }),
    responses: {
      200: { description: answer instanceof z.ZodType ? 'As asked.' : answer.description, content },
      ...Object.fromEntries(refusalsOf(route).map(([status, codes]) => [status, refusal(codes)])),
    },
  }
}

const refusal = (codes: readonly ProblemCode[]): JsonSchema => ({
  description: codes.map((code) => `\`${code}\`: ${problems[code].title}`).join('; '),
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
})

function parametersOf(route: Route, components: Components): readonly JsonSchema[] {
  const list = (schema: z.ZodObject | undefined, place: 'path' | 'query'): readonly JsonSchema[] =>
    Object.entries(schema?.shape ?? {}).map(([name, member]) => ({
      name,
      in: place,
      required: place === 'path' || !z.safeParse(member as z.ZodType, undefined).success,
      schema: components.of(member as z.ZodType),
    }))
  const header = (name: string, required: boolean, schema: JsonSchema): JsonSchema => ({ name, in: 'header', required, schema })
  return [
    ...list(route.params, 'path'),
    ...list(route.query, 'query'),
    ...(route.method === 'get' ? [] : [header(guardHeader, true, { const: '1' })]),
    ...(route.guard === 'write' ? [header('idempotency-key', route.idempotency === 'required', { type: 'string', pattern: '^[A-Za-z0-9_-]{8,64}$' })] : []),
  ]
}

/** Everything a route may refuse, by status: its own, and what its guards do. */
function refusalsOf(route: Route): readonly (readonly [number, readonly ProblemCode[]])[] {
  const codes = new Set<ProblemCode>(['host-not-allowed', 'cross-origin', 'not-running', ...(route.refuses ?? [])])
  if (route.guard !== 'open') codes.add('not-signed-in').add('locked-out')
  if (changes(route)) codes.add('read-only')
  if (route.guard === 'write') codes.add('idempotency-key').add('key-reused').add('too-many-changes')
  if (route.method !== 'get') codes.add('header-missing')
  if (route.query !== undefined) codes.add('query-invalid')
  if (route.body !== undefined) codes.add('body-invalid').add('body-too-large').add('content-type')
  const byStatus = Map.groupBy([...codes], (code) => problems[code].status)
  return [...byStatus].sort(([a], [b]) => a - b)
}
