import { randomBytes } from 'node:crypto'
import { decimalText, money } from '@millrace/core'
import type { EpochMs, Exchange } from '@millrace/core'
import { simulatedClock } from '@millrace/core/testing'
import type { ExchangeControls, ExchangeSubject, SimulatedClock } from '@millrace/core/testing'
import { createSigner } from '../src/auth/signer.ts'
import type { Signer } from '../src/auth/signer.ts'
import type { RawMessage } from '../src/account/private-link.ts'
import { coinbase } from '../src/coinbase.ts'
import type { CoinbaseOptions } from '../src/coinbase.ts'
import type { CoinbaseExchange } from '../src/coinbase-exchange.ts'
import { startVenueSimulator } from '../src/simulator/index.ts'
import type { FaultKind, VenueAction, VenueOptions, VenueSimulator } from '../src/simulator/index.ts'

export const START_MS = Date.UTC(2026, 10, 21, 12)
const STEP_MS = 250
const PRODUCT = 'BTC-USD'
const PRICE = '68000'
const BUDGET = { capacity: 1_000, perSecond: 1_000 }
const OFTEN = 1_000_000
/** Virtual time runs faster than sockets do: a handshake on a busy machine must not look like silence. */
const SILENCE_MS = 60_000
/** Real milliseconds that one step waits at most for what the clock does not hold. */
const MOST_TURNS = 8

/** The adapter before the simulator, over real sockets and on one clock that is moved by hand. */
export interface VenueSubject extends ExchangeSubject {
  readonly exchange: CoinbaseExchange
  readonly controls: ExchangeControls
  readonly venue: VenueSimulator
  readonly clock: SimulatedClock
  readonly keyName: string
  inject(
    kind: FaultKind,
    more?: { readonly times?: number; readonly matching?: string; readonly delayMs?: number; readonly status?: number; readonly retryAfterS?: number },
  ): void
  control(action: VenueAction): string | undefined
  /** Lets time pass in steps, and everything arrive that it brings. */
  pass(ms: number, stepMs?: number): Promise<void>
  /** Waits for an answer while time goes on. */
  answer<T>(promise: Promise<T>): Promise<T>
  /** Another exchange with the same key. */
  another(changes?: CoinbaseOptions): CoinbaseExchange
}

