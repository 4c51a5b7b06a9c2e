import fc from 'fast-check'
import type { EntryType, JournalEntry } from '../src/contracts/journal.ts'
import { canonicalText } from '../src/engine/canonical.ts'
import { snapshotDurable } from '../src/engine/durable-snapshot.ts'
import { DurableState } from '../src/engine/durable-state.ts'
import { decodeFacts, type Facts } from '../src/engine/journal/facts.ts'
import { parseEntry } from '../src/engine/journal/stored-entry.ts'
import { JournalWriter } from '../src/engine/journal/writer.ts'
import { pnlBy } from '../src/ledger/analytics/pnl-cube.ts'
import type { Booking } from '../src/ledger/lots.ts'
import { unrealizedPnl } from '../src/ledger/position.ts'
import { ZERO, add, decimalText, feeOf, floorTo, fromEstimate, greater, isPositive, isZero, money, subtract, valueOf } from '../src/model/money.ts'
import type { EpochMs } from '../src/model/time.ts'

/** What may happen to an account, the harmless first: a counterexample shrinks towards nothing. */
const kinds = ['nothing', 'deposit', 'withdraw', 'order', 'fill', 'fillAll', 'cancel', 'settle', 'duplicate', 'lateFill', 'value', 'restart', 'rebook'] as const

/** One event of a random life; what it means depends on what is there when it comes. */
export interface LifeStep {
  readonly kind: (typeof kinds)[number]
  readonly who: number
  readonly side: 'buy' | 'sell'
  /** Share of what is available, held or missing, in per cent. */
  readonly percent: number
  readonly ticks: number
  readonly fee: 'quote' | 'base' | 'valued' | 'unvalued' | 'rebate'
}

const step: fc.Arbitrary<LifeStep> = fc.record({
  kind: fc.constantFrom(...kinds, 'order', 'order', 'fill', 'fill', 'fillAll', 'fillAll', 'fillAll'),
  who: fc.nat(2),
  side: fc.constantFrom('buy', 'sell'),
  percent: fc.integer({ min: 1, max: 100 }),
  /** Prices stay within a tenth of each other, so that no life outgrows what an amount may be. */
  ticks: fc.integer({ min: 9_000, max: 11_000 }),
  fee: fc.constantFrom('quote', 'quote', 'quote', 'base', 'valued', 'unvalued', 'rebate'),
})

/** Lives of a length; a shorter one is found by turning steps into `nothing`. */
export const lives = (length: number): fc.Arbitrary<readonly LifeStep[]> => fc.array(step, { minLength: length, maxLength: length, size: 'max' })

const bots = [
  { id: 'btc', instrument: 'BTC-USD', tick: money('0.01') },
  { id: 'btc-2', instrument: 'BTC-USD', tick: money('0.01') },
  { id: 'toshi', instrument: 'TOSHI-USD', tick: money('0.0000001') },
] as const
const UNIT = money('0.00000001')
const SCALE = 10n ** 20n

/** Decimal text as a whole number of 10^-20: arithmetic that shares nothing with the ledger's. */
function exact(text: string): bigint {
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.')
  const size = BigInt(whole) * SCALE + BigInt(fraction.padEnd(20, '0'))
  return text.startsWith('-') ? -size : size
}

const exactValue = (quantity: string, price: string): bigint => (exact(quantity) * exact(price)) / SCALE

/** What must be true, kept with whole numbers: cash, coins of every bot, fees and the figures of the fills. */
class Shadow {
  cash = 0n
  paidIn = 0n
  readonly coins = new Map<string, bigint>()
  readonly fills: Facts['fill'][] = []
  submitted = 0
  filled = 0
}

/** What a life amounted to. */
export interface LifeReport {
  readonly fills: number
  readonly restarts: number
  readonly refused: number
}

