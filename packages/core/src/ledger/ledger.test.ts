import { describe, expect, it } from 'vitest'
import { EngineError } from '../model/errors.ts'
import type { Json } from '../model/json.ts'
import { ZERO, decimalText, money } from '../model/money.ts'
import { fillOf } from './fills.fixture.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { averageEntry, unrealizedPnl } from './position.ts'

const text = (amount: Parameters<typeof decimalText>[0] | undefined): string => (amount === undefined ? 'none' : decimalText(amount))

function funded(booking: 'fifo' | 'average' = 'average', usd = '100000'): Ledger {
  const ledger = createLedger({ booking })
  ledger.deposit('USD', money(usd))
  return ledger
}

const codeOf = (action: () => unknown): string => {
  try {
    action()
  } catch (error) {
    return error instanceof EngineError ? error.code : String(error)
  }
  return 'nothing thrown'
}

describe('tranches', () => {
  it('averages 100 @ 50 and 150 @ 52 to 51.20, with 450.00 unrealised at 53.00 [row 32] [row 34] [row 35]', () => {
    const ledger = funded()
    ledger.applyFill(fillOf({ id: '1', side: 'buy', quantity: 100, price: '50.00' }))
    ledger.applyFill(fillOf({ id: '2', side: 'buy', quantity: 150, price: '52.00' }))
    const position = ledger.position('btc')
    expect(text(averageEntry(position))).toBe('51.2')
    expect(text(unrealizedPnl(position, money('53.00')))).toBe('450')
    expect(text(position.quantity)).toBe('250')
    expect(position.lots.map((lot) => [lot.lotId, lot.tranche, text(averageEntry(lot)), text(unrealizedPnl(lot, money(53)))])).toEqual([
      ['btc#1', 1, '50', '300'],
      ['btc#2', 2, '52', '150'],
    ])
  })

  it('merges the fills of one order into one tranche [row 32]', () => {
    const ledger = funded()
    ledger.applyFill(fillOf({ id: '1', order: 'a', side: 'buy', quantity: '0.1', price: 100, fee: '0.09' }))
    ledger.applyFill(fillOf({ id: '2', order: 'b', side: 'buy', quantity: '0.2', price: 110, fee: '0.198' }))
    const merged = ledger.applyFill(fillOf({ id: '3', order: 'a', side: 'buy', quantity: '0.3', price: 101, fee: '0.2727' }))
    expect(merged?.lotId).toBe('btc#1')
    expect(ledger.position('btc').lots.map((lot) => [lot.lotId, lot.tranche, text(lot.quantity), text(lot.cost), text(lot.fees)])).toEqual([
      ['btc#1', 1, '0.4', '40.3', '0.3627'],
      ['btc#2', 2, '0.2', '22', '0.198'],
    ])
    expect(ledger.position('btc').tranches).toBe(2)
  })

  it('goes on counting tranches after the first was sold [row 32]', () => {
    const ledger = funded('fifo')
    for (const id of ['1', '2']) ledger.applyFill(fillOf({ id, side: 'buy', quantity: 1, price: 100 }))
    ledger.applyFill(fillOf({ id: '3', side: 'sell', quantity: 1, price: 100 }))
    ledger.applyFill(fillOf({ id: '4', side: 'buy', quantity: 1, price: 100 }))
    expect(ledger.position('btc').lots.map((lot) => [lot.lotId, lot.tranche])).toEqual([
      ['btc#2', 2],
      ['btc#3', 3],
    ])
  })

  it('is open since its first fill, and ends when flat [row 32]', () => {
    const ledger = funded()
    ledger.applyFill(fillOf({ id: '1', side: 'buy', quantity: 1, price: 100, atMs: 1000 }))
    ledger.applyFill(fillOf({ id: '2', side: 'buy', quantity: 1, price: 100, atMs: 2000 }))
    expect([ledger.position('btc').openedAtMs, ...ledger.position('btc').lots.map((lot) => lot.openedAtMs)]).toEqual([1000, 1000, 2000])
    ledger.applyFill(fillOf({ id: '3', side: 'sell', quantity: 2, price: 100, atMs: 3000 }))
    ledger.applyFill(fillOf({ id: '4', side: 'buy', quantity: 1, price: 100, atMs: 4000 }))
    expect(ledger.position('btc').openedAtMs).toBe(4000)
  })

  it('opens a new round trip with tranche 1 and a new lot id after a close [row 32]', () => {
    const ledger = funded()
    ledger.applyFill(fillOf({ id: '1', side: 'buy', quantity: 1, price: 100 }))
    const close = ledger.applyFill(fillOf({ id: '2', side: 'sell', quantity: 1, price: 90 }))
    expect([close?.opened, close?.closed, text(close?.position.roundTripPnl)]).toEqual([false, true, '-10'])
    const again = ledger.applyFill(fillOf({ id: '3', side: 'buy', quantity: 1, price: 95 }))
    expect([again?.opened, again?.lotId, again?.position.lots[0]?.tranche, text(again?.position.roundTripPnl)]).toEqual([true, 'btc#2', 1, '0'])
  })

  it('refuses a second instrument while a bot holds the first, and takes it when flat [row 32]', () => {
    const ledger = funded()
    ledger.applyFill(fillOf({ id: '1', side: 'buy', quantity: 1, price: 100 }))
    const other = fillOf({ id: '2', side: 'buy', base: 'ETH', quantity: 1, price: 10 })
    expect(() => ledger.applyFill(other)).toThrow(/expected BTC-USD, which bot btc holds, received ETH-USD/)
    ledger.applyFill(fillOf({ id: '3', side: 'sell', quantity: 1, price: 100 }))
    expect(ledger.applyFill(other)?.position.instrument).toBe('ETH-USD')
  })

  it('keeps every digit at the price of TOSHI [row 34]', () => {
    const ledger = funded()
    ledger.applyFill(fillOf({ id: '1', bot: 'toshi', base: 'TOSHI', side: 'buy', quantity: 13_901, price: '0.0007123', fee: '0.08911614' }))
    ledger.applyFill(fillOf({ id: '2', bot: 'toshi', base: 'TOSHI', side: 'buy', quantity: 13_888, price: '0.0007129' }))
    const position = ledger.position('toshi')
    expect(text(position.cost)).toBe('19.8024375')
    expect(text(averageEntry(position))).toBe('0.0007125998596566986937277339954658318039512')
  })
})

