import { randomBytes } from 'node:crypto'
import type { Context, MiddlewareHandler } from 'hono'
import { getCookie } from 'hono/cookie'
import { problem } from '../problem.ts'
import { createLockout } from './lockout.ts'
import type { Lockout } from './lockout.ts'
import { cookieValue, sameSecret } from './tokens.ts'
import type { Role, TokenSource } from './tokens.ts'

/** A sign-in link is good for one use within this time. */
const loginCodeMs = 10 * 60_000

/** Who may do what: tokens, the cookies that stand for them, and the pause after wrong ones. */
export interface Access {
  readonly lockout: Lockout
  readonly cookieName: string
  /** The role of a request; undefined = nobody we know. A wrong bearer token counts as a failed sign-in. */
  roleOf(c: Context): Role | undefined
  /** The role of the page's cookie. */
  cookieRole(c: Context): Role | undefined
  /** The cookie for a token or a link's code; undefined when it is wrong. Counts. */
  signIn(secret: { readonly token: string } | { readonly code: string }): { readonly role: Role; readonly cookie: string } | undefined
  /** True for the full token, typed again: for what must not happen by a forgotten open page. Counts. */
  isFullToken(token: string): boolean
  /** What follows the page's address in the link that is printed: the token when it was just made, else a code that is good for one use. */
  linkFragment(): string
}

export interface AccessOptions {
  readonly source: TokenSource
  /** Part of the cookie's name: browsers send cookies to every port of a host. */
  readonly port: number
  readonly now?: () => number
}

export function createAccess({ source: { tokens, made }, port, now = () => performance.now() }: AccessOptions): Access {
  const lockout = createLockout(now)
  const cookieName = `millrace_${port}`
  const cookies = { full: cookieValue(tokens.full), read: cookieValue(tokens.read) } as const
  let login: { readonly code: string; readonly untilMs: number } | undefined
  const roleOfToken = (token: string): Role | undefined => {
    // Both are compared, always: how long it takes tells nothing.
    const [full, read] = [sameSecret(token, tokens.full), sameSecret(token, tokens.read)]
    return full ? 'full' : read ? 'read' : undefined
  }
  const cookieRole = (c: Context): Role | undefined => {
    const cookie = getCookie(c, cookieName)
    if (cookie === undefined) return undefined
    const [full, read] = [sameSecret(cookie, cookies.full), sameSecret(cookie, cookies.read)]
    return full ? 'full' : read ? 'read' : undefined
  }
  const counted = <T>(result: T | undefined): T | undefined => {
    if (result === undefined) lockout.failed()
    else lockout.succeeded()
    return result
  }
  return {
    lockout,
    cookieName,
    roleOf(c) {
      const bearer = /^Bearer (\S{1,200})$/.exec(c.req.header('authorization') ?? '')?.[1]
      if (bearer !== undefined) {
        const role = roleOfToken(bearer)
        if (role === undefined) lockout.failed()
        return role
      }
      return cookieRole(c)
    },
    cookieRole,
    signIn(secret) {
      if ('token' in secret) {
        const role = counted(roleOfToken(secret.token))
        return role && { role, cookie: cookies[role] }
      }
      const right = login !== undefined && now() <= login.untilMs && sameSecret(secret.code, login.code)
      if (right) login = undefined
      return counted(right ? { role: 'full' as const, cookie: cookies.full } : undefined)
    },
    isFullToken: (token) => counted(roleOfToken(token) === 'full' ? true : undefined) === true,
    linkFragment() {
      if (made) return `#token=${tokens.full}`
      login = { code: randomBytes(16).toString('base64url'), untilMs: now() + loginCodeMs }
      return `#login=${login.code}`
    },
  }
}

/** Answers that the next try is looked at later. */
export function lockedOut(c: Context, lockout: Lockout): Response {
  const seconds = Math.ceil(lockout.waitMs() / 1000)
  c.header('retry-after', String(seconds))
  return problem(c, 'locked-out', `too many wrong tokens; the next one is looked at in ${seconds} s`)
}

/**
 * Lets a request pass whose token or cookie is good for the role.
 *
 * @param unlimited - true for the emergency stop: a right token passes at any time
 */
export function needsRole(access: Access, role: Role, unlimited = false): MiddlewareHandler {
  return async (c, next) => {
    const bearer = c.req.header('authorization') !== undefined
    // While signing in is paused no bearer token is looked at, so that nobody learns which one is right; a page that is signed in already goes on.
    if (bearer && !unlimited && access.lockout.waitMs() > 0) return lockedOut(c, access.lockout)
    const given = access.roleOf(c)
    if (given === undefined) {
      c.header('www-authenticate', 'Bearer realm="millrace"')
      return problem(c, 'not-signed-in', 'expected the cookie of a signed-in page, or authorization: Bearer <token>')
    }
    if (role === 'full' && given === 'read') return problem(c, 'read-only', 'this token may look and not change anything')
    return next()
  }
}