/** An account that lives through random events by its journal alone; after each of them everything that must hold is looked at. */
class Life {
  private state = new DurableState()
  private writer = new JournalWriter()
  private entries: JournalEntry[] = []
  private readonly shadow = new Shadow()
  private nowMs = 1_767_225_600_000
  private orders = 0
  restarts = 0
  refused = 0

  private asked = 0
  private readonly costlyEvery: number

  /** @param costlyEvery - comparisons of everything, and restarts, are made at every so many of their occasions: they look at the whole life */
  constructor(booking: Booking, costlyEvery: number) {
    this.costlyEvery = costlyEvery
    this.record('configInForce', undefined, { hash: 'life', config: null, booking })
    this.deposit('1000')
  }

  get fills(): number {
    return this.shadow.fills.length
  }

  take(one: LifeStep): void {
    this.nowMs += 60_000
    const { id } = bots[one.who]!
    const working = this.state.working.get(id)
    switch (one.kind) {
      case 'nothing':
        return
      case 'deposit':
        return this.deposit(decimalText(valueOf(money(one.ticks), money('0.01'))))
      case 'withdraw':
        return this.withdraw(one)
      case 'order':
        return working === undefined ? this.order(one) : undefined
      case 'fill':
        return working === undefined ? undefined : this.fill(working.clientOrderId, one, one.percent)
      case 'fillAll':
        return working === undefined ? undefined : this.finish(working.clientOrderId, one)
      case 'cancel':
        return working === undefined ? undefined : this.report(working.clientOrderId, 'cancelled', working.bookedQuantity)
      case 'settle':
        // The venue knows of a fill that has not come yet: the order is final and not done.
        return working === undefined || working.state === 'cancelled'
          ? undefined
          : this.report(working.clientOrderId, 'cancelled', add(working.bookedQuantity, UNIT))
      case 'duplicate':
        return this.duplicate(one)
      case 'lateFill':
        return this.lateFill(one)
      case 'value':
        return this.value(one)
      case 'restart':
        return this.isTurn() ? this.restart() : undefined
      case 'rebook':
        return this.rebook(one)
      default:
        return one.kind satisfies never
    }
  }

  private record<T extends EntryType>(type: T, botId: string | undefined, facts: Facts[T]): void {
    const atMs = this.nowMs as EpochMs
    this.state.apply(type, atMs, botId, facts)
    this.entries.push(this.writer.write(type, atMs, botId, facts))
  }

  private deposit(amount: string): void {
    this.record('adjustment', undefined, { kind: 'deposit', currency: 'USD', amount: money(amount), reason: 'a deposit' })
    this.shadow.cash += exact(amount)
    this.shadow.paidIn += exact(amount)
  }

  private withdraw({ percent }: LifeStep): void {
    const { ledger } = this.state
    const free = ledger.available('USD')
    if (!isPositive(free)) return
    // One more than there is must be refused, and change nothing.
    const before = this.isTurn() ? this.text() : undefined
    this.mustThrow(() => ledger.withdraw('USD', add(free, UNIT)))
    if (before !== undefined) this.same(before, this.text(), 'a refused withdrawal')
    const amount = valueOf(free, valueOf(money(percent), money('0.01')))
    this.record('adjustment', undefined, { kind: 'withdrawal', currency: 'USD', amount, reason: 'a withdrawal' })
    this.shadow.cash -= exact(decimalText(amount))
    this.shadow.paidIn -= exact(decimalText(amount))
  }

