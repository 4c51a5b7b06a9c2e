import { z } from 'zod'
import { floatField, timeField } from './values.ts'

const aboveZero = floatField.refine((value) => value > 0, { message: 'expected a number above 0' })

/** A trade of the public tape. `side` is the maker's. */
export const tradeSchema = z.object({ trade_id: z.string(), product_id: z.string(), price: aboveZero, size: aboveZero, time: timeField })

/** Best bid and ask with the last price; sent with every match. */
export const tickerSchema = z.object({ product_id: z.string(), price: aboveZero, best_bid: aboveZero, best_ask: aboveZero })

/** An event of `market_trades`: a snapshot of recent trades first, then updates. */
export const tradesEventSchema = z.object({ type: z.string(), trades: z.array(z.unknown()) })
export const tickerEventSchema = z.object({ tickers: z.array(z.unknown()) })

/** What `/time` says; numbers as text. */
export const timeSchema = z.object({ epochMillis: z.union([z.string().regex(/^\d{1,16}$/), z.number()]).transform(Number) })
