import { describe, expect, test } from 'vitest'
import { decimalText } from '../model/money.ts'
import { coinbaseInstrument, coinbaseProducts } from './products.ts'

describe('coinbaseProducts', () => {
  test('[row 2] the ten named pairs and PENGU-USD, each with its source', () => {
    expect(coinbaseProducts.map(({ base }) => base)).toEqual(['BTC', 'ETH', 'SOL', 'XRP', 'DOGE', 'AVNT', 'AERO', 'SUI', 'AVAX', 'TOSHI', 'PENGU'])
    for (const { source } of coinbaseProducts) expect(source).toMatch(/listing 2026|assumed/)
  })

  test('rules become an instrument with exact increments', () => {
    const toshi = coinbaseInstrument('TOSHI-USD')!
    expect(toshi).toMatchObject({ id: 'TOSHI-USD', base: 'TOSHI', quote: 'USD', state: 'online', asOfMs: Date.UTC(2026, 8, 27) })
    expect([toshi.priceIncrement, toshi.baseIncrement, toshi.minBase, toshi.minQuote].map(decimalText)).toEqual(['0.0000001', '1', '1', '1'])
    expect(decimalText(coinbaseInstrument('AVAX-USD')!.priceIncrement)).toBe('0.001')
    expect(coinbaseInstrument('BTC-USDC')!.quote).toBe('USDC')
  })

  test.each(['ADA-USD', 'BTC-EUR', 'BTC', 'BTC-USD-PERP', ''])('%j is not one of them', (id) => expect(coinbaseInstrument(id)).toBeUndefined())
})