describe('sales', () => {
  function twoLots(booking: 'fifo' | 'average'): Ledger {
    const ledger = funded(booking)
    ledger.applyFill(fillOf({ id: '1', side: 'buy', quantity: 3, price: 10, fee: '0.3', atMs: 1000 }))
    ledger.applyFill(fillOf({ id: '2', side: 'buy', quantity: 1, price: 20, fee: '0.2', atMs: 2000 }))
    return ledger
  }

  it('takes the oldest lots first with fifo booking [row 41] [row 42]', () => {
    const ledger = twoLots('fifo')
    const result = ledger.applyFill(fillOf({ id: '3', side: 'sell', quantity: '3.5', price: 30, fee: '1.05' }))
    expect(
      result?.closes.map((close) => [
        close.lotId,
        text(close.quantity),
        text(close.cost),
        text(close.entryFees),
        text(close.proceeds),
        text(close.exitFee),
        text(close.pnl),
      ]),
    ).toEqual([
      ['btc#1', '3', '30', '0.3', '90', '0.9', '58.8'],
      ['btc#2', '0.5', '10', '0.1', '15', '0.15', '4.75'],
    ])
    expect(text(result?.realizedPnl)).toBe('63.55')
    expect(text(result?.realizedFees)).toBe('1.45')
    expect(ledger.position('btc').lots.map((lot) => [lot.lotId, text(lot.quantity), text(lot.cost), text(lot.fees)])).toEqual([['btc#2', '0.5', '10', '0.1']])
  })

  it('leaves the average entry unchanged with average booking, and every tranche its entry price [row 41] [row 42]', () => {
    const ledger = twoLots('average')
    const before = text(averageEntry(ledger.position('btc')))
    const result = ledger.applyFill(fillOf({ id: '3', side: 'sell', quantity: 2, price: 30, fee: '0.6' }))
    expect(text(averageEntry(ledger.position('btc')))).toBe(before)
    expect(ledger.position('btc').lots.map((lot) => [lot.tranche, text(lot.quantity), text(averageEntry(lot))])).toEqual([
      [1, '1.5', '10'],
      [2, '0.5', '20'],
    ])
    expect(text(result?.realizedPnl)).toBe('34.15')
    expect(result?.closes.map((close) => text(close.pnl))).toEqual(['29.4', '4.75'])
  })

  it('splits what does not divide so that nothing is lost, the last part taking the rest [row 42]', () => {
    const ledger = funded()
    for (const id of ['1', '2', '3']) ledger.applyFill(fillOf({ id, side: 'buy', quantity: 1, price: 10 }))
    const result = ledger.applyFill(fillOf({ id: '4', side: 'sell', quantity: 3, price: 10, fee: 1 }))
    expect(result?.closes.map((close) => text(close.exitFee))).toEqual(['0.33333333333333333333', '0.33333333333333333333', '0.33333333333333333334'])
  })

  it('never asks a lot for more than it holds, down to the last of 20 decimals', () => {
    const ledger = funded('average')
    for (const id of ['1', '2', '3']) ledger.applyFill(fillOf({ id, side: 'buy', quantity: '0.00000000000000000003', price: 10 }))
    const result = ledger.applyFill(fillOf({ id: '4', side: 'sell', quantity: '0.00000000000000000008', price: 10 }))
    expect(result?.closes.map((close) => text(close.quantity))).toEqual(['0.00000000000000000003', '0.00000000000000000003', '0.00000000000000000002'])
    expect(text(ledger.position('btc').quantity)).toBe('0.00000000000000000001')
  })

  it('counts exit fills since the last entry, and starts again with an entry or when flat', () => {
    const ledger = twoLots('fifo')
    ledger.applyFill(fillOf({ id: '3', side: 'sell', quantity: 1, price: 30 }))
    ledger.applyFill(fillOf({ id: '4', side: 'sell', quantity: 1, price: 30 }))
    expect(ledger.position('btc').exitsSinceEntry).toBe(2)
    ledger.applyFill(fillOf({ id: '5', side: 'buy', quantity: 1, price: 30 }))
    expect(ledger.position('btc').exitsSinceEntry).toBe(0)
    ledger.applyFill(fillOf({ id: '6', side: 'sell', quantity: 3, price: 30 }))
    expect([ledger.position('btc').exitsSinceEntry, ledger.position('btc').openedAtMs]).toEqual([0, undefined])
  })

  it("never sells more than the bot's own lots, whatever other bots hold, and books nothing then", () => {
    const ledger = twoLots('fifo')
    ledger.applyFill(fillOf({ id: '3', bot: 'other', side: 'buy', quantity: 5, price: 10 }))
    const before = JSON.stringify(ledger.snapshot())
    const tooMuch = (): unknown => ledger.applyFill(fillOf({ id: '4', side: 'sell', quantity: '4.00000001', price: 10 }))
    expect(codeOf(tooMuch)).toBe('INVARIANT_VIOLATED')
    expect(JSON.stringify(ledger.snapshot())).toBe(before)
    expect(ledger.applyFill(fillOf({ id: '4', side: 'sell', quantity: 4, price: 10 }))?.closed).toBe(true)
  })
})

