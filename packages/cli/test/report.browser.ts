import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  MINUTE_MS,
  backtest,
  bot,
  configTrials,
  createEngine,
  drift,
  foldsOf,
  gridSearch,
  objectives,
  optimize,
  optimizeReport,
  paper,
  parameterRange,
  parameterSpace,
  parseTime,
  simulatedMarket,
  stopLoss,
  takeProfit,
  weightedSignals,
} from '@millrace/core'
import type { CandleSeries } from '@millrace/core'
import { launchBrowser } from '../../../test/browser.ts'

let browser: Browser
let folder: string
let url: string
let searchUrl: string
let driftUrl: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-report-'))
  const fromMs = parseTime('2026-01-05T00:00Z')
  const market = simulatedMarket({ seed: 7 })
  const candles = []
  for (const instrument of ['SOL-USD', 'ETH-USD'])
    candles.push({
      instrument,
      timeframeMs: MINUTE_MS,
      columns: await market.candles({ instrument, timeframeMs: MINUTE_MS, fromMs, toMs: parseTime('2026-01-05T10:00Z') }),
    })
  const bots = ['sol', 'eth'].map((id) =>
    bot({
      id,
      instrument: `${id.toUpperCase()}-USD`,
      timeframe: '1m',
      strategy: weightedSignals(),
      actionThreshold: 0.1,
      exits: [stopLoss(0.02), takeProfit(0.02)],
      safety: [],
    }),
  )
  const file = join(folder, 'report.html')
  writeFileSync(file, backtest({ bots, candles, cash: { USD: '1000' }, safety: [], record: 'all' }).toHtml())
  url = pathToFileURL(file).href
  const search = join(folder, 'search.html')
  writeFileSync(search, await searchReport(candles))
  searchUrl = pathToFileURL(search).href
  const explained = join(folder, 'drift.html')
  writeFileSync(explained, await driftPage())
  driftUrl = pathToFileURL(explained).href
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser.close()
  rmSync(folder, { recursive: true })
})

/** A small search with a walk forward of three steps. */
async function searchReport(candles: readonly CandleSeries[]): Promise<string> {
  const config = {
    account: { cash: { USD: '1000' }, safety: [] },
    bots: [{ id: 'sol', instrument: 'SOL-USD', strategy: 'trend-following', confirm: 0, safety: [] }],
  }
  const parameters = [parameterRange('fast', 5, 15, 5), parameterRange('slow', 10, 40, 10)]
  const trials = configTrials({ config, bot: 'sol', parameters, seed: 7, gapPolicy: 'skip' }, candles)
  const fromMs = parseTime('2026-01-05T00:00Z')
  const folds = foldsOf({ fromMs, toMs: parseTime('2026-01-05T10:00Z') }, MINUTE_MS, { folds: 3 })
  return optimizeReport(
    await optimize({ space: parameterSpace(parameters), evaluator: trials, search: gridSearch(), objective: objectives.return, folds, seed: 7 }),
  )
}

/** Of a run on simulated prices whose venue fills seven basis points worse than the backtest believes. */
async function driftPage(): Promise<string> {
  const market = simulatedMarket({ seed: 5, until: '4h', speed: 'max', instruments: ['SOL-USD'] })
  const exits = [stopLoss(0.004), takeProfit(0.004)]
  const bots = [bot({ id: 'sol', instrument: 'SOL-USD', timeframe: '1m', strategy: weightedSignals(), actionThreshold: 0.1, exits, safety: [] })]
  const exchange = () => paper({ cash: { USD: '1000' }, slippageBps: 9 })
  const recording: string[] = []
  const sink = { write: (line: string) => void recording.push(line), close: () => undefined }
  const engine = createEngine({ market, exchange: exchange(), bots, safety: [], environment: 'backtest', recording: sink })
  await engine.start()
  await engine.finished
  const [fromMs, toMs] = [parseTime('2025-12-31T00:00Z'), parseTime('2026-01-01T04:00Z')]
  const columns = await market.candles({ instrument: 'SOL-USD', timeframeMs: MINUTE_MS, fromMs, toMs })
  return drift({ recording, bots, safety: [], exchange: exchange(), candles: [{ instrument: 'SOL-USD', timeframeMs: MINUTE_MS, columns }] }).toHtml()
}

/** Opens a report from the disk without a network; whatever the browser complains of, or asks for, is kept. */
async function open(colorScheme: 'light' | 'dark', address = url): Promise<{ readonly page: Page; readonly complaints: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, colorScheme, offline: true })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => {
    if (request.url() !== address && !request.url().startsWith('data:')) complaints.push(`asked for ${request.url()}`)
  })
  await page.goto(address)
  return { page, complaints }
}

