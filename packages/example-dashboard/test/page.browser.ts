import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import type { EngineState, OrderRecord } from '@millrace/core'
import { blockerCodes } from '../../core/src/safety/blocker-codes.ts'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../../test/browser.ts'
import { lookUp, sourcePaths } from '../src/page/data.ts'
import type { Sources } from '../src/page/data.ts'
import { fromWire } from '../src/page/wire.ts'
import { written } from '../src/page/written.ts'
import type { NumberFormat } from '../src/page/written.ts'
import type { CountedMarket } from '../src/server/api/services.ts'
import { startDashboard } from '../src/server/serve.ts'
import type { Dashboard } from '../src/server/serve.ts'
import { fakeEngine } from './fake-engine.ts'
import { aFill, aSale, anAlert } from './hand-made-facts.ts'
import { handMadeState } from './hand-made-state.ts'
import type { FakeEngine } from './fake-engine.ts'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** A market that counts what it reads, as the one of a venue does. */
const market: CountedMarket = {
  stats: () => ({
    cache: { requests: 6_741, hits: 6_514, coalesced: 0, misses: 227, evictions: 3, size: 22, hitRate: 0.9663 },
    requests: { lastMinute: 4, refusals: 0 },
    clockOffsetMs: 12,
  }),
  resetCache: () => undefined,
}

let browser: Browser
let context: BrowserContext
let engine: FakeEngine
let dashboard: Dashboard
let page: Page
let complaints: string[]
// One server and one browser window for all: a test begins with the page loaded anew and the engine as it was.
beforeAll(async () => {
  browser = await launchBrowser()
  engine = fakeEngine()
  dashboard = await startDashboard({ engine, port: 0, market })
  context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  page = await listened()
  await page.goto(dashboard.link)
})
afterAll(async () => {
  await browser.close()
  await dashboard.close()
})
beforeEach(async () => {
  complaints = []
  engine.commands.length = 0
  engine.show(handMadeState(0))
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.goto(dashboard.url)
  await page.locator('.card').first().waitFor()
})
afterEach(() => {
  if (complaints.length > 0) throw new Error(`the browser complained:\n${complaints.join('\n')}`)
})

async function listened(): Promise<Page> {
  const opened = await context.newPage()
  opened.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  opened.on('pageerror', (error) => complaints.push(error.message))
  return opened
}

const card = (id: string) => page.locator(`.card[data-bot="${id}"]`)
const numbers = (): Promise<{ source: string; as: string; text: string }[]> =>
  page.locator('[data-source][data-as]').evaluateAll((elements) =>
    elements.map((each) => {
      const { dataset, textContent } = each as unknown as { dataset: { source: string; as: string }; textContent: string }
      return { source: dataset.source, as: dataset.as, text: textContent }
    }),
  )

/** Every piece of text with a digit that neither has a source, nor is a time, nor says in whose words it is. */
const unsourced = async (): Promise<string[]> =>
  (await page.evaluate(`(() => {
    const found = []
    const walk = document.createTreeWalker(document.querySelector('dialog[open]') ?? document.body, NodeFilter.SHOW_TEXT)
    for (let node = walk.nextNode(); node !== null; node = walk.nextNode())
      if (/[0-9]/.test(node.textContent) && node.parentElement.closest('[data-source], [data-words], time, script, style, noscript, option, table.tv-lightweight-charts') === null)
        found.push(node.parentElement.tagName + ': ' + node.textContent)
    return found
  })()`)) as string[]

const ids = (): Promise<(string | null)[]> =>
  page.locator('.card').evaluateAll((cards) => cards.map((each) => (each as unknown as { dataset: { bot: string } }).dataset.bot))
