import { z } from 'zod'
import type { TrancheRecord } from '../contracts/engine.ts'
import { averagePriceOf, decimalText } from '../model/money.ts'
import type { EpochMs } from '../model/time.ts'
import type { Lot } from './position.ts'
import { decimalSchema } from './state-schema.ts'

const decimalString = z.string().refine((text) => decimalSchema.safeParse(text).success, 'a plain decimal number as text')

/**
 * A held tranche as plain JSON, amounts as decimal text: id, entry price, amount (base units) and time, with the exact cost and fees that the price follows from.
 *
 * @throws ZodError from `parse` on a number where text belongs, or a key that is not known
 */
export const trancheSchema = z.strictObject({
  trancheId: z.string().min(1),
  number: z.int().min(1),
  /** Cost per base unit without fees, 18 significant digits. */
  entryPrice: decimalString,
  /** Base units held. */
  quantity: decimalString,
  cost: decimalString,
  fees: decimalString,
  openedAtMs: z.int().transform((ms) => ms as EpochMs),
}) satisfies z.ZodType<TrancheRecord>

/**
 * Returns a lot as others see it.
 *
 * @example
 * ```ts
 * trancheSchema.parse({ trancheId: 'btc#1', number: 1, entryPrice: '50', quantity: '100', cost: '5000', fees: '45', openedAtMs: 0 }).entryPrice // => '50'
 * ```
 */
export const trancheRecord = (lot: Lot): TrancheRecord => ({
  trancheId: lot.lotId,
  number: lot.tranche,
  entryPrice: decimalText(averagePriceOf(lot.cost, lot.quantity)),
  quantity: decimalText(lot.quantity),
  cost: decimalText(lot.cost),
  fees: decimalText(lot.fees),
  openedAtMs: lot.openedAtMs,
})
