import type { Decimal } from 'decimal.js'
import { EngineError } from '../model/errors.ts'
import type { Json } from '../model/json.ts'
import { ZERO, add, decimalText, greater, isZero, negate, subtract } from '../model/money.ts'
import { assertLedger, assertLots } from './assert-ledger.ts'
import { BookedResult } from './booked-result.ts'
import { bounded, checkedFill, positive } from './checked-amounts.ts'
import { CurrencyBook, type AccountBalances, type AccountName } from './book.ts'
import { bookBuy, bookSell } from './book-fill.ts'
import type { Booking } from './lots.ts'
import { FillIds } from './fill-ids.ts'
import type { FillResult, OwnFill } from './own-fill.ts'
import { noPosition, type Position } from './position.ts'
import { hasThirdFee, postFill, postThirdFee } from './post-fill.ts'
import { Reservations } from './reservations.ts'
import { parseLedgerState, writeLedgerState } from './ledger-state.ts'

export interface LedgerOptions {
  /** Which lots a sale takes from. */
  readonly booking: Booking
}

/**
 * Exact double-entry books of one account: money, coins, and one position per bot, folded from own fills. All amounts are Decimal with
 * at most 20 decimals; after every change the accounts of each currency touched are asserted to sum to zero.
 */
export interface Ledger {
  /** Which lots a sale takes from. */
  readonly booking: Booking
  /** From now on sales take from lots by this rule; what is held stays as it is. Whether that may happen is the caller's to judge. */
  bookBy(booking: Booking): void
  /** Books money (or coins that no bot bought) that came in. `amount` > 0. */
  deposit(currency: string, amount: Decimal): void
  /**
   * Books money that went out. `amount` > 0.
   *
   * @throws RangeError when more than the free cash; nothing is booked then
   */
  withdraw(currency: string, amount: Decimal): void
  /** Books a change of balance without an own fill: never P&L. */
  adjust(currency: string, amount: Decimal, reason: string): void
  /**
   * Promises money (entries) or the bot's own coins (exits) to an order.
   *
   * @throws RangeError when more than what is available, or when the order already holds a reservation: ask `available` or `sellable` first
   */
  reserve(clientOrderId: string, botId: string, currency: string, amount: Decimal): void
  /** Gives back what an order did not use; nothing happens when it holds nothing. */
  release(clientOrderId: string): void
  /** What an order still has promised. */
  reservedBy(clientOrderId: string): Decimal
  /**
   * Books a fill; undefined when its fill id was booked before.
   *
   * @throws RangeError on a fill that makes no sense (sizes, sides, a second instrument while the bot holds the first)
   * @throws EngineError `INVARIANT_VIOLATED` when a bot sells more than its own lots; nothing is booked then
   */
  applyFill(fill: OwnFill): FillResult | undefined
  /**
   * Gives all that one bot holds and has promised to another, with its lots under new ids.
   *
   * @throws RangeError when the other one has a position or a past of its own
   */
  adopt(from: string, to: string): void
  /** Of the fills that were booked. */
  readonly fillIds: FillIds
  /** True when a fill with this id was booked before. */
  hasFill(fillId: string): boolean
  position(botId: string): Position
  /** Bots with at least one fill, by id. */
  botIds(): readonly string[]
  /** Money and coins, promised or not. */
  balance(currency: string): Decimal
  /** Deposits and corrections less withdrawals: what of the balance is nobody's P&L. */
  paidIn(currency: string): Decimal
  /** The part of the balance that no order has promised. */
  available(currency: string): Decimal
  /** The part of the balance that no order has promised and no bot holds: what may be taken out. */
  free(currency: string): Decimal
  reserved(currency: string): Decimal
  /** Base units that a bot holds and no order of it has promised. */
  sellable(botId: string): Decimal
  /** The trial balance: accounts by currency, both sorted; the accounts of a currency sum to zero. */
  accounts(): Readonly<Record<string, AccountBalances>>
  /**
   * Checks everything: trial balance, lots against positions, positions against clearing accounts, reservations.
   *
   * @throws EngineError `INVARIANT_VIOLATED`
   */
  assertBalanced(): void
  /** @param withFillIds - false leaves out {@link fillIds}, which only grow in number */
  snapshot(withFillIds?: boolean): Json
  /** @throws EngineError `STORE_MISMATCH` on another version or booking or on malformed data; `INVARIANT_VIOLATED` when the books do not balance */
  restore(state: Json): void
}