const fetched = async (path: string): Promise<unknown> => {
  const response = await fetch(`${dashboard.url}/api/v1${path}`, { headers: { authorization: `Bearer ${dashboard.tokens.read}` } })
  return fromWire(await response.json())
}
/** What axe-core finds that is serious, without a script in the page: the page's own policy stays in force. */
async function serious(): Promise<readonly string[]> {
  const { violations } = (await page.evaluate(`(() => { ${axeSource}; return axe.run(document, { resultTypes: ['violations'] }) })()`)) as {
    violations: { id: string; impact: string; nodes: { html: string }[] }[]
  }
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
}

describe('every number', () => {
  it('carries its source and is what stands there, formatted and not worked out [row 58] [row 85] [row 86] [row 87] [INC-62] [INC-65]', async () => {
    const sources = {} as Record<keyof Sources, unknown>
    for (const [name, path] of Object.entries(sourcePaths)) sources[name as keyof Sources] = await fetched(path)
    await expect.poll(() => page.locator('[data-source^="capacity/"]').count()).toBe(11)
    await page.getByRole('tab', { name: 'Performance' }).click()
    await page.locator('.pnl').first().waitFor()
    const shown = await numbers()
    expect(await unsourced()).toEqual([])
    await page.getByRole('tab', { name: 'Round trips' }).click()
    await page.locator('.trips').waitFor()
    shown.push(...(await numbers()).filter(({ source }) => source.startsWith('trips/')))
    expect(await unsourced()).toEqual([])
    await page.getByRole('tab', { name: 'Health' }).click()
    await page.locator('[data-source="cache/stats/hitRate"]').waitFor()
    shown.push(...(await numbers()).filter(({ source }) => source.startsWith('cache/')))
    expect(shown.find(({ source }) => source === 'cache/stats/hitRate')?.text).toBe('96 %')
    expect(shown.length).toBeGreaterThan(200)
    expect(await unsourced()).toEqual([])
    for (const { source, as, text } of shown) expect([source, text]).toEqual([source, written(lookUp(sources, source), as as NumberFormat)])
    // One fact is written in one way, wherever it stands; what is counted in a list is a fact of its own.
    const factOf = ({ source, as }: (typeof shown)[number]): string => (/^(length|running|hot)$/.test(as) ? `${source} ${as}` : source)
    for (const [fact, places] of Map.groupBy(shown, factOf)) expect([fact, new Set(places.map(({ text }) => text)).size]).toEqual([fact, 1])
    // The curve has the ledger's own points.
    expect(await page.locator('.equity').getAttribute('data-points')).toBe('5')
  })
  it("of a bot's chart is there: candles, its fills, its strategy's own indicators; and only what was asked for [row 88]", async () => {
    engine.show({ ...handMadeState(0), lastFills: [aFill] })
    await card('sol').getByRole('button', { name: 'Details of sol' }).click()
    await page.locator('.candles').waitFor()
    expect(await page.locator('.candles').getAttribute('data-candles')).toBe('60')
    expect(await page.locator('.candles .legend li').allInnerTexts()).toEqual(['slow', 'rsi', 'macd signal', 'macd histogram'])
    expect(new URL(page.url()).search).toBe('?bot=sol')
    expect(await page.locator('.tranches tbody tr').count()).toBe(1)
    expect(await unsourced()).toEqual([])
    await page.getByRole('button', { name: 'Ask', exact: true }).click()
    await expect.poll(() => page.locator('.detail .why-body').last().innerText()).toContain('The smallest change that would have made it trade')
    await page.keyboard.press('Escape')
    await expect.poll(() => new URL(page.url()).search).toBe('')
  })
})

