import { describe, expect, it } from 'vitest'
import { decimalText, money } from '../../model/money.ts'
import { fillOf, type FillSketch } from '../fills.fixture.ts'
import { createLedger } from '../ledger.ts'
import { defaultGrading } from './grade.ts'
import { PnlCube, pnlBy } from './pnl-cube.ts'
import { RoundTrips } from './round-trips.ts'
import { tripRecord, type TripExtremes } from './trip.ts'

interface Booked extends FillSketch {
  readonly source?: string
  readonly extremes?: TripExtremes
}

function booked(...sketches: readonly Booked[]) {
  const ledger = createLedger({ booking: 'fifo' })
  ledger.deposit('USD', money(1_000_000))
  const trips = new RoundTrips()
  const cube = new PnlCube()
  for (const { source = 'levels', extremes, ...sketch } of sketches) {
    const result = ledger.applyFill(fillOf(sketch))!
    const strategy = trips.open.get(result.fill.botId)?.strategy ?? source
    trips.book(result, source, extremes, defaultGrading)
    cube.book(result, strategy)
  }
  return { ledger, trips, cube }
}

/** Two entries averaging 51.20, two exits, one of them partial. */
const story: readonly Booked[] = [
  { id: '1', side: 'buy', quantity: 100, price: '50', fee: '45', atMs: 1_000 },
  { id: '2', side: 'buy', quantity: 150, price: '52', fee: '70.2', atMs: 2_000 },
  { id: '3', side: 'sell', quantity: 50, price: '54', fee: '24.3', atMs: 5_000, source: 'take-profit', extremes: { low: 49, high: 55, drawdown: 0.02 } },
  { id: '4', side: 'sell', quantity: 200, price: '53', fee: '95.4', atMs: 9_000, source: 'trailing-stop', extremes: { low: 49, high: 57, drawdown: 0.07 } },
]

