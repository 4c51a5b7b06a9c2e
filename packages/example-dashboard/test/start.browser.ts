import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../../test/browser.ts'

const mainFile = fileURLToPath(new URL('../src/main.ts', import.meta.url))

/** Reading and compiling the sources is most of what a start costs. */
const env = { ...process.env, NODE_COMPILE_CACHE: fileURLToPath(new URL('../../../node_modules/.cache/millrace/compiled', import.meta.url)) }

/** What `npm start` runs, with eleven bots on a simulated market at sixty times the clock's speed. */
interface Run {
  readonly process: ChildProcess
  readonly url: string
  output(): string
  /** Ctrl-C; resolves to the exit code and how long it took. */
  interrupt(): Promise<{ readonly code: number | null; readonly ms: number }>
}

let browser: Browser
let folder: string
const runs: Run[] = []
const complaints: string[] = []

beforeAll(async () => {
  browser = await launchBrowser()
  folder = await mkdtemp(join(tmpdir(), 'millrace-start-'))
})
afterEach(async () => {
  for (const run of runs.splice(0)) if (run.process.exitCode === null) await run.interrupt()
  await Promise.all(browser.contexts().map((context) => context.close()))
})
afterAll(async () => {
  await browser.close()
  await rm(folder, { recursive: true })
})

async function start(db: string): Promise<Run> {
  const child = spawn(
    process.execPath,
    ['--conditions=@millrace/source', mainFile, '--market', 'simulated', '--seed', '7', '--speed', '60', '--port', '0', '--db', db],
    { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let output = ''
  const url = await new Promise<string>((resolve, reject) => {
    const take = (chunk: Buffer): void => {
      output += chunk.toString()
      const found = /page: (http\S+)/.exec(output)
      if (found) resolve(found[1]!)
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.once('exit', (code) => reject(new Error(`it ended with ${code} before it served a page:\n${output}`)))
  })
  const run: Run = {
    process: child,
    url,
    output: () => output,
    async interrupt() {
      const startedMs = performance.now()
      child.kill('SIGINT')
      const [code] = (await once(child, 'exit')) as [number | null]
      return { code, ms: performance.now() - startedMs }
    },
  }
  runs.push(run)
  return run
}

async function open(url: string): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage()
  complaints.length = 0
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(url)
  await page.locator('.card').first().waitFor({ timeout: 20_000 })
  return page
}

const prices = (page: Page): Promise<string[]> => page.locator('.card .price').allInnerTexts()
const press = async (page: Page, name: RegExp): Promise<void> => {
  await page.getByRole('button', { name }).click()
  await page.waitForTimeout(500)
  await page.getByRole('button', { name }).click()
}

describe('npm start in a browser', () => {
  it("shows eleven bots whose cards move, with the engine's own reasons, and stops within 3 s while the page is open [row 2]", async () => {
    const run = await start(':memory:')
    const page = await open(run.url)
    expect(await page.locator('.card h3').allInnerTexts()).toEqual(
      ['BTC', 'ETH', 'SOL', 'XRP', 'DOGE', 'AVNT', 'AERO', 'SUI', 'AVAX', 'TOSHI', 'PENGU'].map((base) => `${base}-USD`),
    )
    const before = await prices(page)
    await expect.poll(async () => (await prices(page)).filter((price, index) => price !== before[index]).length, { timeout: 20_000 }).toBe(11)
    // Each bot is judged at least once a minute of event time: a second here.
    await expect.poll(() => page.locator('.reason strong', { hasText: /^[A-Z_]+$/ }).count(), { timeout: 20_000 }).toBe(11)
    expect(await page.locator('#environment').innerText()).toBe('PAPER')
    expect(await page.locator('#market').innerText()).toContain('simulated')
    expect(complaints).toEqual([])
    const { code, ms } = await run.interrupt()
    expect([code, run.output()]).toEqual([0, expect.stringContaining('journal hash')])
    expect(ms).toBeLessThan(3_000)
    await expect.poll(() => page.locator('#link').innerText()).toBe('Ended')
  })
  it('is halted by the page, stays so through a restart, and trades again only when re-armed', async () => {
    const db = join(folder, 'halt.db')
    const first = await start(db)
    let page = await open(first.url)
    await press(page, /Emergency stop|Confirm: stop now/)
    await expect
      .poll(() => page.locator('#halt-proof').innerText())
      .toMatch(/^Order gate closed at \d\d:\d\d:\d\d\.\d{3} UTC · \d+ open orders? cancelled · nothing unresolved\.$/)
    await expect.poll(() => page.locator('#trading').innerText()).toBe('Halted')
    await page.close()
    expect((await first.interrupt()).code).toBe(5)

    const second = await start(db)
    page = await open(second.url)
    await expect.poll(() => page.locator('#trading').innerText()).toBe('Halted')
    await page.locator('#rearm-token').fill((JSON.parse(readFileSync(`${db}.token`, 'utf8')) as { full: string }).full)
    await press(page, /Re-arm|Confirm: trade again/)
    await expect.poll(() => page.locator('#trading').innerText()).toBe('Trading')
    expect(complaints).toEqual([])
    expect((await second.interrupt()).code).toBe(0)
  })
})
