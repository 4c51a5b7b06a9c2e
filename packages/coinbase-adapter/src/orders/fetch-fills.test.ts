import { decimalText } from '@millrace/core'
import type { EpochMs, VenueFill } from '@millrace/core'
import { describe, expect, it } from 'vitest'
import { never, requestOf, scriptedVenue, taken } from './scripted-venue.fixture.ts'
import type { ScriptedVenue } from './scripted-venue.fixture.ts'

const FILLS = 'GET /orders/historical/fills'
const START = Date.UTC(2026, 0, 2, 3, 0, 0)
const time = (second: number, digits = ''): string => new Date(START + second * 1000).toISOString().replace('Z', `${digits}Z`)

interface Row {
  readonly entry_id: string
  readonly sequence_timestamp: string
}

const fill = (id: string, second: number, changes: object = {}): Row => ({
  ...{ entry_id: id, trade_id: `t-${id}`, order_id: 'v1', trade_time: time(second), trade_type: 'FILL', price: '100', size: '0.5', commission: '0.45' },
  ...{ product_id: 'BTC-USD', sequence_timestamp: time(second, '123'), liquidity_indicator: 'TAKER', size_in_quote: false, side: 'BUY' },
  ...changes,
})

/** Pages of `size` over what is there when each is asked for, newest first; a cursor counts rows, so that new ones push old ones on. */
function pagesOf(venue: ScriptedVenue, rows: () => readonly Row[], size = 2, between: () => void = () => undefined): void {
  venue.on(FILLS, ({ query }) => {
    const start = Date.parse(query.get('start_sequence_timestamp')!)
    const list = rows()
      .filter(({ sequence_timestamp }) => Date.parse(sequence_timestamp) >= start)
      .toSorted((a, b) => Date.parse(b.sequence_timestamp) - Date.parse(a.sequence_timestamp))
    const from = Number(query.get('cursor') ?? '0')
    const page = { json: { fills: list.slice(from, from + size), cursor: from + size < list.length ? String(from + size) : '' } }
    between()
    return page
  })
}

const ids = (fills: readonly VenueFill[]): readonly string[] => fills.map(({ fillId }) => fillId)
const after = `v1:${START}`

