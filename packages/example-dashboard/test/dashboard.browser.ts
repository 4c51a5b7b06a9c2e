import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../../test/browser.ts'
import { readyText } from '../src/page/bots/bot-words.ts'
import { startDashboard } from '../src/server/serve.ts'
import type { Dashboard } from '../src/server/serve.ts'
import { fakeEngine } from './fake-engine.ts'
import { aFill, anAlert, aSale } from './hand-made-facts.ts'
import { handMadeState } from './hand-made-state.ts'
import type { FakeEngine } from './fake-engine.ts'

let browser: Browser
let engine: FakeEngine
let tokenFile: string
let dashboard: Dashboard
let page: Page
/** What a careful reader would find in the developer tools: errors, refused resources, broken policies. */
let complaints: string[]

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())
beforeEach(async () => {
  engine = fakeEngine()
  tokenFile = join(mkdtempSync(join(tmpdir(), 'millrace-page-')), 'token')
  dashboard = await startDashboard({ engine, port: 0, tokenFile })
  page = await open(dashboard.link)
})
afterEach(async () => {
  await page.context().close()
  await dashboard.close()
  rmSync(dirname(tokenFile), { recursive: true })
  if (complaints.length > 0) throw new Error(`the browser complained:\n${complaints.join('\n')}`)
})

async function open(url: string, width = 1440): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 900 } })
  const opened = await context.newPage()
  complaints = []
  opened.on('console', (message) => {
    if (message.type() !== 'info' && message.type() !== 'log') complaints.push(`${message.type()}: ${message.text()}`)
  })
  opened.on('pageerror', (error) => complaints.push(error.message))
  opened.on('requestfailed', (request) => complaints.push(`${request.url()}: ${request.failure()?.errorText}`))
  await opened.clock.install()
  await opened.goto(url)
  await opened.locator('.card').first().waitFor()
  return opened
}

const card = (botId: string) => page.locator(`.card[data-bot="${botId}"]`)
const text = (selector: string): Promise<string> => page.locator(selector).innerText()
const prices = (): Promise<string[]> => page.locator('.card .price').allInnerTexts()
const stopButton = () => page.getByRole('button', { name: /Emergency stop|Confirm: stop now/ })
const columns = async (): Promise<number> =>
  String(await page.evaluate(`getComputedStyle(document.getElementById('bots')).gridTemplateColumns`)).split(' ').length
const widthNeeded = (): Promise<unknown> => page.evaluate('document.documentElement.scrollWidth')

