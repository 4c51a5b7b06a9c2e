import { escaped, numberText } from '../../backtest/report/markup.ts'
import type { HeatCell, HeatMap } from '../heat-map.ts'
import type { ParameterValues } from '../parameter-space.ts'

/** Mean scores over pairs of parameters; the winner's cell has a frame. */
export function heatSection(maps: readonly HeatMap[], winner: ParameterValues | undefined, objective: string): string {
  if (maps.length === 0) return ''
  return `<section><h2>Scores over the parameters</h2>${maps.map((map) => heatTable(map, winner)).join('')}<p class="note">Mean ${escaped(objective)} in the last training part over all trials with these two values; the best of them when pointed at. The winner has a frame. A region that is good is worth more than a cell that is best. Empty: not tried; –: no trial with a score.</p></section>`
}

function heatTable({ xName, yName, xValues, yValues, cells }: HeatMap, winner: ParameterValues | undefined): string {
  const largest = Math.max(1e-12, ...cells.flat().map((cell) => Math.abs(cell?.mean ?? 0)))
  const head = `<tr><th>${escaped(yName === '' ? xName : `${yName} ↓ ${xName} →`)}</th>${xValues.map((value) => `<th>${escaped(String(value))}</th>`).join('')}</tr>`
  const rows = cells.map((row, y) => {
    const own = yName === '' || winner?.[yName] === yValues[y]
    const made = row.map((cell, x) => heatCell(cell, largest, own && winner?.[xName] === xValues[x]))
    return `<tr><th>${escaped(String(yValues[y]))}</th>${made.join('')}</tr>`
  })
  return `<div class="wide"><table class="heat fine">${head}${rows.join('')}</table></div>`
}

function heatCell(cell: HeatCell | null, largest: number, isWinner: boolean): string {
  if (cell === null) return '<td></td>'
  const frame = isWinner ? ' best' : ''
  if (cell.mean === null) return `<td class="muted${frame}">–</td>`
  const strength = Math.round(10 + (40 * Math.abs(cell.mean)) / largest)
  const title = `${cell.trials} ${cell.trials === 1 ? 'trial' : 'trials'}, mean ${numberText(cell.mean)}, best ${numberText(cell.best!)}`
  return `<td class="${cell.mean < 0 ? 'down' : 'up'}${frame}" style="--share:${strength}%" title="${escaped(title)}">${escaped(shortText(cell.mean))}</td>`
}

/** A score in about three digits: the exact one stands in the results. */
const shortText = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2))
