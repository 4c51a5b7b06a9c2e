import { expect, it } from 'vitest'
import { toWire } from './wire.ts'

it('writes keys in snake_case, at every depth', () => {
  expect(toWire({ gateClosedAtMs: 1, bots: [{ realizedPnl: '0.10' }] })).toStrictEqual({ gate_closed_at_ms: 1, bots: [{ realized_pnl: '0.10' }] })
})

it('leaves amounts as the decimal text they are', () => {
  expect(toWire({ equity: '1271.220000000000000001' })).toStrictEqual({ equity: '1271.220000000000000001' })
})

it('says null for what is absent or no finite number, so that JSON says the same', () => {
  const wire = toWire({ price: undefined, margin: Number.POSITIVE_INFINITY, score: Number.NaN })
  expect(wire).toStrictEqual({ price: null, margin: null, score: null })
  expect(JSON.parse(JSON.stringify(wire))).toStrictEqual(wire)
})
