import { expect, test } from 'vitest'
import { createProjectionRows, storedRow } from './projection-rows.ts'

const table = {
  name: 'things',
  columns: [
    { name: 'id', type: 'TEXT' },
    { name: 'count', type: 'INTEGER' },
    { name: 'ratio', type: 'REAL' },
  ],
} as const

test('a row has exactly the columns of its table; what is missing is null', () => {
  expect(storedRow(table, 'a', { id: 'a', count: 1, extra: 'x' })).toEqual({ id: 'a', count: 1, ratio: null })
})

test('what a database would change is changed before: -0 and lone surrogates', () => {
  const row = storedRow(table, 'a\uD800', { id: 'a\uD800', count: -0, ratio: -0 })
  expect(Object.is(row['count'], 0) && Object.is(row['ratio'], 0)).toBe(true)
  expect(row['id']).toBe('a\uFFFD')
})

test.each([
  ['a number in a TEXT column', 'a', { id: 7 }, 'things.id: expected TEXT, received number 7'],
  ['text in an INTEGER column', 'a', { id: 'a', count: '1' }, 'things.count: expected INTEGER, received string 1'],
  ['a fraction in an INTEGER column', 'a', { id: 'a', count: 1.5 }, 'things.count: expected INTEGER'],
  ['an integer a database would round', 'a', { id: 'a', count: 2 ** 53 }, 'things.count: expected INTEGER'],
  ['NaN in a REAL column', 'a', { id: 'a', ratio: Number.NaN }, 'things.ratio: expected REAL, received number NaN'],
  ['another key than the write says', 'b', { id: 'a' }, 'things.id: expected the key "b", received "a"'],
])('refuses %s', (_, key, row, message) => {
  expect(() => storedRow(table, key, row)).toThrow(message)
})

test('collects writes and removals by key, in the order of code units', () => {
  const rows = createProjectionRows([table])
  rows.write([
    { table: 'things', key: 'b', row: { id: 'b', count: 1 } },
    { table: 'things', key: 'B', row: { id: 'B' } },
    { table: 'things', key: 'a', row: { id: 'a' } },
  ])
  rows.write([
    { table: 'things', key: 'b', row: { id: 'b', count: 2 } },
    { table: 'things', key: 'a', row: null },
  ])
  expect(rows.sorted('things').map((row) => [row['id'], row['count']])).toEqual([
    ['B', null],
    ['b', 2],
  ])
  expect(() => rows.sorted('nothings')).toThrow('expected a projection (things), received "nothings"')
  expect(() => rows.write([{ table: 'nothings', key: 'a', row: null }])).toThrow('expected a projection')
})
