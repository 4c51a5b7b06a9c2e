import type { Decimal } from 'decimal.js'
import { isZero } from '../model/money.ts'
import type { BookedFill } from './book-fill.ts'
import type { FillResult, LotClose, OwnFill } from './own-fill.ts'
import type { Position } from './position.ts'

/** What booking one fill did. A class, because an object literal with a getter is made anew piece by piece, which took longer than the booking. */
export class BookedResult implements FillResult {
  readonly fill: OwnFill
  readonly value: Decimal
  readonly feeValue: Decimal
  readonly feeUnvalued: boolean
  readonly lotId: string | undefined
  readonly realizedPnl: Decimal
  readonly realizedFees: Decimal
  readonly opened: boolean
  readonly closed: boolean
  readonly position: Position
  private readonly booked: BookedFill

  constructor(fill: OwnFill, before: Position, booked: BookedFill) {
    this.fill = fill
    this.value = booked.value
    this.feeValue = booked.fee.value
    this.feeUnvalued = booked.fee.unvalued
    this.lotId = booked.lotId
    this.realizedPnl = booked.realizedPnl
    this.realizedFees = booked.realizedFees
    this.opened = isZero(before.quantity)
    this.closed = isZero(booked.position.quantity)
    this.position = booked.position
    this.booked = booked
  }

  get closes(): readonly LotClose[] {
    return this.booked.closes()
  }
}