  private order({ who, side, percent }: LifeStep): void {
    const { id, instrument } = bots[who]!
    const { ledger } = this.state
    const all = side === 'buy' ? ledger.available('USD') : ledger.sellable(id)
    const whole = percent > 70
    const amount = whole ? all : floorTo(valueOf(all, valueOf(money(percent), money('0.01'))), UNIT)
    if (!isPositive(amount)) return
    this.orders++
    const clientOrderId = `order-${this.orders}`
    const base = instrument.slice(0, instrument.indexOf('-'))
    this.record('intent', id, {
      clientOrderId,
      intentNo: this.orders,
      instrument,
      side,
      kind: side === 'buy' ? (isZero(ledger.position(id).quantity) ? 'open' : 'add') : whole ? 'close' : 'reduce',
      origin: 'strategy',
      source: side === 'buy' ? 'entry' : 'exit',
      orderType: 'market',
      ...(side === 'buy' ? { quoteSize: amount } : { baseSize: amount }),
      reserveCurrency: side === 'buy' ? 'USD' : base,
      reserveAmount: amount,
      expectedPrice: 100,
      score: 0.5,
      temperature: 'hot',
      configHash: 'life',
    })
    this.record('sent', id, { clientOrderId })
    this.shadow.submitted++
  }

  /** Books a fill of a share of what the order may still trade. */
  private fill(clientOrderId: string, one: LifeStep, percent: number): void {
    const order = this.state.orders.get(clientOrderId)!
    const bot = bots.find(({ id }) => id === order.botId)!
    const { ledger } = this.state
    const price = valueOf(money(one.ticks), bot.tick)
    const reserved = ledger.reservedBy(clientOrderId)
    // A fee in base comes on top of what is sold, so a little less than everything can be.
    const keep = order.side === 'sell' && one.fee === 'base' ? '0.98' : '1'
    const most = order.side === 'buy' ? unitsFor(reserved, price) : valueOf(reserved, money(keep))
    // Whole units, so that every product is exact; all of a holding may have more digits.
    const quantity = percent === 100 && keep === '1' ? most : floorTo(valueOf(most, valueOf(money(percent), money('0.01'))), UNIT)
    if (!isPositive(quantity)) return
    const value = valueOf(quantity, price)
    const facts: Facts['fill'] = {
      fillId: `fill-${this.shadow.fills.length}`,
      clientOrderId,
      venueOrderId: `venue-${clientOrderId}`,
      instrument: order.instrument,
      side: order.side,
      price,
      quantity,
      ...feeFacts(one.fee, value, quantity, order.instrument.slice(0, order.instrument.indexOf('-'))),
      liquidity: 'taker',
      filledAtMs: this.nowMs,
    }
    const first = order.firstFillMs === undefined
    this.record('fill', order.botId, facts)
    this.count(order.botId, facts)
    if (first) this.shadow.filled++
  }

  private count(botId: string, fact: Facts['fill']): void {
    const { shadow } = this
    const sign = fact.side === 'buy' ? 1n : -1n
    const quantity = exact(decimalText(fact.quantity))
    const fee = exact(decimalText(fact.feeAmount))
    const inBase = fact.instrument.startsWith(`${fact.feeCurrency}-`)
    shadow.cash -= sign * exactValue(decimalText(fact.quantity), decimalText(fact.price))
    if (fact.feeCurrency === 'USD') shadow.cash -= fee
    shadow.coins.set(botId, (shadow.coins.get(botId) ?? 0n) + sign * quantity - (inBase ? fee : 0n))
    shadow.fills.push(fact)
  }

  /** Fills what is left, and the venue says so. */
  private finish(clientOrderId: string, one: LifeStep): void {
    this.fill(clientOrderId, one, 100)
    const order = this.state.orders.get(clientOrderId)!
    this.report(clientOrderId, isPositive(order.bookedQuantity) ? 'filled' : 'rejected', order.bookedQuantity)
  }

  private report(clientOrderId: string, state: 'cancelled' | 'filled' | 'rejected', filledQuantity: Facts['orderEvent']['filledQuantity']): void {
    this.record('orderEvent', this.state.orders.get(clientOrderId)!.botId, { clientOrderId, state, filledQuantity })
  }

