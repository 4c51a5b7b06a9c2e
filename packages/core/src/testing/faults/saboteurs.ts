import type { Decimal } from 'decimal.js'
import { filter } from 'rxjs'
import type { Exchange } from '../../contracts/exchange.ts'
import type { JournalEntry } from '../../contracts/journal.ts'
import type { Store } from '../../contracts/store.ts'
import type { VenueFill } from '../../model/fill.ts'
import { ZERO, add } from '../../model/money.ts'
import type { OrderReport } from '../../model/order.ts'
import type { EpochMs } from '../../model/time.ts'
import { systemClock } from '../../runtime/system-clock.ts'
import { deterministicUuid } from '../../engine/hashing.ts'
import { harshFaults } from './fault-plan.ts'
import type { EngineParts, ScheduleOptions } from './schedule.ts'

type Sabotage = (parts: EngineParts) => EngineParts

/** An exchange with some of its methods made wrong. */
const exchange =
  (breakIt: (inner: Exchange) => Partial<Exchange>): Sabotage =>
  (parts) => {
    const { exchange: inner } = parts
    return { ...parts, exchange: { ...inner, ...breakIt(inner) } }
  }

/** A store with some of its methods made wrong. */
const store =
  (breakIt: (inner: Store) => Partial<Store>): Sabotage =>
  (parts) => ({
    ...parts,
    store: {
      open: (request) => {
        const inner = parts.store.open(request)
        return { ...inner, ...breakIt(inner) }
      },
    },
  })

const without = (types: readonly JournalEntry['type'][], inner: Store): Partial<Store> => ({
  read: (query) => inner.read(query).filter(({ type }) => !types.includes(type)),
})

/** A store whose start forgets some entries. */
const forgetful = (types: readonly JournalEntry['type'][]): Sabotage => store((inner) => without(types, inner))

/** An exchange on which some executions are never seen, and the orders' amounts agree with that. */
function blindTo(
  drops: (fill: VenueFill) => boolean,
  seen: (report: OrderReport, fills: readonly VenueFill[]) => OrderReport,
  inner: Exchange,
): Partial<Exchange> {
  const visible = async (after: string | undefined): ReturnType<Exchange['fills']> => {
    const answer = await inner.fills(after)
    return { ...answer, items: answer.items.filter((fill) => !drops(fill)) }
  }
  return {
    fills: visible,
    async order(ref, sentBefore) {
      const report = await inner.order(ref, sentBefore)
      if (typeof report === 'string') return report
      const { items } = await inner.fills(undefined)
      return seen(
        report,
        items.filter(({ venueOrderId }) => venueOrderId === report.ref.venueOrderId),
      )
    },
    // Nothing is pushed, so that every word about an order comes through here.
    events: () => inner.events().pipe(filter(({ type }) => type !== 'report')),
  }
}

const sumOf = (fills: readonly VenueFill[]): Decimal => fills.reduce((sum, { quantity }) => add(sum, quantity), ZERO)

/** Without one of the account's rules. */
const withoutRule =
  (code: string): Sabotage =>
  (parts) => ({ ...parts, safety: parts.safety!.flat().filter((rule) => rule.code !== code) })

/**
 * Engines that are broken on purpose, by what is wrong with them: the mistakes that such programs really make. Each makes the real engine make one, by giving it
 * what the mistake would give it. A schedule with one of them has problems, or has another hash each time it is run.
 */
