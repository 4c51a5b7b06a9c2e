import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { getRequestListener } from '@hono/node-server'
import { ConfigError } from '@millrace/core'
import type { Engine } from '@millrace/core'
import { createApp } from './app.ts'
import { createEventLog } from './event-log.ts'
import type { StreamPace } from './event-stream.ts'

/** Where the page is served and what it shows. */
export interface DashboardOptions {
  readonly engine: Engine
  /** 0 = any free port. */
  readonly port: number
  readonly pace?: StreamPace
  readonly onError?: (error: unknown) => void
}

/** A page that is being served. */
export interface Dashboard {
  readonly url: string
  /** Ends the open streams and stops listening; done within a second. */
  close(): Promise<void>
}

/** Never another address: whoever reaches this page may stop the bots, and there is no password. */
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
export async function startDashboard({ engine, port, pace, onError }: DashboardOptions): Promise<Dashboard> {
  const server = createServer()
  server.maxConnections = maxConnections
  const listening = await listen(server, port)
  const log = createEventLog(engine, onError && { onError })
  const app = createApp({ engine, log, port: listening, ...(pace && { pace }), ...(onError && { onError }) })
  const answer = getRequestListener(app.fetch, { hostname })
  server.on('request', (request, response) => void answer(request, response))
  return {
    url: `http://${hostname}:${listening}`,
    async close() {
      if (log.closed) return
      log.close()
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
