import type { Exchange } from '../../contracts/exchange.ts'
import type { JournalEntry } from '../../contracts/journal.ts'
import type { Store } from '../../contracts/store.ts'
import { ZERO } from '../../model/money.ts'
import { deterministicUuid } from '../../engine/hashing.ts'
import type { EngineParts } from './schedule.ts'

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

/**
 * Engines that are broken on purpose, by what is wrong with them: the mistakes that such programs really make. Each makes the real engine make one, by giving it
 * what the mistake would give it.
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
  'a start forgets the fills': store((inner) => without(['fill'], inner)),
  'a start forgets how orders ended': store((inner) => without(['orderEvent'], inner)),
  'an order leaves before it is written down': store((inner) => without(['sent'], inner)),
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
}
