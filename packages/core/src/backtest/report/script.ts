/**
 * What a backtest's report does: which bot is shown, and the decisions of the bar that was clicked or reached with the arrow keys. Texts are set as text, never as
 * markup. Written for the browser, without anything outside of the page.
 */
export const reportScript = String.raw`
const data = JSON.parse(document.getElementById('decisions').textContent)
const select = document.getElementById('bot')
const show = () => {
  for (const part of document.querySelectorAll('[data-part]')) part.hidden = part.dataset.part !== select.value
}
select.addEventListener('change', show)
show()
const element = (name, text) => {
  const made = document.createElement(name)
  made.textContent = text
  return made
}
const time = (ms) => new Date(ms).toISOString().slice(0, 16).replace('T', ' ') + 'Z'
const MOST = 40
function explain(part, bar) {
  const { times, barMs, decisions, starts } = data[part.dataset.part]
  const chosen = part.querySelector('.chosen')
  const step = Number(part.querySelector('[data-step]').dataset.step)
  chosen.setAttribute('x', String(bar * step + 2))
  chosen.setAttribute('visibility', 'visible')
  part.dataset.bar = String(bar)
  const why = part.querySelector('.why')
  why.replaceChildren(element('h3', time(times[bar]) + ' to ' + time(times[bar] + barMs)))
  const [from, to] = [starts[bar], starts[bar + 1]]
  const own = decisions.slice(from, Math.min(to, from + MOST))
  if (own.length === 0 && from > 0) why.append(element('p', 'No new decision was recorded in this candle; the last one still held:'))
  if (own.length === 0 && from === 0) why.append(element('p', decisions.length === 0 ? 'No decisions were recorded: run with record changes or all.' : 'Nothing was decided yet.'))
  for (const decision of own.length > 0 ? own : decisions.slice(Math.max(0, from - 1), from)) {
    why.append(element('h3', time(decision.t) + '  ' + decision.o))
    const list = document.createElement('dl')
    for (const [name, text] of decision.lines) list.append(element('dt', name), element('dd', text))
    why.append(list)
  }
  if (to - from > MOST) why.append(element('p', (to - from - MOST) + ' more in this candle.'))
}
const TOP = 10
const BOTTOM = 290
const AXIS = 64
function rules(low, high) {
  let step = 10 ** Math.floor(Math.log10((high - low) / 5))
  step *= (high - low) / step / 5 >= 5 ? 5 : (high - low) / step / 5 >= 2 ? 2 : 1
  const values = []
  for (let i = Math.ceil(low / step); i * step <= high; i++) values.push(Number((i * step).toPrecision(8)))
  return values
}
function fit(part) {
  const { low, high } = data[part.dataset.part]
  const chart = part.querySelector('svg[data-step]')
  const [box, step] = [chart.parentElement, Number(chart.dataset.step)]
  const first = Math.max(0, Math.floor(box.scrollLeft / step))
  const last = Math.min(low.length, Math.ceil((box.scrollLeft + box.clientWidth) / step))
  let [bottom, top] = [Infinity, -Infinity]
  for (let i = first; i < last; i++) {
    if (low[i] < bottom) bottom = low[i]
    if (high[i] > top) top = high[i]
  }
  if (!(bottom < top)) return
  const room = (top - bottom) * 0.06
  bottom -= room
  top += room
  // As drawn, the whole range lies between BOTTOM and TOP.
  const [wholeLow, wholeHigh] = [Number(chart.dataset.low), Number(chart.dataset.high)]
  const grow = (wholeHigh - wholeLow) / (top - bottom)
  const move = BOTTOM - grow * (BOTTOM - ((bottom - wholeLow) / (wholeHigh - wholeLow)) * (BOTTOM - TOP))
  chart.querySelector('.price').setAttribute('transform', 'matrix(1 0 0 ' + grow + ' 0 ' + move + ')')
  for (const mark of chart.querySelectorAll('.mark')) {
    const x = mark.getAttribute('transform').slice(10).split(' ')[0]
    mark.setAttribute('transform', 'translate(' + x + ' ' + (grow * Number(mark.dataset.y) + move) + ')')
  }
  const lines = chart.querySelector('.rules')
  const labels = part.querySelector('.prices')
  lines.replaceChildren()
  labels.replaceChildren()
  for (const value of rules(bottom, top)) {
    const y = BOTTOM - ((value - bottom) / (top - bottom)) * (BOTTOM - TOP)
    lines.append(drawn('line', { class: 'grid', x1: 0, x2: chart.width.baseVal.value, y1: y, y2: y }))
    const label = drawn('text', { class: 'axis', x: AXIS, y: y + 4, 'text-anchor': 'end' })
    label.textContent = value.toLocaleString('en-US', { maximumFractionDigits: 8 })
    labels.append(label)
  }
}
function drawn(name, attributes) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value))
  return made
}
for (const part of document.querySelectorAll('[data-part]')) {
  const chart = part.querySelector('svg[data-step]')
  if (chart === null) continue
  const bars = data[part.dataset.part].times.length
  chart.parentElement.addEventListener('scroll', () => requestAnimationFrame(() => fit(part)))
  new ResizeObserver(() => fit(part)).observe(chart.parentElement)
  chart.addEventListener('click', (event) => {
    const bar = Math.floor((event.clientX - chart.getBoundingClientRect().left - 2) / Number(chart.dataset.step))
    if (bar >= 0 && bar < bars) explain(part, bar)
  })
  chart.parentElement.addEventListener('keydown', (event) => {
    const move = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (move === 0) return
    event.preventDefault()
    const bar = Math.min(bars - 1, Math.max(0, Number(part.dataset.bar ?? (move > 0 ? -1 : bars)) + move))
    explain(part, bar)
    const [box, left] = [chart.parentElement, bar * Number(chart.dataset.step)]
    if (left < box.scrollLeft + 40 || left > box.scrollLeft + box.clientWidth - 40) box.scrollLeft = left - box.clientWidth / 2
  })
}
`
