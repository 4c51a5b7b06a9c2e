import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../model/errors.ts'
import { decimalText } from '../../model/money.ts'
import { createSimulatedVenue } from './simulated-venue.ts'
import { parseFillModel, protectionOf } from './venue-options.ts'
import { btc, toshi } from './venue.fixture.ts'

const problemsOf = (action: () => unknown): readonly string[] => {
  try {
    action()
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map((problem) => `${problem.path}: ${problem.received}`)
    throw error
  }
  return []
}

describe('options of the simulated venue', () => {
  it('have the defaults of the entry tier', () => {
    const model = parseFillModel({}, 'paper')
    expect([decimalText(model.makerRate), decimalText(model.takerRate), model.latencyMs, model.slippageBps, decimalText(model.volumeShare)]).toEqual([
      '0.005',
      '0.009',
      250,
      2,
      '0.1',
    ])
    expect([protectionOf(model, btc), protectionOf(model, toshi)]).toEqual([0.02, 0.03])
  })

  it('name every problem with path and value', () => {
    const bad = { fees: { makerRate: '-0.001', takerRate: Number.NaN }, latencyMs: 0.5, slippageBps: -1, volumeShare: 0, priceProtection: { 'BTC-USD': 1 } }
    expect(problemsOf(() => parseFillModel(bad, 'paper'))).toEqual([
      'paper.fees.makerRate: -0.001',
      'paper.fees.takerRate: NaN',
      'paper.latencyMs: 0.5',
      'paper.slippageBps: -1',
      'paper.volumeShare: 0',
      'paper.priceProtection.BTC-USD: 1',
    ])
    expect(
      problemsOf(() =>
        parseFillModel(
          { fees: { makerRate: 0, takerRate: '0.99' }, latencyMs: 0, slippageBps: 0, volumeShare: 1, priceProtection: { 'BTC-USD': 0.5 } },
          'paper',
        ),
      ),
    ).toEqual([])
  })

  it('take cash of the traded currencies only, none of it negative', () => {
    const cash = (amounts: Readonly<Record<string, string | number>>): readonly string[] =>
      problemsOf(() => createSimulatedVenue({ instruments: [btc], cash: amounts }))
    expect(cash({ UDS: '100' })).toEqual(['venue.cash.UDS: UDS'])
    expect(cash({ usd: 1 })).toEqual(['venue.cash: "usd"'])
    expect(cash({ USD: '-1' })).toEqual(['venue.cash.USD: -1'])
    expect(cash({ USD: Number.NaN, BTC: '1e3' })).toEqual(['venue.cash.USD: NaN', 'venue.cash.BTC: 1e3'])
    expect(cash({ USD: 0, BTC: '0.1' })).toEqual([])
  })
})
