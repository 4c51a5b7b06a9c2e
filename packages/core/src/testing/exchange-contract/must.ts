/** Thrown by a check that cannot be carried out with this exchange: the case is skipped, with the reason. */
export class CaseSkipped extends Error {
  override readonly name = 'CaseSkipped'
}

/** Thrown when a promise of the exchange stays open: never taken for an error of the exchange itself. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
}

/** What was answered; undefined when the exchange refused with an error. */
export async function answerOrError<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof NoAnswer) throw error
    must(error instanceof Error, () => `expected an Error as the failure, received ${String(error)}`)
    return undefined
  }
}

/** Skips the case unless the exchange has what it is about. */
export function prerequisite(met: boolean, otherwise: string): void {
  if (!met) throw new CaseSkipped(otherwise)
}

export function must(condition: boolean, message: () => string): asserts condition {
  if (!condition) throw new Error(message())
}