describe('eleven cards', () => {
  it('[INC-64] move with the engine', async () => {
    expect(await page.locator('.card').count()).toBe(11)
    const before = await prices()
    engine.show(handMadeState(17))
    await expect.poll(prices).not.toEqual(before)
    const after = await prices()
    // The eleventh has no price, and none is made up for it.
    expect(after.filter((price, index) => price !== before[index])).toHaveLength(10)
    expect(after[10]).toBe('–')
    expect(await text('#clock')).toBe('2026-01-05 12:00:17 UTC')
  })
  it("say the engine's own reason for every bot", async () => {
    for (const bot of handMadeState(0).bots) {
      const reason = await card(bot.id).locator('.reason').innerText()
      if (bot.blocker === undefined) expect(reason).toBe('An exit is under way')
      else expect(reason).toContain(`${bot.blocker.code} ${bot.blocker.detail}`)
      expect(await card(bot.id).locator('.ready').innerText()).toBe(readyText(bot, false))
    }
  })
  it('stay below the bar that sticks to the top, charts and all', async () => {
    await page.locator('.equity-chart canvas').first().waitFor()
    await page.locator('.equity-chart').evaluate((chart) => (chart as unknown as { scrollIntoView(to: object): void }).scrollIntoView({ block: 'start' }))
    // What is at each place of the bar belongs to the bar.
    const foreign = await page.evaluate(`(() => {
      const { bottom } = document.querySelector('.bar').getBoundingClientRect()
      const chart = document.querySelector('.equity-chart').getBoundingClientRect()
      const places = [0.2, 0.5, 0.8].map((share) => document.elementFromPoint(chart.left + share * chart.width, bottom - 4))
      return [chart.top < bottom, places.filter((each) => each.closest('.bar') === null).length]
    })()`)
    expect(foreign).toEqual([true, 0])
  })
  it('go on when another part of the page fails, which says so in its place', async () => {
    const state = handMadeState(3)
    engine.show({ ...state, alerts: [undefined as never] })
    const failed = page.getByRole('alert').filter({ hasText: 'cannot be shown' })
    await failed.waitFor()
    expect(await failed.innerText()).toContain('The list of alerts cannot be shown: ')
    engine.show(handMadeState(17))
    await expect.poll(() => text('#clock')).toBe('2026-01-05 12:00:17 UTC')
    expect([await page.locator('.card').count(), await page.locator('footer').count(), await stopButton().isVisible()]).toEqual([11, 1, true])
    await failed.getByRole('button', { name: 'Try again' }).click()
    await expect.poll(() => failed.count()).toBe(0)
  })
  it('and what today came to is of the moment of the value above them, not of the last time somebody asked [row 86]', async () => {
    const today = () => text('#figures [data-source="portfolio/today/gain"]')
    await expect.poll(today).toMatch(/\d/)
    const before = await today()
    engine.show({ ...handMadeState(9), equity: '1300.00', unrealizedPnl: '77.00' })
    await expect.poll(() => text('#figures [data-source="state/equity"]')).toBe('1,300.00')
    // A second at most, where it was asked every five.
    await page.clock.runFor(1_000)
    await expect.poll(today).not.toBe(before)
    expect(await page.locator('#figures .figure', { hasText: 'Today' }).innerText()).toContain('to 12:00:09 UTC')
    expect(await text('.equity figcaption')).toContain('12:00:09')
  })
  it('[INC-61] say until when in the time of the engine, and what is needed', async () => {
    const until = () => card('sol').locator('.reason .until').innerText()
    expect(await until()).toContain('until 12:09:00, in 9 min')
    expect(await card('sol').locator('.reason .needs').innerText()).toBe('Time since the last fill.')
    // Two minutes later by the engine's clock, and not by the browser's.
    engine.show(handMadeState(120))
    await expect.poll(until).toContain('in 7 min')
  })
  it('keep the other reasons one click away', async () => {
    const others = card('sol').locator('.others')
    expect(await others.locator('summary').innerText()).toBe('2 more reasons')
    expect(await others.locator('li').first().isVisible()).toBe(false)
    await others.locator('summary').click()
    const items = await others.locator('li').allInnerTexts()
    expect(items[1]).toContain('BALANCE 3.1 more cash would be needed')
    expect(items[1]).toContain('available cash: 1.90 USD, needed 5.00 USD (+3.10 USD)')
    expect(await card('btc').locator('.others').isVisible()).toBe(false)
    // It stays open while the numbers move.
    engine.show(handMadeState(9))
    await expect.poll(() => card('sol').locator('.until').first().innerText()).toContain('8 min')
    expect(await others.locator('li').first().isVisible()).toBe(true)
  })
  it('[INC-60] answer why not, with verdicts and the nearest change, when somebody asks', async () => {
    expect(engine.asked).toEqual([])
    await card('sol').getByRole('button', { name: 'Why not?' }).click()
    const panel = card('sol').locator('.why')
    await expect.poll(() => panel.innerText()).toContain('rsi: 41.2, needed 30 (−11.2)')
    const said = await panel.innerText()
    expect(said).toContain('COOLDOWN in 9 min, at 2026-01-05 12:09:00')
    expect(said).toContain('BALANCE available cash: 1.90 USD, needed 5.00 USD (+3.10 USD)')
    expect(said).toContain('With all of this it would have traded.')
    expect(said).toMatch(/cooldown\s+deny\s+9 min of 15 min since the last fill are left/)
    expect(said).toMatch(/trade-size\s+allow\s+margin 2\.83/)
    expect(engine.asked).toEqual(['sol'])
    await panel.getByRole('button', { name: 'Ask again' }).click()
    await expect.poll(() => engine.asked.length).toBe(2)
    await card('sol').getByRole('button', { name: 'Why not?' }).click()
    expect(await panel.isVisible()).toBe(false)
    expect(engine.commands).toEqual([])
  })
  it('name the temperature in words, beside its colour, all four of them [row 90]', async () => {
    const state = handMadeState(0)
    for (const temperature of ['hot', 'warm', 'cool', 'frozen'] as const) {
      engine.show({ ...state, bots: state.bots.map((bot) => ({ ...bot, temperature })) })
      const badge = card('btc').locator('.temperature')
      await expect.poll(() => badge.innerText()).toBe(temperature.toUpperCase())
      expect(await badge.getAttribute('class')).toBe(`temperature temperature-${temperature}`)
      expect(await badge.locator('use').getAttribute('href')).toBe(`#icon-${temperature}`)
    }
  })
  it('stand in four, two and one columns and never need to be scrolled sideways [row 78]', async () => {
    const longText = 'a-very-long-word-without-a-break-'.repeat(8)
    engine.show({
      ...handMadeState(1),
      tradingState: 'halted',
      tradingStateReason: longText,
      alerts: [{ ...anAlert, detail: longText }],
      lastFills: Array.from({ length: 50 }, (_, n) => ({ ...aSale, fillId: `f-${n}` })),
    })
    await page.locator('#halt').waitFor()
    // Nothing runs and nothing comes next while trading is halted.
    expect([await text('#counts'), await text('#next')]).toEqual([
      expect.stringContaining('all 11 bots held'),
      'Next: nothing. Trading is halted, whatever a bot confirms.',
    ])
    for (const [width, count] of [
      [1440, 4],
      [1201, 4],
      [1200, 2],
      [900, 2],
      [701, 2],
      [700, 1],
      [390, 1],
      [320, 1],
    ] as const) {
      await page.setViewportSize({ width, height: 900 })
      expect([width, await columns(), await widthNeeded()]).toEqual([width, count, width])
      // The chart of the account is a table inside, which the page's own tables must not reach.
      expect([width, await page.evaluate(`getComputedStyle(document.querySelector('.equity-chart tr')).display`)]).toEqual([width, 'table-row'])
    }
  })
  it('show what comes from outside as text, whatever it is', async () => {
    const evil = '<img src=x onerror="document.title=1">'
    const state = handMadeState(0)
    engine.show({
      ...state,
      market: { id: evil, text: evil, notes: [evil] },
      bots: state.bots.map((bot) => ({ ...bot, instrument: evil })),
      alerts: [{ ...anAlert, code: evil, detail: evil }],
    })
    // All of them trade the same now, so each is called by its id as well.
    await expect.poll(() => card('btc').locator('h3').innerText()).toBe(`${evil} · btc`)
    expect(await page.locator('img').count()).toBe(0)
  })
  it('run no script and no style but the files of the server', async () => {
    await page.evaluate(
      `{ const script = document.createElement('script'); script.textContent = 'document.body.dataset.broken = 1'; document.body.append(script) }`,
    )
    await page.evaluate(`document.body.setAttribute('style', 'display: none')`)
    expect(await page.evaluate('document.body.dataset.broken')).toBeUndefined()
    expect(await page.locator('main').isVisible()).toBe(true)
    // So a broken policy does show among the complaints.
    expect(complaints.splice(0).filter((complaint) => complaint.includes('Content Security Policy'))).toHaveLength(2)
  })
})