describe('fees', () => {
  it('keeps a fee in quote beside the cost', () => {
    const ledger = funded()
    const result = ledger.applyFill(fillOf({ id: '1', side: 'buy', quantity: 2, price: 100, fee: '1.8' }))
    const position = ledger.position('btc')
    expect([text(position.cost), text(position.fees), text(averageEntry(position)), text(result?.feeValue)]).toEqual(['200', '1.8', '100', '1.8'])
    expect(text(ledger.balance('USD'))).toBe('99798.2')
  })

  it('lets a fee in base shrink the lot, on both sides', () => {
    const ledger = funded()
    ledger.applyFill(fillOf({ id: '1', side: 'buy', quantity: 2, price: 100, fee: '0.002', feeCurrency: 'BTC' }))
    expect([text(ledger.position('btc').quantity), text(ledger.position('btc').cost), text(ledger.position('btc').fees)]).toEqual(['1.998', '200', '0'])
    ledger.applyFill(fillOf({ id: '2', side: 'sell', quantity: 1, price: 100, fee: '0.001', feeCurrency: 'BTC' }))
    expect(text(ledger.position('btc').quantity)).toBe('0.997')
    expect(text(ledger.accounts()['BTC']?.['fees'])).toBe('0.003')
    ledger.assertBalanced()
    expect(() => ledger.applyFill(fillOf({ id: '3', side: 'buy', quantity: '0.001', price: 100, fee: '0.001', feeCurrency: 'BTC' }))).toThrow(
      /expected a fee below 0.001 BTC/,
    )
  })

  it('gives a third currency its own account, valued at the price supplied, else flagged', () => {
    const ledger = funded()
    ledger.deposit('EUR', money(10))
    const valued = ledger.applyFill(fillOf({ id: '1', side: 'buy', quantity: 1, price: 100, fee: '0.5', feeCurrency: 'EUR', feePrice: '1.2' }))
    expect([text(valued?.feeValue), valued?.feeUnvalued, text(ledger.position('btc').fees)]).toEqual(['0.6', false, '0.6'])
    const unvalued = ledger.applyFill(fillOf({ id: '2', side: 'buy', quantity: 1, price: 100, fee: '0.5', feeCurrency: 'EUR' }))
    expect([text(unvalued?.feeValue), unvalued?.feeUnvalued]).toEqual(['0', true])
    expect([text(ledger.balance('EUR')), text(ledger.accounts()['EUR']?.['fees']), text(ledger.balance('USD'))]).toEqual(['9', '1', '99800'])
    expect(ledger.applyFill(fillOf({ id: '0', side: 'buy', quantity: 1, price: 100, fee: 0, feeCurrency: 'EUR' }))?.feeUnvalued).toBe(false)
    const sold = ledger.applyFill(fillOf({ id: '3', side: 'sell', quantity: 3, price: 100 }))
    expect(text(sold?.realizedPnl)).toBe('-0.6')
  })

  it('takes a rebate as a negative fee', () => {
    const ledger = funded()
    ledger.applyFill(fillOf({ id: '1', side: 'buy', quantity: 1, price: 100, fee: '-0.1' }))
    expect([text(ledger.balance('USD')), text(ledger.position('btc').fees)]).toEqual(['99900.1', '-0.1'])
  })
})

