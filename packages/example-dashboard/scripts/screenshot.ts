import { mkdirSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { launchBrowser } from '../../../test/browser.ts'

// Takes docs/images/dashboard.png, dashboard-phone.png, bot.png and why-not.png: the page, the same on a phone, the details of a bot that has traded, and a card that was
// asked, of a real run of the eleven bots, once each of them has a score and a few of them have traded (some minutes).
// From the root: node --conditions=@millrace/source packages/example-dashboard/scripts/screenshot.ts

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const image = (name: string): string => file(`../../../docs/images/${name}.png`)
const argv = ['--market', 'simulated', '--seed', '7', '--speed', '120', '--db', ':memory:', '--port', '0']
const engine = spawn(process.execPath, ['--conditions=@millrace/source', file('../src/main.ts'), ...argv], { stdio: ['ignore', 'pipe', 'pipe'] })

try {
  const url = await new Promise<string>((resolve, reject) => {
    let output = ''
    engine.stderr.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      const found = /page: (http\S+)/.exec(output)
      if (found !== null) resolve(found[1]!)
    })
    engine.once('exit', (code) => reject(new Error(`the run ended with ${code}:\n${output}`)))
  })
  const browser = await launchBrowser()
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    await page.goto(url)
    await page.locator('tr[data-fill]').nth(9).waitFor({ timeout: 400_000 })
    await page.locator('.card .reason strong').nth(10).waitFor({ timeout: 20_000 })
    mkdirSync(file('../../../docs/images'), { recursive: true })
    // Without the messages of the moment.
    await page.evaluate(`document.querySelector('.toasts').hidden = true`)
    await page.setViewportSize({ width: 1440, height: 1240 })
    await page.screenshot({ path: image('dashboard') })
    await page.setViewportSize({ width: 390, height: 1240 })
    await page.screenshot({ path: image('dashboard-phone') })
    await page.setViewportSize({ width: 1440, height: 1240 })
    const card = page.locator('.card').first()
    await card.getByRole('button', { name: 'Why not?' }).click()
    await card.locator('.why table').waitFor()
    // All of the card at once, below the bar that stays at the top.
    await page.setViewportSize({ width: 1440, height: 2400 })
    await card.screenshot({ path: image('why-not') })
    await page.setViewportSize({ width: 1440, height: 1100 })
    const traded = await page.locator('tr[data-fill] td:nth-child(2)').first().innerText()
    await page.getByRole('button', { name: `Details of ${traded}`, exact: true }).click()
    await page.locator('.candles').waitFor()
    await page.getByRole('button', { name: 'Ask', exact: true }).click()
    await page.locator('.detail .verdicts').waitFor({ timeout: 60_000 })
    await page.evaluate(`document.querySelector('.toasts').hidden = true`)
    await page.screenshot({ path: image('bot') })
  } finally {
    await browser.close()
  }
  console.error(`written: ${['dashboard', 'dashboard-phone', 'why-not', 'bot'].map(image).join(', ')}`)
} finally {
  engine.kill('SIGINT')
}