describe('the figures', () => {
  it("are the state's own, in the quote currency", async () => {
    const figures = async (): Promise<string[][]> => (await page.locator('.figure').allInnerTexts()).map((figure) => figure.split('\n').slice(0, 2))
    // Two answers make them: the state, and the days.
    await expect.poll(figures).toEqual([
      ['Portfolio value', '1,271.22'],
      ['Today, after fees', '−1.66'],
      ['Last 24 h', '−3.06'],
      ['Cash', '1,221.80'],
      ['Coins', '49.42'],
      ['Unrealised P&L', '+0.31'],
      ['Realised P&L', '−0.87'],
      ['Fees paid', '0.54'],
      ['Max drawdown', '4.11'],
      ['Loss of the day', '0.56'],
    ])
    expect(await text('#environment')).toBe('PAPER')
    expect(await text('#market')).toContain('Simulated prices, seed 7')
    expect(await text('#market')).toContain('Coinbase could not be reached')
  })
  it('list the last fills with price, fee and result [row 84]', async () => {
    const row = page.locator('tr[data-fill="f-2"]')
    expect((await row.innerText()).split(/\s*\t\s*/)).toEqual(['11:59:15', 'toshi', 'SELL', '14,285', '0.0007391', '0.0950 USD', '+0.33', 'take profit'])
    expect(await page.locator('tr[data-fill="f-1"]').innerText()).toContain('–')
  })
  it('read a fill out for those who do not see it', async () => {
    engine.fill(aFill)
    await expect
      .poll(async () => {
        await page.clock.runFor(1_000)
        return text('#announcer')
      })
      .toBe('sol: bought 0.0531 at 186.44')
  })
  it("[INC-64] grey out, with their age, when the engine's time stands still", async () => {
    expect(await page.locator('#silence').isVisible()).toBe(false)
    await page.clock.runFor(12_000)
    await expect.poll(() => text('#silence')).toMatch(/^The engine is silent\. All numbers are as of 2026-01-05 12:00:00 UTC, 1\d s ago\.$/)
    await expect.poll(() => page.locator('body.stale').count()).toBe(1)
    await expect.poll(() => text('#link')).toBe('Silent')
    engine.show(handMadeState(20))
    await expect.poll(() => text('#link')).toBe('Connected')
    await expect.poll(() => page.locator('body.stale').count()).toBe(0)
  })
  it('say which price is too old', async () => {
    expect(await card('aero').locator('.age').innerText()).toBe('stale: 4 min 5 s old')
    expect(await card('btc').locator('.age').innerText()).toBe('2 s old')
  })
})

