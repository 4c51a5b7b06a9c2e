import { at, escaped, grouped, scale, tickText, ticks } from '../../backtest/report/markup.ts'
import { reportShell } from '../../backtest/report/shell.ts'
import { add, decimalText, money, subtract } from '../../model/money.ts'
import { timeText } from '../../model/time-text.ts'
import { causeTexts, driftCauses } from './causes.ts'
import type { DriftCause } from './causes.ts'
import type { DriftDecision, DriftReport, DriftTrade } from './drift-report.ts'

type Drift = Omit<DriftReport, 'toJSON' | 'toHtml'>

/** Decisions that a page shows: those that moved most. */
const SHOWN = 400

/** The report as one file for a browser. */
export function driftPage(drift: Drift, title: string): string {
  const subtitle = `${timeText(drift.startMs)} to ${timeText(drift.endMs)}`
  return reportShell({ title, subtitle, body: [resultSection(drift), waterfallSection(drift), linesSection(drift), decisionsSection(drift)].join('\n') })
}

const cents = (text: string): string =>
  grouped(
    Number(text)
      .toFixed(2)
      .replace(/^-0\.00$/, '0.00'),
  )
const tone = (text: string): string => (Number(text) >= 0.005 ? 'good' : Number(text) <= -0.005 ? 'bad' : '')
const fact = (name: string, value: string, className = ''): string => `<div><dt>${escaped(name)}</dt><dd class="${className}">${escaped(value)}</dd></div>`

function resultSection({ against, backtest, actual, drift, unexplained, quote, notes, same, decisions }: Drift): string {
  const run = against === 'shadow' ? 'shadow' : 'run'
  return `<section><h2>Result</h2><dl class="facts">${[
    fact(`backtest P&L, ${quote}`, cents(backtest.pnl), tone(backtest.pnl)),
    fact(`${run} P&L, ${quote}`, cents(actual.pnl), tone(actual.pnl)),
    fact('drift', cents(drift), tone(drift)),
    fact('unexplained', cents(unexplained), tone(unexplained)),
    fact('fills', `${actual.fills}, backtest ${backtest.fills}`),
    fact('decisions alike', `${same} of ${same + decisions.length}`),
  ].join('')}</dl>${notes.map((note) => `<p class="note">${escaped(note)}</p>`).join('')}</section>`
}

const [WIDTH, HEIGHT, LEFT, TOP, BOTTOM] = [960, 300, 70, 20, 30]

/** From the backtest's P&L to the run's, a bar for each cause. */
function waterfallSection({ backtest, actual, lines, unexplained, against }: Drift): string {
  const bars: { readonly name: string; readonly from: string; readonly to: string; readonly whole: boolean }[] = [
    { name: 'backtest', from: '0', to: backtest.pnl, whole: true },
  ]
  let reached = backtest.pnl
  for (const { cause, pnl } of lines) {
    bars.push({ name: causeTexts[cause].name, from: reached, to: pnl, whole: false })
    reached = pnl
  }
  bars.push({ name: 'unexplained', from: reached, to: decimalText(add(money(reached), money(unexplained))), whole: false })
  bars.push({ name: against === 'shadow' ? 'shadow' : 'run', from: '0', to: actual.pnl, whole: true })
  const { low, high, cut } = axisOf(bars)
  const y = scale(low, high, HEIGHT - BOTTOM, TOP)
  // The whole bars stand on the axis where that has no zero.
  const ground = Math.min(high, Math.max(low, 0))
  const grid = ticks(low, high, 5).map(
    (value) =>
      `<line class="grid" x1="${LEFT}" x2="${WIDTH}" y1="${at(y(value))}" y2="${at(y(value))}"/><text class="axis" x="${LEFT - 8}" y="${at(y(value) + 4)}" text-anchor="end">${escaped(tickText(value))}</text>`,
  )
  const step = (WIDTH - LEFT) / bars.length
  const drawn = bars.map(({ name, from, to, whole }, i) => {
    const [start, end] = [whole ? ground : Number(from), Number(to)]
    const x = LEFT + i * step
    const [upper, lower] = [y(Math.max(start, end)), y(Math.min(start, end))]
    const change = decimalText(subtract(money(to), money(from)))
    const colour = whole ? 'equity' : Number(change) < 0 ? 'loss' : Number(change) > 0 ? 'gain' : 'none'
    const text = whole ? cents(to) : Number(change) >= 0.005 ? `+${cents(change)}` : cents(change)
    const link = i + 1 < bars.length ? `<line class="grid" x1="${at(x + 8)}" x2="${at(x + step + step - 8)}" y1="${at(y(end))}" y2="${at(y(end))}"/>` : ''
    return `${link}<rect class="hist ${colour}" x="${at(x + 8)}" y="${at(upper)}" width="${at(step - 16)}" height="${at(Math.max(1.5, lower - upper))}"><title>${escaped(`${name}: ${text}`)}</title></rect><text class="axis amount" x="${at(x + step / 2)}" y="${at(upper - 5)}" text-anchor="middle">${escaped(text)}</text><text class="axis" x="${at(x + step / 2)}" y="${HEIGHT - BOTTOM + 20}" text-anchor="middle">${escaped(name)}</text>`
  })
  return `<section><h2>From the backtest to the run</h2><div class="wide"><svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="waterfall from the P&amp;L of the backtest to that of the run">${grid.join('')}${drawn.join('')}</svg></div>${cut ? '<p class="note">The axis does not begin at 0: the causes are small beside the P&amp;L.</p>' : ''}</section>`
}

