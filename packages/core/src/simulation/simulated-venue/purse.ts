import type { Decimal } from 'decimal.js'
import type { Balance } from '../../contracts/exchange.ts'
import { ZERO, add, greater, isZero, minOf, subtract } from '../../model/money.ts'

interface Pocket {
  available: Decimal
  held: Decimal
}

/** The venue's own balances: what is available and what working orders hold, by currency. */
export class Purse {
  private readonly pockets = new Map<string, Pocket>()

  available(currency: string): Decimal {
    return this.pockets.get(currency)?.available ?? ZERO
  }

  credit(currency: string, amount: Decimal): void {
    const pocket = this.pocket(currency)
    pocket.available = add(pocket.available, amount)
  }

  hold(currency: string, amount: Decimal): void {
    const pocket = this.pocket(currency)
    pocket.available = subtract(pocket.available, amount)
    pocket.held = add(pocket.held, amount)
  }

  release(currency: string, amount: Decimal): void {
    if (isZero(amount)) return
    const pocket = this.pocket(currency)
    pocket.available = add(pocket.available, amount)
    pocket.held = subtract(pocket.held, amount)
  }

  /** Pays out of a hold first, the rest out of what is available; returns what is left of the hold. */
  pay(currency: string, amount: Decimal, held: Decimal): Decimal {
    const pocket = this.pocket(currency)
    const fromHold = minOf(amount, held)
    pocket.held = subtract(pocket.held, fromHold)
    if (greater(amount, fromHold)) pocket.available = subtract(pocket.available, subtract(amount, fromHold))
    return subtract(held, fromHold)
  }

  /** By currency. */
  list(): readonly Balance[] {
    const sorted = [...this.pockets].sort((a, b) => (a[0] < b[0] ? -1 : 1))
    return sorted.map(([currency, pocket]) => ({ currency, available: pocket.available, held: pocket.held }))
  }

  replace(balances: readonly Balance[]): void {
    this.pockets.clear()
    for (const { currency, available, held } of balances) this.pockets.set(currency, { available, held })
  }

  private pocket(currency: string): Pocket {
    const known = this.pockets.get(currency)
    if (known) return known
    const made = { available: ZERO, held: ZERO }
    this.pockets.set(currency, made)
    return made
  }
}
