import type { CatalogEntry } from '../src/index.ts'
import { type TestColumns, walk } from '../src/testing.ts'

const SHOWN = 120
const WIDTH = 720
const COLORS = ['#2563eb', '#dc2626', '#16a34a', '#9333ea', '#d97706', '#0891b2']

interface Line {
  readonly name: string
  readonly values: readonly number[]
  readonly color: string
}

const valuesOf = (entry: CatalogEntry, columns: TestColumns): Line[] => {
  const out = entry.batch(columns, {})
  const records = out instanceof Float64Array ? { [entry.about.name]: out } : out
  return Object.entries(records).map(([name, column], i) => ({ name, values: Array.from(column.slice(-SHOWN)), color: COLORS[i % COLORS.length]! }))
}

const finite = (values: readonly number[]): number[] => values.filter((x) => Number.isFinite(x))

/** One pane: lines on a common scale between `top` and `top + height`. */
const pane = (lines: readonly Line[], levels: readonly number[], top: number, height: number): string => {
  const all = finite(lines.flatMap((line) => [...line.values]))
  const low = Math.min(...all, ...levels)
  const high = Math.max(...all, ...levels)
  const y = (value: number): string => (top + height - ((value - low) / (high - low || 1)) * height).toFixed(1)
  const x = (i: number): string => ((i / (SHOWN - 1)) * (WIDTH - 90) + 10).toFixed(1)
  const drawn = lines.map(({ values, color }) => {
    const path = values
      .map((value, i) => (Number.isFinite(value) ? `${x(i)},${y(value)}` : ''))
      .filter(Boolean)
      .join(' ')
    return `<polyline fill="none" stroke="${color}" stroke-width="1.4" points="${path}"/>`
  })
  const marks = levels.map(
    (level) =>
      `<line x1="10" x2="${WIDTH - 80}" y1="${y(level)}" y2="${y(level)}" stroke="#9ca3af" stroke-dasharray="4 4"/><text x="${WIDTH - 76}" y="${y(level)}" dy="4">${level}</text>`,
  )
  const names = lines.map(({ name, color }, i) => `<text x="${14 + i * 100}" y="${top - 6}" fill="${color}">${name}</text>`)
  return [...marks, ...drawn, ...names].join('\n')
}

/** The indicator over the last 120 candles of a seeded walk, with its default parameters. */
export const picture = (entry: CatalogEntry): string => {
  const columns = walk(400, 11)
  const close: Line = { name: 'close', values: Array.from(columns.close.slice(-SHOWN)), color: '#6b7280' }
  const lines = valuesOf(entry, columns)
  // Lines of another size than the price (a width, a slope) cannot share its pane.
  const scale = Math.max(...finite(close.values))
  const overPrice = (line: Line): boolean => entry.about.pane === 'price' && finite(line.values).every((x) => x > scale / 4 && x < scale * 4)
  const above = lines.filter(overPrice)
  const below = lines.filter((line) => !overPrice(line))
  const panes = [pane([close, ...above], [], 24, 150), ...(below.length > 0 ? [pane(below, entry.about.levels ?? [], 206, 110)] : [])]
  const height = below.length > 0 ? 328 : 186
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">\n<rect width="100%" height="100%" fill="#ffffff"/>\n${panes.join('\n')}\n</svg>\n`
}
