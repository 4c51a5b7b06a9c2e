import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { ConfigError } from '@millrace/core'
import { askStatus } from '../../../cli/src/status/status.ts'
import { apiOverEngine } from '../../test/api-engine.ts'
import { fakeEngine } from '../../test/fake-engine.ts'
import { startDashboard } from './serve.ts'
import type { Dashboard } from './serve.ts'

const running: Dashboard[] = []
afterEach(() => Promise.all(running.splice(0).map((dashboard) => dashboard.close())))

const signedIn = ({ tokens }: Dashboard) => ({ authorization: `Bearer ${tokens.full}` })

async function start(port = 0): Promise<Dashboard> {
  const dashboard = await startDashboard({ engine: fakeEngine(), port })
  running.push(dashboard)
  return dashboard
}

const statusFor = (url: string, headers: Record<string, string>): Promise<number | undefined> =>
  new Promise((resolve, reject) =>
    request(url, { headers }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end(),
  )

describe('the dashboard on a socket', () => {
  it('listens on 127.0.0.1 only, at any free port', async () => {
    const dashboard = await start()
    const { url } = dashboard
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d{4,5}$/)
    expect((await fetch(`${url}/api/v1/health`, { headers: signedIn(dashboard) })).status).toBe(200)
    // The whole of 127.0.0.0/8 leads to this machine: another address of it must find nobody.
    await expect(fetch(url.replace('127.0.0.1', '127.0.0.2'))).rejects.toThrow('fetch failed')
  })
  it('answers to no foreign name', async () => {
    const { url } = await start()
    expect(await statusFor(url, { host: new URL(url).host })).toBe(200)
    expect(await statusFor(url, { host: `evil.example:${new URL(url).port}` })).toBe(403)
  })
  it('says which port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as AddressInfo
    const error = await startDashboard({ engine: fakeEngine(), port }).catch((reason: unknown) => reason)
    other.close()
    expect(error).toBeInstanceOf(ConfigError)
    expect(String(error)).toContain(`received ${port}, which another program uses`)
  })
  it('closes within a second while a page is open, and frees its port', async () => {
    const dashboard = await start()
    const { url, close } = dashboard
    const response = await fetch(`${url}/api/v1/stream`, { headers: signedIn(dashboard) })
    const text = response.text()
    const startedMs = performance.now()
    await close()
    expect(performance.now() - startedMs).toBeLessThan(1_000)
    expect(await text).toContain('event: end')
    await expect(fetch(url)).rejects.toThrow('fetch failed')
    await start(Number(new URL(url).port))
  })
  it('closes within a second even where a page does not read, and twice without harm', async () => {
    const dashboard = await start()
    const { url, close } = dashboard
    await fetch(`${url}/api/v1/stream`, { headers: signedIn(dashboard) })
    const startedMs = performance.now()
    await Promise.all([close(), close()])
    expect(performance.now() - startedMs).toBeLessThan(1_000)
  })
  it('lets go of a page that went away', async () => {
    const dashboard = await start()
    const { url } = dashboard
    const headers = signedIn(dashboard)
    const gone = new AbortController()
    await fetch(`${url}/api/v1/stream`, { headers, signal: gone.signal })
    const streams = async (): Promise<unknown> => ((await (await fetch(`${url}/api/v1/health`, { headers })).json()) as { streams: number }).streams
    expect(await streams()).toBe(1)
    gone.abort()
    await expect.poll(streams, { timeout: 2_000 }).toBe(0)
  })
})

it('tells millrace status from another program how every part is [row 92]', async () => {
  const over = await apiOverEngine()
  const folder = mkdtempSync(join(tmpdir(), 'millrace-served-'))
  const tokenFile = join(folder, 'trader.db.token')
  const dashboard = await startDashboard({ engine: over.engine, port: 0, tokenFile })
  running.push(dashboard)
  const ask = () => askStatus(join(folder, 'trader.db'), Number(new URL(dashboard.url).port))
  expect((await ask()).parts.map(({ part }) => part)).toContain('store')
  await over.engine.emergencyStop()
  expect(await ask()).toMatchObject({ status: 'bad', trading_state: 'halted' })
  await over.close()
  await expect(ask()).rejects.toThrow('answered 503')
  rmSync(folder, { recursive: true })
})
