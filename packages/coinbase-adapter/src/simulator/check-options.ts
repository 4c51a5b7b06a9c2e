import { z } from 'zod'
import { faultKinds } from './faults/kinds.ts'
import type { VenueOptions } from './options.ts'

const decimal = z.string().regex(/^\d+(\.\d+)?$/, { message: 'expected a decimal number as text, such as "0.005"' })
const share = z.string().regex(/^0(\.\d+)?$/, { message: 'expected a share below 1 as text, such as "0.005"' })
const positive = z.number().positive()
const span = z.number().min(0)
const side = z.enum(['BUY', 'SELL'])

const product = z.strictObject({
  id: z.string().regex(/^[A-Z0-9]+-[A-Z0-9]+$/, { message: 'expected BASE-QUOTE' }),
  ...{ priceIncrement: decimal, baseIncrement: decimal, quoteIncrement: decimal.optional(), baseMin: decimal.optional(), baseMax: decimal },
  ...{
    quoteMin: decimal.optional(),
    quoteMax: decimal.optional(),
    price: decimal,
    protection: share.optional(),
    quietMinutes: z.number().min(0).max(1).optional(),
  },
})

const key = z.strictObject({
  ...{ name: z.string().min(1), publicKey: z.string().min(1), portfolio: z.string().min(1).optional() },
  ...{ canView: z.boolean().optional(), canTrade: z.boolean().optional(), canTransfer: z.boolean().optional() },
})

const market = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('seeded'), volatility: positive.max(0.1).optional() }),
  z.strictObject({ kind: z.literal('still') }),
  z.strictObject({
    kind: z.literal('replay'),
    rows: z.array(z.strictObject({ product: z.string(), atMs: z.number(), price: decimal, size: decimal, side: side.optional() })),
  }),
])

const schema = z.strictObject({
  seed: z.int(),
  clock: z.custom((value) => typeof value === 'object' && value !== null && 'nowMs' in value && 'at' in value, 'expected a clock with nowMs and at').optional(),
  port: z.int().min(1).max(65_532).optional(),
  products: z.array(product).min(1).optional(),
  accounts: z.record(z.string().min(1), decimal).optional(),
  keys: z.array(key).optional(),
  fees: z.strictObject({ maker: share, taker: share }).optional(),
  limits: z
    .strictObject({ privatePerSecond: positive, publicPerSecond: positive, connectionsPerSecond: positive, messagesPerSecond: positive })
    .partial()
    .optional(),
  lag: z.strictObject({ ordersMs: span, fillsMs: span, openMs: span, cancelMs: span }).partial().optional(),
  market: market.optional(),
  depth: z
    .strictObject({ spreadBps: span.max(1_000), levels: z.int().min(0).max(1_000), stepBps: positive, valuePerLevel: positive })
    .partial()
    .optional(),
  tickMs: z.number().min(1).optional(),
  historyDays: z.number().min(0).max(10_000).optional(),
  faults: z.strictObject({ seed: z.int(), chances: z.partialRecord(z.enum(faultKinds), z.number().min(0).max(1)) }).optional(),
  tokenToleranceS: span.optional(),
  freshNonces: z.boolean().optional(),
  idleMs: positive.optional(),
  oldDialect: z.boolean().optional(),
})

/** Returns the options when every one of them makes sense. @throws RangeError with all problems */
export function checkedOptions(options: VenueOptions): VenueOptions {
  const result = schema.safeParse(options)
  if (result.success) return options
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.') || 'options'}: ${message}`)
  throw new RangeError(`the venue simulator cannot be started with these options: ${problems.join('; ')}`)
}
