/** A fault that happens now, with what it needs to know. */
export interface Fault {
  readonly kind: FaultKind
  /** 0 <= r < 1, the fault's own share of chance: how long, how much. */
  readonly share: number
  readonly delayMs?: number
  readonly status?: number
  readonly retryAfterS?: number
}

/** Asked wherever something can go wrong. */
export interface FaultGate {
  /** The first of these kinds that is to happen to this subject now. It is not counted yet. */
  draw(kinds: readonly FaultKind[], subject: string): Fault | undefined
  /** Counts a fault that did happen. */
  count(kind: FaultKind): void
}

/** Faults of a request: before the venue acted, or after it did. */
const requestFaults = [
  'requestLost',
  'replyLost',
  'requestDelayed',
  'replyDelayed',
  'errorBefore',
  'errorAfter',
  'unauthorized',
  'tooManyRequests',
  'tooManyRequestsRetryAfter',
  'truncatedBody',
  'htmlBody',
  'connectionReset',
  'emptyList',
  'fillsBetweenPages',
  'duplicateClientOrderId',
  'legacyBody',
] as const

/** Faults of orders. */
const orderFaults = ['holdFailure', 'ordersLag', 'fillsLag', 'slowOpen', 'cancelRace', 'slowCancel'] as const

/** Faults of a connection or of one of its messages. */
export const socketFaults = [
  'socketDropped',
  'halfOpen',
  'silence',
  'silenceWithHeartbeats',
  'sequenceGap',
  'duplicateMessage',
  'reorderedMessages',
  'userReplay',
  'subscribeRefused',
  'unreadableMessage',
] as const

/** Faults of the venue as a whole; they end by themselves. */
export const venueFaults = [
  'productHalted',
  'productCancelOnly',
  'productLimitOnly',
  'productPostOnly',
  'productDelisted',
  'incrementsChanged',
  'clockSkew',
  'keyRevoked',
] as const

/** The names of everything that can go wrong. */
export const faultKinds = [...requestFaults, ...orderFaults, ...socketFaults, ...venueFaults] as const

/** Something that can go wrong, by its name. */
export type FaultKind = (typeof faultKinds)[number]
