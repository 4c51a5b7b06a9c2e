/** What a journal keeps, and how often it makes a checkpoint. */
export interface Retention {
  /**
   * Event time in days after which the entries that say how the engine came to its decisions may go; 30 by default, `Infinity` keeps them. Entries that money follows from
   * are always kept.
   */
  readonly keepDays: number
  /** Entries from one checkpoint to the next; 5,000 by default. A start reads the last one and what came after it, and a running store remembers the orders of as many entries. */
  readonly checkpointEvery: number
}

/** @throws RangeError on numbers that make no sense */
export function retentionOf({ keepDays = 30, checkpointEvery = 5_000 }: Partial<Retention> = {}): Retention {
  if (!(keepDays > 0)) throw new RangeError(`retention.keepDays: expected a number of days above 0, received ${keepDays}`)
  if (!Number.isSafeInteger(checkpointEvery) || checkpointEvery < 1)
    throw new RangeError(`retention.checkpointEvery: expected a whole number of entries from 1, received ${checkpointEvery}`)
  return { keepDays, checkpointEvery }
}
