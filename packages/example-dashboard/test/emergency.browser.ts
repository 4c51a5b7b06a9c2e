import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sqliteStore } from '@millrace/sqlite-store'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from '../../../test/browser.ts'
import { busyConfig, permissive } from './configs.ts'
import { wholeJournal } from './fresh-fold.ts'
import { endAll, millrace, npmStart, resultOf } from './npm-start.ts'
import type { Running } from './npm-start.ts'

const folder = mkdtempSync(join(tmpdir(), 'millrace-emergency-'))
const db = join(folder, 'trader.db')
const config = join(folder, 'bots.json')
let browser: Browser

beforeAll(async () => {
  writeFileSync(config, JSON.stringify(busyConfig(permissive)))
  browser = await launchBrowser()
})
afterEach(endAll)
afterAll(async () => {
  await browser.close()
  rmSync(folder, { recursive: true })
})

async function start(): Promise<{ readonly run: Running; readonly page: Page }> {
  const run = npmStart('--config', config, '--market', 'simulated', '--seed', '7', '--speed', '60', '--port', '0', '--db', db)
  const [, url] = await run.says(/page: (http\S+)/)
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  await page.goto(url!)
  await page.locator('.card').first().waitFor()
  return { run, page }
}

const fullToken = (): string => (JSON.parse(readFileSync(`${db}.token`, 'utf8')) as { full: string }).full

const trading = (page: Page): Promise<string> => page.locator('#trading').innerText()

async function press(page: Page, name: RegExp): Promise<void> {
  await page.getByRole('button', { name }).click()
  await page.waitForTimeout(450)
  await page.getByRole('button', { name }).click()
}

async function interrupted({ run, page }: { readonly run: Running; readonly page: Page }): Promise<number | null> {
  await page.close()
  run.child.kill('SIGINT')
  return (await run.ended).exitCode
}

test('[row 21] [row 71] stopped by the page, halted through a restart, re-armed, and stopped again by millrace panic: nothing leaves in between', async () => {
  const first = await start()
  await first.run.says(/: bought /)
  await press(first.page, /Emergency stop|Confirm: stop now/)
  await expect.poll(() => trading(first.page)).toBe('Halted')
  // A minute and a half of the market, in which every bot is judged.
  await first.page.waitForTimeout(1_500)
  await expect.poll(async () => (await first.page.locator('.card .reason').allInnerTexts()).join(), { timeout: 10_000 }).toContain('EMERGENCY_STOP')
  expect(await interrupted(first)).toBe(5)

  const second = await start()
  await expect.poll(() => trading(second.page)).toBe('Halted')
  await second.page.locator('#rearm-token').fill(fullToken())
  await press(second.page, /Re-arm|Confirm: trade again/)
  await expect.poll(() => trading(second.page)).toBe('Trading')
  await second.run.says(/: (bought|sold) /)
  const panic = await millrace('panic', '--db', db, '--reason', 'seen from outside', '--json')
  expect([panic.exitCode, resultOf(panic)]).toEqual([0, expect.objectContaining({ outcome: 'acknowledged', enginePid: second.run.child.pid })])
  await expect.poll(() => trading(second.page)).toBe('Halted')
  await second.page.waitForTimeout(1_200)
  expect(await interrupted(second)).toBe(5)

  const store = sqliteStore(db).open({ environment: 'paper' })
  const journal = wholeJournal(store)
  store.close()
  // The journal cut at each latch: trading, halted, trading again, halted.
  const phases: { readonly halted: boolean; sent: number }[] = [{ halted: false, sent: 0 }]
  for (const { type, data } of journal) {
    if (type === 'sent') phases.at(-1)!.sent++
    if (type !== 'latch') continue
    const { reason } = data as { reason: string }
    if (reason === 'emergencyStop' || reason === 'rearm') phases.push({ halted: reason === 'emergencyStop', sent: 0 })
  }
  expect(phases.map((phase) => [phase.halted, phase.sent > 0])).toEqual([
    [false, true],
    [true, false],
    [false, true],
    [true, false],
  ])
})