/**
 * Makes an empty ledger.
 *
 * @example
 * ```ts
 * const ledger = createLedger({ booking: 'average' })
 * ledger.deposit('USD', money('1000'))
 * decimalText(ledger.available('USD')) // => '1000'
 * ```
 */
export const createLedger = (options: LedgerOptions): Ledger => new ExactLedger(options.booking)

class ExactLedger implements Ledger {
  booking: Booking
  private books = new Map<string, CurrencyBook>()
  private reservations = new Reservations()
  private positions = new Map<string, Position>()
  fillIds = new FillIds()

  constructor(booking: Booking) {
    this.booking = booking
  }

  bookBy(booking: Booking): void {
    this.booking = booking
  }

  deposit(currency: string, amount: Decimal): void {
    const came = positive(amount, `deposit of ${currency}`)
    const book = this.book(currency)
    book.debit('cash', came)
    book.credit('deposits', came)
    book.assertBalanced()
  }

  withdraw(currency: string, amount: Decimal): void {
    const went = positive(amount, `withdrawal of ${currency}`)
    const book = this.book(currency)
    const free = book.amount('cash')
    if (greater(went, free)) throw new RangeError(`expected a withdrawal of at most ${decimalText(free)} ${currency}, received ${decimalText(went)}`)
    book.credit('cash', went)
    book.debit('deposits', went)
    book.assertBalanced()
  }

  adjust(currency: string, amount: Decimal, reason: string): void {
    if (reason === '') throw new RangeError('expected the reason of an adjustment, received no text')
    const change = bounded(amount, `adjustment of ${currency}`)
    const book = this.book(currency)
    book.debit('cash', change)
    book.credit('adjustments', change)
    book.assertBalanced()
  }

  reserve(clientOrderId: string, botId: string, currency: string, amount: Decimal): void {
    const wanted = positive(amount, `reservation of ${currency}`)
    if (this.reservations.get(clientOrderId)) throw new RangeError(`expected one reservation per order, received a second one for ${clientOrderId}`)
    const position = this.position(botId)
    const from = position.base === currency && !isZero(position.quantity) ? 'holdings' : 'cash'
    const book = this.book(currency)
    const free = from === 'holdings' ? this.sellable(botId) : book.amount('cash')
    if (greater(wanted, free))
      throw new RangeError(`expected a reservation of at most ${decimalText(free)} ${currency}, received ${decimalText(wanted)}: ask available() first`)
    book.credit(from, wanted)
    book.debit('reservations', wanted)
    this.reservations.put({ orderId: clientOrderId, botId, currency, from, amount: wanted })
    book.assertBalanced()
  }

  release(clientOrderId: string): void {
    const reservation = this.reservations.get(clientOrderId)
    if (!reservation) return
    const book = this.book(reservation.currency)
    book.credit('reservations', reservation.amount)
    book.debit(reservation.from, reservation.amount)
    this.reservations.remove(clientOrderId)
    book.assertBalanced()
  }

  reservedBy(clientOrderId: string): Decimal {
    return this.reservations.get(clientOrderId)?.amount ?? ZERO
  }

  adopt(from: string, to: string): void {
    if (this.positions.has(to)) throw new RangeError(`expected a bot without a past to adopt ${from}, received ${to}`)
    const position = this.positions.get(from)
    if (position !== undefined) {
      const lots = position.lots.map((lot) => ({ ...lot, lotId: `${to}${lot.lotId.slice(lot.lotId.lastIndexOf('#'))}` }))
      this.positions.set(to, { ...position, botId: to, lots })
      this.positions.delete(from)
    }
    for (const reservation of this.reservations.list()) if (reservation.botId === from) this.reservations.put({ ...reservation, botId: to })
  }