/** Contrast of two colours as browsers give them. */
function contrast(a: string, b: string): number {
  const light = (text: string): number => {
    const [red = 0, green = 0, blue = 0] = (text.match(/\d+/g) ?? []).map((part) => {
      const share = Number(part) / 255
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const [bright = 0, dim = 0] = [light(a), light(b)].sort((x, y) => y - x)
  return (bright + 0.05) / (dim + 0.05)
}

describe('a report in a browser', () => {
  it.each(['light', 'dark'] as const)('can be read from the disk in the %s theme, and turned into the other', async (theme) => {
    const { page, complaints } = await open(theme)
    const colours = (): Promise<string[]> =>
      page.evaluate(
        `[getComputedStyle(document.querySelector('.facts dd.bad, .facts dd')).color, getComputedStyle(document.querySelector('section')).backgroundColor]`,
      )
    const [text = '', surface = ''] = await colours()
    expect(contrast(text, surface)).toBeGreaterThan(4.5)
    await page.getByRole('button', { name: 'Light / dark' }).click()
    const [, other = ''] = await colours()
    expect(other).not.toBe(surface)
    expect(complaints).toEqual([])
    await page.context().close()
  })
  it('tells why at the candle that is clicked, and at its neighbour with an arrow key', async () => {
    const { page, complaints } = await open('light')
    const part = page.locator('[data-part="sol"]')
    await part.locator('svg[data-step]').click({ position: { x: 7 * 100 + 4, y: 100 } })
    const why = part.locator('.why')
    await why.locator('dl').first().waitFor()
    expect(await why.locator('h3').first().innerText()).toBe('2026-01-05 01:40Z to 2026-01-05 01:41Z')
    expect(await why.innerText()).toMatch(/score[\s\S]*rsi[\s\S]*blocked by/)
    await part.locator('.scroll').focus()
    await page.keyboard.press('ArrowRight')
    expect(await why.locator('h3').first().innerText()).toBe('2026-01-05 01:41Z to 2026-01-05 01:42Z')
    expect(complaints).toEqual([])
    await page.context().close()
  })
  it('fits the prices to the candles in view, and shows the other bot when it is chosen', async () => {
    const { page, complaints } = await open('light')
    const part = page.locator('[data-part="sol"]')
    const fit = (): Promise<string | null> => part.locator('.price').getAttribute('transform')
    await expect.poll(fit).toMatch(/^matrix/)
    const before = await fit()
    await page.evaluate(`document.querySelector('[data-part="sol"] .scroll').scrollLeft = 2500`)
    await expect.poll(fit).not.toBe(before)
    expect(await part.locator('.prices text').count()).toBeGreaterThan(1)
    await page.getByLabel('Candles and decisions of').selectOption('eth')
    expect(await part.isVisible()).toBe(false)
    expect(await page.locator('[data-part="eth"] svg[data-step]').isVisible()).toBe(true)
    expect(complaints).toEqual([])
    await page.context().close()
  })
})

describe('the report of a search in a browser', () => {
  it.each(['light', 'dark'] as const)('shows verdict, walk forward and heat map in the %s theme, all of it legible', async (theme) => {
    const { page, complaints } = await open(theme, searchUrl)
    expect(await page.locator('.verdict').innerText()).toMatch(/^(HOLDS|NOT PROVEN|FAILS OUT OF SAMPLE|NO WINNER)/)
    expect(await page.locator('svg .train').count()).toBe(3)
    expect(await page.locator('svg .test').count()).toBe(3)
    expect(await page.locator('.heat td').count()).toBe(3 * 4)
    const cells: [string, string][] = await page.evaluate(
      `[...document.querySelectorAll('.heat td.up, .heat td.down')].map((cell) => {
        const canvas = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d')
        canvas.fillStyle = getComputedStyle(cell).backgroundColor
        canvas.fillRect(0, 0, 1, 1)
        const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data
        return [getComputedStyle(cell).color, 'rgb(' + [red, green, blue] + ')']
      })`,
    )
    expect(cells.length).toBeGreaterThan(2)
    for (const [text, surface] of cells) expect(contrast(text, surface)).toBeGreaterThan(4.5)
    expect(complaints).toEqual([])
    await page.context().close()
  })
})

describe('a drift report in a browser', () => {
  it.each(['light', 'dark'] as const)('shows its waterfall and every amount of it, readable in the %s theme and in the other', async (theme) => {
    const { page, complaints } = await open(theme, driftUrl)
    expect(await page.locator('svg[role="img"] rect.hist').count()).toBe(10)
    const names = await page.locator('svg[role="img"] text.axis').allTextContents()
    expect(names).toEqual(
      expect.arrayContaining(['backtest', 'data', 'timing', 'evaluation set', 'fill price', 'quantity', 'fee', 'state', 'unexplained', 'run']),
    )
    const heights: number[] = await page.evaluate(`Array.from(document.querySelectorAll('rect.hist'), (bar) => bar.getBoundingClientRect().height)`)
    expect(Math.min(...heights)).toBeGreaterThan(0.5)
    expect(await page.getByRole('row', { name: /sol: (buy|sell) SOL-USD/ }).count()).toBeGreaterThan(0)
    for (let turned = 0; turned < 2; turned++) {
      const [text = '', surface = '']: string[] = await page.evaluate(
        `[getComputedStyle(document.querySelector('svg .amount')).fill, getComputedStyle(document.querySelector('section')).backgroundColor]`,
      )
      expect(contrast(text, surface)).toBeGreaterThan(4.5)
      await page.getByRole('button', { name: 'Light / dark' }).click()
    }
    expect(complaints).toEqual([])
    await page.context().close()
  })
})
