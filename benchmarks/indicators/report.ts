import { writeFileSync } from 'node:fs'
import type { Installed } from './install.ts'
import type { Timing } from './measure.ts'

/** One cell of the result. */
export interface Row extends Timing {
  readonly library: string
  readonly ratioToLoop?: number
}

const BATCH = { SMA: 2, EMA: 3, RSI: 3, MACD: 4, Bollinger: 9, ATR: 3.5, Stochastic: 18, ADX: 7 }

/** At most so many ns per candle at a million candles. */
export const TARGETS: Readonly<Record<Timing['form'], Readonly<Record<string, number>>>> = {
  batch: BATCH,
  kept: BATCH,
  reused: BATCH,
  update: { SMA: 10, RSI: 10, MACD: 10 },
  preview: { SMA: 15, RSI: 15, MACD: 15 },
}

const FORMS = ['batch', 'kept', 'reused', 'update', 'preview'] as const
const TITLES: Readonly<Record<Timing['form'], string>> = {
  batch: 'batch, new outputs',
  kept: 'batch, new outputs, allocator told to keep its memory',
  reused: 'batch, outputs reused (`out`)',
  update: 'update',
  preview: 'preview',
}
const PARAMETERS: Readonly<Record<string, string>> = {
  SMA: '20',
  EMA: '20',
  RSI: '14',
  MACD: '12, 26, 9',
  Bollinger: '20, 2',
  ATR: '14',
  Stochastic: '14, 3, 3',
  ADX: '14',
  'update SMA': '200',
  'preview SMA': '200',
}

/** The library of the rows without an indicator. */
const FLOOR = 'floor'

const LABELS: Readonly<Record<string, string>> = { [FLOOR]: 'outputs alone, filled with one number', hand: 'hand-written loop' }

const shown = (x: number | undefined): string => (x === undefined ? '' : x < 10 ? x.toFixed(2) : x < 100 ? x.toFixed(1) : x.toFixed(0))

const cell = (row: Row | undefined): string => {
  if (row === undefined) return ''
  const ratio = row.ratioToLoop === undefined ? '' : ` (${shown(row.ratioToLoop)}x)`
  return shown(row.nsPerCandle) + ratio + (row.bytes === undefined ? '' : `, ${row.bytes.toFixed(2)} B`)
}

/** The result as Markdown: one table per form, ns per candle and in brackets the ratio to the hand-written loop. */
export const table = (
  rows: readonly Row[],
  installed: readonly Installed[],
  machine: { readonly node: string; readonly cpu: string; readonly load: string },
  candles: number,
): string => {
  const versions = new Map(installed.map(({ name, version }) => [name, version]))
  const parts = FORMS.map((form) => {
    const names = Object.keys(TARGETS[form])
    const libraries = [...new Set(rows.filter((row) => row.form === form).map((row) => row.library))]
    const head = `| ${TITLES[form]} | ${names.map((name) => `${name}(${PARAMETERS[`${form} ${name}`] ?? PARAMETERS[name]})`).join(' | ')} |`
    const lines = libraries.map((library) => {
      const cells = names.map((name) => cell(rows.find((row) => row.library === library && row.form === form && row.indicator === name)))
      return `| ${[LABELS[library] ?? library, versions.get(library)].filter(Boolean).join(' ')} | ${cells.join(' | ')} |`
    })
    const target = `| target, at most | ${names.map((name) => TARGETS[form][name]).join(' | ')} |`
    return [head, `|${' --- |'.repeat(names.length + 1)}`, ...lines, target].join('\n')
  })
  const failed = installed.filter(({ problem }) => problem !== undefined).map(({ name, version, problem }) => `Not measured: ${name} ${version}: ${problem}`)
  return [
    `ns per candle at ${candles} candles (ratio to the hand-written loop of the same form), node ${machine.node}, ${machine.cpu}, load before the start ${machine.load}`,
    ...parts,
    ...failed,
  ].join('\n\n')
}

const cellOf = (rows: readonly Row[], library: string, form: Timing['form'], indicator: string): Row | undefined =>
  rows.find((row) => row.library === library && row.form === form && row.indicator === indicator)

/** What the first touch of a page costs, in ns: the floor with new pages less the floor in memory that was kept; the median of the cells. */
const pageCost = (rows: readonly Row[]): number => {
  const costs = rows.flatMap((row) => {
    const kept = cellOf(rows, FLOOR, 'kept', row.indicator)
    const counts = row.library === FLOOR && row.form === 'batch' && kept !== undefined && (row.faults ?? 0) > 0.1
    return counts ? [((row.nsPerCandle - kept.nsPerCandle) * 1000) / row.faults!] : []
  })
  return costs.toSorted((a, b) => a - b)[(costs.length - 1) >> 1] ?? NaN
}

/** How much of a cell is not the indicator: the outputs themselves, and the pages they lie on. */
const reason = (row: Row, rows: readonly Row[]): string => {
  const floor = cellOf(rows, FLOOR, row.form, row.indicator)
  if (floor === undefined) return ''
  const outputs = `; its outputs alone take ${shown(floor.nsPerCandle)} ns`
  const cost = pageCost(rows)
  if (row.form !== 'batch' || row.faults === undefined || !Number.isFinite(cost)) return outputs
  const pages = `${shown(row.faults)} new pages in 1000 candles at ${(cost / 1000).toFixed(1)} µs are ${shown((row.faults * cost) / 1000)} ns of it`
  return `${outputs}, with ${shown(floor.faults)} new pages in 1000 candles; here ${pages}`
}

/** The targets that were missed and the cells in which a peer was faster; empty is good. */
export const verdicts = (rows: readonly Row[], ours: string): string[] => {
  const out: string[] = []
  for (const row of rows.filter(({ library }) => library === ours)) {
    const target = TARGETS[row.form][row.indicator]
    if (target !== undefined && row.nsPerCandle > target)
      out.push(`missed: ${row.form} ${row.indicator} ${shown(row.nsPerCandle)} ns, target ${target}${reason(row, rows)}`)
    if (row.bytes !== undefined && row.bytes >= 1) out.push(`missed: ${row.form} ${row.indicator} ${row.bytes.toFixed(2)} bytes per update, target below 1`)
    const faster = rows.filter(
      (peer) =>
        LABELS[peer.library] === undefined &&
        peer.library !== ours &&
        peer.form === row.form &&
        peer.indicator === row.indicator &&
        peer.nsPerCandle <= row.nsPerCandle,
    )
    for (const peer of faster)
      out.push(`slower than ${peer.library}: ${row.form} ${row.indicator} ${shown(row.nsPerCandle)} ns, ${shown(peer.nsPerCandle)} there`)
  }
  return out.length === 0 ? ['every target met; faster than every peer in every cell'] : out
}

/** Keeps the result as a page of the docs. */
export const writeTable = (text: string, verdict: readonly string[]): void => {
  const head =
    '# Speed\n\nWritten by `npm run bench:indicators -- --write`. Our outputs are checked and free of drift; the hand-written loops are neither.\n\nNew outputs of a million values are 8 MB each. Where the operating system gives their memory page by page, the first touch of a page can cost more than the indicator. The first line of each table is the floor: as many arrays as the indicator has outputs, filled with one number. Hand the arrays in (`out`) and the cost of new pages is gone.\n\n'
  writeFileSync(new URL('../../docs/indicators/speed.md', import.meta.url), `${head}${text}\n\n${verdict.join('\n\n')}\n`)
}
