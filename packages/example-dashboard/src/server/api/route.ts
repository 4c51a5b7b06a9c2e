import type { Context } from 'hono'
import type { z } from 'zod'
import type { ProblemCode } from '../problem.ts'
import type { Services } from './services.ts'

/**
 * Who may call a route: `read` with either token, `write` with the full one, `stop` as well but outside of every limit, `open` anybody, because it is
 * the way in.
 */
type Guard = 'open' | 'read' | 'write' | 'stop'

/** What a route was called with, checked. */
interface RouteInput<P, Q, B> {
  readonly params: P
  readonly query: Q
  readonly body: B
  readonly services: Services
  readonly c: Context
}

/** One endpoint: what goes in and comes out, as schemas that check, document and test it. */
export interface RouteDefinition<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodObject> {
  readonly method: 'get' | 'post' | 'patch' | 'delete'
  /** Below `/api/v1`, as `/bots/{id}/start`. */
  readonly path: string
  readonly tag: 'state' | 'bots' | 'trades' | 'history' | 'control' | 'operation' | 'session'
  readonly summary: string
  readonly guard: Guard
  readonly params?: P
  readonly query?: Q
  readonly body?: B
  /** `required`: without an idempotency key it is refused. Every other change takes one. */
  readonly idempotency?: 'required'
  /** The body of the answer on the wire, or the content type of an answer that is no JSON. */
  readonly answer: z.ZodType | { readonly contentType: string; readonly description: string }
  /** Refusals of its own, beside those of its guard. */
  readonly refuses?: readonly ProblemCode[]
  /** What a test calls it with; its answer stands in the document. */
  readonly example: { readonly path: string; readonly body?: z.input<B> }
  /** Gives back the engine's own names, which leave as snake_case; or a whole answer. */
  handle(input: RouteInput<z.output<P>, z.output<Q>, z.output<B>>): unknown
}

/** A route whose types are settled. */
export type Route = RouteDefinition<z.ZodObject, z.ZodObject, z.ZodObject>

/** Settles the types of a route: its handler gets what its own schemas let through. */
export function route<P extends z.ZodObject = z.ZodObject<{}>, Q extends z.ZodObject = z.ZodObject<{}>, B extends z.ZodObject = z.ZodObject<{}>>(
  definition: RouteDefinition<P, Q, B>,
): Route {
  // The server parses with the definition's own schemas right before it calls the handler.
  return definition as unknown as Route
}

/** True for a route that changes something. */
export const changes = ({ guard }: Pick<Route, 'guard'>): boolean => guard === 'write' || guard === 'stop'