  private duplicate({ ticks }: LifeStep): void {
    const { fills } = this.shadow
    if (fills.length === 0) return
    const again = fills[ticks % fills.length]!
    const before = this.isTurn() ? this.text() : undefined
    this.state.apply('fill', this.state.lastMs, this.state.orders.get(again.clientOrderId)!.botId, again)
    if (before !== undefined) this.same(before, this.text(), 'a fill that came twice')
  }

  /** A purchase of a finished order that the venue told of too late. */
  private lateFill(one: LifeStep): void {
    const { id } = bots[one.who]!
    const finished = [...this.state.orders.values()].findLast((order) => order.botId === id && order.done && order.side === 'buy')
    if (finished === undefined) return
    const price = valueOf(money(one.ticks), bots[one.who]!.tick)
    const facts: Facts['fill'] = {
      fillId: `fill-${this.shadow.fills.length}`,
      clientOrderId: finished.clientOrderId,
      venueOrderId: `venue-${finished.clientOrderId}`,
      instrument: finished.instrument,
      side: 'buy',
      price,
      quantity: UNIT,
      feeAmount: ZERO,
      feeCurrency: 'USD',
      liquidity: 'unknown',
      filledAtMs: this.nowMs - 30_000,
    }
    const first = finished.firstFillMs === undefined
    this.record('fill', id, facts)
    this.count(id, facts)
    if (first) this.shadow.filled++
  }

  private value({ ticks }: LifeStep): void {
    const equity = add(this.state.ledger.balance('USD'), money(ticks))
    this.record('valuation', undefined, { equity, paidIn: this.state.ledger.paidIn('USD'), open: [] })
  }

  /** Everything is forgotten but the journal, which was text in between. */
  private restart(): void {
    const before = this.text()
    const { seq, hash } = this.writer
    this.entries = this.entries.map(({ data, ...entry }) => parseEntry({ ...entry, dataText: canonicalText(data) }))
    this.state = new DurableState()
    for (const entry of this.entries) this.state.apply(entry.type, entry.atMs, entry.botId, decodeFacts(entry.type, entry.data))
    this.writer = new JournalWriter()
    this.writer.resume({ seq, hash })
    this.same(before, this.text(), 'a restart')
    this.restarts++
  }

  /** Another booking, when everything is flat. */
  private rebook({ side }: LifeStep): void {
    if (bots.some(({ id }) => isPositive(this.state.ledger.position(id).quantity))) {
      this.refused++
      return
    }
    this.record('configInForce', undefined, { hash: 'life', config: null, booking: side === 'buy' ? 'fifo' : 'average' })
  }

  /** Everything that must hold, whatever happened. */
  check(): void {
    const { ledger, analytics } = this.state
    ledger.assertBalanced()
    for (const [currency, accounts] of Object.entries(ledger.accounts()))
      this.same('0', decimalText(Object.values(accounts).reduce(add, ZERO)), `the accounts of ${currency}`)
    this.same(this.shadow.cash, exact(decimalText(ledger.balance('USD'))), 'cash')
    this.same(this.shadow.paidIn, exact(decimalText(ledger.paidIn('USD'))), 'paid in')
    let realized = ZERO
    for (const { id } of bots) {
      const position = ledger.position(id)
      this.same(this.shadow.coins.get(id) ?? 0n, exact(decimalText(position.quantity)), `coins of ${id}`)
      this.same(decimalText(position.quantity), decimalText(position.lots.reduce((sum, lot) => add(sum, lot.quantity), ZERO)), `lots of ${id}`)
      realized = add(realized, position.realizedPnl)
    }
    this.equityIdentity(realized)
    this.analyticsIdentities(realized)
    this.same([this.shadow.submitted, this.shadow.filled].join(), [analytics.submitted, analytics.filled].join(), 'orders sent and filled')
  }

