import type { GapPolicy } from '../model/gaps.ts'
import { durationText, timeText } from '../model/time-text.ts'
import type { Choice, LoadedFile, PairFile } from './replay-files.ts'

export interface Findings {
  readonly choices: readonly Choice[]
  readonly ignored: readonly string[]
  readonly withoutRules: readonly PairFile[]
  readonly timeframesMs: readonly number[]
  readonly gapPolicy: GapPolicy
  readonly fromMs: number
  readonly toMs: number
}

type Served = Choice & { readonly chosen: LoadedFile }

/** Says in words what a person must know of the data: what stands in for what, what is missing, what was left out. */
export function replayNotes(findings: Findings): readonly string[] {
  const served = findings.choices.filter((choice): choice is Served => choice.chosen !== undefined)
  return [
    ...findings.choices.filter((choice) => choice.chosen === undefined).map(({ instrument }) => `${instrument} has no data`),
    ...substitutions(served),
    ...unfinished(served),
    ...served.flatMap((choice) => [...span(choice, findings), ...timeframeNotes(choice, findings), ...gapNotes(choice, findings), ...rowNotes(choice)]),
    ...notUsed(findings.choices, new Set(served.map(({ chosen }) => chosen.name))),
    ...findings.withoutRules.map((file) => `${file.name} is not used: the venue's rules for ${file.base}-${file.quote} are not known`),
    ...findings.ignored.map((name) => `${name} is not used: its name does not begin with a pair such as BTC-USD_`),
  ]
}

function notUsed(choices: readonly Choice[], used: ReadonlySet<string>): readonly string[] {
  return choices.flatMap(({ instrument, chosen, unused }) =>
    unused
      .filter(({ name }) => !used.has(name))
      .map(
        ({ name }) =>
          `${name} is not used: ${chosen === undefined ? `it has no closed candle of ${instrument} in this time` : `${instrument} is read from ${chosen.name}`}`,
      ),
  )
}

function substitutions(served: readonly Served[]): readonly string[] {
  const byQuotes = new Map<string, string[]>()
  for (const { instrument, chosen } of served) {
    const quote = instrument.slice(instrument.indexOf('-') + 1)
    if (quote === chosen.quote) continue
    const text = `${chosen.quote} prices stand for ${quote}`
    byQuotes.set(text, [...(byQuotes.get(text) ?? []), chosen.base])
  }
  return [...byQuotes].map(([text, bases]) => `${text}: ${bases.join(', ')}`)
}

function unfinished(served: readonly Served[]): readonly string[] {
  const rows = served.map(({ instrument, chosen }) => `${instrument} ${timeText(chosen.report.unfinishedMs!)}`)
  return rows.length === 0 ? [] : [`the last row of a file is left out, since no later one proves it closed: ${rows.join(', ')}`]
}

function span({ instrument, chosen: { report } }: Served, { fromMs, toMs }: Findings): readonly string[] {
  return [
    ...(report.fromMs! > fromMs ? [`${instrument} begins at ${timeText(report.fromMs!)}`] : []),
    ...(report.provenToMs! < toMs ? [`${instrument} ends at ${timeText(report.provenToMs!)}`] : []),
  ]
}

function timeframeNotes({ instrument, chosen: { name, namedTimeframeMs, report } }: Served, { timeframesMs }: Findings): readonly string[] {
  const made = timeframesMs.filter((ms) => ms !== report.timeframeMs)
  return [
    ...(namedTimeframeMs !== undefined && namedTimeframeMs !== report.timeframeMs
      ? [`${name} says ${durationText(namedTimeframeMs)}, its rows are ${durationText(report.timeframeMs)} apart`]
      : []),
    ...(made.length > 0 ? [`${instrument} ${made.map(durationText).join(' and ')} candles are made from ${durationText(report.timeframeMs)} candles`] : []),
  ]
}

const policyText: Readonly<Record<GapPolicy, string>> = {
  skip: 'gone on without them',
  fillForward: 'filled with flat candles',
  halt: 'the run ends at the first',
}

function gapNotes({ instrument, chosen: { report } }: Served, { gapPolicy, fromMs, toMs }: Findings): readonly string[] {
  const gaps = report.gaps.filter((gap) => gap.toMs > fromMs && gap.fromMs < toMs)
  const [longest] = gaps.toSorted((a, b) => b.missing - a.missing)
  if (longest === undefined) return []
  const missing = gaps.reduce((sum, gap) => sum + gap.missing, 0)
  const where = `${gaps.length === 1 ? '' : 'the longest '}${durationText(longest.toMs - longest.fromMs)} from ${timeText(longest.fromMs)}`
  return [
    `${instrument} ${missing} ${missing === 1 ? 'candle' : 'candles'} missing in ${gaps.length} ${gaps.length === 1 ? 'gap' : 'gaps'}, ${where}; ${policyText[gapPolicy]}`,
  ]
}

/** Bad rows named in a note; the report lists more. */
const ROWS_NAMED = 3

function rowNotes({ chosen: { name, report } }: Served): readonly string[] {
  const named = report.bad.slice(0, ROWS_NAMED).map(({ line, reason }) => `${name}:${line} ${reason}`)
  const more = report.badRows - named.length
  return [
    ...(report.outOfOrder > 0 ? [`${name} ${report.outOfOrder} rows out of order, sorted in`] : []),
    ...(report.repeated.count > 0
      ? [`${name} ${report.repeated.count} repeated rows, ${report.repeated.differing} of them different, the first of each kept`]
      : []),
    ...(named.length > 0
      ? [`${report.badRows} bad ${report.badRows === 1 ? 'row' : 'rows'} left out: ${named.join('; ')}${more > 0 ? `; and ${more} more` : ''}`]
      : []),
  ]
}
