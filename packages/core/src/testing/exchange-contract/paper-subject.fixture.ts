import type { SimulatedExchange, SimulatedVenue } from '../../contracts/exchange.ts'
import type { Instrument } from '../../model/instrument.ts'
import { decimalText, money, subtract, toFloat } from '../../model/money.ts'
import { paper } from '../../simulation/paper.ts'
import { at, btc, START } from '../../simulation/simulated-venue/venue.fixture.ts'
import type { ExchangeControls, ExchangeSubject } from './harness.ts'

const SECOND = 1_000
/** More than any case trades. */
const PLENTY = 1_000_000

/** The paper exchange with its market driven by hand: every step is one closed second. */
export interface PaperSubject extends ExchangeSubject {
  readonly exchange: SimulatedExchange
  readonly controls: ExchangeControls
}

export function paperSubject(): PaperSubject {
  const exchange = paper({ cash: { USD: '1000' }, volumeShare: 1 })
  let listed: Instrument = btc
  let venue: SimulatedVenue = exchange.venue([listed])
  let nowMs = START
  let price = 100
  let depth = PLENTY

  /** One second of the market, all of it at its price unless it touches another. */
  function second(volume = depth, touched = price): void {
    const candle = { openTime: at(nowMs), open: price, high: Math.max(price, touched), low: Math.min(price, touched), close: price, volume }
    nowMs += SECOND
    venue.apply({ type: 'candle', instrument: listed.id, timeframeMs: SECOND, candle, closed: true, atMs: at(nowMs) }, at(nowMs))
  }

  /** A venue cannot change its rules while it runs: another one takes over its books. */
  function relist(changes: Partial<Instrument>): void {
    const state = venue.snapshot()
    listed = { ...listed, ...changes }
    venue = exchange.venue([listed])
    venue.restore(state)
    second()
  }

  second()
  return {
    exchange,
    instrument: btc.id,
    price: money(price),
    nowMs: () => at(nowMs),
    settle: async () => second(),
    close: () => exchange.close(),
    controls: {
      setPrice: (to) => {
        price = toFloat(to)
        second()
      },
      tradeAgainst: (quantity, limitPrice) => second(toFloat(quantity), toFloat(subtract(limitPrice, btc.priceIncrement))),
      setDepth: (quantity) => {
        depth = toFloat(quantity)
      },
      setState: (state) => relist({ state }),
      setIncrements: (increments) => relist(increments),
      advance: (ms) => {
        nowMs += ms
        venue.apply({ type: 'timer', atMs: at(nowMs) }, at(nowMs))
      },
      transfer: (currency, amount) => {
        const kind = toFloat(amount) < 0 ? 'withdraw' : 'deposit'
        venue.apply({ type: 'command', command: { kind, currency, amount: decimalText(amount.abs()), reason: 'contract' } }, at(nowMs))
      },
      externalOrder: async ({ side, base, limit }) => {
        const request = { clientOrderId: 'somebody-else', botId: 'somebody', instrument: btc.id, side, size: { base } }
        const [answer] = venue.apply(
          { type: 'submit', request: { ...request, ...(limit ? { type: 'limit', limitPrice: limit } : { type: 'market' }) } },
          at(nowMs),
        )
        second()
        if (answer?.type !== 'report' || answer.report.ref.venueOrderId === undefined) throw new Error('the venue took no order of somebody else')
        return answer.report.ref.venueOrderId
      },
    },
  }
}