/** From zero, unless all that happens would be too small to be seen there. */
function axisOf(bars: readonly { readonly from: string; readonly to: string; readonly whole: boolean }[]): {
  readonly low: number
  readonly high: number
  readonly cut: boolean
} {
  const reached = bars.flatMap(({ from, to, whole }) => (whole ? [Number(to)] : [Number(from), Number(to)]))
  const [lowest, highest] = [Math.min(...reached), Math.max(...reached)]
  const [low, high] = [Math.min(0, lowest), Math.max(0, highest)]
  const span = highest - lowest
  if (span > 0.3 * (high - low) || span === 0) return { low, high: high === low ? low + 1 : high, cut: false }
  return { low: Math.max(low, lowest - 0.3 * span), high: Math.min(high, highest + 0.3 * span), cut: true }
}

function linesSection({ backtest, lines, unexplained, drift, quote }: Drift): string {
  const row = (name: string, text: string, amount: string, pnl: string, decisions: string, noDecision: string): string =>
    `<tr><td>${escaped(name)}</td><td class="text">${escaped(text)}</td><td class="${tone(amount)}">${amount === '' ? '' : cents(amount)}</td><td>${pnl === '' ? '' : cents(pnl)}</td><td>${decisions}</td><td>${noDecision === '' ? '' : cents(noDecision)}</td></tr>`
  const rows = lines.map(({ cause, amount, pnl, decisions, noDecision }) =>
    row(causeTexts[cause].name, causeTexts[cause].text, amount, pnl, String(decisions), noDecision),
  )
  return `<section><h2>Causes, in the order in which they are put in</h2><div class="wide"><table><tr><th>cause</th><th class="text">put in the backtest's place</th><th>${escaped(quote)}</th><th>P&amp;L with it</th><th>decisions changed</th><th>of no decision</th></tr>${row('backtest', 'stored candles, the fills of the simulation', '', backtest.pnl, '', '')}${rows.join('')}${row('unexplained', 'what none of that explains', unexplained, '', '', '')}${row('drift', 'the sum', drift, '', '', '')}</table></div><p class="note">Each line is what the P&amp;L changes by when one more thing is as it really was, on top of all lines above it. What a cause would have done alone may lie in a line above.</p></section>`
}

function decisionsSection({ decisions }: Drift): string {
  const moved = (decision: DriftDecision): number => Math.abs(Number(decision.total))
  const shown = decisions.length <= SHOWN ? decisions : decisions.toSorted((a, b) => moved(b) - moved(a)).slice(0, SHOWN)
  if (decisions.length === 0) return '<section><h2>Decisions</h2><p class="note">Every order was decided and filled alike.</p></section>'
  const used = driftCauses.filter((cause) => decisions.some(({ amounts }) => amounts[cause] !== undefined))
  const rows = shown
    .toSorted((a, b) => a.atMs - b.atMs)
    .map((decision) => {
      const { atMs, botId, instrument, side, source, first, amounts, total } = decision
      const cells = used.map(
        (cause: DriftCause) => `<td class="${tone(amounts[cause] ?? '0')}">${amounts[cause] === undefined ? '' : cents(amounts[cause])}</td>`,
      )
      return `<tr><td>${escaped(timeText(atMs))}</td><td class="text">${escaped(`${botId}: ${side} ${instrument}, ${source}`)}</td><td>${escaped(tradeText(decision.backtest, atMs))}</td><td>${escaped(tradeText(decision.actual, atMs))}</td><td class="text">${first === undefined ? '' : causeTexts[first].name}</td>${cells.join('')}<td class="${tone(total)}">${cents(total)}</td></tr>`
    })
  const left = decisions.length - shown.length
  return `<section><h2>Decisions that differ</h2><div class="wide"><table><tr><th>decided</th><th class="text">what</th><th>backtest</th><th>run</th><th class="text">first changed by</th>${used.map((cause) => `<th>${causeTexts[cause].name}</th>`).join('')}<th>sum</th></tr>${rows.join('')}</table></div><p class="note">Each amount is the decision's part in the P&amp;L at the last prices of the run.${left > 0 ? ` ${grouped(String(left))} that moved less are not in this file.` : ''}</p></section>`
}

function tradeText(trade: DriftTrade | undefined, atMs: number): string {
  if (trade === undefined) return 'none'
  const filled = trade.price === undefined ? 'nothing filled' : `${trade.quantity} at ${Number(Number(trade.price).toPrecision(8))}`
  return trade.atMs === atMs ? filled : `${filled}, ${timeText(trade.atMs)}`
}