describe('round trips', () => {
  it('fold the fills from the first entry until flat: fees, holding time, net P&L and return [row 32] [row 43]', () => {
    const { trips, ledger } = booked(...story)
    const trip = tripRecord(trips.closed[0]!)
    expect(trip).toMatchObject({
      id: 'btc/1',
      botId: 'btc',
      instrument: 'BTC-USD',
      strategy: 'levels',
      closedBy: 'trailing-stop',
      openedAtMs: 1_000,
      closedAtMs: 9_000,
      holdingMs: 8_000,
      exits: 2,
      quantity: '250',
      averageEntry: '51.2',
      averageExit: '53.2',
      entryValue: '12800',
      exitValue: '13300',
      grossPnl: '500',
      fees: '234.9',
      pnl: '265.1',
      low: 49,
      high: 57,
    })
    expect(trip.returnPercent).toBeCloseTo((100 * 265.1) / 12_915.2, 12)
    expect(trip.entryEfficiency).toBeCloseTo((100 * 5.8) / 8, 12)
    expect(trip.exitEfficiency).toBeCloseTo((100 * 4.2) / 8, 12)
    expect(trip.totalEfficiency).toBeCloseTo(62.5, 12)
    expect(trip.adverseExcursionPercent).toBeCloseTo((100 * 2.2) / 51.2, 12)
    expect(trip.favourableExcursionPercent).toBeCloseTo((100 * 5.8) / 51.2, 12)
    expect(trip.drawdownPercent).toBeCloseTo(7, 12)
    expect(trip.score).toBeCloseTo(0.5 * (50 + 10 * trip.returnPercent) + 0.3 * 62.5 + 0.2 * 30, 12)
    expect(trip.grade).toBe('B-')
    expect(trip.pnl).toBe(decimalText(ledger.position('btc').roundTripPnl))
  })

  it('list each entry order once, with what all of its fills bought [row 33]', () => {
    const { trips } = booked(
      { id: '1', order: 'a', side: 'buy', quantity: '0.1', price: 100, fee: '0.01', feeCurrency: 'BTC', atMs: 1 },
      { id: '2', order: 'b', side: 'buy', quantity: '0.2', price: 110, fee: '0.2', atMs: 2 },
      { id: '3', order: 'a', side: 'buy', quantity: '0.3', price: 101, fee: '0.3', atMs: 3 },
    )
    expect(
      trips.open
        .get('btc')!
        .entries.map((entry) => ({ ...entry, quantity: decimalText(entry.quantity), value: decimalText(entry.value), fees: decimalText(entry.fees) })),
    ).toEqual([
      { trancheId: 'btc#1', clientOrderId: 'a', number: 1, quantity: '0.39', value: '40.3', fees: '0.3', atMs: 1 },
      { trancheId: 'btc#2', clientOrderId: 'b', number: 2, quantity: '0.2', value: '22', fees: '0.2', atMs: 2 },
    ])
  })

  it('are numbered per bot and know nothing of each other', () => {
    const { trips } = booked(
      { id: '1', side: 'buy', quantity: 1, price: 10 },
      { id: '2', bot: 'eth', base: 'ETH', side: 'buy', quantity: 1, price: 10, source: 'other' },
      { id: '3', side: 'sell', quantity: 1, price: 11 },
      { id: '4', side: 'buy', quantity: 1, price: 12 },
      { id: '5', side: 'sell', quantity: 1, price: 11 },
      { id: '6', bot: 'eth', base: 'ETH', side: 'sell', quantity: 1, price: 11 },
    )
    expect(trips.closed.map(tripRecord).map(({ id, strategy, pnl }) => [id, strategy, pnl])).toEqual([
      ['btc/1', 'levels', '1'],
      ['btc/2', 'levels', '-1'],
      ['eth/1', 'other', '1'],
    ])
    expect(trips.open.size).toBe(0)
  })

  it('go on under the bot that adopts them; what is over stays with the bot that made it', () => {
    const { trips, ledger } = booked(
      { id: '1', side: 'buy', quantity: 1, price: 10 },
      { id: '2', side: 'sell', quantity: 1, price: 11 },
      { id: '3', side: 'buy', quantity: 2, price: 12 },
    )
    ledger.adopt('btc', 'heir')
    trips.adopt('btc', 'heir')
    trips.adopt('nobody', 'heir')
    const result = ledger.applyFill(fillOf({ id: '4', bot: 'heir', side: 'sell', quantity: 2, price: 13 }))!
    trips.book(result, 'stop-loss', undefined, defaultGrading)
    expect(trips.closed.map(tripRecord).map(({ id, strategy, pnl, entries }) => [id, strategy, pnl, entries.map(({ trancheId }) => trancheId)])).toEqual([
      ['btc/1', 'levels', '1', ['btc#1']],
      ['heir/1', 'levels', '2', ['heir#2']],
    ])
    expect([trips.countOf('btc'), trips.countOf('heir'), trips.open.size]).toEqual([1, 1, 0])
  })

  it('without a candle in between have efficiency 50 and no extremes [row 43]', () => {
    const { trips } = booked({ id: '1', side: 'buy', quantity: 1, price: 10 }, { id: '2', side: 'sell', quantity: 1, price: 11 })
    expect(tripRecord(trips.closed[0]!)).toMatchObject({ low: undefined, high: undefined, totalEfficiency: 50, adverseExcursionPercent: 0, drawdownPercent: 0 })
  })

  it('an open purchase is no loss: only what was sold is realised [INC-27]', () => {
    const { trips, cube, ledger } = booked({ id: '1', side: 'buy', quantity: 100, price: 10, fee: 9 })
    expect(trips.closed).toEqual([])
    expect(decimalText(ledger.position('btc').realizedPnl)).toBe('0')
    expect(pnlBy(cube.cells(), 'botId').get('btc')).toEqual({ realizedPnl: '0', fees: '9', turnover: '1000', fills: 1 })
  })
})

