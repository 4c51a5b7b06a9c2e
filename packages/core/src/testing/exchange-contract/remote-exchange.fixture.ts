import { Subject, firstValueFrom, map, race, from } from 'rxjs'
import type { LinkEvent, OrderEvent } from '../../contracts/events.ts'
import type { CancelResult, Complete, Exchange, SubmitResult } from '../../contracts/exchange.ts'
import type { VenueFill } from '../../model/fill.ts'
import { equal } from '../../model/money.ts'
import type { OrderRef, OrderReport, OrderRequest } from '../../model/order.ts'
import { unsoundSequence } from './event-sequence.ts'
import type { ExchangeSubject } from './harness.ts'
import { paperSubject } from './paper-subject.fixture.ts'
import { WireVenue, type WireAnswer, type WireMessage } from './wire.fixture.ts'

const TIMEOUT_MS = 10_000

/** The paper exchange at the other end of a wire that can be broken in every way the harness knows. */
export function remoteSubject(): ExchangeSubject {
  const subject = paperSubject()
  const venue = new WireVenue(subject)
  const opened = [remoteExchange(venue)]
  const { controls } = subject
  return {
    ...subject,
    exchange: opened[0]!,
    linked: true,
    settle: async () => {
      await subject.settle()
      await venue.tick(subject.nowMs())
    },
    close: async () => {
      for (const exchange of opened) await exchange.close()
      await subject.close()
    },
    controls: {
      ...controls,
      advance: async (ms) => {
        await controls.advance?.(ms)
        await venue.tick(subject.nowMs())
      },
      books: () => venue.books(),
      loseRequest: () => void (venue.nextFault = 'loseRequest'),
      loseReply: () => void (venue.nextFault = 'loseReply'),
      failBefore: () => void (venue.nextFault = 'failBefore'),
      failAfter: () => void (venue.nextFault = 'failAfter'),
      garbleReply: () => void (venue.nextFault = 'garbleReply'),
      limitRate: () => void (venue.nextFault = 'limitRate'),
      delayReply: (ms) => void (venue.nextFault = ms),
      failReads: (failing) => void (venue.failingReads = failing),
      hideOrders: (ms) => void (venue.hideOrdersMs = ms),
      hideFills: (ms) => void (venue.hideFillsMs = ms),
      limitPages: (items) => void (venue.pageSize = items),
      dropConnection: () => venue.drop(),
      restoreConnection: () => venue.restore(),
      duplicateEvents: () => void (venue.duplicating = true),
      replayEvents: () => venue.replay(),
      skipEvent: () => void (venue.skipping = true),
      refuseSubscription: () => void (venue.refusing = true),
      reopen: async () => {
        const another = remoteExchange(venue)
        opened.push(another)
        return another
      },
    },
  }
}

function remoteExchange(venue: WireVenue): Exchange {
  const { inner, clock } = venue
  const link = eventLink(venue)
  const accepted = new Set<string>()

  /** The answer, or that none came in time. */
  async function answered(answer: Promise<WireAnswer>): Promise<WireAnswer> {
    return firstValueFrom(race(from(answer), clock.at(clock.nowMs() + TIMEOUT_MS).pipe(map(() => ({ status: 0, body: 'no answer in time' })))))
  }

  /** What the venue answered; text when nobody knows. */
  async function post<T>(clientOrderId: string | undefined, carryOut: () => Promise<T>, signal: AbortSignal): Promise<T | string> {
    if (signal.aborted) return 'aborted before it was sent'
    if (link.closed) return 'the exchange is closed'
    try {
      const { status, body } = await answered(venue.post(clientOrderId, carryOut))
      if (status === 429) link.tell({ type: 'rateLimited', detail: 'the venue asks for fewer requests' })
      // The body is what `carryOut` returned, unless the wire spoilt it.
      return status === 200 && typeof body === 'object' ? (body as T) : `status ${status}: ${String(body)}`
    } catch (error) {
      return String(error)
    }
  }

  async function order({ clientOrderId }: OrderRef): Promise<OrderReport | 'notFound' | 'unknown'> {
    try {
      const found = await venue.order(clientOrderId)
      return found === 'notFound' && accepted.has(clientOrderId) ? 'unknown' : found
    } catch {
      return 'unknown'
    }
  }

  return {
    id: 'remote',
    environment: 'paper',
    capabilities: inner.capabilities,
    instruments: () => inner.instruments(),
    feeRates: () => inner.feeRates(),
    order,
    async submit(request: OrderRequest, signal, sentBefore): Promise<SubmitResult> {
      const result = await post(request.clientOrderId, () => inner.submit(request, signal), signal)
      if (typeof result === 'string') return { outcome: 'unknown', cause: result }
      if (result.outcome === 'accepted') accepted.add(request.clientOrderId)
      return result.outcome === 'rejected' && sentBefore ? { outcome: 'unknown', cause: `refused now: ${result.detail}` } : result
    },
    async cancel(ref: OrderRef, signal): Promise<CancelResult> {
      const result = await post(undefined, () => inner.cancel(ref, signal), signal)
      return typeof result === 'string' ? { outcome: 'unknown', detail: result } : result
    },
    async liveOrders(): Promise<Complete<OrderReport>> {
      try {
        return { items: await venue.liveOrders(), complete: true }
      } catch {
        return { items: [], complete: false }
      }
    },
    async fills(after): Promise<Complete<VenueFill> & { readonly next: string | undefined }> {
      const start = after === undefined ? 0 : Number(after)
      try {
        const { items, more } = await venue.fills(start)
        return { items, complete: !more, next: String(start + items.length) }
      } catch {
        return { items: [], complete: false, next: after }
      }
    },
    balances: () => venue.balances(),
    events: () => link.events.asObservable(),
    close: async () => link.close(),
  }
}

interface Link {
  readonly events: Subject<OrderEvent | LinkEvent>
  readonly closed: boolean
  tell(event: LinkEvent): void
  close(): void
}

/** Keeps a connection as long as it can; passes on what is news. */
function eventLink(venue: WireVenue): Link {
  const events = new Subject<OrderEvent | LinkEvent>()
  const told = new Map<string, OrderReport[]>()
  let [connected, closed, expected] = [false, false, 0]

  function isNews(event: OrderEvent | LinkEvent): boolean {
    if (event.type !== 'report') return true
    const before = told.get(event.report.ref.clientOrderId) ?? []
    const last = before.at(-1)
    if (last && last.state === event.report.state && equal(last.filledQuantity, event.report.filledQuantity)) return false
    if (unsoundSequence([...before, event.report]) !== undefined) return false
    told.set(event.report.ref.clientOrderId, [...before, event.report])
    return true
  }

  const listener = {
    message({ sequence, event }: WireMessage) {
      if (sequence > expected) {
        venue.leave(listener)
        connected = false
        events.next({ type: 'gap', detail: `expected message ${expected}, received ${sequence}` })
        return
      }
      expected = sequence + 1
      if (isNews(event)) events.next(event)
    },
    lost() {
      connected = false
      events.next({ type: 'down', detail: 'the connection was lost' })
    },
  }

  venue.onTick(() => {
    if (connected || closed) return
    try {
      connected = venue.connect(listener)
      expected = 0
      events.next(connected ? { type: 'ready', detail: 'subscribed' } : { type: 'error', detail: 'the subscription was refused' })
    } catch {
      // Still no connection: the next tick tries again.
    }
  })
  return {
    events,
    get closed() {
      return closed
    },
    tell: (event) => events.next(event),
    close() {
      closed = true
      venue.leave(listener)
      events.complete()
    },
  }
}
