/**
 * Writes down every way out of a process, and lets none lead off this machine. For tests, before anything else:
 * `MILLRACE_SOCKET_LOG=<file> node --import ./test/socket-guard.ts …`
 */
import childProcess, { ChildProcess } from 'node:child_process'
import { Socket as Datagrams } from 'node:dgram'
import dns from 'node:dns'
import { appendFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { Server, Socket, isIP } from 'node:net'

/** A way out or in: `connect` and `listen` with `address:port` (or a path), `lookup` with a name, `datagram`, `process`. */
export interface SocketUse {
  readonly kind: 'connect' | 'listen' | 'lookup' | 'datagram' | 'process'
  readonly what: string
}

const file = process.env['MILLRACE_SOCKET_LOG']

function note(kind: SocketUse['kind'], what: string): void {
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ kind, what } satisfies SocketUse)}\n`)
}

const isHere = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.')
const refusal = (host: string): Error => Object.assign(new Error(`the socket guard lets nobody reach ${host}`), { code: 'ENOTFOUND' })

type Rest = readonly unknown[]

/** What `net` makes of its arguments: the options, also when they come as a list that it made itself. */
function targetOf([first, second]: Rest): { readonly host: string; readonly port: string; readonly path: string | undefined } {
  const options: unknown = Array.isArray(first) ? (first as Rest)[0] : typeof first === 'object' ? first : { port: first, host: second }
  const { host, port, path } = options as { readonly host?: unknown; readonly port?: unknown; readonly path?: unknown }
  return { host: typeof host === 'string' ? host : 'localhost', port: String(port), path: typeof path === 'string' ? path : undefined }
}

/** Puts something before a method; what it returns is thrown away, what it throws is thrown. */
function before<T extends object, K extends keyof T>(owner: T, name: K, look: (self: unknown, args: Rest) => void): void {
  const own = owner[name] as (...args: Rest) => unknown
  Object.defineProperty(owner, name, {
    configurable: true,
    writable: true,
    value: function (this: unknown, ...args: Rest): unknown {
      look(this, args)
      return Reflect.apply(own, this, args)
    },
  })
}

before(Socket.prototype, 'connect', (self, args) => {
  const { host, port, path } = targetOf(args)
  note('connect', path ?? `${host}:${port}`)
  if (path !== undefined || isHere(host) || isIP(host) === 0) return
  // A name is refused by its lookup below; an address has none.
  ;(self as Socket).destroy()
  throw refusal(host)
})

before(Server.prototype, 'listen', (self) => {
  const server = self as Server
  server.once('listening', () => {
    const address = server.address()
    note('listen', typeof address === 'string' ? address : `${address?.address}:${address?.port}`)
  })
})

before(Datagrams.prototype, 'send', (_, [, ...target]) => note('datagram', target.filter((each) => typeof each !== 'function').join(':')))
before(Datagrams.prototype, 'bind', () => note('datagram', 'bind'))
before(ChildProcess.prototype, 'spawn' as keyof ChildProcess, (_, [options]) => note('process', String((options as { readonly file?: unknown }).file)))
for (const name of ['spawnSync', 'execFileSync', 'execSync'] as const) before(childProcess, name, (_, [command]) => note('process', String(command)))

const lookup = dns.lookup as (...args: Rest) => unknown
dns.lookup = ((host: string, ...rest: Rest) => {
  // An address is no question to anybody.
  if (isIP(host) !== 0) return lookup(host, ...rest)
  note('lookup', host)
  if (isHere(host)) return lookup(host, ...rest)
  const callback = rest.at(-1) as (error: Error) => void
  process.nextTick(() => callback(refusal(host)))
  return {}
}) as unknown as typeof dns.lookup

const refuseName = (host: unknown): never => {
  note('lookup', String(host))
  throw refusal(String(host))
}
for (const name of ['resolve', 'resolve4', 'resolve6', 'resolveAny', 'resolveTxt', 'resolveSrv'] as const) {
  before(dns, name, (_, [host]) => refuseName(host))
  before(dns.promises, name, (_, [host]) => refuseName(host))
  before(dns.Resolver.prototype, name, (_, [host]) => refuseName(host))
  before(dns.promises.Resolver.prototype, name, (_, [host]) => refuseName(host))
}
before(dns.promises, 'lookup', (_, [host]) => refuseName(host))

// Also for who imports these by name.
syncBuiltinESMExports()