describe('P&L by day, bot and strategy', () => {
  const day = 86_400_000
  const { cube } = booked(
    { id: '1', side: 'buy', quantity: 1, price: 100, fee: 1, atMs: day - 1 },
    { id: '2', side: 'sell', quantity: 1, price: 110, fee: 1, atMs: day, source: 'take-profit' },
    { id: '3', side: 'buy', quantity: 1, price: 100, fee: 1, atMs: day + 1, source: 'manual' },
    { id: '4', side: 'sell', quantity: 1, price: 90, fee: 1, atMs: day + 2, source: 'stop-loss' },
    { id: '5', bot: 'eth', base: 'ETH', side: 'buy', quantity: 1, price: 10, fee: '0.1', atMs: day + 3 },
  )

  it('counts a fill for the UTC day of its venue time, and its result for the strategy that opened the round trip', () => {
    expect(cube.cells().map(({ dayMs, botId, strategy, realizedPnl, fills }) => [dayMs / day, botId, strategy, decimalText(realizedPnl), fills])).toEqual([
      [0, 'btc', 'levels', '0', 1],
      [1, 'btc', 'levels', '8', 1],
      [1, 'btc', 'manual', '-12', 2],
      [1, 'eth', 'levels', '0', 1],
    ])
  })

  it('gives the same sum in every dimension', () => {
    expect([...pnlBy(cube.cells(), 'dayMs')].map(([at, { realizedPnl }]) => [at / day, realizedPnl])).toEqual([
      [0, '0'],
      [1, '-4'],
    ])
    expect([...pnlBy(cube.cells(), 'strategy')].map(([strategy, { realizedPnl, fees }]) => [strategy, realizedPnl, fees])).toEqual([
      ['levels', '8', '2.1'],
      ['manual', '-12', '2'],
    ])
    expect(pnlBy(cube.cells(), 'botId').get('btc')).toEqual({ realizedPnl: '-4', fees: '4', turnover: '400', fills: 4 })
  })
})

describe('what all round trips amount to', () => {
  /** One round trip of a bot: bought at 100, sold at a price, without fees. */
  const trip = (n: number, price: number, bot = 'btc', source = 'levels'): readonly Booked[] => [
    { id: `${n}a`, side: 'buy', quantity: 1, price: '100', fee: '0', atMs: 10 * n, bot, source },
    { id: `${n}b`, side: 'sell', quantity: 1, price: String(price), fee: '0', atMs: 10 * n + 5, bot, source, extremes: { low: 50, high: 150, drawdown: 0.1 } },
  ]

  it('counts gains and losses, knows the best and the worst, and calls an even one neither', () => {
    const { trips } = booked(...trip(1, 101), ...trip(2, 99), ...trip(3, 100), ...trip(4, 103), ...trip(5, 102), ...trip(6, 95), ...trip(7, 98))
    expect([trips.wins, trips.losses, trips.closed.length]).toEqual([3, 3, 7])
    expect([trips.best, trips.worst].map((each) => decimalText(each!.pnl))).toEqual(['3', '-5'])
    const again = new RoundTrips()
    again.replace([], trips.closed)
    expect([again.wins, again.losses, again.best, again.worst]).toEqual([3, 3, trips.best, trips.worst])
  })

  it('sorts its cells by day, bot and strategy', () => {
    const day = 86_400_000
    const later = trip(2, 101, 'eth').map((fill) => ({ ...fill, atMs: (fill.atMs ?? 0) + day }))
    const { cube } = booked(...later, ...trip(3, 99, 'eth', 'zigzag'), ...trip(4, 99, 'eth', 'alpha'), ...trip(5, 101, 'btc'))
    expect(cube.cells().map(({ dayMs, botId, strategy, fills }) => [dayMs / day, botId, strategy, fills])).toEqual([
      [0, 'btc', 'levels', 2],
      [0, 'eth', 'alpha', 2],
      [0, 'eth', 'zigzag', 2],
      [1, 'eth', 'levels', 2],
    ])
  })
})