describe('reservations', () => {
  it('splits cash into available and reserved, pays fills out of the reservation and gives back the rest', () => {
    const ledger = funded('fifo', '1000')
    ledger.reserve('a', 'btc', 'USD', money(25))
    expect([text(ledger.available('USD')), text(ledger.reserved('USD')), text(ledger.balance('USD'))]).toEqual(['975', '25', '1000'])
    ledger.applyFill(fillOf({ id: '1', order: 'a', side: 'buy', quantity: '0.2', price: 100, fee: '0.18' }))
    expect([text(ledger.available('USD')), text(ledger.reserved('USD')), text(ledger.reservedBy('a'))]).toEqual(['975', '4.82', '4.82'])
    ledger.release('a')
    ledger.release('a')
    expect([text(ledger.available('USD')), text(ledger.reserved('USD')), text(ledger.balance('USD'))]).toEqual(['979.82', '0', '979.82'])
  })

  it("promises a bot's own coins to an exit, and no other's", () => {
    const ledger = funded()
    ledger.applyFill(fillOf({ id: '1', side: 'buy', quantity: 2, price: 100 }))
    ledger.applyFill(fillOf({ id: '2', bot: 'other', side: 'buy', quantity: 7, price: 100 }))
    expect(() => ledger.reserve('s', 'btc', 'BTC', money('2.1'))).toThrow(/at most 2 BTC, received 2.1/)
    ledger.reserve('s', 'btc', 'BTC', money('1.5'))
    expect(() => ledger.reserve('t', 'btc', 'BTC', money('0.6'))).toThrow(/at most 0.5 BTC, received 0.6/)
    expect([text(ledger.sellable('btc')), text(ledger.sellable('other')), text(ledger.available('BTC')), text(ledger.reserved('BTC'))]).toEqual([
      '0.5',
      '7',
      '7.5',
      '1.5',
    ])
    ledger.applyFill(fillOf({ id: '3', order: 's', side: 'sell', quantity: 1, price: 100 }))
    expect([text(ledger.reservedBy('s')), text(ledger.sellable('btc'))]).toEqual(['0.5', '0.5'])
    ledger.release('s')
    expect([text(ledger.sellable('btc')), text(ledger.available('BTC'))]).toEqual(['1', '8'])
    ledger.assertBalanced()
  })

  it('refuses more than what is available and a second reservation, and takes what is available exactly', () => {
    const ledger = funded('fifo', '10')
    expect(() => ledger.reserve('a', 'btc', 'USD', money('10.00000001'))).toThrow(/at most 10 USD, received 10.00000001/)
    ledger.reserve('a', 'btc', 'USD', money('4'))
    expect(() => ledger.reserve('a', 'btc', 'USD', money('1'))).toThrow(/one reservation per order/)
    expect(() => ledger.reserve('b', 'btc', 'USD', ZERO)).toThrow(/an amount > 0/)
    ledger.reserve('b', 'btc', 'USD', money('6'))
    expect(text(ledger.available('USD'))).toBe('0')
  })

  it('pays coins that a bot bought from its coins, not from money promised in the same currency', () => {
    const ledger = funded()
    ledger.deposit('BTC', money(5))
    ledger.reserve('a', 'btc', 'BTC', money(2))
    ledger.applyFill(fillOf({ id: '1', side: 'buy', quantity: 1, price: 100 }))
    ledger.applyFill(fillOf({ id: '2', order: 'a', side: 'sell', quantity: 1, price: 100 }))
    expect([text(ledger.reservedBy('a')), text(ledger.accounts()['BTC']?.['cash']), text(ledger.accounts()['BTC']?.['holdings'])]).toEqual(['2', '3', '0'])
    ledger.assertBalanced()
  })

  it('pays a fill beyond its reservation, and one after the release, from free cash', () => {
    const ledger = funded('fifo', '100')
    ledger.reserve('a', 'btc', 'USD', money(10))
    ledger.applyFill(fillOf({ id: '1', order: 'a', side: 'buy', quantity: 1, price: 12 }))
    expect([text(ledger.available('USD')), text(ledger.reserved('USD'))]).toEqual(['88', '0'])
    ledger.reserve('b', 'btc', 'USD', money(10))
    ledger.release('b')
    ledger.applyFill(fillOf({ id: '2', order: 'b', side: 'buy', quantity: 1, price: 8 }))
    expect([text(ledger.available('USD')), text(ledger.reserved('USD'))]).toEqual(['80', '0'])
  })
})

