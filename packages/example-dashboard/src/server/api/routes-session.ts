import { setCookie, deleteCookie } from 'hono/cookie'
import { z } from 'zod'
import { lockedOut } from '../access/access.ts'
import { Refusal } from '../problem.ts'
import { route } from './route.ts'

const session = z.strictObject({ role: z.enum(['full', 'read']).nullable().meta({ description: 'Null: not signed in.' }) }).meta({ id: 'Session' })
const cookieSeconds = 30 * 86_400
const cookie = { httpOnly: true, sameSite: 'Strict', path: '/', maxAge: cookieSeconds } as const

export const sessionRoutes = [
  route({
    method: 'post',
    path: '/session',
    tag: 'session',
    summary: 'Signs a page in: a token, or the code of a printed link, for a cookie that scripts cannot read.',
    guard: 'open',
    body: z.strictObject({ token: z.string().max(200).optional(), code: z.string().max(200).optional() }),
    answer: session,
    refuses: ['wrong-token', 'locked-out'],
    example: { path: '/session', body: { token: '<a token>' } },
    handle: ({ body, services: { access }, c }) => {
      if (access.lockout.waitMs() > 0) return lockedOut(c, access.lockout)
      if ((body.token === undefined) === (body.code === undefined)) throw new Refusal('body-invalid', 'expected either token or code')
      const signedIn = access.signIn(body.token === undefined ? { code: body.code! } : { token: body.token })
      if (signedIn === undefined) throw new Refusal('wrong-token', 'the token is not the one of this dashboard, or the link was used before')
      setCookie(c, access.cookieName, signedIn.cookie, cookie)
      return { role: signedIn.role }
    },
  }),
  route({
    method: 'get',
    path: '/session',
    tag: 'session',
    summary: 'Who this client is signed in as.',
    guard: 'open',
    answer: session,
    example: { path: '/session' },
    handle: ({ services: { access }, c }) => ({ role: access.cookieRole(c) }),
  }),
  route({
    method: 'delete',
    path: '/session',
    tag: 'session',
    summary: 'Signs this page out.',
    guard: 'open',
    answer: z.strictObject({ signed_out: z.literal(true) }),
    example: { path: '/session' },
    handle: ({ services: { access }, c }) => {
      deleteCookie(c, access.cookieName, { path: '/' })
      return { signedOut: true }
    },
  }),
]
