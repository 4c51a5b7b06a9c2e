import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { money } from '@millrace/core'
import type { OrderReport, ProjectionRow, VenueFill } from '@millrace/core'
import { sampleJournal } from '@millrace/core/testing'
import { sqliteStore } from '@millrace/sqlite-store'
import { nextEntry } from '../../../core/src/testing/sample-journal.ts'
import { afterAll, describe, expect, it } from 'vitest'
import { capturedTerminal } from '../captured-terminal.fixture.ts'
import { runCommandLine } from '../command-line.ts'
import { main } from '../main.ts'
import type { ComparedVenue } from './compare-stored.ts'
import { reconcileCommand } from './reconcile-command.ts'
import type { ReconcileParts } from './reconcile-command.ts'

const folder = mkdtempSync(join(tmpdir(), 'millrace-reconcile-'))
afterAll(() => rmSync(folder, { recursive: true }))
const db = join(folder, 'live.db')
const key = join(folder, 'key.json')
writeFileSync(key, JSON.stringify({ name: 'key', privateKey: 'secret' }), { mode: 0o600 })
writeFileSync(`${db}.token`, JSON.stringify({ full: 'f'.repeat(43), read: 'r'.repeat(43) }))

const store = sqliteStore(db).open({ environment: 'live', account: 'ours' })
store.append(sampleJournal(400))
const [orders, balances, fills] = [store.rows('orders'), store.rows('balances'), store.rows('fills')]
store.close()
const working = orders.find((row) => row['state'] === 'open' || row['state'] === 'sent' || row['state'] === 'intent' || row['state'] === 'partiallyFilled')!
const finished = orders.find((row) => row['state'] === 'filled')!

const reportOf = (row: ProjectionRow, state = String(row['state']) as OrderReport['state']): OrderReport => ({
  ref: { clientOrderId: String(row['client_order_id']), venueOrderId: String(row['venue_order_id']), instrument: String(row['instrument']) },
  ...{ state, filledQuantity: money('0'), atMs: 0 as OrderReport['atMs'] },
})

const fillOf = (row: ProjectionRow): VenueFill => ({
  ...{
    fillId: String(row['fill_id']),
    venueOrderId: String(row['venue_order_id']),
    instrument: String(row['instrument']),
    side: row['side'] as VenueFill['side'],
  },
  ...{ price: money(String(row['price'])), quantity: money(String(row['quantity'])), liquidity: 'taker' },
  ...{ fee: { amount: money(String(row['fee_amount'])), currency: String(row['fee_currency']) }, atMs: Number(row['filled_at_ms']) as VenueFill['atMs'] },
})

/** The venue as the journal has it, and what is changed about it. */
const venueLike = (changes: Partial<ComparedVenue> = {}): Partial<ComparedVenue> => ({
  account: async () => 'ours',
  liveOrders: async () => ({ items: [reportOf(working)], complete: true }),
  order: async () => 'notFound',
  fillHistory: async () => ({ items: fills.map((row) => fillOf(row)), complete: true }),
  balances: async () => balances.map((row) => ({ currency: String(row['currency']), available: money(String(row['total'])), held: money('0') })),
  close: async () => undefined,
  ...changes,
})

interface Answer {
  readonly exitCode: number
  readonly out: string
  readonly err: string
}

async function run(
  argv: readonly string[],
  venue: Partial<ComparedVenue> = venueLike(),
  request: typeof fetch = () => Promise.reject(new TypeError('nobody')),
): Promise<Answer> {
  const terminal = capturedTerminal()
  const parts: ReconcileParts = {
    env: {},
    request,
    connect: () =>
      ({ exchange: { ...venue, checkKey: async () => undefined }, market: { close: async () => undefined } }) as unknown as ReturnType<
        ReconcileParts['connect']
      >,
  }
  const context = { terminal, exitCode: 0 as const }
  const exitCode = await runCommandLine(reconcileCommand(context, parts), argv, context)
  return { exitCode, out: terminal.stdout(), err: terminal.stderr() }
}

const stopped = ['--db', db, '--exchange', 'coinbase', '--key-file', key]