export const saboteurs: Readonly<Record<string, Sabotage>> = {
  'a time-out is taken for a rejection': exchange((inner) => ({
    async submit(request, signal, sentBefore) {
      const result = await inner.submit(request, signal, sentBefore)
      return result.outcome === 'unknown' ? { outcome: 'rejected', code: 'timeout', detail: result.cause } : result
    },
  })),
  'an unknown order is sent again under a new id': exchange((inner) => ({
    async submit(request, signal, sentBefore) {
      const result = await inner.submit(request, signal, sentBefore)
      if (result.outcome !== 'unknown') return result
      return inner.submit({ ...request, clientOrderId: deterministicUuid(request.clientOrderId, 'again') }, signal)
    },
  })),
  'not found at once is taken for rejected': exchange((inner) => ({
    async order(ref, sentBefore) {
      const answer = await inner.order(ref, sentBefore)
      return answer === 'unknown' ? 'notFound' : answer
    },
  })),
  'fills are not told apart': exchange((inner) => {
    let n = 0
    return {
      async fills(after) {
        const answer = await inner.fills(after)
        return { ...answer, items: answer.items.map((fill) => ({ ...fill, fillId: `${fill.fillId}#${n++}` })) }
      },
    }
  }),
  'only the last few fills are remembered': exchange((inner) => {
    const order: string[] = []
    const again = new Map<string, number>()
    return {
      async fills(after) {
        const answer = await inner.fills(after)
        for (const { fillId } of answer.items) if (!order.includes(fillId)) order.push(fillId)
        // What was pushed out of the memory is booked anew when it comes again.
        const items = answer.items.map((fill) => {
          if (order.length - order.indexOf(fill.fillId) <= 4) return fill
          again.set(fill.fillId, (again.get(fill.fillId) ?? 0) + 1)
          return { ...fill, fillId: `${fill.fillId}~${again.get(fill.fillId)}` }
        })
        return { ...answer, items }
      },
    }
  }),
  'fills that come late are ignored': (parts) => {
    const { exchange: inner, clock } = parts
    return exchange(() => ({
      async fills(after) {
        const answer = await inner.fills(after)
        return { ...answer, items: answer.items.filter(({ atMs }) => clock!.nowMs() - atMs < 3_000) }
      },
    }))(parts)
  },
  'half a list of fills is taken for all': exchange((inner) => ({
    async fills(after) {
      const answer = await inner.fills(after)
      const last = answer.items.length === 0 ? undefined : answer.next
      return { ...answer, items: answer.items.slice(0, Math.ceil(answer.items.length / 2)), complete: true, next: last ?? answer.next }
    },
  })),
  'a start forgets the fills': forgetful(['fill']),
  'a start forgets how orders ended': forgetful(['orderEvent']),
  'an order leaves before it is written down': forgetful(['sent']),
  'an empty list of orders is a proof': exchange((inner) => ({
    async order(ref, sentBefore) {
      const live = await inner.liveOrders()
      const found = live.items.find(({ ref: { clientOrderId } }) => clientOrderId === ref.clientOrderId)
      return found ?? (ref.venueOrderId === undefined ? 'notFound' : inner.order(ref, sentBefore))
    },
  })),
  'fees are left out': exchange((inner) => ({
    async fills(after) {
      const answer = await inner.fills(after)
      return { ...answer, items: answer.items.map((fill) => ({ ...fill, fee: { ...fill.fee, amount: ZERO } })) }
    },
  })),
  'fills of others are ours': exchange((inner) => {
    let own = ''
    return {
      async submit(request, signal, sentBefore) {
        own = request.clientOrderId
        return inner.submit(request, signal, sentBefore)
      },
      async fills(after) {
        const answer = await inner.fills(after)
        return { ...answer, items: answer.items.map((fill) => (own === '' ? fill : { ...fill, clientOrderId: own })) }
      },
    }
  }),
  'the last fill of an order is lost': exchange((inner) => {
    const seen = new Set<string>()
    return {
      async fills(after) {
        const answer = await inner.fills(after)
        const items = answer.items.filter(({ venueOrderId, fillId }) => !seen.has(venueOrderId) || seen.has(fillId))
        for (const { venueOrderId, fillId } of items) seen.add(venueOrderId).add(fillId)
        return { ...answer, items }
      },
    }
  }),
  'limits are looked at by nobody': (parts) => ({
    ...parts,
    safety: parts.safety!.flat().filter(({ code }) => code === 'ENVIRONMENT'),
    bots: parts.bots.map((bot) => ({ ...bot, safety: [], sizing: { ...bot.sizing, size: () => 60 } })),
  }),
  'filled is believed before the fills add up': exchange((inner) => {
    const known = new Map<string, ReadonlySet<string>>()
    return blindTo(
      ({ venueOrderId, fillId }) => known.get(venueOrderId)?.has(fillId) === false,
      (report, fills) => {
        const { venueOrderId } = report.ref
        if (report.state !== 'filled' || venueOrderId === undefined) return report
        if (!known.has(venueOrderId)) known.set(venueOrderId, new Set(fills.map(({ fillId }) => fillId)))
        return { ...report, filledQuantity: sumOf(fills.filter(({ fillId }) => known.get(venueOrderId)!.has(fillId))) }
      },
      inner,
    )
  }),
  'a cancel wins over the fill that it races': exchange((inner) => {
    const cancelled = new Map<string, readonly string[]>()
    return {
      ...blindTo(
        ({ venueOrderId, fillId }) => cancelled.get(venueOrderId)?.includes(fillId) === false,
        (report, fills) => {
          const before = cancelled.get(report.ref.venueOrderId ?? '')
          if (before === undefined) return report
          return { ...report, state: 'cancelled', filledQuantity: sumOf(fills.filter(({ fillId }) => before.includes(fillId))) }
        },
        inner,
      ),
      async cancel(ref, signal) {
        const { venueOrderId } = ref
        const { items } = await inner.fills(undefined)
        const before = items.filter((fill) => fill.venueOrderId === venueOrderId).map(({ fillId }) => fillId)
        if (venueOrderId !== undefined && !cancelled.has(venueOrderId)) cancelled.set(venueOrderId, before)
        await inner.cancel(ref, signal)
        return { outcome: 'cancelled' }
      },
    }
  }),
  'a fill and its money are not written down together': (parts) => {
    let half: string | undefined
    return {
      ...store((inner) => {
        const last = inner.read({ types: ['fill'], limit: 1_000_000 }).at(-1)
        // The process died right after it: that there was a fill is known, what it moved is not.
        if (last === undefined || inner.lastSeq() - last.seq > 2) return {}
        half = (last.data as { readonly fillId: string }).fillId
        return { read: (query) => inner.read(query).filter(({ seq }) => seq !== last.seq) }
      })(parts),
      exchange: {
        ...parts.exchange,
        async fills(after) {
          const answer = await parts.exchange.fills(after)
          return { ...answer, items: answer.items.filter(({ fillId }) => fillId !== half) }
        },
      },
    }
  },
  'money is promised to two orders': exchange((inner) => ({
    // What an order holds counts as free as well.
    balances: async () => (await inner.balances()).map((balance) => ({ ...balance, available: add(balance.available, balance.held) })),
  })),
  'a price of long ago is traded on': withoutRule('STALE_DATA'),
  "the machine's clock is read": (parts) => {
    const machine = systemClock()
    const { clock } = parts
    return { ...parts, clock: { ...clock!, nowMs: () => (clock!.nowMs() + (machine.nowMs() % 50)) as EpochMs } }
  },
}

/** The days on which a mistake shows that other days forgive. */
export const saboteurDays: Readonly<Record<string, Pick<ScheduleOptions, 'bots' | 'cash' | 'faults'>>> = {
  // Eleven bots, little money, and nobody else who takes any.
  'money is promised to two orders': { bots: 11, cash: '60', faults: { ...harshFaults, manualTrade: 0, withdrawal: 0 } },
}