export async function venueSubject(options: Partial<VenueOptions> = {}, changes: CoinbaseOptions = {}): Promise<VenueSubject> {
  const clock = simulatedClock(START_MS)
  const venue = await startVenueSimulator({
    ...{ seed: 7, clock, market: { kind: 'still' }, accounts: { USD: '1000' }, lag: { fillsMs: 0 }, historyDays: 1, tickMs: 1_000 },
    products: [{ id: PRODUCT, priceIncrement: '0.01', baseIncrement: '0.00000001', baseMax: '3400', quoteMax: '150000000', price: PRICE, protection: '0.02' }],
    limits: { privatePerSecond: 1_000, publicPerSecond: 1_000, connectionsPerSecond: 1_000, messagesPerSecond: 1_000 },
    depth: { levels: 4, valuePerLevel: 1_000_000 },
    ...options,
  })
  const { keyName, secret } = venue.generateKey('EdDSA')
  const underWay = createUnderWay()
  const signer = underWay.signer(createSigner({ keyName, secret, nonce: () => randomBytes(32).toString('hex') }))
  let [failing, pageSize] = [false, undefined as number | undefined]
  const opened: CoinbaseExchange[] = []

  /** What the harness does to reading, it does on the way. */
  const throughHarness: typeof fetch = (input, init) => {
    if (init?.method !== 'GET') return underWay.count(fetch(input, init))
    if (failing) return Promise.reject(new TypeError('the harness lets nothing through'))
    const url = new URL(input instanceof Request ? input.url : input)
    if (pageSize !== undefined && url.searchParams.has('limit')) url.searchParams.set('limit', String(pageSize))
    return underWay.count(fetch(url, init))
  }

  const another = (more: CoinbaseOptions = {}): CoinbaseExchange => {
    const { exchange } = coinbase({
      ...{ signer, clock, random: () => 0, fetch: throughHarness, visibleAfterMs: 30_000, silenceMs: SILENCE_MS, budget: BUDGET, privateBudget: BUDGET },
      baseUrls: { rest: venue.restUrl, marketSocket: venue.socketUrl, userSocket: venue.userSocketUrl },
      ...changes,
      ...more,
      onRaw(message) {
        underWay.heard(message)
        changes.onRaw?.(message)
      },
    })
    opened.push(exchange)
    return exchange
  }

  const exchange = another()
  const control = (action: VenueAction): string | undefined => venue.control(action)
  const inject: VenueSubject['inject'] = (kind, more = {}) => void control({ do: 'inject', kind, ...more })
  /** What a case of the contract asked for: each has to happen, or the case showed nothing. */
  const asked = new Set<FaultKind>()
  const ask = (kind: FaultKind, more: object = {}): void => {
    asked.add(kind)
    inject(kind, more)
  }
  const next = (kind: FaultKind, more: object = {}): void => ask(kind, { matching: 'POST /orders', ...more })

  async function pass(ms: number, stepMs = STEP_MS): Promise<void> {
    for (let left = ms; left > 0; left -= stepMs) {
      clock.advance(Math.min(stepMs, left))
      await venue.settled()
      await underWay.done()
    }
  }

  async function answer<T>(promise: Promise<T>): Promise<T> {
    let done = false
    const finish = (): void => void (done = true)
    promise.then(finish, finish)
    while (!done) await pass(STEP_MS)
    return promise
  }

  const controls: ExchangeControls = {
    async setPrice(price) {
      control({ do: 'setPrice', product: PRODUCT, price: decimalText(price) })
      control({ do: 'trade', product: PRODUCT, price: decimalText(price), size: '1', makerSide: 'BUY' })
      await pass(STEP_MS)
    },
    tradeAgainst: (quantity, limitPrice) =>
      void control({ do: 'trade', product: PRODUCT, price: decimalText(limitPrice), size: decimalText(quantity), makerSide: 'BUY' }),
    setDepth: (quantity) => void control({ do: 'limitDepth', product: PRODUCT, size: decimalText(quantity) }),
    setState: (state) => void control({ do: 'productState', product: PRODUCT, state }),
    setIncrements: ({ priceIncrement, baseIncrement }) =>
      void control({
        do: 'increments',
        product: PRODUCT,
        price: decimalText(priceIncrement),
        base: decimalText(baseIncrement),
        baseMin: decimalText(baseIncrement),
      }),
    advance: (ms) => pass(ms, 1_000),
    transfer: (currency, amount) => void control({ do: amount.isNegative() ? 'withdraw' : 'deposit', currency, amount: decimalText(amount.abs()) }),
    externalOrder: async ({ side, base, limit }) =>
      control({
        do: 'ownerOrder',
        product: PRODUCT,
        side: side === 'buy' ? 'BUY' : 'SELL',
        baseSize: decimalText(base),
        ...(limit && { limitPrice: decimalText(limit) }),
      })!,
    books: () => booksOf(venue),
    loseRequest: () => next('requestLost'),
    loseReply: () => next('replyLost'),
    failBefore: () => next('errorBefore'),
    failAfter: () => next('errorAfter'),
    garbleReply: () => next('truncatedBody'),
    limitRate: () => next('tooManyRequests'),
    delayReply: (delayMs) => next('replyDelayed', { delayMs }),
    failReads: (is) => void (failing = is),
    hideOrders: (ordersMs) => void control({ do: 'lag', ordersMs }),
    hideFills: (fillsMs) => void control({ do: 'lag', fillsMs }),
    limitPages: (items) => void (pageSize = items),
    dropConnection: () => void control({ do: 'sockets', open: false }),
    restoreConnection: () => void control({ do: 'sockets', open: true }),
    duplicateEvents: () => ask('duplicateMessage', { times: OFTEN }),
    replayEvents: () => void control({ do: 'replayUser' }),
    skipEvent: () => ask('sequenceGap', { matching: 'user' }),
    refuseSubscription: () => ask('subscribeRefused', { matching: ' user' }),
    reopen: async (): Promise<Exchange> => another(),
  }

  return {
    ...{ exchange, venue, clock, keyName, inject, control, pass, answer, another, controls },
    ...{ instrument: PRODUCT, price: money(PRICE), linked: true },
    nowMs: () => clock.nowMs() as EpochMs,
    settle: () => pass(STEP_MS),
    async close() {
      await Promise.all(opened.map((each) => each.close()))
      await venue.close()
      const { faults } = venue.report()
      for (const kind of asked) if (faults[kind] === undefined) throw new Error(`the case asked for the fault ${kind}, which never happened`)
    },
  }
}

interface UnderWay {
  signer(signer: Signer): Signer
  count<T>(promise: Promise<T>): Promise<T>
  heard(message: RawMessage): void
  /** Gives what is under way here real time to end: keys are worked on beside the event loop. What waits for the clock or was lost is not waited for long. */
  done(): Promise<void>
}

function createUnderWay(): UnderWay {
  let [requests, signatures, subscriptions] = [0, 0, 0]
  async function signed(token: Promise<string>): Promise<string> {
    signatures++
    return token.finally(() => signatures--)
  }
  return {
    signer: (signer) => ({
      ...signer,
      rest: (...given) => signed(signer.rest(...given)),
      socket(nowMs) {
        subscriptions++
        return signed(signer.socket(nowMs))
      },
    }),
    count(promise) {
      requests++
      return promise.finally(() => requests--)
    },
    heard({ source, text }) {
      if (source === 'socket' && /"channel":"subscriptions"|"type":"error"/.test(text)) subscriptions = Math.max(0, subscriptions - 1)
    },
    async done() {
      // Requests may wait for the clock; signatures and answers to subscriptions do not.
      for (let turn = 0; turn < MOST_TURNS && requests + signatures + subscriptions > 0; turn++) await new Promise((resolve) => setTimeout(resolve, 1))
      for (let turn = 0; turn < 20 * MOST_TURNS && signatures + subscriptions > 0; turn++) await new Promise((resolve) => setTimeout(resolve, 1))
      subscriptions = 0
    },
  }
}

function booksOf(venue: VenueSimulator): Awaited<ReturnType<NonNullable<ExchangeControls['books']>>> {
  const { balances, orders } = venue.ledger()
  return {
    balances: balances.map(({ currency, available, hold }) => ({ currency, available: money(available), held: money(hold) })),
    orders: orders
      .filter(({ placedBy }) => placedBy !== 'owner')
      .map(({ clientOrderId, filledBase }) => ({ clientOrderId, filledQuantity: money(filledBase) })),
  }
}
