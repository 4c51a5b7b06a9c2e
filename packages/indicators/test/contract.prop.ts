import { runInNewContext } from 'node:vm'
import { setFlagsFromString } from 'node:v8'
import { describe, expect, test } from 'vitest'
import { atr, catalog, type CatalogEntry, chain, correlation, cross, ema, field, hl2, join, macd, of, resample, rsi, sma, stochastic } from '../src/index.ts'
import { indicatorContract, type Memory, type Subject } from '../src/testing.ts'
import { LAWS } from './laws.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
const memory: Memory = { collect, heapUsed: () => process.memoryUsage().heapUsed }

const entries = Object.entries(catalog) as [string, CatalogEntry][]
const ROWS: Readonly<Record<string, string>> = { rsi: '[row 5] ', sma: '[row 6] ', ema: '[row 6] ', macd: '[row 7] ' }

const subjectOf = (entry: CatalogEntry, options: object): Subject => ({
  create: (common) => entry.create({ ...options, ...common }) as ReturnType<Subject['create']>,
  batch: (columns, common) => entry.batch(columns, { ...options, ...common }),
})

/** Other choices of every indicator that has any, and a short period. */
const variants = (entry: CatalogEntry): object[] =>
  Object.entries(entry.about.params).flatMap(([key, spec]): object[] => {
    if (spec.kind === 'choice')
      return spec.choices
        .slice(1)
        .filter((value) => key !== 'anchor' || value === 'first')
        .map((value) => ({ [key]: value }))
    return key === 'period' ? [{ period: spec.min }, { period: 7 }] : []
  })

describe('every indicator keeps the contract', () => {
  test('the table of laws covers the catalogue', () => {
    expect(Object.keys(LAWS)).toEqual(Object.keys(catalog).sort((a, b) => (a < b ? -1 : 1)))
  })

  for (const [name, entry] of entries) {
    const laws = LAWS[name]!
    const row = ROWS[name] ?? ''
    for (const { name: rule, run } of indicatorContract({ ...subjectOf(entry, {}), laws, memory })) {
      const tag = rule.startsWith('batch equals') ? `${row}[row 8] ` : row
      test(`${tag}${name}: ${rule}`, () => expect(run).not.toThrow())
    }
    for (const options of variants(entry)) {
      test(`${name} ${JSON.stringify(options)}: the whole contract`, () => {
        for (const { run } of indicatorContract(subjectOf(entry, options))) expect(run).not.toThrow()
      })
    }
  }
})

describe('compositions keep the contract', () => {
  const compositions: Readonly<Record<string, Subject['create']>> = {
    'chain(ema, rsi)': () => chain(ema(5), rsi(14)),
    'chain(hl2, ema, rsi, sma)': () => chain(hl2(), ema(5), rsi(14), sma(3)),
    'of(macd, histogram)': () => of(macd(), 'histogram'),
    'chain(of(stochastic, k), sma)': () => chain(of(stochastic(), 'k'), sma(4)),
    'join(sma, sma, cross)': () => join(sma(5), sma(9), cross()),
    'join(close, volume, correlation)': () => join(field('close'), field('volume'), correlation(9)),
    'resample(5m, atr)': () => resample('5m', atr(3)),
    'resample(5m, ema)': () => resample('5m', ema(3)),
    'of(resample(2m, stochastic), k)': () => of(resample('2m', stochastic()), 'k'),
    'chain(resample(2m, hl2), sma)': () => chain(resample('2m', hl2()), sma(3)),
  }
  for (const [name, create] of Object.entries(compositions)) {
    // What to do with bad input is chosen for the parts, not for the whole.
    const cases = indicatorContract({ create }).filter((rule) => !rule.name.startsWith('invalid input'))
    for (const { name: rule, run } of cases) test(`${name}: ${rule}`, () => expect(run).not.toThrow())
  }

  test('a chain throws for bad input, or leaves it out', () => {
    expect(() => chain(ema(2), rsi(2)).update(NaN)).toThrow(RangeError)
    const quiet = chain(ema(1, { onInvalid: 'propagate' }), sma(2))
    expect([1, NaN, 3, NaN, 5].map((x) => quiet.update(x))).toEqual([NaN, NaN, 2, 2, 4])
  })
})
