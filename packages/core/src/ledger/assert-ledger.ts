import type { Decimal } from 'decimal.js'
import { EngineError } from '../model/errors.ts'
import { ZERO, add, decimalText, equal, negate } from '../model/money.ts'
import type { CurrencyBook } from './book.ts'
import type { Position } from './position.ts'
import type { Reservation } from './reservations.ts'

/** @throws EngineError `INVARIANT_VIOLATED` when a position is not the sum of its lots */
export function assertLots(position: Position): void {
  const [first] = position.lots
  let quantity = first?.quantity ?? ZERO
  let cost = first?.cost ?? ZERO
  let fees = first?.fees ?? ZERO
  for (let i = 1; i < position.lots.length; i++) {
    const lot = position.lots[i]!
    quantity = add(quantity, lot.quantity)
    cost = add(cost, lot.cost)
    fees = add(fees, lot.fees)
  }
  agree('quantity of bot', position.botId, position.quantity, quantity)
  agree('cost of bot', position.botId, position.cost, cost)
  agree('entry fees of bot', position.botId, position.fees, fees)
}

/** @throws EngineError `INVARIANT_VIOLATED` when accounts, positions and reservations disagree anywhere */
export function assertLedger(books: readonly CurrencyBook[], positions: readonly Position[], reservations: readonly Reservation[]): void {
  const promised = new Map<string, Decimal>()
  const coins = new Map<string, Decimal>()
  const costs = new Map<string, Decimal>()
  for (const { currency, amount, from } of reservations) {
    grow(promised, currency, amount)
    if (from === 'holdings') grow(coins, currency, negate(amount))
  }
  for (const position of positions) {
    assertLots(position)
    if (position.base !== undefined) grow(coins, position.base, position.quantity)
    if (position.instrument !== undefined) grow(costs, position.instrument, position.cost)
  }
  for (const book of books) {
    book.assertBalanced()
    agree('reservations of', book.currency, book.amount('reservations'), promised.get(book.currency) ?? ZERO)
    agree('coins of', book.currency, book.amount('holdings'), coins.get(book.currency) ?? ZERO)
    for (const { instrument, quote } of positions) {
      if (instrument !== undefined && quote === book.currency) agree('cost of', instrument, book.cleared(instrument), costs.get(instrument) ?? ZERO)
    }
  }
}

function grow(sums: Map<string, Decimal>, key: string, amount: Decimal): void {
  sums.set(key, add(sums.get(key) ?? ZERO, amount))
}

function agree(what: string, whose: string, one: Decimal, other: Decimal): void {
  if (!equal(one, other)) throw new EngineError('INVARIANT_VIOLATED', `${what} ${whose}: ${decimalText(one)} and ${decimalText(other)} should be equal`)
}