describe('fills', () => {
  it('come oldest first over all pages, with ids and fees of the venue', async () => {
    const venue = await scriptedVenue()
    pagesOf(venue, () => [1, 2, 3, 4, 5].map((second) => fill(`f${second}`, second)))
    const { items, complete, next } = await venue.exchange.fills(after)
    expect(ids(items)).toEqual(['f1', 'f2', 'f3', 'f4', 'f5'])
    expect([complete, next]).toEqual([true, `v1:${START + 5_000}`])
    const { price, quantity, fee, ...rest } = items[0]!
    expect(rest).toEqual({ fillId: 'f1', venueOrderId: 'v1', instrument: 'BTC-USD', side: 'buy', liquidity: 'taker', atMs: START + 1_000 })
    expect([price, quantity, fee.amount].map(decimalText)).toEqual(['100', '0.5', '0.45'])
    expect(fee.currency).toBe('USD')
  })

  it('of the same millisecond keep the order of the list', async () => {
    const venue = await scriptedVenue()
    pagesOf(venue, () => [fill('newest', 1), fill('middle', 1), fill('oldest', 1)], 10)
    expect(ids((await venue.exchange.fills(after)).items)).toEqual(['oldest', 'middle', 'newest'])
  })

  it('are asked for from the cursor less an hour, and of the last 24 hours without one', async () => {
    const venue = await scriptedVenue()
    venue.on(FILLS, { json: { fills: [], cursor: '' } })
    expect(await venue.exchange.fills(after)).toEqual({ items: [], complete: true, next: after })
    const first = await venue.exchange.fills(undefined)
    const starts = venue.seen.filter(({ route }) => route === FILLS).map(({ query }) => Date.parse(query.get('start_sequence_timestamp')!))
    expect(starts[0]).toBe(START - 3_600_000)
    expect(Math.abs(starts[1]! - (Date.now() - 86_400_000))).toBeLessThan(60_000)
    // The next look begins where this one did: nothing was seen, so nothing is behind us.
    expect(first.next).toBe(`v1:${starts[1]! + 3_600_000}`)
  })

  it('that arrive between two pages are neither lost nor put in the wrong place [fault 17]', async () => {
    const venue = await scriptedVenue()
    const rows = [1, 2, 3, 4].map((second) => fill(`f${second}`, second))
    pagesOf(
      venue,
      () => rows,
      2,
      () => {
        if (rows.length < 7) rows.push(fill(`f${rows.length + 1}`, rows.length + 1))
      },
    )
    const seen = new Set<string>()
    let cursor: string | undefined = after
    for (let look = 0; look < 3; look++) {
      const { items, next } = await venue.exchange.fills(cursor)
      expect(ids(items)).toEqual([...new Set(ids(items))])
      for (const id of ids(items)) seen.add(id)
      cursor = next
    }
    expect([...seen].toSorted()).toEqual(['f1', 'f2', 'f3', 'f4', 'f5', 'f6', 'f7'])
  })

  it('that become visible late are found behind the cursor [fault 16] [pitfall 3]', async () => {
    const venue = await scriptedVenue()
    const rows = [fill('late', 10), fill('early', 600)]
    pagesOf(venue, () => rows.slice(1))
    const { next } = await venue.exchange.fills(after)
    expect(next).toBe(`v1:${START + 600_000}`)
    pagesOf(venue, () => rows)
    expect(ids((await venue.exchange.fills(next)).items)).toEqual(['late', 'early'])
  })

  it.each([
    ['fails', () => ({ status: 400, text: '' })],
    ['cannot be read', () => ({ text: '<html>' })],
  ] as const)('are not complete when a page %s, and the cursor stays', async (_, reply) => {
    const venue = await scriptedVenue()
    venue.on(FILLS, ({ query }) => (query.get('cursor') === null ? { json: { fills: [fill('f9', 9)], cursor: 'more' } } : reply()))
    const { items, complete, next } = await venue.exchange.fills(after)
    expect([ids(items), complete, next]).toEqual([['f9'], false, after])
  })

  it.each([
    ['no id', { entry_id: '' }],
    ['no size', { size: '0' }],
    ['no price', { price: '' }],
    ['a size that is no number', { size: 'NaN' }],
    ['no side', { side: 'UNKNOWN' }],
    ['a kind that is no execution', { trade_type: 'CORRECTION' }],
  ])('hold the cursor, and say so, at one with %s: it is never left out in silence [fault 52] [fault 63]', async (_, changes) => {
    const venue = await scriptedVenue()
    pagesOf(venue, () => [fill('good', 1), fill('bad', 2, changes)])
    const heard = venue.listen()
    const { items, complete, next } = await venue.exchange.fills(after)
    expect([ids(items), complete, next]).toEqual([['good'], false, after])
    expect(heard.texts()).toContain('error unreadable')
  })

  it('that are counted in quote are turned into base, and keep their value [pitfall 6]', async () => {
    const venue = await scriptedVenue()
    const quoted = { price: '0.255', size: '0.9940357852882704', commission: '0.0059642147117296', size_in_quote: true, product_id: 'ALGO-USD' }
    const uneven = { price: '8.596', size: '4.9603174603174603', commission: '0.0396825396825397', size_in_quote: true, product_id: 'SUI-USD' }
    pagesOf(venue, () => [fill('even', 1, quoted), fill('uneven', 2, uneven), fill('base', 3)], 10)
    const { items } = await venue.exchange.fills(after)
    expect(items.map(({ quantity, value }) => [decimalText(quantity), value && decimalText(value)])).toEqual([
      ['3.89817955015008', '0.9940357852882704'],
      ['0.5770494951509377', '4.9603174603174603'],
      ['0.5', undefined],
    ])
  })

  it('name our order when this process sent it, and our instrument [pitfall 13]', async () => {
    const venue = await scriptedVenue()
    venue.on('POST /orders', taken())
    await venue.exchange.submit(requestOf(), never)
    pagesOf(venue, () => [fill('ours', 1), fill('other', 2, { order_id: 'v2', commission: '-0.01', liquidity_indicator: 'NEW_WORD' })])
    const { items } = await venue.exchange.fills(after)
    expect(items.map(({ clientOrderId, liquidity }) => [clientOrderId, liquidity])).toEqual([
      ['c1', 'taker'],
      [undefined, 'unknown'],
    ])
    const dollars = await scriptedVenue({ instruments: ['BTC-USDC'] })
    pagesOf(dollars, () => [fill('f1', 1)])
    expect((await dollars.exchange.fills(after)).items[0]).toMatchObject({ instrument: 'BTC-USDC', fee: { currency: 'USDC' } })
  })

  it('are not asked for with a cursor that is none', async () => {
    const venue = await scriptedVenue()
    await expect(venue.exchange.fills('yesterday')).rejects.toThrow(RangeError)
  })

  it('[row 31] are read from the beginning for an import, page by page, and it is said what is missing', async () => {
    const venue = await scriptedVenue()
    const rows = Array.from({ length: 7 }, (_, i) => fill(`f${i}`, i))
    pagesOf(venue, () => rows, 3)
    const told: number[] = []
    const { items, complete, problems } = await venue.exchange.fillHistory(undefined, (fills) => told.push(fills))
    expect([ids(items), complete, problems, told]).toEqual([['f0', 'f1', 'f2', 'f3', 'f4', 'f5', 'f6'], true, [], [3, 6, 7]])
    expect(ids((await venue.exchange.fillHistory((START + 5_000) as EpochMs)).items)).toEqual(['f5', 'f6'])
    rows.push(fill('bad', 9, { price: '' }))
    const some = await venue.exchange.fillHistory()
    expect([some.items.length, some.complete]).toEqual([7, false])
    expect(some.problems).toEqual([expect.stringContaining('a fill: price')])
  })
})
