import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ConfigError } from './errors.ts'
import { parseParams, pathText, problemsOf, shown } from './params.ts'
import { suggestion } from './suggestion.ts'
import { amountSchema, durationSchema, periodSchema, quoteSchema, rateSchema } from './value-schemas.ts'

const schema = z.strictObject({ name: z.string().min(2), list: z.array(z.strictObject({ size: z.int().max(5) })).min(1), on: z.boolean().default(true) })

describe('parseParams', () => {
  it('answers what the schema reads', () => {
    expect(parseParams(schema, { name: 'ab', list: [{ size: 1 }] }, 'x')).toEqual({ name: 'ab', list: [{ size: 1 }], on: true })
  })
  it('throws one error with every problem', () => {
    const error = (() => {
      try {
        return parseParams(schema, { name: 'a', list: [{ size: 9, sizes: 1 }], on: null, nam: 1 }, 'bots[2].thing') as never
      } catch (caught) {
        return caught as ConfigError
      }
    })()
    expect(error).toBeInstanceOf(ConfigError)
    expect(error.problems).toEqual([
      { path: 'bots[2].thing.name', expected: 'at least 2 characters', received: '"a"' },
      { path: 'bots[2].thing.list[0].size', expected: 'a number at most 5', received: '9' },
      { path: 'bots[2].thing.list[0].sizes', expected: 'no such key; did you mean "size"?', received: '1' },
      { path: 'bots[2].thing.on', expected: 'true or false', received: 'null' },
      { path: 'bots[2].thing.nam', expected: 'no such key; did you mean "name"?', received: '1' },
    ])
  })
  it('reads through defaults to suggest a key', () => {
    const nested = z.strictObject({ inner: z.strictObject({ period: z.int().default(1) }).prefault({}) })
    const input = { inner: { preiod: 3 } }
    const read = nested.safeParse(input)
    expect(read.success ? [] : problemsOf(read.error, input, nested)).toEqual([
      { path: 'inner.preiod', expected: 'no such key; did you mean "period"?', received: '3' },
    ])
  })
})

describe('pathText', () => {
  it('writes indices and odd keys in brackets', () => {
    expect([pathText('', ['bots', 3, 'confirm']), pathText('a', []), pathText('', ['stop-loss', 'my key', ''])]).toEqual([
      'bots[3].confirm',
      'a',
      'stop-loss["my key"][""]',
    ])
  })
})

describe('shown', () => {
  it('is short and never fails', () => {
    const circular: Record<string, unknown> = {}
    circular['self'] = circular
    expect([undefined, null, 'x', Number.NaN, 1e30, 3n, true, [1], circular, () => 1, suggestion].map(shown)).toEqual([
      'nothing',
      'null',
      '"x"',
      'NaN',
      '1e+30',
      '3',
      'true',
      '[1]',
      'an object',
      'a function',
      'a function (suggestion)',
    ])
    expect(shown('y'.repeat(500))).toHaveLength(80)
  })
})

describe('suggestion', () => {
  it('names the nearest known name, and none when nothing is near', () => {
    expect([
      suggestion('cool-down', ['balance', 'cooldown']),
      suggestion('CONFIRM', ['confirm']),
      suggestion('zzzzzz', ['confirm']),
      suggestion('x', []),
    ]).toEqual(['; did you mean "cooldown"?', '; did you mean "confirm"?', '', ''])
  })
})

describe('value schemas', () => {
  const reads = (of: z.ZodType, values: readonly unknown[]) =>
    values.map((value) => {
      const read = of.safeParse(value)
      return read.success ? read.data : 'refused'
    })
  it('amounts: text or number, exact, bounded', () => {
    expect(reads(amountSchema, ['0.10', 0.1, 0, '1000000000000', 1e12])).toEqual(['0.1', '0.1', '0', '1000000000000', '1000000000000'])
    expect(
      reads(amountSchema, [
        -1,
        '-0.01',
        Number.NaN,
        Number.POSITIVE_INFINITY,
        '1e3',
        '',
        ' 1',
        '1,5',
        1e13,
        '1000000000000.01',
        0.123456789,
        1234567.123456789,
        null,
        [1],
        true,
      ]),
    ).toEqual(Array(15).fill('refused'))
  })
  it('quotes: as amounts, above zero, as numbers', () => {
    expect(reads(quoteSchema, ['0.00000001', 25, '12.5', 0, '0.00'])).toEqual([1e-8, 25, 12.5, 'refused', 'refused'])
  })
  it('durations: text or whole milliseconds; a period is above zero', () => {
    expect(reads(durationSchema, ['5m', 0, '0s', 1_500, '1.5s', '366d', '367d', -1, 0.5, '5 m', '5M', null])).toEqual([
      300_000,
      0,
      0,
      1_500,
      1_500,
      31_622_400_000,
      'refused',
      'refused',
      'refused',
      'refused',
      'refused',
      'refused',
    ])
    expect(reads(periodSchema, [1, 0, '0m'])).toEqual([1, 'refused', 'refused'])
  })
  it('rates: up to a tenth', () => {
    expect(reads(rateSchema, ['0.009', 0, 0.1, 0.11, -0.001])).toEqual(['0.009', '0', '0.1', 'refused', 'refused'])
  })
})