  hasFill(fillId: string): boolean {
    return this.fillIds.has(fillId)
  }

  applyFill(received: OwnFill): FillResult | undefined {
    if (this.fillIds.has(received.fillId)) return undefined
    const before = this.position(received.botId)
    const fill = checkedFill(received, before)
    const booked = fill.side === 'buy' ? bookBuy(before, fill) : bookSell(before, fill, this.booking)
    this.fillIds.add(fill.fillId)
    this.positions.set(fill.botId, booked.position)
    const base = this.book(fill.base)
    const quote = this.book(fill.quote)
    postFill(fill, booked, { base, quote, reservations: this.reservations })
    if (hasThirdFee(fill)) postThirdFee(fill, this.book(fill.fee.currency))
    base.assertBalanced()
    quote.assertBalanced()
    assertLots(booked.position)
    return new BookedResult(fill, before, booked)
  }

  position(botId: string): Position {
    return this.positions.get(botId) ?? noPosition(botId)
  }

  botIds(): readonly string[] {
    return [...this.positions.keys()].sort()
  }

  balance(currency: string): Decimal {
    return this.books.get(currency)?.balance() ?? ZERO
  }

  paidIn(currency: string): Decimal {
    const book = this.books.get(currency)
    return book === undefined ? ZERO : negate(add(book.amount('deposits'), book.amount('adjustments')))
  }

  available(currency: string): Decimal {
    return this.books.get(currency)?.available() ?? ZERO
  }

  free(currency: string): Decimal {
    return this.books.get(currency)?.amount('cash') ?? ZERO
  }

  reserved(currency: string): Decimal {
    return this.books.get(currency)?.amount('reservations') ?? ZERO
  }

  sellable(botId: string): Decimal {
    return subtract(this.position(botId).quantity, this.reservations.coinsOf(botId))
  }

  accounts(): Readonly<Record<string, AccountBalances>> {
    const accounts: Record<string, AccountBalances> = {}
    for (const book of this.sortedBooks()) accounts[book.currency] = book.balances()
    return accounts
  }

  assertBalanced(): void {
    assertLedger([...this.books.values()], [...this.positions.values()], this.reservations.list())
  }

  snapshot(withFillIds = true): Json {
    return writeLedgerState({
      booking: this.booking,
      accounts: this.accounts(),
      reservations: this.reservations.list(),
      positions: this.botIds().map((botId) => this.position(botId)),
      fillIds: withFillIds ? this.fillIds.from(0).sort() : [],
    })
  }

  restore(json: Json): void {
    const state = parseLedgerState(json)
    if (state.booking !== this.booking) throw new EngineError('STORE_MISMATCH', `expected a ledger with booking ${this.booking}, received ${state.booking}`)
    const restored = new ExactLedger(this.booking)
    for (const [currency, balances] of Object.entries(state.accounts)) {
      const book = restored.book(currency)
      for (const [account, amount] of Object.entries(balances)) {
        if (account.startsWith('trading:')) book.debitClearing(account.slice('trading:'.length), amount)
        else book.debit(account as AccountName, amount)
      }
    }
    for (const reservation of state.reservations) restored.reservations.put(reservation)
    for (const position of state.positions) restored.positions.set(position.botId, position)
    for (const fillId of state.fillIds) restored.fillIds.add(fillId)
    restored.assertBalanced()
    this.books = restored.books
    this.reservations = restored.reservations
    this.positions = restored.positions
    this.fillIds = restored.fillIds
  }

  private book(currency: string): CurrencyBook {
    const known = this.books.get(currency)
    if (known) return known
    const made = new CurrencyBook(currency)
    this.books.set(currency, made)
    return made
  }

  private sortedBooks(): readonly CurrencyBook[] {
    return [...this.books.values()].sort((a, b) => (a.currency < b.currency ? -1 : 1))
  }
}
