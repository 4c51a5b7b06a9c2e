/** The one form of every error here: where, what was expected, what was received. */
export const unexpected = (where: string, expected: unknown, received: unknown): RangeError =>
  new RangeError(`${where}: expected ${String(expected)}, received ${String(received)}`)
