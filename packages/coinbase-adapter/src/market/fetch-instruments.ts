import type { EpochMs, Instrument } from '@millrace/core'
import { z } from 'zod'
import { CoinbaseError } from '../rest/coinbase-error.ts'
import type { RestClient } from '../rest/rest-client.ts'
import { instrumentOf, knownStatuses, productSchema } from '../wire/product.ts'
import { problemOf } from '../wire/values.ts'

const answerSchema = z.object({ products: z.array(z.unknown()) })

export interface InstrumentList {
  readonly instruments: readonly Instrument[]
  /** Products that could not be read, and statuses nobody knows. */
  readonly problems: readonly string[]
}

/** Reads every spot product with its increments and state; one that cannot be read costs only itself. */
export async function fetchInstruments(rest: RestClient, path: string, nowMs: EpochMs, signal?: AbortSignal): Promise<InstrumentList> {
  // Only the private list can say that a product is there to be looked at.
  const query = path === '/products' ? { product_type: 'SPOT', get_tradability_status: 'true' } : { product_type: 'SPOT' }
  const answer = answerSchema.safeParse(await rest.get(path, query, signal))
  if (!answer.success) throw new CoinbaseError('unreadable', `products: ${problemOf(answer.error)}`)
  const instruments: Instrument[] = []
  const problems: string[] = []
  for (const row of answer.data.products) {
    const product = productSchema.safeParse(row)
    if (!product.success) {
      const id = (row as { readonly product_id?: unknown } | null)?.product_id
      problems.push(`${typeof id === 'string' ? id : 'a product'}: ${problemOf(product.error)}`)
      continue
    }
    if (!knownStatuses.has(product.data.status))
      problems.push(`${product.data.product_id}: unknown status ${JSON.stringify(product.data.status)}, taken as halted`)
    instruments.push(instrumentOf(product.data, nowMs))
  }
  return { instruments, problems }
}
