import type { Decimal } from 'decimal.js'
import { Few } from '../model/few.ts'
import { ZERO, add } from '../model/money.ts'

/** Money or coins promised to one working order. */
export interface Reservation {
  readonly orderId: string
  readonly botId: string
  readonly currency: string
  /** Where it was taken from and goes back to. */
  readonly from: 'cash' | 'holdings'
  readonly amount: Decimal
}

/** What is promised, by order. An order holds at most one reservation. */
export class Reservations {
  private readonly byOrder = new Few<string, Reservation>()

  get(orderId: string): Reservation | undefined {
    return this.byOrder.get(orderId)
  }

  put(reservation: Reservation): void {
    this.byOrder.set(reservation.orderId, reservation)
  }

  remove(orderId: string): void {
    this.byOrder.delete(orderId)
  }

  /** Coins of a bot that its working orders have promised to sell. */
  coinsOf(botId: string): Decimal {
    let sum = ZERO
    for (const reservation of this.byOrder.values()) {
      if (reservation.botId === botId && reservation.from === 'holdings') sum = add(sum, reservation.amount)
    }
    return sum
  }

  /** By order id. */
  list(): readonly Reservation[] {
    return [...this.byOrder.values()].sort((a, b) => (a.orderId < b.orderId ? -1 : 1))
  }
}
