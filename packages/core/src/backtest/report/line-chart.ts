import { timeText } from '../../model/time-text.ts'
import { at, escaped, scale, tickText, ticks } from './markup.ts'

/** One line of a chart; values that are no numbers leave gaps. */
interface ChartLine {
  readonly name: string
  /** Class of the colours. */
  readonly tone: string
  readonly values: readonly number[]
  /** Filled down to this value. */
  readonly fillTo?: number
}

export interface LineChart {
  readonly title: string
  readonly times: readonly number[]
  readonly lines: readonly ChartLine[]
  readonly height: number
  readonly unit?: string
}

const WIDTH = 960
const LEFT = 64
const BOTTOM = 22
const TOP = 8

/** Lines over time as SVG that grows with the page. */
export function lineChart({ title, times, lines, height, unit = '' }: LineChart): string {
  const values = lines.flatMap((line) => [...line.values, ...(line.fillTo === undefined ? [] : [line.fillTo])]).filter((value) => Number.isFinite(value))
  const [low, high] = bounds(values)
  const x = scale(times[0] ?? 0, times.at(-1) ?? 1, LEFT, WIDTH - 8)
  const y = scale(low, high, height - BOTTOM, TOP)
  const grid = ticks(low, high, 4).map(
    (value) =>
      `<line class="grid" x1="${LEFT}" x2="${WIDTH - 8}" y1="${at(y(value))}" y2="${at(y(value))}"/><text class="axis" x="${LEFT - 6}" y="${at(y(value) + 4)}" text-anchor="end">${escaped(tickText(value) + unit)}</text>`,
  )
  const marks = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const ms = (times[0] ?? 0) + share * ((times.at(-1) ?? 0) - (times[0] ?? 0))
    const anchor = share === 0 ? 'start' : share === 1 ? 'end' : 'middle'
    return `<text class="axis" x="${at(x(ms))}" y="${height - 6}" text-anchor="${anchor}">${escaped(
      timeText(Math.round(ms / 60_000) * 60_000)
        .slice(0, 16)
        .replace('T', ' '),
    )}</text>`
  })
  const drawn = lines.map((line) => {
    const path = linePath(times.map(x), line.values.map(y))
    const area =
      line.fillTo === undefined || path === ''
        ? ''
        : `<path class="area ${line.tone}" d="${path}L${at(x(times.at(-1)!))} ${at(y(line.fillTo))}L${at(x(times[0]!))} ${at(y(line.fillTo))}Z"/>`
    return `${area}<path class="line ${line.tone}" d="${path}"><title>${escaped(line.name)}</title></path>`
  })
  return `<svg class="chart" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(title)}">${grid.join('')}${marks.join('')}${drawn.join('')}</svg>`
}

function bounds(values: readonly number[]): readonly [number, number] {
  let low = Infinity
  let high = -Infinity
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  return low === Infinity ? [0, 1] : low === high ? [low - 1, high + 1] : [low, high]
}

/** A path through points; one that is no number ends a stretch. */
export function linePath(xs: readonly number[], ys: readonly number[]): string {
  let path = ''
  let pen = false
  for (let i = 0; i < xs.length; i++) {
    if (!Number.isFinite(ys[i]!)) {
      pen = false
      continue
    }
    path += `${pen ? 'L' : 'M'}${at(xs[i]!)} ${at(ys[i]!)}`
    pen = true
  }
  return path
}
