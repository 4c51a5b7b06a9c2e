import { simulatedMarket } from '@millrace/core'
import type { EngineState, RunSummary } from '@millrace/core'
import { expect, it } from 'vitest'
import { nothingLeft } from './nothing-left.ts'

const market = simulatedMarket({ seed: 1, speed: 'max', until: '1h' })
const engineAt = (nowMs: number, candles = 0) => ({ state: () => ({ nowMs }) as EngineState, summary: () => ({ candles }) as RunSummary })
const end = Date.UTC(2026, 0, 1, 1)

it('a journal that reaches to the end of its market leaves nothing to run, and that is said', () => {
  expect(nothingLeft(engineAt(end), market, 'a.db')).toEqual([
    'nothing is left to run: a.db reaches up to 2026-01-01T01:00:00.000Z already; say a later end, or another --db',
  ])
})

it('nothing is said while something is left, of a run that has begun, or where nothing is kept', () => {
  expect(nothingLeft(engineAt(end - 1), market, 'a.db')).toEqual([])
  expect(nothingLeft(engineAt(end, 1), market, 'a.db')).toEqual([])
  expect(nothingLeft(engineAt(end), market, ':memory:')).toEqual([])
  expect(nothingLeft(engineAt(end), simulatedMarket({ seed: 1, speed: 'max' }), 'a.db')).toEqual([])
})