it('for every reason there is, the page says exactly what the engine says [row 53] [INC-63]', async () => {
  const state = handMadeState(0)
  const codes = Object.entries(blockerCodes)
  const [bot] = state.bots
  const bots = codes.map(([code, { text, needs, unit }], n) => ({
    ...bot!,
    id: `b${n}`,
    outcome: 'denied' as const,
    readiness: { canTrade: false, atMs: state.nowMs, blockers: [{ gate: 'engine', code, margin: -1, unit, detail: text, needs, needed: undefined }] },
  }))
  engine.show({ ...state, bots })
  await expect.poll(() => page.locator('.card').count()).toBe(codes.length)
  const said = await page.locator('.card .reason').allInnerTexts()
  expect(said.map((text) => text.replaceAll(/\s+/g, ' '))).toEqual(codes.map(([code, { text, needs }]) => `${code} ${text} ${needs}`))
  // The list of all bots says the same one reason.
  const listed = await page.locator('.glance-why').allInnerTexts()
  expect(listed.map((text) => text.replaceAll(/\s+/g, ' ')).sort()).toEqual(codes.map(([code, { text }]) => `${code} ${text}`).sort())
})

describe('the view', () => {
  it('is filtered by what is typed and chosen, together, and stands in the address [row 79]', async () => {
    await page.keyboard.press('/')
    await page.keyboard.type('a')
    await expect.poll(ids).toEqual(
      handMadeState(0)
        .bots.filter(({ id, instrument }) => `${id}${instrument}`.toLowerCase().includes('a'))
        .map(({ id }) => id),
    )
    await page.getByRole('button', { name: 'HOT' }).click()
    await page.getByLabel('Status').selectOption('paused')
    await expect.poll(ids).toEqual(['avax'])
    expect(new URL(page.url()).search).toBe('?q=a&temperature=hot&status=paused')
    await page.reload()
    await expect.poll(ids).toEqual(['avax'])
    await page.getByRole('button', { name: 'Show all' }).click()
    await expect.poll(ids).toHaveLength(11)
    await page.getByLabel('Groups').selectOption('action')
    await expect
      .poll(() => page.locator('.group-title').allInnerTexts())
      .toEqual([expect.stringContaining('Wants to buy'), expect.stringContaining('Wants to sell'), expect.stringContaining('Holds still')])
  })
  it('holds 41 bots at every width, in every density, without sideways scrolling [INC-67]', async () => {
    const state = handMadeState(0)
    engine.show({ ...state, bots: Array.from({ length: 41 }, (_, n) => ({ ...state.bots[n % 11]!, id: `bot-${n}` })) })
    await expect.poll(ids).toHaveLength(41)
    for (const density of ['compact', 'full']) {
      await page.getByLabel('Density').selectOption(density)
      for (const width of [1440, 900, 390]) {
        await page.setViewportSize({ width, height: 900 })
        expect([density, width, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([density, width, width])
      }
    }
  })
})

describe('everybody', () => {
  it('can use it: no serious finding of axe-core, in the light and in the dark, with a bot open, signed out', async () => {
    expect(await serious()).toEqual([])
    await page.getByLabel('Colours').selectOption('dark')
    engine.show({ ...handMadeState(1), tradingState: 'halted', tradingStateReason: 'Emergency stop.' })
    await page.locator('#halt').waitFor()
    expect(await serious()).toEqual([])
    await page.getByRole('tab', { name: 'Health' }).click()
    await page.locator('.parts').waitFor()
    await card('sol').getByRole('button', { name: 'Details of sol' }).click()
    await page.locator('.candles').waitFor()
    expect(await serious()).toEqual([])
    await context.clearCookies()
    await page.goto(dashboard.url)
    await page.getByLabel('Token').waitFor()
    expect(await serious()).toEqual([])
    await page.getByLabel('Token').fill('wrong')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.getByRole('alert').innerText()).toContain('Not signed in.')
    expect(complaints.splice(0)).toEqual([expect.stringContaining('401')])
    await page.getByLabel('Token').fill(dashboard.tokens.full)
    await page.keyboard.press('Enter')
    await page.locator('.card').first().waitFor()
  })
  it('is asked to sign in again when the server does not know the browser any more', async () => {
    await context.clearCookies()
    const port = Number(new URL(dashboard.url).port)
    await dashboard.close()
    dashboard = await startDashboard({ engine, port, market })
    await page.getByLabel('Token').waitFor({ timeout: 20_000 })
    await page.getByLabel('Token').fill(dashboard.tokens.full)
    await page.keyboard.press('Enter')
    await page.locator('.card').first().waitFor()
    await expect.poll(() => page.locator('#link').innerText()).toBe('Connected')
    // The browser reports what it was refused while the server was away, and then did not know it.
    for (const complaint of complaints.splice(0))
      expect(complaint).toMatch(/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_ABORTED|401/)
  })
  it('can pause and start a bot with the keyboard alone [row 74]', async () => {
    await card('btc').getByRole('button', { name: 'Details of btc' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Pause', exact: true }).focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => page.getByRole('button', { name: 'Start' }).isVisible()).toBe(true)
    await page.keyboard.press('Enter')
    await expect.poll(() => engine.commands).toEqual(['pause btc', 'resume btc'])
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Pause all' }).focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => engine.commands.at(-1)).toBe('pause all')
  })
})

it('bots are edited, retired and added with the keyboard alone; a refusal says what was wrong; the stop is in reach meanwhile', async () => {
  await page.locator('.glance-bot').first().focus()
  await page.keyboard.press('Enter')
  const dialog = page.locator('dialog.detail')
  const bot = new URL(page.url()).searchParams.get('bot')!
  // What the run is and how it is stopped stand in the dialog, too: it covers the bar.
  expect(await dialog.locator('.badge').innerText()).toBe('PAPER')
  expect(await dialog.getByRole('button', { name: 'Emergency stop' }).isVisible()).toBe(true)
  await dialog.locator('.change summary').focus()
  await page.keyboard.press('Enter')
  await dialog.getByLabel('Confirm for').focus()
  await page.keyboard.type('soon')
  await page.keyboard.press('Enter')
  await expect.poll(() => dialog.getByRole('alert').innerText()).toContain(`confirm: expected a duration such as '5m', received "soon"`)
  await dialog.getByLabel('Confirm for').fill('10m')
  await dialog.getByLabel('Other settings').fill('"on": "update"')
  await dialog.getByRole('button', { name: 'Change', exact: true }).press('Enter')
  await expect.poll(() => dialog.locator('.change-done li').allInnerTexts()).toEqual(['confirm: nothing → 10m', 'on: nothing → update'])
  await dialog.locator('#retire-close').press('Enter')
  await page.waitForTimeout(450)
  await dialog.locator('#retire-close').press('Enter')
  await expect.poll(() => dialog.locator('.change-done li').allInnerTexts()).toEqual(['retire: nothing → true'])
  await page.keyboard.press('Escape')
  await page.locator('.add-bot summary').focus()
  await page.keyboard.press('Enter')
  await page.getByLabel('Id').fill('fresh')
  await page.getByLabel('Product').fill('btc-usd')
  await page.getByLabel('Preset').selectOption('balanced')
  await page.getByRole('button', { name: 'Add', exact: true }).press('Enter')
  await expect.poll(() => page.locator('.add-bot .change-done').allInnerTexts()).toEqual(['Added fresh on BTC-USD: it may trade from its next candle on.'])
  expect(engine.commands).toEqual([
    `editBot ${bot} {"confirm":"soon"}`,
    `editBot ${bot} {"confirm":"10m","on":"update"}`,
    `retireBot ${bot} {"close":true}`,
    'addBot {"id":"fresh","instrument":"BTC-USD","preset":"balanced"}',
  ])
  expect(complaints.splice(0)).toEqual([expect.stringContaining('422')])
})

describe('what happens', () => {
  const order = (state: OrderRecord['state']): OrderRecord => ({
    ...(handMadeState(0).bots[4]!.workingOrder as OrderRecord),
    state,
    reason: state === 'rejected' ? 'too small' : undefined,
  })
  it('is told once for each change of state, with what is normal left out [row 83] [INC-63]', async () => {
    const toasts = () => page.locator('.toast').allInnerTexts()
    engine.order(order('sent'))
    engine.order(order('open'))
    engine.fill(aSale)
    engine.fill(aSale)
    engine.order(order('rejected'))
    engine.order(order('rejected'))
    engine.alert({ ...anAlert, severity: 'info' })
    await expect
      .poll(async () => (await toasts()).map((text) => text.replace(/\s*×$/, '')))
      .toEqual(['toshi sold 14,285 for 10.56, result +0.33', 'doge: the buy is rejected, too small'])
    await page.getByRole('button', { name: 'Dismiss' }).first().click()
    await expect.poll(toasts).toHaveLength(1)
  })
  it('is seen with the stream down as well: asked for every five seconds, and the state is the same [row 80] [row 91]', async () => {
    await page.close()
    page = await listened()
    await page.clock.install()
    await page.route('**/api/v1/stream', (route) => route.abort())
    await page.goto(dashboard.url)
    const clock = () =>
      page
        .locator('#clock')
        .innerText({ timeout: 300 })
        .catch(() => '')
    engine.show(handMadeState(33))
    await expect.poll(async () => (await page.clock.runFor(5_000), clock()), { timeout: 8_000 }).toBe('2026-01-05 12:00:33 UTC')
    await expect.poll(() => page.locator('#link').innerText()).toBe('Every 5 s')
    await expect.poll(() => page.locator('body.stale').count()).toBe(0)
    // The emergency stop needs no live line.
    await page.getByRole('button', { name: 'Emergency stop' }).click()
    await page.clock.runFor(500)
    await page.getByRole('button', { name: /Confirm: stop now/ }).click()
    await expect.poll(() => page.locator('#halt-proof').innerText()).toContain('Order gate closed at 12:01:01.234 UTC')
    expect(engine.commands).toEqual(['emergencyStop {"cancelOpenOrders":true}'])
    await expect.poll(async () => (await page.clock.runFor(5_000), page.locator('#trading').innerText())).toBe('Halted')
    const polled = await page.locator('.card').allInnerTexts()
    await page.unroute('**/api/v1/stream')
    await expect.poll(async () => (await page.clock.runFor(3_000), page.locator('#link').innerText()), { timeout: 8_000 }).toMatch(/^(Connected|Silent)$/)
    expect(await page.locator('.card').allInnerTexts()).toEqual(polled)
    expect(complaints.splice(0).every((complaint) => complaint.includes('ERR_FAILED'))).toBe(true)
    await page.close()
    page = await listened()
  })
  it('stands in the timeline in the order of the journal, in UTC and local time [row 82] [INC-60]', async () => {
    const items = page.locator('.timeline li')
    await expect.poll(() => items.count()).toBe(4)
    expect(await items.evaluateAll((list) => list.map((each) => (each as unknown as { dataset: { seq: string } }).dataset.seq))).toEqual([
      '12',
      '11',
      '10',
      '9',
    ])
    expect((await items.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' '))).toEqual([
      '11:30:01 sol Filled: buy 0.0531 SOL-USD at 186.44',
      '11:30:00 sol Order filled',
      '11:30:00 sol Order decided: buy SOL-USD for 9.99 USD (weighted-signals)',
      '11:29:00 Command: pause',
    ])
    expect(await items.first().locator('time').getAttribute('title')).toMatch(/^2026-01-05T11:30:01\.000Z \(UTC\)\n.+ \(local\)$/)
  })
  it('an order nobody knows the outcome of is shown loudly', async () => {
    const state: EngineState = handMadeState(2)
    engine.show({ ...state, bots: state.bots.map((bot) => (bot.workingOrder === undefined ? bot : { ...bot, workingOrder: order('unknown') })) })
    await expect.poll(() => page.locator('#unknown-orders').innerText()).toContain('Outcome unknown: doge buy 5f3c0b8e')
  })
})
