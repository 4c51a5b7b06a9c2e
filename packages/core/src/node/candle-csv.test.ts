import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { candleAt } from '../model/candle-columns.ts'
import { parseCandleCsv } from './candle-csv.ts'
import { readCandleCsv } from './read-candle-csv.ts'

const HEADER = 'ts,open,high,low,close,volume'
const T = Date.UTC(2026, 0, 1)
const MINUTE = 60_000
const row = (minute: number, values = '10,12,9,11,5'): string => `${T + minute * MINUTE},${values}`
const parse = (...rows: readonly string[]) => parseCandleCsv(new TextEncoder().encode([HEADER, ...rows, ''].join('\n')), 'x.csv')
const minutesOf = (columns: { readonly openTime: Float64Array }): number[] => Array.from(columns.openTime, (ms) => (ms - T) / MINUTE)

describe('what is kept', () => {
  test('rows become candles; the last one is left out, since nothing proves it closed', () => {
    const { columns, report } = parse(row(0, '10,12.5,9.25,11,5'), row(1, '11,11,11,11,0'), row(2))
    expect(candleAt(columns, 0)).toEqual({ openTime: T, open: 10, high: 12.5, low: 9.25, close: 11, volume: 5 })
    expect(minutesOf(columns)).toEqual([0, 1])
    expect(report).toEqual({
      file: 'x.csv',
      rows: 3,
      candles: 2,
      timeframeMs: MINUTE,
      fromMs: T,
      provenToMs: T + 2 * MINUTE,
      unfinishedMs: T + 2 * MINUTE,
      gaps: [],
      outOfOrder: 0,
      repeated: { count: 0, differing: 0 },
      bad: [],
      badRows: 0,
    })
  })

  test.each([
    ['line ends of both kinds, blank lines, no end of line at the end', `${HEADER}\r\n${row(0)}\r\n\r\n${row(1)}\n\n${row(2)}`],
    ['a byte order mark and capitals in the header', `\uFEFFTs,Open,High,Low,Close,Volume\n${row(0)}\n${row(1)}\n${row(2)}\n`],
  ])('%s', (_, text) => {
    const { columns, report } = parseCandleCsv(new TextEncoder().encode(text), 'x.csv')
    expect(minutesOf(columns)).toEqual([0, 1])
    expect([report.rows, report.badRows]).toEqual([3, 0])
  })

  test('nothing, one row, two rows', () => {
    expect(parse().report).toMatchObject({ rows: 0, candles: 0, timeframeMs: 0, unfinishedMs: undefined, fromMs: undefined })
    expect(parse(row(0)).report).toMatchObject({ rows: 1, candles: 0, timeframeMs: 0, unfinishedMs: T })
    expect(parse(row(0), row(1)).report).toMatchObject({ rows: 2, candles: 1, timeframeMs: MINUTE })
  })
})

