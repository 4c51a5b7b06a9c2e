/**
 * What went wrong with a request, as far as it matters to who asked:
 * `network` no answer came; `unreadable` an answer that is not what the venue promises; `rateLimited` too many requests; `unauthorized` the token
 * was not taken; `forbidden` the key may not; `notFound`; `invalid` the venue refuses the request as it is; `venue` the venue failed.
 */
export type CoinbaseErrorKind = 'network' | 'unreadable' | 'rateLimited' | 'unauthorized' | 'forbidden' | 'notFound' | 'invalid' | 'venue'

/** A request that brought no usable answer. The message names method and path, never a header or a key. */
export class CoinbaseError extends Error {
  override readonly name = 'CoinbaseError'
  readonly kind: CoinbaseErrorKind
  /** HTTP status; undefined when no answer came. */
  readonly status: number | undefined
  /** The venue's own code, such as `NOT_FOUND`; empty when it gave none. */
  readonly code: string
  /** False only when it is certain that the request never left this machine. */
  readonly mayHaveArrived: boolean
  /** How long the venue asks to wait, in ms. */
  readonly retryAfterMs: number | undefined

  constructor(
    kind: CoinbaseErrorKind,
    message: string,
    details: {
      readonly status?: number
      readonly code?: string
      readonly mayHaveArrived?: boolean
      readonly retryAfterMs?: number | undefined
      readonly cause?: unknown
    } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.kind = kind
    this.status = details.status
    this.code = details.code ?? ''
    this.mayHaveArrived = details.mayHaveArrived ?? true
    this.retryAfterMs = details.retryAfterMs
  }
}
