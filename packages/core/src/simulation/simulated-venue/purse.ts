import type { Decimal } from 'decimal.js'
import type { Balance } from '../../contracts/exchange.ts'
import { ZERO, greater, minOf, subtract } from '../../model/money.ts'
import { RunningSum } from '../../model/running-sum.ts'

class Pocket {
  readonly available = new RunningSum()
  readonly held = new RunningSum()
}

/** The venue's own balances: what is available and what working orders hold, by currency. */
export class Purse {
  private readonly pockets = new Map<string, Pocket>()

  available(currency: string): Decimal {
    return this.pockets.get(currency)?.available.value ?? ZERO
  }

  credit(currency: string, amount: Decimal): void {
    this.pocket(currency).available.add(amount)
  }

  hold(currency: string, amount: Decimal): void {
    const pocket = this.pocket(currency)
    pocket.available.subtract(amount)
    pocket.held.add(amount)
  }

  release(currency: string, amount: Decimal): void {
    const pocket = this.pocket(currency)
    pocket.available.add(amount)
    pocket.held.subtract(amount)
  }

  /** Pays out of a hold first, the rest out of what is available; returns what is left of the hold. */
  pay(currency: string, amount: Decimal, held: Decimal): Decimal {
    const pocket = this.pocket(currency)
    const fromHold = minOf(amount, held)
    pocket.held.subtract(fromHold)
    if (greater(amount, fromHold)) pocket.available.subtract(subtract(amount, fromHold))
    return subtract(held, fromHold)
  }

  /** By currency. */
  list(): readonly Balance[] {
    const sorted = [...this.pockets].sort((a, b) => (a[0] < b[0] ? -1 : 1))
    return sorted.map(([currency, { available, held }]) => ({ currency, available: available.value, held: held.value }))
  }

  replace(balances: readonly Balance[]): void {
    this.pockets.clear()
    for (const { currency, available, held } of balances) {
      this.credit(currency, available)
      this.pocket(currency).held.add(held)
    }
  }

  private pocket(currency: string): Pocket {
    const known = this.pockets.get(currency)
    if (known) return known
    const made = new Pocket()
    this.pockets.set(currency, made)
    return made
  }
}
