import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { getRequestListener } from '@hono/node-server'
import { ConfigError } from '@millrace/core'
import type { Engine } from '@millrace/core'
import { createAccess } from './access/access.ts'
import { makeTokens, tokensOfFile } from './access/tokens.ts'
import type { Tokens } from './access/tokens.ts'
import type { LogRing } from './api/log-ring.ts'
import type { CountedMarket } from './api/services.ts'
import { createApp } from './app.ts'
import { createEventLog } from './event-log.ts'
import type { StreamPace } from './event-stream.ts'
import { watchLag } from './lag.ts'
import { buildScript } from './page-files.ts'

/** Where the page is served and what it shows. */
export interface DashboardOptions {
  readonly engine: Engine
  /** 0 = any free port. */
  readonly port: number
  /** Where the tokens stand; without it they are made anew at each start and gone with the process. */
  readonly tokenFile?: string | undefined
  /** The market's cache, where it has one. */
  readonly market?: CountedMarket | undefined
  readonly logs?: LogRing
  /** Serves `/metrics` for Prometheus; default false. */
  readonly metrics?: boolean
  readonly pace?: StreamPace
  readonly onError?: (error: unknown) => void
}

/** A page that is being served. */
export interface Dashboard {
  readonly url: string
  /** The address with what signs a browser in: the token when it was just made, else a code that is good for one use. */
  readonly link: string
  readonly tokens: Tokens
  /** True when this start made the tokens. */
  readonly newTokens: boolean
  /** Ends the open streams and stops listening; done within a second. */
  close(): Promise<void>
}

/** Never another address: what is reached from elsewhere needs more than a token. */
const hostname = '127.0.0.1'
const maxConnections = 128
/** Time for open pages to take the last event before their connections are cut. */
const closeGraceMs = 500

/**
 * Serves the page of an engine on `http://127.0.0.1:<port>`.
 *
 * @throws ConfigError when the port is taken or not allowed
 * @example
 * ```ts no-run
 * const dashboard = await startDashboard({ engine, port: 3000 })
 * console.log(dashboard.url)
 * ```
 */
export async function startDashboard({ engine, port, tokenFile, pace, market, logs, metrics = false, onError }: DashboardOptions): Promise<Dashboard> {
  const source = tokenFile === undefined ? makeTokens() : tokensOfFile(tokenFile)
  const server = createServer()
  server.maxConnections = maxConnections
  const listening = await listen(server, port)
  const log = createEventLog(engine, onError && { onError })
  const access = createAccess({ source, port: listening })
  const lag = watchLag()
  // Made before the engine runs: nothing waits for it later.
  const script = await buildScript()
  const app = createApp({
    engine,
    log,
    access,
    market,
    metrics,
    script: () => script,
    port: listening,
    lagMs: lag.largestMs,
    ...(logs && { logs }),
    ...(pace && { pace }),
    ...(onError && { onError }),
  })
  const answer = getRequestListener(app.fetch, { hostname })
  server.on('request', (request, response) => void answer(request, response))
  const url = `http://${hostname}:${listening}`
  return {
    url,
    link: `${url}/${access.linkFragment()}`,
    tokens: source.tokens,
    newTokens: source.made,
    async close() {
      if (log.closed) return
      log.close()
      lag.stop()
      const closed = once(server, 'close')
      server.close()
      server.closeIdleConnections()
      await Promise.race([closed, sleep(closeGraceMs, undefined, { ref: false })])
      server.closeAllConnections()
      await closed
    },
  }
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, hostname)
  try {
    await once(server, 'listening')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    const received = code === 'EADDRINUSE' ? `${port}, which another program uses (0 takes any free one)` : `${port} (${code})`
    throw new ConfigError([{ path: '--port', expected: `a port that can be opened on ${hostname}`, received }])
  }
  return (server.address() as AddressInfo).port
}
