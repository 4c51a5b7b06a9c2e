import type { KnownOrders } from './known-orders.ts'

/** USD and USDC are one book: market channels, order updates and fills name it by its USD name, whatever it was traded as. */
export const sameBook = (a: string, b: string): boolean => a.replace(/-USDC$/, '-USD') === b.replace(/-USDC$/, '-USD')

/** Our name for a product that the venue names in news of an order. */
export type InstrumentNames = (product: string, ids: { readonly clientOrderId?: string; readonly venueOrderId?: string }) => string

/**
 * Returns a lookup: the name the order was sent with, else the only one of the two names among the traded instruments, else the venue's.
 *
 * @param traded - instruments that are traded here; of them only the USDC names matter
 */
export function instrumentNames(known: KnownOrders, traded: readonly string[] = []): InstrumentNames {
  const names = new Set(traded)
  return (product, { clientOrderId, venueOrderId }) => {
    const order =
      (clientOrderId === undefined ? undefined : known.ofClient(clientOrderId)) ?? (venueOrderId === undefined ? undefined : known.ofVenue(venueOrderId))
    if (order !== undefined && sameBook(order.request.instrument, product)) return order.request.instrument
    const alias = `${product}C`
    return product.endsWith('-USD') && names.has(alias) && !names.has(product) ? alias : product
  }
}
