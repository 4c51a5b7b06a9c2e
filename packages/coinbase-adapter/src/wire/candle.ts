import type { Candle, EpochMs } from '@millrace/core'
import { z } from 'zod'
import { floatField } from './values.ts'

const startField = z.union([z.string().regex(/^\d{1,11}$/), z.int().nonnegative()]).transform((start) => (Number(start) * 1000) as EpochMs)

/** A candle of REST or WebSocket: start in seconds, everything as text. */
export const candleSchema = z
  .object({ start: startField, open: floatField, high: floatField, low: floatField, close: floatField, volume: floatField })
  .refine(({ open, high, low, close }) => low > 0 && low <= open && low <= close && high >= open && high >= close, {
    message: 'expected 0 < low <= open, close <= high',
  })
  .transform(({ start, ...rest }): Candle => ({ openTime: start, ...rest }))