describe('books', () => {
  it('shows a trial balance per currency that sums to zero', () => {
    const ledger = funded('average', '1000')
    ledger.adjust('USD', money('-0.37'), 'rounding of the venue')
    ledger.applyFill(fillOf({ id: '1', side: 'buy', quantity: 2, price: 100, fee: '1.8' }))
    ledger.applyFill(fillOf({ id: '2', side: 'sell', quantity: 1, price: 110, fee: '0.99' }))
    ledger.reserve('a', 'btc', 'USD', money(20))
    const accounts = ledger.accounts()
    expect(Object.fromEntries(Object.entries(accounts['USD'] ?? {}).map(([name, amount]) => [name, text(amount)]))).toEqual({
      cash: '886.84',
      holdings: '0',
      reservations: '20',
      fees: '2.79',
      deposits: '-1000',
      adjustments: '0.37',
      realizedPnl: '-10',
      'trading:BTC-USD': '100',
    })
    expect(Object.fromEntries(Object.entries(accounts['BTC'] ?? {}).map(([name, amount]) => [name, text(amount)]))).toEqual({
      cash: '0',
      holdings: '1',
      reservations: '0',
      fees: '0',
      deposits: '0',
      adjustments: '0',
      realizedPnl: '0',
      'trading:BTC-USD': '-1',
    })
    for (const balances of Object.values(accounts)) expect(text(Object.values(balances).reduce((sum, amount) => sum.plus(amount), ZERO))).toBe('0')
  })

  it('refuses sizes, sides and amounts that make no sense', () => {
    const ledger = funded()
    expect(() => ledger.deposit('USD', ZERO)).toThrow(/deposit of USD: expected an amount > 0/)
    expect(() => ledger.deposit('USD', money('10000000000000000000'))).toThrow(/below 10\^19/)
    expect(() => ledger.adjust('USD', money(1), '')).toThrow(/reason/)
    expect(() => ledger.applyFill(fillOf({ id: '1', side: 'buy', quantity: 0, price: 1 }))).toThrow(/fill 1, quantity: expected an amount > 0/)
    expect(() => ledger.applyFill(fillOf({ id: '1', side: 'buy', quantity: 1, price: -1 }))).toThrow(/fill 1, price/)
    expect(() => ledger.applyFill({ ...fillOf({ id: '1', side: 'buy', quantity: 1, price: 1 }), orderKind: 'exit' })).toThrow(/expected an entry to buy/)
    expect(ledger.applyFill(fillOf({ id: '1', side: 'buy', quantity: 1, price: 1 }))?.opened).toBe(true)
  })

  it('books the value that a venue counted in quote, where price times quantity is only nearly it [pitfall 6]', () => {
    const ledger = funded('fifo', '5')
    const bought = fillOf({ id: '1', side: 'buy', quantity: '0.5770494951509377', price: '8.596', fee: '0.0396825396825397' })
    expect(text(ledger.applyFill({ ...bought, value: money('4.9603174603174603') })?.value)).toBe('4.9603174603174603')
    expect(text(ledger.balance('USD'))).toBe('0')
    ledger.assertBalanced()
    expect(() => ledger.applyFill({ ...bought, fillId: '2', value: ZERO })).toThrow(/fill 2, value: expected an amount > 0/)
  })

  it('cuts what a venue says with more than 20 decimals, so that sums stay exact', () => {
    const ledger = funded()
    ledger.applyFill(fillOf({ id: '1', side: 'buy', quantity: '0.1234567890123456789061', price: 3 }))
    expect(text(ledger.position('btc').quantity)).toBe('0.12345678901234567891')
    ledger.assertBalanced()
  })
})