  /** Cash and coins at any price are what was paid in, what was realised and what is not yet. Fees valued in a third currency left another purse. */
  private equityIdentity(realized: typeof ZERO): void {
    const { ledger } = this.state
    let equity = ledger.balance('USD')
    let unrealized = ZERO
    for (const { id } of bots) {
      const position = ledger.position(id)
      equity = add(equity, valueOf(position.quantity, fromEstimate(123.45)))
      unrealized = add(unrealized, unrealizedPnl(position, fromEstimate(123.45)))
    }
    const valued = this.shadow.fills.reduce((sum, fill) => (fill.feePrice === undefined ? sum : add(sum, valueOf(fill.feeAmount, fill.feePrice))), ZERO)
    const left = add(add(ledger.paidIn('USD'), realized), add(unrealized, valued))
    // The value of coins is cut to 20 decimals, once for each bot.
    const drift = subtract(equity, left).abs()
    if (greater(drift, money('0.0000000000000000001'))) throw new Error(`equity ${decimalText(equity)} is not ${decimalText(left)}`)
  }

  private analyticsIdentities(realized: typeof ZERO): void {
    const { analytics } = this.state
    const byBot = [...pnlBy(analytics.pnl.cells(), 'botId').values()].reduce((sum, { realizedPnl }) => add(sum, money(realizedPnl)), ZERO)
    this.same(decimalText(realized), decimalText(byBot), 'P&L of the days')
    let trips = ZERO
    for (const trip of analytics.trips.closed) trips = add(trips, trip.pnl)
    for (const trip of analytics.trips.open.values()) trips = add(trips, trip.pnl)
    this.same(decimalText(realized), decimalText(trips), 'P&L of the round trips')
  }

  private isTurn(): boolean {
    return this.asked++ % this.costlyEvery === 0
  }

  private text(): string {
    return canonicalText(snapshotDurable(this.state))
  }

  private same(expected: string | bigint, received: string | bigint, what: string): void {
    if (expected !== received) throw new Error(`${what}: expected ${expected}, received ${received}`)
  }

  private mustThrow(action: () => void): void {
    try {
      action()
    } catch (error) {
      if (error instanceof RangeError) return
      throw error
    }
    throw new Error('expected a refusal')
  }
}

/** Units that an amount buys at a price when two per cent are left for fees. */
function unitsFor(amount: typeof ZERO, price: typeof ZERO): typeof ZERO {
  const units = valueOf(amount, money('0.98')).dividedToIntegerBy(valueOf(price, UNIT))
  return valueOf(units, UNIT)
}

function feeFacts(
  fee: LifeStep['fee'],
  value: typeof ZERO,
  quantity: typeof ZERO,
  base: string,
): Pick<Facts['fill'], 'feeAmount' | 'feeCurrency' | 'feePrice'> {
  const rate = money('0.009')
  switch (fee) {
    case 'quote':
      return { feeAmount: feeOf(value, rate), feeCurrency: 'USD' }
    case 'rebate':
      return { feeAmount: feeOf(value, money('-0.0001')), feeCurrency: 'USD' }
    case 'base':
      return { feeAmount: feeOf(quantity, rate), feeCurrency: base }
    case 'valued':
      return { feeAmount: money('0.0123'), feeCurrency: 'BNB', feePrice: money('613.37') }
    case 'unvalued':
      return { feeAmount: money('0.0123'), feeCurrency: 'BNB' }
    default:
      return fee satisfies never
  }
}

/**
 * Lives a life and checks everything after each step.
 *
 * @throws Error naming the step after which something did not hold
 */
export function live(
  booking: Booking,
  steps: readonly LifeStep[],
  every: { readonly check: number; readonly costly: number } = { check: 1, costly: 1 },
): LifeReport {
  const life = new Life(booking, every.costly)
  steps.forEach((one, index) => {
    try {
      life.take(one)
      if (index % every.check === 0 || index === steps.length - 1) life.check()
    } catch (error) {
      throw new Error(`step ${index} (${one.kind}): ${error instanceof Error ? error.message : String(error)}`, { cause: error })
    }
  })
  return { fills: life.fills, restarts: life.restarts, refused: life.refused }
}
