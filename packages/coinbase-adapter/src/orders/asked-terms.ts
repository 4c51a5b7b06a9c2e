import type { VenueTerms } from '@millrace/core'
import { z } from 'zod'
import type { WireOrder } from '../wire/order.ts'
import { decimalField } from '../wire/values.ts'

const amounts = z.object({ quote_size: decimalField.optional(), base_size: decimalField.optional(), limit_price: decimalField.optional() })

/** What an order asked for; undefined when it is of a kind that nobody here sends. */
export function askedTerms({ side, order_configuration: configuration = {} }: WireOrder): VenueTerms | undefined {
  const [kind, given] = Object.entries(configuration)[0] ?? []
  const read = amounts.safeParse(given)
  const type = kind === undefined ? undefined : typeOf(kind)
  if (type === undefined || !read.success || (side !== 'BUY' && side !== 'SELL')) return undefined
  const { quote_size: quote, base_size: base, limit_price: limitPrice } = read.data
  const size = base === undefined ? quote && { quote } : { base }
  if (size === undefined) return undefined
  return { side: side === 'BUY' ? 'buy' : 'sell', type, size, ...(limitPrice && { limitPrice }) }
}

function typeOf(kind: string): VenueTerms['type'] | undefined {
  if (kind.startsWith('market_')) return 'market'
  if (kind.startsWith('stop_limit_')) return 'stopLimit'
  return kind.startsWith('limit_limit_') || kind === 'sor_limit_ioc' ? 'limit' : undefined
}
