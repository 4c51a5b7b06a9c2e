import { CoinbaseError } from '../rest/coinbase-error.ts'
import type { RestClient } from '../rest/rest-client.ts'
import { keyPermissionsSchema } from '../wire/account.ts'
import { problemOf } from '../wire/values.ts'

/** What a key may do; undefined where the venue did not say. */
export interface KeyPermissions {
  readonly canView: boolean | undefined
  readonly canTrade: boolean | undefined
  readonly canTransfer: boolean | undefined
  /** The one portfolio that the key belongs to. */
  readonly portfolioUuid: string | undefined
}

/** A key that is not fit for trading; the message never holds any part of it. */
export class UnsafeKeyError extends Error {
  override readonly name = 'UnsafeKeyError'
}

/** Asks what the key may do. */
export async function fetchKeyPermissions(rest: RestClient, signal: AbortSignal): Promise<KeyPermissions> {
  const answer = keyPermissionsSchema.safeParse(await rest.get('/key_permissions', {}, signal))
  if (!answer.success) throw new CoinbaseError('unreadable', `key permissions: ${problemOf(answer.error)}`)
  return answer.data
}

/**
 * Refuses a key that could move money out, cannot trade, or belongs to another portfolio. What the venue did not say counts against the key.
 *
 * @param portfolio - the portfolio that is traded in; any one when left out
 * @throws UnsafeKeyError with every reason
 * @example
 * ```ts
 * const permissions = { canView: true, canTrade: true, canTransfer: true, portfolioUuid: 'p' }
 * refuseUnsafeKey(permissions) // => throws may move money out
 * refuseUnsafeKey({ ...permissions, canTransfer: false }, 'p') // => undefined
 * ```
 */
export function refuseUnsafeKey({ canView, canTrade, canTransfer, portfolioUuid }: KeyPermissions, portfolio?: string): void {
  const reasons = [
    canTransfer === true && 'it may move money out: make one with "view" and "trade" only',
    canTransfer === undefined && 'the venue does not say whether it may move money out',
    canView !== true && 'it may not view the account',
    canTrade !== true && 'it may not trade',
    portfolioUuid === undefined && 'the venue does not say which portfolio it belongs to',
    portfolio !== undefined && portfolioUuid !== undefined && portfolioUuid !== portfolio && `it belongs to portfolio ${portfolioUuid}, not to ${portfolio}`,
  ].filter((reason) => reason !== false)
  if (reasons.length > 0) throw new UnsafeKeyError(`this key is not used: ${reasons.join('; ')}`)
}
