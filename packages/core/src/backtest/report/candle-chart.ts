import { timeText } from '../../model/time-text.ts'
import type { BotChart, IndicatorLine } from './bot-view.ts'
import { linePath } from './line-chart.ts'
import { at, escaped, scale, tickText, ticks } from './markup.ts'

/** Width of a bar with its gap. */
const STEP = 7
const BODY = 5
const PRICE_HEIGHT = 300
const PANEL_HEIGHT = 84
const GAP = 14
const AXIS = 70
const BOTTOM = 20
/** Lines that can be told apart by colour: the first of the six is that of purchases. */
const TONES = 5

/** Candles with the bot's purchases and sales, its indicators on the price or below it, and a place to click for each bar. The page fits the price to the bars in view. */
export function candleChart(chart: BotChart): string {
  const { bars } = chart
  const width = Math.max(300, bars.length * STEP + 8)
  const [low, high] = extremes(chart)
  const onPrice = chart.lines.filter((line) => isPrice(line, low, high))
  const panels = groupsOf(chart.lines.filter((line) => !onPrice.includes(line)))
  const height = PRICE_HEIGHT + panels.length * (PANEL_HEIGHT + GAP) + BOTTOM
  const y = scale(low, high, PRICE_HEIGHT - 10, 10)
  const x = (bar: number): number => bar * STEP + STEP / 2 + 2
  const price = `<g class="price">${candles(chart, x, y)}${onPrice.map((line, i) => path(line, x, y, i)).join('')}</g>${marks(chart, x, y)}`
  const drawn = panels.map((panel, i) => panelOf(panel, PRICE_HEIGHT + GAP + i * (PANEL_HEIGHT + GAP), x, width))
  const axes = `<g class="prices">${axis(low, high, y)}</g>${drawn.map((panel) => panel.axis).join('')}`
  const legend = onPrice.map(({ name }, i) => `<span class="key t${1 + (i % TONES)}">${escaped(name)}</span>`).join(' ')
  return `<p class="legend"><span class="key buy">bought</span> <span class="key sell">sold</span> ${legend}</p><div class="candles"><svg class="axes" width="${AXIS}" height="${height}" aria-hidden="true">${axes}</svg><div class="scroll" tabindex="0"><svg width="${width}" height="${height}" data-bot="${escaped(chart.botId)}" data-step="${STEP}" data-low="${low}" data-high="${high}" role="img" aria-label="candles of ${escaped(chart.instrument)}"><rect class="chosen" x="0" y="0" width="${STEP}" height="${height - BOTTOM}" visibility="hidden"/><g class="rules"></g>${price}${drawn.map((panel) => panel.body).join('')}${times(chart, x, height)}</svg></div></div>`
}

function extremes({ bars, fills }: BotChart): readonly [number, number] {
  let low = Infinity
  let high = -Infinity
  for (let i = 0; i < bars.length; i++) {
    low = Math.min(low, bars.low[i]!)
    high = Math.max(high, bars.high[i]!)
  }
  for (const { price } of fills) {
    low = Math.min(low, Number(price))
    high = Math.max(high, Number(price))
  }
  return low < high ? [low, high] : [low - 1, high + 1]
}

/** A line belongs on the price when nearly all of it lies where prices are. */
function isPrice({ values }: IndicatorLine, low: number, high: number): boolean {
  const room = (high - low) * 0.5
  const known = values.filter((value) => Number.isFinite(value))
  return known.length > 0 && known.filter((value) => value > low - room && value < high + room).length >= known.length * 0.9
}

function groupsOf(lines: readonly IndicatorLine[]): readonly (readonly IndicatorLine[])[] {
  const groups = new Map<string, IndicatorLine[]>()
  for (const line of lines) groups.set(line.group, [...(groups.get(line.group) ?? []), line])
  return [...groups.values()]
}

