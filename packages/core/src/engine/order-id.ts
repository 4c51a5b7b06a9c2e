import { deterministicUuid } from './hashing.ts'

/** Our name for an order: it follows from store, bot and number, so that it can be worked out again when nobody remembers it. */
export const orderIdOf = (storeId: string, botId: string, intentNo: number): string => deterministicUuid(storeId, botId, String(intentNo))
