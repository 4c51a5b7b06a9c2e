import type { Context, Handler, Hono, MiddlewareHandler } from 'hono'
import { z } from 'zod'
import { needsRole } from '../access/access.ts'
import type { Access } from '../access/access.ts'
import { changesGuard, needsHeader } from '../guards.ts'
import { problem } from '../problem.ts'
import type { ProblemCode } from '../problem.ts'
import { toWire } from '../wire.ts'
import type { Idempotency } from './idempotency.ts'
import { changes } from './route.ts'
import type { Route } from './route.ts'
import type { Services } from './services.ts'
import { wrongText, wrongs } from './wrong-request.ts'
import type { Wrong } from './wrong-request.ts'

export const apiRoot = '/api/v1'

/** What stands before the routes: who may call, how often, and once for a key. */
export interface Gate {
  readonly access: Access
  readonly budget: MiddlewareHandler
  readonly idempotency: Idempotency
}

/** Puts routes on a server: guards first, then the schemas, then the handler. A path that exists answers to its own methods only. */
export function register(app: Hono, routes: readonly Route[], services: Services, gate: Gate): void {
  for (const [path, own] of Map.groupBy(routes, (route) => route.path)) {
    const places = [honoPath(path), `${honoPath(path)}/`]
    for (const route of own) {
      for (const place of places) app.on(route.method.toUpperCase(), [place], ...guardsOf(route, gate), answering(route, services, gate))
    }
    const allow = own.flatMap(({ method }) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()])).join(', ')
    for (const place of places) app.all(place, methodNotAllowed(allow))
  }
}

const honoPath = (path: string): string => `${apiRoot}${path.replaceAll(/\{(\w+)\}/g, ':$1')}`

export const methodNotAllowed =
  (allow: string): Handler =>
  (c) => {
    c.header('allow', allow)
    return problem(c, 'method-not-allowed', `expected ${allow}, received ${c.req.method}`)
  }

function guardsOf(route: Route, { access, budget }: Gate): readonly MiddlewareHandler[] {
  // The header first: a page of another site cannot send it, whatever cookie its request carries.
  const form = route.method === 'get' ? [] : route.body === undefined ? [needsHeader] : changesGuard
  const role = route.guard === 'open' ? [] : [needsRole(access, changes(route) ? 'full' : 'read', route.guard === 'stop')]
  return [...form, ...role, ...(route.guard === 'write' ? [budget] : [])]
}

function answering(route: Route, services: Services, { idempotency }: Gate): Handler {
  return async (c) => {
    const params = (route.params ?? z.strictObject({})).safeParse(c.req.param())
    // A name that cannot be one leads nowhere.
    if (!params.success) return problem(c, 'not-found', `there is nothing at ${c.req.path}`, { errors: wrongs(params.error, c.req.param()) })
    const query = (route.query ?? z.strictObject({})).safeParse(c.req.query())
    if (!query.success) return wrong(c, 'query-invalid', wrongs(query.error, c.req.query()))
    const read = route.body === undefined ? { value: {} } : jsonOf(await c.req.text())
    if ('received' in read) return wrong(c, 'body-invalid', [{ path: '', expected: 'a JSON object', received: read.received }])
    const given = read.value
    const body = (route.body ?? z.strictObject({})).safeParse(given)
    if (!body.success) return wrong(c, 'body-invalid', wrongs(body.error, given))
    const act = async (): Promise<Response> => {
      const result = await route.handle({ params: params.data, query: query.data, body: body.data, services, c })
      return result instanceof Response ? result : c.json(toWire(result))
    }
    // The emergency stop is the same however often it comes, and nothing about its form may hold it up.
    return route.guard === 'write' ? idempotency.once(c, [c.req.query(), given], route.idempotency === 'required', act) : act()
  }
}

/** Names that would reach behind an object: no request needs them, and schemas of free keys would drop them without a word. */
const forbidden = new Set(['__proto__', 'constructor', 'prototype'])

function jsonOf(text: string): { readonly value: unknown } | { readonly received: string } {
  try {
    const value: unknown = JSON.parse(text, (key, member: unknown) => {
      if (forbidden.has(key)) throw new RangeError(`the key ${key}, which no request has`)
      return member
    })
    return { value }
  } catch (error) {
    return { received: error instanceof RangeError ? error.message : text.trim() === '' ? 'nothing' : 'text that is none' }
  }
}

const wrong = (c: Context, code: ProblemCode, errors: readonly Wrong[]): Response => problem(c, code, wrongText(errors), { errors })
