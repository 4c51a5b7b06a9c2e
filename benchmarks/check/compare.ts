import type { Report } from '../engine/report.ts'

/** A ratio may be worse by this share: machines and their neighbours move it by so much. */
const TOLERANCE = 0.35

/** What got slower, what gives another result, and what is missing, one line each. */
export function regressions(before: Report, now: Report): readonly string[] {
  return before.rows.flatMap((old) => {
    const row = now.rows.find(({ name }) => name === old.name)
    if (row === undefined) return [`${old.name}: is not measured any more`]
    if (before.candles === now.candles && old.hash !== row.hash) return [`${old.name}: the output is another one: expected ${old.hash}, received ${row.hash}`]
    if (old.ratioToLoop === null || row.ratioToLoop === null) return []
    const worse = row.ratioToLoop / old.ratioToLoop - 1
    return worse > TOLERANCE
      ? [`${old.name}: ${row.ratioToLoop.toFixed(1)} loops, ${(100 * worse).toFixed(0)} % more than the ${old.ratioToLoop.toFixed(1)} it took`]
      : []
  })
}
