import type { Context, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { problem } from './problem.ts'

/** Custom header of every request that changes something: another site cannot send it without asking first. */
export const guardHeader = 'x-millrace'
const maxBodyBytes = 16 * 1024

/** Styles and scripts come from files of this server only; nothing inline, no frames, no other hosts. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

/** Puts the security headers on every answer, refusals included. */
export const secured: MiddlewareHandler = async (c, next) => {
  await next()
  for (const [name, value] of Object.entries(securityHeaders)) c.res.headers.set(name, value)
}

/** The names under which a browser of this machine may call the server. */
export function localHosts(port: number): ReadonlySet<string> {
  const names = ['127.0.0.1', 'localhost', '[::1]']
  // Browsers leave the default port out.
  return new Set(names.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`])))
}

/** Refuses other names before anything else: a foreign name that was made to point at 127.0.0.1 (DNS rebinding) ends here. */
export const onlyHosts =
  (allowed: ReadonlySet<string>): MiddlewareHandler =>
  async (c, next) => {
    const host = c.req.header('host')?.toLowerCase()
    if (host === undefined || !allowed.has(host))
      return problem(c, 'host-not-allowed', `expected one of ${[...allowed].join(', ')}, received ${host ?? 'no Host header'}`)
    await next()
  }

/** Refuses what a page of another site asks for, reads and streams included. Programs that send neither header are let through. */
export const sameOrigin: MiddlewareHandler = async (c, next) => {
  const site = c.req.header('sec-fetch-site')
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    return problem(c, 'cross-origin', `expected a request from this page, received one marked ${site}`)
  const origin = c.req.header('origin')
  const own = `http://${c.req.header('host')}`
  if (origin !== undefined && origin.toLowerCase() !== own.toLowerCase()) return problem(c, 'cross-origin', `expected the origin ${own}, received ${origin}`)
  await next()
}

/** A page of another site cannot send a header of its own without asking first. */
export const needsHeader: MiddlewareHandler = async (c, next) => {
  if (c.req.header(guardHeader) !== '1') return problem(c, 'header-missing', `a request that changes something carries ${guardHeader}: 1`)
  await next()
}

const needsJson: MiddlewareHandler = async (c, next) => {
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json') return problem(c, 'content-type', `expected application/json, received ${type ?? 'none'}`)
  await next()
}

const tooLarge = (c: Context): Response => problem(c, 'body-too-large', `expected at most ${maxBodyBytes} bytes`)

/** What every request that changes something goes through, after the host and origin checks. */
export const changesGuard: readonly [MiddlewareHandler, MiddlewareHandler, MiddlewareHandler] = [
  needsHeader,
  needsJson,
  bodyLimit({ maxSize: maxBodyBytes, onError: tooLarge }),
]
