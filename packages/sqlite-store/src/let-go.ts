import type { EntryType } from '@millrace/core'

/**
 * Entries that say how the engine came to its decisions: most of a journal, and nothing follows from them that the next checkpoint does not hold. All others (orders,
 * fills, payments, valuations, commands, latches, runs, configurations) are kept for good, so the books can be folded again from the first entry on.
 */
export const letGo: readonly EntryType[] = ['decision', 'blockerChanged', 'confirmation', 'extremes', 'strategyState', 'marks', 'reconciled', 'alert']
