import { z } from 'zod'
import type { Sizer } from '../contracts/sizer.ts'
import type { Json } from '../model/json.ts'
import { parseParams } from '../model/params.ts'
import { quoteSchema } from '../model/value-schemas.ts'

export const fixedSizeParams = z.strictObject({ quote: quoteSchema })

/**
 * Sizes every entry the same.
 *
 * @param quote - quote amount that leaves, fee included
 * @throws ConfigError when it is no positive amount
 * @example
 * ```ts
 * fixedSize(10).id // => 'fixed'
 * ```
 */
export function fixedSize(quote: number | string): Sizer & { readonly params: Json } {
  const params = parseParams(fixedSizeParams, { quote }, 'fixedSize')
  return { apiVersion: 1, id: 'fixed', params, size: () => params.quote }
}
