import { EngineError } from '../model/errors.ts'
import type { StoreIdentity, StoreRequest } from '../contracts/store.ts'

/**
 * Refuses to open a store for another environment, another account or another run than it was made for.
 *
 * @param name - what the message calls the store: its path, for a file
 * @throws EngineError `WRONG_ENVIRONMENT` or `STORE_MISMATCH`
 * @example
 * ```ts
 * checkIdentity('trader.db', { storeId: 'a', environment: 'paper', schema: 1 }, { environment: 'paper' }) // => undefined
 * ```
 */
export function checkIdentity(name: string, identity: StoreIdentity, request: StoreRequest): void {
  if (identity.environment !== request.environment) {
    throw new EngineError(
      'WRONG_ENVIRONMENT',
      `${name} belongs to environment '${identity.environment}' for good; it cannot be opened for '${request.environment}': use another file`,
    )
  }
  if (request.storeId !== undefined && request.storeId !== identity.storeId) {
    throw new EngineError('STORE_MISMATCH', `${name} has store id ${identity.storeId}; this run expects ${request.storeId}: use another file`)
  }
  if (identity.account !== undefined && request.account !== identity.account) {
    throw new EngineError(
      'STORE_MISMATCH',
      `${name} belongs to account ${identity.account}; this run trades on ${request.account ?? 'one that the exchange does not name'}: use another file`,
    )
  }
}

/**
 * Refuses a limit that is no whole number from 0: a database would take -1 for "no limit".
 *
 * @throws RangeError
 * @example
 * ```ts
 * checkLimit(0) // => undefined
 * ```
 */
export function checkLimit(limit: number): void {
  if (!Number.isSafeInteger(limit) || limit < 0) throw new RangeError(`limit: expected a whole number from 0, received ${limit}`)
}

/**
 * The one error of an append: nothing was stored, and why.
 *
 * @example
 * ```ts
 * appendFailed(2, new Error('the disk is full')).message // => 'the journal took nothing of a batch of 2: the disk is full'
 * ```
 */
export function appendFailed(entries: number, cause: unknown): EngineError {
  return new EngineError('JOURNAL_FAILED', `the journal took nothing of a batch of ${entries}: ${cause instanceof Error ? cause.message : String(cause)}`, {
    cause,
  })
}
