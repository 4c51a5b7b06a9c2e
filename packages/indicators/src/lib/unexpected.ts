/** The one form of every error here: where, what was expected, what was received. Text stands in quotes, so that '5' is told from 5. */
export const unexpected = (where: string, expected: unknown, received: unknown): RangeError =>
  new RangeError(`${where}: expected ${String(expected)}, received ${typeof received === 'string' ? JSON.stringify(received) : String(received)}`)