function candles({ bars }: BotChart, x: (bar: number) => number, y: (price: number) => number): string {
  const paths = { up: '', down: '' }
  for (let i = 0; i < bars.length; i++) {
    const [open, close] = [bars.open[i]!, bars.close[i]!]
    const top = y(Math.max(open, close))
    const size = Math.max(1, y(Math.min(open, close)) - top)
    const left = x(i) - BODY / 2
    paths[close >= open ? 'up' : 'down'] += `M${at(x(i))} ${at(y(bars.high[i]!))}V${at(y(bars.low[i]!))}M${at(left)} ${at(top)}h${BODY}v${at(size)}h-${BODY}z`
  }
  return `<path class="bar up" d="${paths.up}"/><path class="bar down" d="${paths.down}"/>`
}

/** A triangle below each purchase and above each sale, with what it was. */
function marks({ bars, barMs, fills }: BotChart, x: (bar: number) => number, y: (price: number) => number): string {
  const start = bars.openTime[0] ?? 0
  return fills
    .map((fill) => {
      const bar = barAt(bars.openTime, fill.atMs)
      if (bar < 0 || fill.atMs < start || fill.atMs > bars.openTime[bars.length - 1]! + barMs) return ''
      const buy = fill.side === 'buy'
      const [left, top] = [x(bar), y(Number(fill.price))]
      const words = `${buy ? 'bought' : 'sold'} ${fill.quantity} at ${fill.price}, fee ${fill.feeAmount} ${fill.feeCurrency} (${fill.source}) ${timeText(fill.atMs)}`
      return `<path class="mark ${buy ? 'buy' : 'sell'}" data-y="${at(top)}" transform="translate(${at(left)} ${at(top)})" d="${buy ? 'M0 3l5 9h-10z' : 'M0 -3l5 -9h-10z'}"><title>${escaped(words)}</title></path>`
    })
    .join('')
}

/** The last bar that opens at or before a moment. */
function barAt(openTimes: Float64Array, ms: number): number {
  let low = 0
  let high = openTimes.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (openTimes[middle]! <= ms) low = middle + 1
    else high = middle
  }
  return low - 1
}

const path = ({ name, values }: IndicatorLine, x: (bar: number) => number, y: (value: number) => number, tone: number): string =>
  `<path class="line t${1 + (tone % TONES)}" d="${linePath(
    values.map((_, i) => x(i)),
    values.map(y),
  )}"><title>${escaped(name)}</title></path>`

function panelOf(lines: readonly IndicatorLine[], top: number, x: (bar: number) => number, width: number): { readonly body: string; readonly axis: string } {
  let low = Infinity
  let high = -Infinity
  for (const { values } of lines)
    for (const value of values) {
      if (value < low) low = value
      if (value > high) high = value
    }
  if (!(low < high)) [low, high] = low === high ? [low - 1, high + 1] : [0, 1]
  const y = scale(low, high, top + PANEL_HEIGHT, top)
  const names = lines.map(({ name }, i) => `<tspan class="t${1 + (i % TONES)}" dx="${i === 0 ? 0 : 8}">${escaped(name)}</tspan>`).join('')
  const frame = `<rect class="panel" x="0" y="${top}" width="${width}" height="${PANEL_HEIGHT}"/>`
  return {
    body: `${frame}${lines.map((line, i) => path(line, x, y, i)).join('')}<text class="axis name" x="6" y="${top + 13}">${names}</text>`,
    axis: `${axis(low, high, y, 2)}<text class="axis" x="0" y="${top + 13}">${escaped(lines[0]!.group.slice(0, 8))}</text>`,
  }
}

const axis = (low: number, high: number, y: (value: number) => number, about = 5): string =>
  ticks(low, high, about)
    .map((value) => `<text class="axis" x="${AXIS - 6}" y="${at(y(value) + 4)}" text-anchor="end">${escaped(tickText(value))}</text>`)
    .join('')

/** A time under about every hundred pixels. */
function times({ bars }: BotChart, x: (bar: number) => number, height: number): string {
  const every = 16
  let text = ''
  for (let i = 0; i < bars.length; i += every)
    text += `<text class="axis" x="${at(x(i))}" y="${height - 5}">${escaped(timeText(bars.openTime[i]!).slice(5, 16).replace('T', ' '))}</text>`
  return text
}
