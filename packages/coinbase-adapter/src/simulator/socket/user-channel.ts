import { isOver } from '../ledger/order.ts'
import type { VenueOrder } from '../ledger/order.ts'
import { userRow } from '../wire/order-row.ts'
import { say } from './connection.ts'
import type { Connection, Speaker } from './connection.ts'

/** Orders in one message of a snapshot. */
const BATCH = 50
/** States of orders kept for a replay. */
const LOG_KEPT = 5_000

const positions = { perpetual_futures_positions: [], expiring_futures_positions: [] }

/** The states that the user channel told, oldest first. */
export type UserLog = Readonly<VenueOrder>[]

const wants = ({ key, channels }: Connection, order: Readonly<VenueOrder>): boolean => {
  const products = channels.get('user')
  if (products === undefined || key?.portfolio !== order.portfolio) return false
  return products.size === 0 || products.has(order.product) || products.has(order.book)
}

function rowOf({ oldDialect }: Speaker, order: Readonly<VenueOrder>, hold = order.hold): Readonly<Record<string, unknown>> {
  const row = userRow(order, hold)
  if (!oldDialect) return row
  const { reject_reason, ...rest } = row
  return { ...rest, reject_Reason: reject_reason, order_type: order.type }
}

/** Sends what `user` begins with: every order that is not over, fifty a message. */
export function sayUserSnapshot(speaker: Speaker, connection: Connection): void {
  const open = [...speaker.venue.orders.values()].filter((order) => !isOver(order) && wants(connection, order))
  for (let from = 0; from === 0 || from < open.length; from += BATCH) {
    const orders = open.slice(from, from + BATCH).map((order) => rowOf(speaker, order))
    say(speaker, connection, 'user', [{ type: 'snapshot', orders, positions }])
  }
}

/** Tells the state of an order. A complete fill is told twice: first with the hold still there, then without. */
export function sayOrder(speaker: Speaker, connection: Connection, order: Readonly<VenueOrder>): void {
  if (!wants(connection, order)) return
  if (order.status === 'FILLED') say(speaker, connection, 'user', [{ type: 'update', orders: [rowOf(speaker, order, order.holdBefore)] }])
  say(speaker, connection, 'user', [{ type: 'update', orders: [rowOf(speaker, order)] }])
}

export function remember(log: UserLog, order: Readonly<VenueOrder>): void {
  log.push(order)
  if (log.length > LOG_KEPT) log.splice(0, log.length - LOG_KEPT / 2)
}

/** Tells old states again, oldest first, as often as it takes to get to so many messages. */
export function replay(speaker: Speaker, connection: Connection, log: UserLog, messages = log.length): void {
  const own = log.filter((order) => wants(connection, order))
  for (let count = 0; count < messages && own.length > 0; count++) {
    say(speaker, connection, 'user', [{ type: 'update', orders: [rowOf(speaker, own[count % own.length]!)] }])
  }
}
