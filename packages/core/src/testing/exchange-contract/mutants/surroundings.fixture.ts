import { EMPTY, concatMap, filter, from, map, of, share, throwError } from 'rxjs'
import type { Exchange } from '../../../contracts/exchange.ts'
import type { Instrument } from '../../../model/instrument.ts'
import { ZERO } from '../../../model/money.ts'
import { never, onEvents } from './mutant.fixture.ts'
import type { Mutant, Told } from './mutant.fixture.ts'

const onInstruments = (exchange: Exchange, change: (instrument: Instrument) => Instrument): Partial<Exchange> => ({
  instruments: async () => (await exchange.instruments()).map(change),
})

/** What goes wrong with instruments, the link and the end. */
export const surroundings: readonly Mutant[] = [
  {
    name: 'a capability is left undefined',
    caughtBy: ['E01'],
    mistake: (exchange) => ({ capabilities: { ...exchange.capabilities, quoteSizedBuys: undefined as unknown as boolean } }),
  },
  {
    name: 'an increment is a number of decimals',
    caughtBy: ['E02'],
    mistake: (exchange) => onInstruments(exchange, (instrument) => ({ ...instrument, baseIncrement: ZERO })),
  },
  {
    name: 'an instrument is listed under each of its names',
    caughtBy: ['E03'],
    mistake: (exchange) => ({ instruments: async () => (await exchange.instruments()).flatMap((instrument) => [instrument, instrument]) }),
  },
  {
    name: 'base and quote are the wrong way round',
    caughtBy: ['E03'],
    mistake: (exchange) => onInstruments(exchange, (instrument) => ({ ...instrument, base: instrument.quote, quote: instrument.base })),
  },
  {
    name: 'instruments are read once',
    caughtBy: ['E06', 'E44'],
    mistake: (exchange) => {
      let first: ReturnType<Exchange['instruments']> | undefined
      return { instruments: () => (first ??= exchange.instruments()) }
    },
  },
  {
    name: 'the events fail when the link breaks',
    caughtBy: ['E84', 'E85', 'E86', 'E88'],
    mistake: (exchange) =>
      onEvents(exchange, (events) => events.pipe(concatMap((event) => (event.type === 'down' ? throwError(() => new Error('closed')) : of(event))))),
  },
  {
    name: 'a link that breaks says nothing',
    caughtBy: ['E84', 'E85', 'E86', 'E88'],
    mistake: (exchange) => onEvents(exchange, (events) => events.pipe(filter(({ type }) => type !== 'down'))),
  },
  {
    name: 'a missed message is not noticed',
    caughtBy: ['E87'],
    mistake: (exchange) => onEvents(exchange, (events) => events.pipe(filter(({ type }) => type !== 'gap'))),
  },
  {
    name: 'a subscription that is refused is told as ready',
    caughtBy: ['E88'],
    mistake: (exchange) => onEvents(exchange, (events) => events.pipe(map((event) => (event.type === 'error' ? { ...event, type: 'ready' } : event)))),
  },
  {
    name: 'too many requests are kept quiet',
    caughtBy: ['E95'],
    mistake: (exchange) => onEvents(exchange, (events) => events.pipe(filter(({ type }) => type !== 'rateLimited'))),
  },
  {
    name: 'only one subscriber is told',
    caughtBy: ['E81'],
    mistake: (exchange) => {
      let taken = false
      return {
        events: () => {
          if (taken) return EMPTY
          taken = true
          return exchange.events()
        },
      }
    },
  },
  {
    name: 'the past told once more is passed on',
    caughtBy: ['E83'],
    mistake: (exchange) => {
      const past: Told[] = []
      const whole = exchange.events().pipe(
        concatMap((event) => {
          const again = past.length >= 6 ? [...past] : []
          past.push(event)
          return from([...again, event])
        }),
        share(),
      )
      return { events: () => whole }
    },
  },
  {
    name: 'orders are not told at all',
    caughtBy: ['E09', 'E15', 'E50', 'E81', 'E82', 'E83'],
    mistake: (exchange) => onEvents(exchange, (events) => events.pipe(filter(({ type }) => type !== 'report'))),
  },
  {
    name: 'a closed exchange goes on telling',
    caughtBy: ['E101', 'E102'],
    mistake: () => ({ close: async () => undefined }),
  },
  {
    name: 'closing cancels what works',
    caughtBy: ['E104', 'E106'],
    mistake: (exchange) => ({
      close: async () => {
        for (const { ref } of (await exchange.liveOrders()).items) await exchange.cancel(ref, never)
        await exchange.close()
      },
    }),
  },
  {
    name: 'a question after closing never gets an answer',
    caughtBy: ['E102', 'E103'],
    mistake: (exchange) => {
      let closed = false
      return {
        close: async () => {
          closed = true
          await exchange.close()
        },
        submit: async (request, signal) => {
          const result = await exchange.submit(request, signal)
          return closed ? new Promise(() => undefined) : result
        },
      }
    },
  },
]
