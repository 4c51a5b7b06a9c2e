import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEngine, paper, parseConfig, simulatedMarket } from '@millrace/core'
import type { Engine } from '@millrace/core'
import { sqliteStore } from '@millrace/sqlite-store'
import { launchBrowser } from '../../../test/browser.ts'
import { startDashboard } from '../src/server/serve.ts'
import { bundled, busyConfig, permissive } from '../test/configs.ts'

// What a day of the market with a page attached leaves on the heaps, after everything that can go has gone, and what of it belongs to which part: each part is let go at the
// end, one after the other, and the heap is measured again. From the root:
// node --expose-gc --conditions=@millrace/source packages/example-dashboard/scripts/heap-day.ts [virtual hours] [--bundled] [--no-page]
// With --bundled the eleven bots trade as they are in bots.json, some dozens of times a day; without it, impatient ones trade some thousands of times.

const hours = Number(process.argv[2] ?? 24)
const withPage = !process.argv.includes('--no-page')
const folder = mkdtempSync(join(tmpdir(), 'millrace-heap-'))
const say = (line: string): void => void process.stdout.write(`${line}\n`)
const MIB = 1_048_576

/** Twice: what a finaliser lets go, the second one collects. */
async function heap(): Promise<number> {
  globalThis.gc!()
  await new Promise((resolve) => setTimeout(resolve, 20))
  globalThis.gc!()
  return process.memoryUsage().heapUsed / MIB
}

/** The parts of a running engine that hold something, by name; what lets each go ends the run, so it is done last. */
function partsOf(engine: Engine): readonly (readonly [name: string, drop: () => void])[] {
  const { run: inside } = engine as unknown as {
    run: {
      checkpoints: { list: unknown[] }
      kernel: { state: { durable: { orders: { clear(): void }; analytics: Record<string, unknown> } } }
    }
  }
  return [
    ['moments that the explorer begins again from (at most 24)', () => (inside.checkpoints.list = [])],
    ['orders, the newest', () => inside.kernel.state.durable.orders.clear()],
    [
      'round trips, curve and other analytics',
      () => {
        for (const name of Object.keys(inside.kernel.state.durable.analytics)) delete inside.kernel.state.durable.analytics[name]
      },
    ],
  ]
}

const { account, bots } = parseConfig(process.argv.includes('--bundled') ? bundled() : busyConfig(permissive))
const engine = createEngine({
  market: simulatedMarket({ seed: 7, speed: 1_440, instruments: bots.map((bot) => bot.instrument) }),
  exchange: paper({ cash: account.cash, fees: account.fees }),
  store: sqliteStore(join(folder, 'day.db')),
  bots,
  safety: account.safety,
})
const dashboard = await startDashboard({ engine, port: 0 })
await engine.start()
const browser = withPage ? await launchBrowser() : undefined
try {
  const page = await browser?.newPage({ viewport: { width: 1440, height: 900 } })
  await page?.goto(dashboard.link)
  await page?.locator('.card').first().waitFor()
  const devtools = page && (await page.context().newCDPSession(page))
  const { startedAtMs } = engine.state()
  const steps = Array.from({ length: 8 }, (_, i) => Math.round(((i + 1) * hours) / 8))
  for (const at of steps) {
    // By its prices: on a busy machine the engine is behind its own clock.
    while (Math.max(...engine.state().bots.map(({ priceAtMs = 0 }) => priceAtMs)) - startedAtMs < at * 3_600_000)
      await new Promise((resolve) => setTimeout(resolve, 50))
    const server = await heap()
    await devtools?.send('HeapProfiler.collectGarbage')
    const shown = ((await devtools?.send('Runtime.getHeapUsage'))?.usedSize ?? 0) / MIB
    const { external, arrayBuffers } = process.memoryUsage()
    say(
      `after ${String(at).padStart(3)} virtual hours: server ${server.toFixed(1)} MiB (buffers ${((external + arrayBuffers) / MIB).toFixed(1)}), page ${shown.toFixed(1)} MiB; ${engine.summary().fills} fills, journal ${engine.state().lastSeq}`,
    )
  }
  await browser?.close()
  let before = await heap()
  say(`without the page: ${before.toFixed(1)} MiB`)
  await dashboard.close()
  for (const [name, drop] of [['server (lists, stream, sockets)', () => undefined] as const, ...partsOf(engine)]) {
    drop()
    const now = await heap()
    say(`${name}: ${(before - now).toFixed(1)} MiB`)
    before = now
  }
  say(`engine, its market and the program: ${before.toFixed(1)} MiB`)
} finally {
  rmSync(folder, { recursive: true, force: true })
  process.exit(0)
}
