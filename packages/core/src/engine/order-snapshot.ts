import type { Json } from '../model/json.ts'
import { decimalText, money } from '../model/money.ts'
import { finite, unfinite } from './canonical.ts'
import type { Order } from './order-machine.ts'

type Plain = { readonly [key: string]: Json }

const decimals = ['quoteSize', 'baseSize', 'limitPrice', 'stopPrice', 'averagePrice', 'filledQuantity', 'bookedQuantity', 'bookedQuote', 'bookedFee'] as const
const floats = ['score', 'expectedPrice', 'lastFillMs', 'lastFillPrice'] as const

/** An order as plain data. */
export function snapshotOrder(order: Order): Json {
  const out: Record<string, Json> = {}
  for (const [key, value] of Object.entries(order) as [string, Json | undefined][]) if (value !== undefined) out[key] = value
  for (const key of decimals) if (order[key] !== undefined) out[key] = decimalText(order[key])
  for (const key of floats) out[key] = finite(order[key] as number)
  return out
}

/** Returns the order that {@link snapshotOrder} wrote. */
export function restoreOrder(data: Plain): Order {
  const order: Record<string, unknown> = {
    quoteSize: undefined,
    baseSize: undefined,
    limitPrice: undefined,
    stopPrice: undefined,
    averagePrice: undefined,
    expireAtMs: undefined,
    timeInForce: undefined,
    onExpiry: undefined,
    continues: undefined,
    venueOrderId: undefined,
    limitsHash: undefined,
    sentAtMs: undefined,
    firstFillMs: undefined,
    reason: undefined,
    ...data,
  }
  for (const key of decimals) if (data[key] !== undefined) order[key] = money(data[key] as string)
  for (const key of floats) order[key] = unfinite(data[key] as number | string)
  return order as unknown as Order
}

/** Many orders as plain data, their members named once. */
export interface OrderTable {
  readonly columns: readonly string[]
  /** `null` where an order has no such member. */
  readonly rows: readonly (readonly Json[])[]
}

/** The columns that are looked at without reading an order. */
const first = ['clientOrderId', 'done'] as const

export function orderTable(orders: readonly Order[]): OrderTable {
  const plain = orders.map((order) => snapshotOrder(order) as Plain)
  const columns = [...new Set([...first, ...plain.flatMap((order) => Object.keys(order))])]
  return { columns, rows: plain.map((order) => columns.map((column) => order[column] ?? null)) }
}

/** An order of a table as it is, not read yet. */
export class KeptOrder {
  private readonly columns: readonly string[]
  private readonly row: readonly Json[]
  private made: Plain | undefined

  constructor(columns: readonly string[], row: readonly Json[]) {
    this.columns = columns
    this.row = row
  }

  get clientOrderId(): string {
    return this.row[0] as string
  }

  get done(): boolean {
    return this.row[1] as boolean
  }

  get venueOrderId(): string | undefined {
    const column = this.columns.indexOf('venueOrderId')
    return column < 0 ? undefined : ((this.row[column] ?? undefined) as string | undefined)
  }

  /** The same object each time: it is never changed. */
  plain(): Plain {
    return (this.made ??= this.make())
  }

  private make(): Plain {
    const plain: Record<string, Json> = {}
    for (const [i, column] of this.columns.entries()) if (this.row[i] !== null) plain[column] = this.row[i]!
    return plain
  }
}