describe('what is reported', () => {
  test('gaps, and what is missing before the unfinished row', () => {
    const { report } = parse(row(0), row(1), row(2), row(5), row(6), row(9))
    expect(report.gaps.map(({ fromMs, missing }) => [(fromMs - T) / MINUTE, missing])).toEqual([
      [3, 2],
      [7, 2],
    ])
  })

  test('repeated rows: the first is kept, a differing one is counted', () => {
    const { columns, report } = parse(row(0), row(1), row(1), row(1, '10,12,9,10,5'), row(2))
    expect(report.repeated).toEqual({ count: 2, differing: 1 })
    expect(minutesOf(columns)).toEqual([0, 1])
    expect(columns.close[1]).toBe(11)
  })

  test('rows out of order are sorted in, newest first as well', () => {
    expect(parse(row(0), row(2), row(1), row(3))).toMatchObject({ report: { outOfOrder: 1, candles: 3 } })
    const { columns, report } = parse(row(3), row(2), row(1), row(0))
    expect(minutesOf(columns)).toEqual([0, 1, 2])
    expect(report).toMatchObject({ outOfOrder: 3, unfinishedMs: T + 3 * MINUTE })
  })

  test('bad rows, with line and reason', () => {
    const { columns, report } = parse(
      row(0),
      row(1, '10,12,9,x,5'),
      row(2, '10,12,9,,5'),
      row(3, '10,9,12,11,5'),
      row(4, '13,12,9,11,5'),
      row(5, '10,12,9,8,5'),
      row(6, '0,12,0,11,5'),
      row(7, '-1,12,-2,11,5'),
      row(8, '10,12,9,11,-5'),
      row(9, '10,12,9,11'),
      row(10, '10,12,9,11,5,6'),
      row(11, 'NaN,12,9,11,5'),
      row(12, '10,Infinity,9,11,5'),
      `${T / 1000},10,12,9,11,5`,
      `${T + 0.5},10,12,9,11,5`,
      row(13, '1e400,12,9,11,5'),
      'nonsense',
      row(14),
      row(15),
      row(16),
    )
    expect(minutesOf(columns)).toEqual([0, 14, 15])
    expect(report.badRows).toBe(16)
    expect(report.bad.map(({ line, reason }) => `${line} ${reason}`)).toEqual([
      '3 close is not a number',
      '4 close is not a number',
      '5 high 9 is below low 12',
      '6 open 13 lies outside low 9 and high 12',
      '7 close 8 lies outside low 9 and high 12',
      '8 open 0 is not above 0',
      '9 open -1 is not above 0',
      '10 volume -5 is negative',
      '11 expected 6 fields, received 5',
      '12 expected 6 fields, received 7',
      '13 open is not a number',
      '14 high is not a number',
      `15 ts ${T / 1000} is not a time in milliseconds`,
      `16 ts ${T + 0.5} is not a time in milliseconds`,
      '17 open is not a number',
      '18 expected 6 fields, received 1',
    ])
  })

  test('rows off the grid that most rows lie on, in the order of the lines', () => {
    const { report, columns } = parse(row(0), row(1), `${T + 90_000},10,12,9,11,5`, row(2), row(3, 'x,1,1,1,1'), row(4), row(5), row(6))
    expect(report.bad).toEqual([
      { line: 4, reason: '2026-01-01T00:01:30Z is not the start of a 1m candle' },
      { line: 6, reason: 'open is not a number' },
    ])
    expect(minutesOf(columns)).toEqual([0, 1, 2, 4, 5])
  })

  test('a hundred bad rows are listed, all are counted', () => {
    const { report } = parse(...Array.from({ length: 250 }, (_, i) => row(i, '1,2,3')), row(250), row(251))
    expect([report.badRows, report.bad.length, report.rows]).toEqual([250, 100, 252])
  })

  test('the timeframe is the most common distance, also where more than half is missing', () => {
    expect(parse(...[0, 3, 4, 9, 10, 17, 18, 30].map((minute) => row(minute))).report.timeframeMs).toBe(MINUTE)
    expect(parse(row(0), row(15), row(30), row(60)).report.timeframeMs).toBe(15 * MINUTE)
  })
})

test('numbers are read as the language reads them, to the last bit', () => {
  const number = fc.oneof(
    fc.tuple(fc.nat(1_000_000), fc.nat(999_999_999)).map(([whole, fraction]) => `${whole + 1}.${String(fraction).padStart(9, '0')}`),
    fc.double({ min: 1e-9, max: 1e15, noNaN: true }).map(String),
    fc.bigInt({ min: 1n, max: 10n ** 25n }).map(String),
    fc.constantFrom('.5', '5.', '+5', '1E3', '1e-7', '9007199254740993', '0.1000000000000000055511151231257827', '123456789012345678901234567890.5', ' 7 '),
  )
  fc.assert(
    fc.property(number, (text) => {
      const { columns } = parse(row(0, `${text},${text},${text},${text},${text}`), row(1))
      expect([columns.length, columns.open[0], columns.volume[0]]).toEqual([1, Number(text), Number(text)])
    }),
  )
})

test('another header is an error that names the file', () => {
  expect(() => parseCandleCsv(new TextEncoder().encode('time,o,h,l,c,v\n1,2,3,4,5,6\n'), 'odd.csv')).toThrow(
    'odd.csv: expected the header ts,open,high,low,close,volume, received "time,o,h,l,c,v"',
  )
  expect(() => parseCandleCsv(new Uint8Array(), 'empty.csv')).toThrow('empty.csv: expected the header')
})

describe('readCandleCsv', () => {
  let dir = ''
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'millrace-csv-'))
  })
  afterAll(() => rm(dir, { recursive: true }))
  const text = [HEADER, row(0), row(1), ''].join('\n')

  test('reads plain and packed files alike, whatever they are called', async () => {
    await writeFile(join(dir, 'plain.csv'), text)
    await writeFile(join(dir, 'packed.csv.gz'), gzipSync(text))
    await writeFile(join(dir, 'packed.csv'), gzipSync(text))
    const read = async (name: string) => (await readCandleCsv(join(dir, name))).columns
    expect(await read('packed.csv.gz')).toEqual(await read('plain.csv'))
    expect(await read('packed.csv')).toEqual(await read('plain.csv'))
  })

  test('a file cut short or missing is an error that names it', async () => {
    await writeFile(join(dir, 'cut.csv.gz'), gzipSync(text).subarray(0, 30))
    await expect(readCandleCsv(join(dir, 'cut.csv.gz'))).rejects.toThrow(/cut\.csv\.gz: cannot be unpacked/)
    await expect(readCandleCsv(join(dir, 'missing.csv'))).rejects.toThrow(/missing\.csv/)
  })
})
