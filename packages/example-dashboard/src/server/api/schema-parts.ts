import { z } from 'zod'

// The words of the wire, said once. Keys are snake_case; `null` is "there is none".

export const decimal = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/, 'an amount as decimal text')
  .meta({ description: 'An exact amount as decimal text.', example: '12.50' })
export const ms = z.int().meta({ description: 'Milliseconds since 1970-01-01T00:00Z (UTC).', example: 1_767_614_400_000 })
export const botId = z
  .string()
  .regex(/^[a-z0-9-]{1,40}$/, '1 to 40 small letters, digits and hyphens')
  .meta({ description: 'Id of a bot.', example: 'btc' })
export const side = z.enum(['buy', 'sell'])
export const temperature = z.enum(['hot', 'warm', 'cool', 'frozen'])
export const orderState = z.enum(['intent', 'sent', 'open', 'partiallyFilled', 'filled', 'cancelled', 'expired', 'rejected', 'unknown'])
export const outcome = z.enum(['warmingUp', 'noData', 'hold', 'confirming', 'denied', 'orderOpen', 'ordered', 'exit'])
/** JSON of any shape: what plugins and configurations say in their own words. */
export const anyJson = z.unknown().meta({ description: 'Any JSON.' })
export const count = z.int().nonnegative()
export const environment = z.enum(['backtest', 'paper', 'live'])
export const tradingState = z.enum(['active', 'reducing', 'halted'])

/** Whole milliseconds of a query. */
export const msText = z
  .string()
  .regex(/^\d{1,15}$/, 'whole milliseconds UTC')
  .transform(Number)
  .meta({ description: 'Milliseconds UTC.', example: '1767614400000' })

/** One page of a list: newest first, from the entry after `cursor`. */
export const pageQuery = z.strictObject({
  limit: z
    .string()
    .regex(/^\d{1,3}$/, 'a whole number, 1 to 500')
    .transform(Number)
    .pipe(z.int().min(1).max(500))
    .default(100)
    .meta({ description: 'Entries of a page, 1 to 500.', example: '100' }),
  cursor: z.string().max(100).optional().meta({ description: '`next_cursor` of the page before.' }),
})

/** One page of a list, of all bots or of one. */
export const botPageQuery = pageQuery.extend({ bot_id: botId.optional() })

export const pageOf = <T extends z.ZodType>(item: T) =>
  z.strictObject({
    items: z.array(item).meta({ description: 'Newest first.' }),
    next_cursor: z.string().nullable().meta({ description: 'Null on the last page.' }),
    total: count.nullable().meta({ description: 'Entries in all; null where nobody has counted.' }),
  })