describe('snapshot', () => {
  function busy(): Ledger {
    const ledger = funded('fifo', '1000')
    ledger.applyFill(fillOf({ id: '1', side: 'buy', quantity: 3, price: '10.1', fee: '0.3' }))
    ledger.applyFill(fillOf({ id: '2', side: 'sell', quantity: 1, price: 11, fee: '0.1' }))
    ledger.reserve('x', 'btc', 'BTC', money(1))
    ledger.reserve('y', 'other', 'USD', money(7))
    return ledger
  }

  it('restores to the same books, positions and fill ids, with money as text', () => {
    const ledger = busy()
    const copy = createLedger({ booking: 'fifo' })
    copy.restore(JSON.parse(JSON.stringify(ledger.snapshot())) as Json)
    expect(copy.snapshot()).toEqual(ledger.snapshot())
    expect(copy.applyFill(fillOf({ id: '2', side: 'sell', quantity: 1, price: 11 }))).toBeUndefined()
    expect(JSON.stringify(ledger.snapshot())).not.toMatch(/\d\.\d+[,}]/)
  })

  it('refuses another booking, another version and malformed amounts, naming the place', () => {
    const state = busy().snapshot() as Record<string, Json>
    expect(codeOf(() => createLedger({ booking: 'average' }).restore(state))).toBe('STORE_MISMATCH')
    expect(() => createLedger({ booking: 'fifo' }).restore({ ...state, version: 2 })).toThrow(/version/)
    const accounts = { USD: { cash: '1e3' } }
    expect(() => createLedger({ booking: 'fifo' }).restore({ ...state, accounts })).toThrow(
      /accounts\.USD\.cash: expected a plain decimal number, received "1e3"/,
    )
    expect(() => createLedger({ booking: 'fifo' }).restore({ ...state, accounts: { USD: { purse: '1' } } })).toThrow(/accounts\.USD/)
  })

  it('refuses books that do not balance or disagree with the positions, and stays as it was', () => {
    const state = busy().snapshot() as {
      accounts: Record<string, Record<string, string>>
      positions: readonly { lots: readonly Record<string, string>[] }[]
      reservations: readonly { currency: string }[]
    }
    const target = funded('fifo', '5')
    const before = JSON.stringify(target.snapshot())
    const unbalanced = { ...state, accounts: { ...state.accounts, USD: { ...state.accounts['USD'], cash: '1' } } } as unknown as Json
    const lotMissing = { ...state, positions: state.positions.map((position) => ({ ...position, lots: [] })) } as unknown as Json
    const positionMissing = { ...state, positions: [] } as unknown as Json
    const otherCost = {
      ...state,
      positions: state.positions.map((position) => ({ ...position, lots: position.lots.map((lot) => ({ ...lot, cost: '1' })) })),
    } as unknown as Json
    const noCoinsPromised = { ...state, reservations: state.reservations.filter(({ currency }) => currency !== 'BTC') } as unknown as Json
    const noMoneyPromised = { ...state, reservations: state.reservations.filter(({ currency }) => currency !== 'USD') } as unknown as Json
    for (const broken of [unbalanced, lotMissing, otherCost, noCoinsPromised, noMoneyPromised, positionMissing])
      expect(codeOf(() => target.restore(broken))).toBe('INVARIANT_VIOLATED')
    expect(JSON.stringify(target.snapshot())).toBe(before)
  })
})
