import fc from 'fast-check'
import { expect, it } from 'vitest'
import { csvRows } from './csv-rows.ts'

const cell = fc.string({ unit: fc.constantFrom('a', 'B', '1', ' ', ',', '"', '\n', '\r\n', "'", 'é'), maxLength: 6 })
const rowsOfCells = fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { maxLength: 8 })
const written = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

it('[row 31] a CSV file gives back the cells that were written, and the line that each row begins in', () => {
  fc.assert(
    fc.property(rowsOfCells, fc.constantFrom('\n', '\r\n'), fc.boolean(), (rows, end, ends) => {
      const lines = rows.map((cells) => cells.map(written).join(','))
      const found = csvRows(lines.join(end) + (ends ? end : ''))
      expect(found.map(({ cells }) => cells)).toEqual(rows)
      let line = 1
      const starts = lines.map((text) => {
        const start = line
        line += (text.match(/\r\n|\n|\r/g)?.length ?? 0) + 1
        return start
      })
      expect(found.map((row) => row.line)).toEqual(starts)
    }),
  )
})
