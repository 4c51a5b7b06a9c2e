import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEngine, paper, parseConfig, simulatedMarket } from '@millrace/core'
import type { Engine } from '@millrace/core'
import { sqliteStore } from '@millrace/sqlite-store'
import { launchBrowser } from '../../../test/browser.ts'
import { routes } from '../src/server/api/all-routes.ts'
import { startDashboard } from '../src/server/serve.ts'
import type { Dashboard } from '../src/server/serve.ts'
import { busyConfig, permissive } from '../test/configs.ts'

// How fast the dashboard answers while eleven busy bots run on a file at sixty times the clock, how fast the page is there, and what a day of the market leaves
// on the heap of server and page. From the root: node --expose-gc --conditions=@millrace/source packages/example-dashboard/scripts/bench-page.ts [requests]

const requests = Number(process.argv[2] ?? 200)
const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-page-'))
const say = (line: string): void => void process.stdout.write(`${line}\n`)
const ms = (value: number): string => value.toFixed(1).padStart(7)

async function running<T>(speed: number, name: string, use: (engine: Engine, dashboard: Dashboard) => Promise<T>): Promise<T> {
  const { account, bots } = parseConfig(busyConfig(permissive))
  const engine = createEngine({
    market: simulatedMarket({ seed: 7, speed, instruments: bots.map((bot) => bot.instrument) }),
    exchange: paper({ cash: account.cash, fees: account.fees }),
    store: sqliteStore(join(folder, name)),
    bots,
    safety: account.safety,
  })
  const dashboard = await startDashboard({ engine, port: 0 })
  await engine.start()
  try {
    return await use(engine, dashboard)
  } finally {
    await dashboard.close()
    await engine.stop()
  }
}

const untilMs = async (engine: Engine, spanMs: number): Promise<void> => {
  const { startedAtMs } = engine.state()
  while (engine.state().nowMs - startedAtMs < spanMs) await new Promise((resolve) => setTimeout(resolve, 50))
}

async function latencies(engine: Engine, { url, tokens }: Dashboard): Promise<void> {
  // An hour and a half of the market: each list has entries.
  await untilMs(engine, 90 * 60_000)
  say(`${engine.summary().fills} fills, ${engine.state().lastSeq} journal entries; ${requests} requests each, one after the other`)
  say('endpoint                                          p50 ms   p99 ms   max ms')
  const headers = { authorization: `Bearer ${tokens.read}` }
  const trade = String(engine.rows('orders')[0]!['client_order_id'])
  for (const { path, example, method, answer } of routes) {
    if (method !== 'get' || 'contentType' in answer) continue
    const address = `${url}/api/v1${example.path.replace('5f3c0b8e-0000-4000-8000-000000000001', trade)}`
    const times: number[] = []
    for (let n = 0; n < requests; n++) {
      const startedMs = performance.now()
      const response = await fetch(address, { headers })
      await response.arrayBuffer()
      if (!response.ok) throw new Error(`${path} answered ${response.status}`)
      times.push(performance.now() - startedMs)
    }
    times.sort((a, b) => a - b)
    const at = (share: number): string => ms(times[Math.min(times.length - 1, Math.floor(share * times.length))]!)
    say(`${path.padEnd(46)} ${at(0.5)}  ${at(0.99)}  ${at(1)}`)
  }
}

async function firstRender({ link }: Dashboard): Promise<void> {
  const browser = await launchBrowser()
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    await page.goto(link)
    await page.locator('.card').first().waitFor()
    const times: number[] = []
    for (let n = 0; n < 7; n++) {
      const startedMs = performance.now()
      await page.goto(new URL(link).origin)
      await page.locator('.card').nth(10).waitFor()
      times.push(performance.now() - startedMs)
    }
    times.sort((a, b) => a - b)
    say(`first render, eleven cards, on loopback: median ${ms(times[3]!)} ms, slowest of 7 ${ms(times[6]!)} ms`)
  } finally {
    await browser.close()
  }
}

/** What is on the heaps after everything that can go has gone. */
async function aDay(engine: Engine, { link }: Dashboard): Promise<void> {
  const browser = await launchBrowser()
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    await page.goto(link)
    await page.locator('.card').first().waitFor()
    const devtools = await page.context().newCDPSession(page)
    const heaps = async (): Promise<readonly [server: number, page: number]> => {
      globalThis.gc!()
      await devtools.send('HeapProfiler.collectGarbage')
      const { usedSize } = await devtools.send('Runtime.getHeapUsage')
      return [process.memoryUsage().heapUsed / 1_048_576, usedSize / 1_048_576]
    }
    for (const hours of [4, 8, 12, 16, 20, 24]) {
      await untilMs(engine, hours * 3_600_000)
      const [server, shown] = await heaps()
      say(`after ${String(hours).padStart(2)} virtual hours: server ${server.toFixed(1)} MiB, page ${shown.toFixed(1)} MiB; ${engine.summary().fills} fills`)
    }
  } finally {
    await browser.close()
  }
}

try {
  await running(60, 'latency.db', async (engine, dashboard) => {
    await latencies(engine, dashboard)
    await firstRender(dashboard)
  })
  await running(1_440, 'day.db', aDay)
} finally {
  rmSync(folder, { recursive: true })
}
