import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalText, finite, unfinite } from './canonical.ts'
import { deterministicUuid, sha256Hex } from './hashing.ts'
import { FastHash } from './fast-hash.ts'
import type { Json } from '../model/json.ts'

const shuffled = (data: Json): Json => {
  if (Array.isArray(data)) return data.map(shuffled)
  if (typeof data !== 'object' || data === null) return data
  return Object.fromEntries(
    Object.entries(data as Record<string, Json>)
      .reverse()
      .map(([key, value]) => [key, shuffled(value)]),
  )
}

describe('canonical text', () => {
  test('is JSON of the same data, and the same for every order of members', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const data = JSON.parse(JSON.stringify(value)) as Json
        const text = canonicalText(data)
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(data)))
        expect(canonicalText(shuffled(data))).toBe(text)
        expect(text).toBe(canonicalText(JSON.parse(text) as Json))
      }),
    )
  })

  test('text is quoted as JSON quotes it, long or short, whatever is in it', () => {
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), fc.string({ unit: 'grapheme-ascii', maxLength: 80 }))
    fc.assert(
      fc.property(text, (value) => {
        expect(canonicalText(value)).toBe(JSON.stringify(value))
        expect(canonicalText({ [value]: 1 })).toBe(JSON.stringify({ [value]: 1 }))
      }),
      { numRuns: 1_000 },
    )
    for (let code = 0; code < 256; code++) expect(canonicalText(`a${String.fromCharCode(code)}`)).toBe(JSON.stringify(`a${String.fromCharCode(code)}`))
  })

  test('has no negative zero, refuses what has no JSON, and keeps every float64', () => {
    expect(canonicalText([-0, 0])).toBe('[0,0]')
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) expect(() => canonicalText(bad)).toThrow('write it as text')
    expect(() => canonicalText(undefined as unknown as Json)).toThrow('received undefined')
    fc.assert(
      fc.property(fc.double(), (value) => {
        const back = unfinite(JSON.parse(canonicalText(finite(value))) as number | string)
        expect(Object.is(back, value) || (back === 0 && value === 0)).toBe(true)
      }),
    )
  })
})

test('sha256 is the one everybody computes, and ids made from it are version 8 UUIDs that never change', () => {
  expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), fc.array(fc.string(), { minLength: 1 }), (a, b) => {
      expect(deterministicUuid(...a)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
      expect(deterministicUuid(...a) === deterministicUuid(...b)).toBe(JSON.stringify(a) === JSON.stringify(b))
    }),
  )
})

test('the fast hash tells different runs of numbers apart and survives a snapshot', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1, maxLength: 20 }), fc.nat(), (values, where) => {
      const whole = new FastHash()
      for (const value of values) whole.float(value)
      const cut = new FastHash()
      const at = where % (values.length + 1)
      for (const value of values.slice(0, at)) cut.float(value)
      const resumed = new FastHash()
      resumed.restore(cut.snapshot())
      for (const value of values.slice(at)) resumed.float(value)
      expect(resumed.hex).toBe(whole.hex)
      const other = new FastHash()
      values.forEach((value, i) => other.float(i === values.length - 1 ? value + Math.max(1, Math.abs(value)) : value))
      expect(other.hex).not.toBe(whole.hex)
    }),
  )
})