describe('millrace reconcile', () => {
  it('[row 30] [fault 46] of a stopped run says that file and venue agree, fill for fill, and changes nothing', async () => {
    const { exitCode, out } = await run(stopped)
    expect([exitCode, out.includes('and the venue agree')]).toEqual([0, true])
    expect(fills.length).toBeGreaterThan(20)
    expect(out).toContain(`${fills.length} of ${fills.length} stored fills are the venue's, to the last digit`)
  })

  it('[row 30] [fault 46] names every order, fill and balance that differs', async () => {
    const id = String(finished['client_order_id'])
    const fill = {
      fillId: 'new',
      venueOrderId: String(finished['venue_order_id']),
      instrument: 'BTC-USD',
      side: 'buy',
      price: money('7'),
      quantity: money('2'),
    } as const
    const [dear, gone] = fills
    const venue = venueLike({
      liveOrders: async () => ({
        items: [reportOf(finished, 'open'), { ...reportOf(working, 'open'), ref: { clientOrderId: 'theirs', instrument: 'BTC-USD' } }],
        complete: true,
      }),
      fillHistory: async () => ({
        items: [
          { ...fillOf(dear!), price: money('7') },
          { ...fillOf(dear!), ...fill },
        ],
        complete: true,
      }),
      balances: async () => [{ currency: 'USD', available: money('1'), held: money('2') }],
    })
    const { exitCode, out } = await run([...stopped, '--json'], venue)
    const result = JSON.parse(out) as { readonly source: string; readonly agrees: boolean; readonly differences: readonly string[] }
    expect([exitCode, result.source, result.agrees]).toEqual([3, 'store', false])
    expect(result.differences).toEqual(
      expect.arrayContaining([
        `order ${id} is filled in the journal and open at the venue`,
        'order theirs (BTC-USD) is open at the venue and not in the journal',
        `order ${String(working['client_order_id'])} is ${String(working['state'])} in the journal and was never at the venue`,
        expect.stringContaining(`fill new of order ${id} (buy 2 at 7, fee `) as string,
        expect.stringContaining(`fill ${String(dear!['fill_id'])} of order ${String(dear!['client_order_id'])} is `) as string,
        `fill ${String(gone!['fill_id'])} of order ${String(gone!['client_order_id'])} is in the journal and not at the venue`,
        expect.stringMatching(/^USD: the venue has 3, the journal /) as string,
      ]),
    )
    expect((await run(stopped, venue)).out).toContain('nothing was changed')
  })

  it('looks at the coins of a bot that was added while it ran as well', async () => {
    const added = join(folder, 'added.db')
    const journal = sampleJournal(400)
    const last = journal.at(-1)!
    const settings = { id: 'late', instrument: 'DOGE-USD' }
    const opened = sqliteStore(added).open({ environment: 'live', account: 'ours' })
    opened.append([
      ...journal,
      nextEntry(last, last.atMs, 'command', { kind: 'addBot', payload: { kind: 'addBot', botId: 'late', settings, base: '', after: '' } }, 'late'),
    ])
    opened.close()
    const venue = venueLike()
    const more = { currency: 'DOGE', available: money('5'), held: money('0') }
    const { exitCode, out } = await run(['--db', added, ...stopped.slice(2)], { ...venue, balances: async () => [...(await venue.balances!()), more] })
    expect([exitCode, out.includes('DOGE: the venue has 5, the journal 0')]).toEqual([3, true])
  })

  it('refuses what proves nothing: another account, half a list, no balances, nobody to ask', async () => {
    const refused = async (words: string, argv: readonly string[], venue?: Partial<ComparedVenue>) =>
      expect(await run(argv, venue)).toMatchObject({ exitCode: 3, out: '', err: expect.stringContaining(words) as string })
    await refused('belongs to the account "ours", the key to "theirs"', stopped, venueLike({ account: async () => 'theirs' }))
    await refused('list of live orders is not complete', stopped, venueLike({ liveOrders: async () => ({ items: [], complete: false }) }))
    await refused('no balances at all', stopped, venueLike({ balances: async () => [] }))
    await refused('no engine runs on', ['--db', db])
    await refused('there is no database', ['--db', join(folder, 'none.db')])
    await refused('nothing answers at http://127.0.0.1:3000', ['--db', db, '--url', 'http://127.0.0.1:3000'])
    await refused('on this machine', ['--db', db, '--url', 'http://example.com'])
  })

  it('asks a running engine with the full token and tells what it did about the differences', async () => {
    const seen: { readonly url: string; readonly init: RequestInit }[] = []
    const answering =
      (body: object, status = 200): typeof fetch =>
      (input, init) => {
        seen.push({ url: input instanceof Request ? input.url : String(new URL(input)), init: init! })
        return Promise.resolve(new Response(JSON.stringify(body), { status }))
      }
    const body = {
      at_ms: 1_000,
      differences: ['USD: the venue has 3, our books 2'],
      corrections: [{ currency: 'USD', amount: '1' }],
      mismatch: null,
      unconfirmed: false,
    }
    const asked = await run(['--db', db, '--url', 'http://127.0.0.1:3000'], undefined, answering(body))
    expect(asked).toMatchObject({ exitCode: 3, out: expect.stringContaining('booked: 1 USD came without an order of ours') as string })
    expect(seen[0]).toMatchObject({ url: 'http://127.0.0.1:3000/api/v1/reconcile', init: { method: 'POST' } })
    expect(new Headers(seen[0]!.init.headers).get('authorization')).toBe(`Bearer ${'f'.repeat(43)}`)
    const halted = await run(['--db', db, '--url', 'http://127.0.0.1:3000'], undefined, answering({ ...body, mismatch: 'BTC: 1 is missing' }))
    expect([halted.exitCode, halted.out.includes('HALTED: BTC: 1 is missing')]).toEqual([5, true])
    const well = await run(['--db', db, '--url', 'http://127.0.0.1:3000'], undefined, answering({ ...body, differences: [], corrections: [] }))
    expect(well.exitCode).toBe(0)
    const failed = await run(['--db', db, '--url', 'http://127.0.0.1:3000'], undefined, answering({ title: 'The engine refused', detail: 'no' }, 409))
    expect(failed.err).toContain('answered 409: The engine refused: no')
  })
})

it.each([
  ['simulator', 'the simulator of a rehearsal ends with its run, and its account with it: nobody is left to ask'],
  ['paper', 'a run on paper has no account at a venue'],
  ['./own.ts#venue', 'a module need not tell all the fills of an account'],
  ['binance', 'no other venue is known here'],
])('says why --exchange %s cannot be held against a file', async (name, words) => {
  const terminal = capturedTerminal()
  const exitCode = await main(['reconcile', '--db', db, '--exchange', name], terminal)
  expect([exitCode, terminal.stderr()]).toEqual([2, expect.stringContaining(`Expected coinbase: ${words}`) as string])
})