describe('the emergency stop', () => {
  it("takes two steps, and shows the engine's proof", async () => {
    await stopButton().click()
    await expect.poll(() => stopButton().innerText()).toBe('Confirm: stop now (5)')
    expect(engine.commands).toEqual([])
    await page.clock.runFor(500)
    await stopButton().click()
    await expect.poll(() => text('#halt-proof')).toBe('Order gate closed at 12:01:01.234 UTC · 2 open orders cancelled · 1 unresolved (4e5f).')
    expect(engine.commands).toEqual(['emergencyStop {"cancelOpenOrders":true}'])
    await expect.poll(() => page.locator('#halt').isVisible()).toBe(true)
    await expect.poll(() => text('#trading')).toBe('Halted')
    await expect
      .poll(() => text('#halt-reason'))
      .toBe('Emergency stop: nothing leaves but cancels and an explicit flatten. No entries and no exits: stop loss and take profit are held as well.')
  })
  it('is not confirmed by a double click, and forgets the first step after five seconds', async () => {
    await stopButton().dblclick()
    expect(engine.commands).toEqual([])
    await page.clock.runFor(5_200)
    await expect.poll(() => stopButton().innerText()).toBe('Emergency stop')
    await stopButton().click()
    await page.clock.runFor(500)
    await expect.poll(() => stopButton().innerText()).toContain('Confirm')
    expect(engine.commands).toEqual([])
  })
  it('works with the keyboard alone, and Escape takes it back', async () => {
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.id')).toBe('stop')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Escape')
    await expect.poll(() => stopButton().innerText()).toBe('Emergency stop')
    await page.keyboard.press('Enter')
    await page.clock.runFor(500)
    await page.keyboard.press('Enter')
    await expect.poll(() => engine.commands).toEqual(['emergencyStop {"cancelOpenOrders":true}'])
  })
  it('is taken back only by re-arming, in two steps of its own', async () => {
    engine.show({ ...handMadeState(1), tradingState: 'halted', tradingStateReason: 'emergency stop' })
    const rearm = page.getByRole('button', { name: /Re-arm|Confirm: trade again/ })
    await page.locator('#rearm-token').fill(dashboard.tokens.full)
    await rearm.click()
    await page.getByRole('button', { name: 'Stay halted' }).click()
    await expect.poll(() => rearm.innerText()).toBe('Re-arm')
    await rearm.click()
    await page.clock.runFor(500)
    expect(engine.commands).toEqual([])
    await rearm.click()
    await expect.poll(() => text('#trading')).toBe('Trading')
    expect(engine.commands).toEqual(['rearm'])
    await expect.poll(() => page.locator('#halt').isVisible()).toBe(false)
  })
  it('says so when it is not confirmed', async () => {
    engine.failWith(new Error('no'))
    await stopButton().click()
    await page.clock.runFor(500)
    await stopButton().click()
    await expect.poll(() => text('#failure')).toMatch(/^The stop is not confirmed\. The server failed: .*millrace panic/)
    await expect.poll(() => stopButton().innerText()).toBe('Emergency stop')
    expect(complaints.splice(0)).toEqual([expect.stringContaining('500')])
  })
  it('stays in reach at every width and however far the page is scrolled', async () => {
    for (const width of [1440, 900, 390]) {
      await page.setViewportSize({ width, height: 700 })
      await page.evaluate('scrollTo(0, document.body.scrollHeight)')
      const box = await stopButton().boundingBox()
      expect(box!.y).toBeGreaterThanOrEqual(0)
      expect(box!.y + box!.height).toBeLessThan(200)
    }
  })
})

describe('the connection', () => {
  it('says goodbye, keeps the last numbers greyed, and comes back by itself', async () => {
    const port = Number(new URL(dashboard.url).port)
    await dashboard.close()
    await expect.poll(() => text('#link')).toBe('Ended')
    await expect.poll(() => page.locator('body.stale').count()).toBe(1)
    expect(await prices()).toHaveLength(11)
    dashboard = await startDashboard({ engine, port, tokenFile })
    engine.show(handMadeState(30))
    await expect.poll(() => text('#clock'), { timeout: 15_000 }).toBe('2026-01-05 12:00:30 UTC')
    await expect.poll(() => text('#link')).toBe('Connected')
    // The browser itself reports that it could not connect while the server was away.
    for (const complaint of complaints.splice(0))
      expect(complaint).toMatch(/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_ABORTED/)
  })
  it('shows an empty portfolio without inventing anything', async () => {
    engine.show({ ...handMadeState(1), bots: [], lastFills: [], alerts: [] })
    await expect.poll(() => text('#fills')).toBe('No fills yet.')
    expect(await text('#alerts')).toBe('No alerts.')
    expect(await page.locator('.card').count()).toBe(0)
  })
})
