import { at, escaped, percentText, scale } from '../../backtest/report/markup.ts'
import { timeText } from '../../model/time-text.ts'
import type { FoldResult, OutOfSample } from '../optimize-result.ts'
import { valuesText } from '../parameter-space.ts'

const WIDTH = 960
const LEFT = 30
const ROW = 24
const TOP = 6

/** The steps of a walk forward over time: what was searched on, what was judged, and what came of it. */
export function stripSection(folds: readonly FoldResult[], outOfSample: OutOfSample | null): string {
  const fromMs = Math.min(...folds.map(({ train }) => train.fromMs))
  const toMs = Math.max(...folds.map(({ train, test }) => test?.toMs ?? train.toMs))
  const x = scale(fromMs, toMs, LEFT, WIDTH - 6)
  const height = TOP + folds.length * ROW + 20
  const marks = [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const ms = fromMs + part * (toMs - fromMs)
    const anchor = part === 0 ? 'start' : part === 1 ? 'end' : 'middle'
    return `<text class="axis" x="${at(x(ms))}" y="${height - 5}" text-anchor="${anchor}">${escaped(timeText(Math.round(ms / 60_000) * 60_000).slice(0, 10))}</text>`
  })
  const chart = `<svg class="chart" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="steps of the walk forward over time">${folds.map((fold, i) => stripRow(fold, i, x)).join('')}${marks.join('')}</svg>`
  const whole =
    outOfSample === null
      ? 'Nothing was kept back.'
      : `One after the other, the parts after training made ${percentText(outOfSample.returnPercent)}; ${outOfSample.gainingFolds} of ${folds.length} gained.`
  return `<section><h2>${folds.length === 1 ? 'Training and what came after it' : 'Walk forward'}</h2><p class="legend"><span class="key train">searched on</span> <span class="key gain">gained after it</span> <span class="key loss">lost after it</span></p>${chart}<p class="note">${escaped(whole)}</p><div class="wide">${stepTable(folds)}</div></section>`
}

function stripRow({ train, test, tested, best }: FoldResult, index: number, x: (ms: number) => number): string {
  const y = TOP + index * ROW
  const bar = (className: string, from: number, to: number, title: string): string =>
    `<rect class="${className}" x="${at(x(from))}" y="${y}" width="${at(Math.max(1, x(to) - x(from)))}" height="${ROW - 6}"><title>${escaped(title)}</title></rect>`
  const winner = best[0] === undefined ? 'no winner' : valuesText(best[0].values)
  const label = (ms: number, text: string): string => `<text class="label" x="${at(x(ms) + 5)}" y="${y + 13}">${escaped(text)}</text>`
  const judged = (): string => {
    if (test === null) return ''
    const returned = tested?.metrics.returnPercent
    const tone = returned === undefined ? 'none' : returned > 0 ? 'up' : 'down'
    return bar(`test ${tone}`, test.fromMs, test.toMs, `judged ${timeText(test.fromMs)} to ${timeText(test.toMs)}: ${percentText(returned)}`)
  }
  return `<text class="axis" x="${LEFT - 6}" y="${y + 13}" text-anchor="end">${index + 1}</text>${bar('train', train.fromMs, train.toMs, `searched on ${timeText(train.fromMs)} to ${timeText(train.toMs)}`)}${judged()}${label(train.fromMs, winner)}`
}

function stepTable(folds: readonly FoldResult[]): string {
  const rows = folds.map(({ train, test, tested, best }, i) => {
    const winner = best[0]
    const returned = tested?.metrics.returnPercent
    const tone = returned === undefined ? '' : returned > 0 ? 'good' : 'bad'
    return `<tr><td>${i + 1}</td><td>${escaped(winner === undefined ? 'no winner' : valuesText(winner.values))}</td><td>${escaped(timeText(train.toMs))}</td><td>${percentText(winner?.metrics.returnPercent)}</td><td class="${tone}">${percentText(returned)}</td><td>${tested?.metrics.roundTrips ?? '–'}</td><td>${escaped(test === null ? '–' : timeText(test.toMs))}</td></tr>`
  })
  return `<table><tr><th>step</th><th>winner</th><th>trained until</th><th>return in training</th><th>return after it</th><th>round trips</th><th>until</th></tr>${rows.join('')}</table>`
}
