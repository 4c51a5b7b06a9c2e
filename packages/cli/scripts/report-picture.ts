import { mkdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { fileURLToPath } from 'node:url'
import { backtest, bot, parseTime, simulatedMarket, stopLoss, takeProfit, temperatureSizing, weightedSignals } from '@millrace/core'
import { launchBrowser } from '../../../test/browser.ts'

// Takes docs/images/report.png: the report of a backtest on made-up prices, in a real browser. With --theme dark --to <file> another one; --html <file> keeps the page.
// From the root: node --conditions=@millrace/source packages/cli/scripts/report-picture.ts

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const { values } = parseArgs({
  options: { theme: { type: 'string', default: 'light' }, to: { type: 'string', default: file('../../../docs/images/report.png') }, html: { type: 'string' } },
})

const fromMs = parseTime('2026-01-05T00:00Z')
const toMs = parseTime('2026-03-02T00:00Z')
const coins = ['SOL', 'ETH', 'DOGE']
const market = simulatedMarket({ seed: 11, instruments: coins.map((coin) => `${coin}-USD`) })
const timeframeMs = 3_600_000
const candles = []
for (const coin of coins) {
  const instrument = `${coin}-USD`
  candles.push({ instrument, timeframeMs, columns: await market.candles({ instrument, timeframeMs, fromMs, toMs }) })
}
await market.close()
const bots = coins.map((coin) =>
  bot({
    id: coin.toLowerCase(),
    instrument: `${coin}-USD`,
    timeframe: '1h',
    strategy: weightedSignals(),
    actionThreshold: 0.1,
    confirm: '1h',
    sizing: temperatureSizing({ base: 100, min: 50, max: 250 }),
    exits: [stopLoss(0.05), takeProfit(0.08)],
    safety: [],
  }),
)
const result = backtest({ bots, candles, cash: { USD: '1000' }, safety: [], record: 'all' })
const html = result.toHtml({ title: 'Three bots on simulated prices, seed 11' })
if (values.html !== undefined) writeFileSync(values.html, html)

const browser = await launchBrowser()
try {
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 }, colorScheme: values.theme === 'dark' ? 'dark' : 'light' })
  const complaints: string[] = []
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.setContent(html)
  const chart = page.locator('svg[data-step]').first()
  await page.evaluate(`document.querySelector('.scroll').scrollLeft = 2400`)
  await chart.click({ position: { x: 2900, y: 120 } })
  await page.locator('.why dl').first().waitFor()
  mkdirSync(file('../../../docs/images'), { recursive: true })
  await page.screenshot({ path: values.to, fullPage: true })
  if (complaints.length > 0) throw new Error(complaints.join('\n'))
} finally {
  await browser.close()
}
console.error(`written: ${values.to} (${(html.length / 1e6).toFixed(1)} MB of report)`)
